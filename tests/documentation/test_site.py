"""The check of the built site notices what it is for."""

from __future__ import annotations

from pathlib import Path

from tests.docs import DOCS

from .site import problems


def a_site(folder: Path) -> Path:
    names = [path.relative_to(DOCS) for path in DOCS.rglob("*.md")]
    for name in names:
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("# Page\n", "utf-8")
        page.with_suffix(".html").write_text('<h1 id="top"><a href="#top">x</a></h1>', "utf-8")
    (folder / "llms.txt").write_text("".join(f"- [x]({name})\n" for name in names), "utf-8")
    return folder


def test_a_site_without_a_fault(tmp_path: Path) -> None:
    assert problems(a_site(tmp_path)) == []


def test_every_fault_is_named(tmp_path: Path) -> None:
    site = a_site(tmp_path)
    links = (
        '<a href="money.html#cents">x</a> <a href="gone.html">x</a> <a href="http://a.bc/">x</a>'
    )
    (site / "why.html").write_text(links, "utf-8")
    (site / "money.md").unlink()
    (site / "errors.md").write_text("```{eval-rst}\n```\n", "utf-8")
    list_of_pages = site / "llms.txt"
    list_of_pages.write_text(list_of_pages.read_text("utf-8").replace("(why.md)", "()"), "utf-8")
    assert sorted(problems(site)) == [
        "errors.md: a directive in place of its text",
        "llms.txt: money.md does not exist",
        "llms.txt: why.md is missing",
        "money.html: there is no Markdown twin",
        "why.html: gone.html leads nowhere",
        "why.html: http://a.bc/ is not https",
        "why.html: money.html#cents leads nowhere",
    ]
