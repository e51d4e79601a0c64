"""Links of the README, of the pages and of what GitHub shows: each leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import DOCS

from .links import external_problem, internal_problem, is_external, links_of

ROOT = DOCS.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), ROOT / "benchmarks" / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    wrong = {
        link: problem
        for link in links_of(page.read_text("utf-8"))
        if (
            problem := external_problem(link) if is_external(link) else internal_problem(page, link)
        )
    }
    assert wrong == {}


def test_links_are_found() -> None:
    links = [link for page in PAGES for link in links_of(page.read_text("utf-8"))]
    assert "https://docs.glomo.one" in links
    assert "docs/never-twice.md" in links
    text = "[a](b.md#c) `[x](y)` ![p](q.webp) <https://a.bc/>\n\n[r]: s.md\n\n```\n[n](o)\n```\n"
    assert links_of(text) == ["b.md#c", "q.webp", "https://a.bc/", "s.md"]


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("https://docs.glomo.one", None),
        ("https://docs.glomo.one/a/b?c=d#e", None),
        ("mailto:security@glomopay.com", None),
        ("http://docs.glomo.one", "is not https"),
        ("//docs.glomo.one/x", "is not https"),
        ("htps://docs.glomo.one", "is not https"),
        ("https:///path", "has no host that a reader could reach"),
        ("https://localhost/x", "has no host that a reader could reach"),
        ("https://docs..glomo.one/", "has no host that a reader could reach"),
        ("https://user:secret@glomo.one/", "has no host that a reader could reach"),
        ("https://glomo.one:99999/", "is no address"),
        ("https://glomo.one/a b", "has a character that no address has"),
        ("mailto:nobody", "is no address"),
    ],
)
def test_links_to_other_sites_are_complete(link: str, problem: str | None) -> None:
    assert external_problem(link) == problem


def test_links_to_pages_and_headings_exist(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("# A\n\n## What `run` does, and why\n\n```\n# no heading\n```\n", "utf-8")
    assert internal_problem(page, "a.md") is None
    assert internal_problem(page, "#what-run-does-and-why") is None
    assert internal_problem(page, "b.md") == "leads nowhere"
    assert internal_problem(page, "a.md#no-heading") == "leads to no heading"
