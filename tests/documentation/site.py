"""The built documentation, checked: `python -m tests.documentation.site build/docs`.

Every link and every anchor inside it leads somewhere, every page has its Markdown twin, and
`llms.txt` lists them all. Links to other sites are not followed, but are complete and over HTTPS.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.docs import DOCS

from .links import external_problem, is_external

GENERATED = {"genindex.html", "py-modindex.html", "search.html"}
"""Pages without a source."""
_DIRECTIVE = re.compile(r"^```\{(include|eval-rst)\}", re.MULTILINE)


class Page(HTMLParser):
    """What a page links to, and where in it a link may lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.anchors.add(values["id"] or "")
        target = values.get("href") if tag in {"a", "link"} else values.get("src")
        if target:
            self.links.append(target)


def problems(site: Path) -> list[str]:
    """What is wrong with a built site, a line each."""
    pages = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    broken = [
        f"{path.relative_to(site)}: {link} {problem}"
        for path, page in pages.items()
        for link in page.links
        if (problem := _problem_of(path, link, pages))
    ]
    return broken + _without_twin(site, pages) + _not_listed(site)


def _problem_of(path: Path, link: str, pages: dict[Path, Page]) -> str | None:
    if is_external(link):
        return external_problem(link)
    return None if _leads_somewhere(path, link, pages) else "leads nowhere"


def _leads_somewhere(path: Path, link: str, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(link)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if target in pages and parts.fragment:
        return unquote(parts.fragment) in pages[target].anchors
    return target.exists()


def _without_twin(site: Path, pages: dict[Path, Page]) -> list[str]:
    missing = [path for path in pages if not path.with_suffix(".md").exists()]
    names = {str(path.relative_to(site)) for path in missing} - GENERATED
    unread = [path for path in site.rglob("*.md") if _DIRECTIVE.search(path.read_text("utf-8"))]
    return [
        *(f"{name}: there is no Markdown twin" for name in sorted(names)),
        *(f"{path.relative_to(site)}: a directive in place of its text" for path in unread),
    ]


def _not_listed(site: Path) -> list[str]:
    text = (site / "llms.txt").read_text("utf-8")
    listed = set(re.findall(r"\]\((.+?\.md)\)", text))
    sources = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    return [
        *(f"llms.txt: {name} is missing" for name in sorted(sources - listed)),
        *(f"llms.txt: {name} does not exist" for name in listed if not (site / name).exists()),
    ]


if __name__ == "__main__":
    wrong = problems(Path(sys.argv[1]).resolve())
    sys.exit("\n".join(wrong) or None)
