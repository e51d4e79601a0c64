"""Links of pages: where they lead, and what is wrong with one that leads nowhere.

Links to other sites are not followed, as a machine without the internet could not; they must be
complete addresses, over HTTPS, of a host that can exist.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FENCE = re.compile(r"^(`{3,}|:{3,}).*?^\1$", re.M | re.S)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(\s*<?([^)>\s]+)|^\[[^\]]+\]:\s*(\S+)|<((?:https?|mailto):[^>\s]+)>", re.M)
_HEADING = re.compile(r"^#{1,6} (.+?)#*$", re.M)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\Z")
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+\Z")


def links_of(markdown: str) -> list[str]:
    """The links of a page's text, in its order; code has none."""
    text = _CODE.sub("", _FENCE.sub("", markdown))
    return ["".join(groups) for groups in _LINK.findall(text)]


def anchors_of(markdown: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and MyST name them."""
    text = _FENCE.sub("", markdown)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in _HEADING.findall(text)
    }


def is_external(link: str) -> bool:
    """Whether a link leaves the pages."""
    parts = urlsplit(link)
    return bool(parts.scheme or parts.netloc)


def external_problem(link: str) -> str | None:
    """What is wrong with a link to another site; `None` if it is well-formed."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return "is no address"
    if parts.scheme == "mailto":
        return None if re.fullmatch(r"[^@\s]+@[\w-]+(\.[\w-]+)+", parts.path) else "is no address"
    if parts.scheme != "https":
        return "is not https"
    if not _HOST.match(host) or port is not None or "@" in parts.netloc:
        return "has no host that a reader could reach"
    return None if _ADDRESS.match(link) else "has a character that no address has"


def internal_problem(page: Path, link: str) -> str | None:
    """What is wrong with a link of a Markdown file to another one, or to a heading of it."""
    parts = urlsplit(link)
    target = page.parent / unquote(parts.path) if parts.path else page
    if not target.exists():
        return "leads nowhere"
    if parts.fragment and target.suffix == ".md":
        anchors = anchors_of(target.read_text("utf-8"))
        return None if unquote(parts.fragment) in anchors else "leads to no heading"
    return None
