"use strict";
(() => {
  const all = JSON.parse(document.getElementById("data").textContent);
  const body = document.querySelector("#rows tbody");
  const pager = document.getElementById("pager");
  const filters = document.getElementById("filters");
  const search = document.getElementById("search");
  const headings = [...document.querySelectorAll("#rows th[data-sort]")];
  const PAGE = 100, MOST_PRINTED = 5000;
  const [NUMBER, REFERENCE, STANDING, PAYEE, FIGURE, CURRENCY, MINOR] = [0, 1, 2, 3, 4, 5, 6];
  let page = 0, standing = null, words = [], column = null, descending = false, rows = all;

  const texts = all.map((row) => row.map((cell) => (cell === null ? "" : String(cell))).join("\n").toLowerCase());

  function select() {
    rows = all.filter((row, at) =>
      (standing === null || row[STANDING] === standing) && words.every((word) => texts[at].includes(word)));
    if (column !== null) {
      const sign = descending ? -1 : 1;
      const compare = new Intl.Collator(undefined, { numeric: true }).compare;
      const order = column === MINOR
        ? (a, b) => compare(a[CURRENCY], b[CURRENCY]) || sign * (a[MINOR] - b[MINOR])
        : (a, b) => sign * compare(a[column] ?? "", b[column] ?? "");
      rows = [...rows].sort(order);
    }
    page = 0;
    draw();
  }

  function cell(text, kind) {
    const element = document.createElement("td");
    if (kind) element.className = kind;
    element.textContent = text ?? "";
    return element;
  }

  function line(row) {
    const element = document.createElement("tr");
    const dot = document.createElement("span");
    dot.className = "dot " + row[STANDING].replace(" ", "-");
    dot.textContent = row[STANDING];
    const state = document.createElement("td");
    state.append(dot);
    element.append(
      cell(row[NUMBER], "number"), cell(row[REFERENCE]), state, cell(row[PAYEE]),
      cell(row[CURRENCY] + "\u00a0" + row[FIGURE], "number"), ...row.slice(7).map((text) => cell(text)));
    return element;
  }

  function button(text, pressed, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    if (pressed !== null) element.setAttribute("aria-pressed", String(pressed));
    element.addEventListener("click", act);
    return element;
  }

  function draw(everything) {
    const from = everything ? 0 : page * PAGE;
    const to = everything ? Math.min(rows.length, MOST_PRINTED) : Math.min(rows.length, from + PAGE);
    body.replaceChildren(...rows.slice(from, to).map(line));
    const count = rows.length.toLocaleString("en-US");
    const shown = rows.length === 0 ? "No row has that." :
      rows.length <= PAGE ? count + (rows.length === 1 ? " row" : " rows") :
      (from + 1).toLocaleString("en-US") + "–" + to.toLocaleString("en-US") + " of " + count + " rows";
    const back = button("Back", null, () => { page -= 1; draw(); });
    const next = button("Next", null, () => { page += 1; draw(); });
    back.disabled = from === 0;
    next.disabled = to >= rows.length;
    pager.replaceChildren(shown, ...(rows.length > PAGE ? [back, next] : []));
  }

  function drawFilters() {
    const counts = new Map();
    for (const row of all) counts.set(row[STANDING], (counts.get(row[STANDING]) ?? 0) + 1);
    if (counts.size < 2) return;
    const choose = (value) => () => { standing = value; drawFilters(); select(); };
    filters.replaceChildren(
      button("all", standing === null, choose(null)),
      ...[...counts].map(([name, count]) =>
        button(name + " " + count.toLocaleString("en-US"), standing === name, choose(name))));
  }

  search.addEventListener("input", () => {
    words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    select();
  });
  for (const heading of headings) {
    const sort = () => {
      const chosen = Number(heading.dataset.sort);
      descending = column === chosen && !descending;
      column = chosen;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      select();
    };
    heading.tabIndex = 0;
    heading.addEventListener("click", sort);
    heading.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(); }
    });
  }
  addEventListener("beforeprint", () => draw(true));
  addEventListener("afterprint", () => draw());
  drawFilters();
  draw();
})();
