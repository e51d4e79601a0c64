"use strict";
// Live pages: on a change the page is fetched again and its live parts are replaced, the focus kept.
const parser = new DOMParser();
let source = null, busy = false, again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const response = await fetch(location.pathname + location.search);
    if (!response.ok) return;
    const fresh = parser.parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (!other || other.innerHTML === part.innerHTML) continue;
      if (part.querySelector("details[open]")) continue;
      const active = part.contains(document.activeElement) ? document.activeElement : null;
      const scroll = [part.scrollLeft, part.scrollTop];
      const place = active ? [...part.querySelectorAll("a, button")].indexOf(active) : -1;
      part.innerHTML = other.innerHTML;
      [part.scrollLeft, part.scrollTop] = scroll;
      if (place >= 0) part.querySelectorAll("a, button")[place]?.focus();
    }
  } catch { /* the stream tries again */ } finally {
    busy = false;
    if (again) { again = false; refresh(); }
  }
}

function listen() {
  const dot = document.getElementById("live");
  source = new EventSource("/live");
  source.onopen = () => { dot.className = "dot on"; dot.title = "live"; refresh(); };
  source.onerror = () => { dot.className = "dot"; dot.title = "not connected"; };
  source.addEventListener("change", refresh);
  source.addEventListener("clock", (event) => {
    const { text, frozen } = JSON.parse(event.data);
    document.getElementById("clock").textContent = text;
    document.getElementById("frozen").hidden = !frozen;
  });
}

// A browser has few connections to one address: a hidden page gives its own back.
document.addEventListener("visibilitychange", () => {
  source?.close();
  if (!document.hidden) listen();
});
listen();
const address = new URL(location.href);
if (address.searchParams.has("notice")) {
  address.searchParams.delete("notice");
  history.replaceState(null, "", address);
}
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
