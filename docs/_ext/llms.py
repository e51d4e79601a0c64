"""Pages for programs that read text: a Markdown twin of each page beside it, and `llms.txt`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.text import TextBuilder
from sphinx.writers.text import TextTranslator

SUMMARY = (
    "The Python client of the Glomo cross-border payments API: async first, with a synchronous "
    "twin, and a runner for files of payouts that never pays twice."
)
_INCLUDE = re.compile(r"^```\{include\} (.+)\n:start-line: (\d+)\n```$", re.MULTILINE)


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the twins once the pages are built."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True}


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    lines = [f"# {app.config.project}", "", f"> {SUMMARY}", "", "## Pages", ""]
    for name in sorted(app.env.all_docs):
        source = Path(app.env.doc2path(name))
        twin = Path(app.outdir) / f"{name}.md"
        twin.parent.mkdir(parents=True, exist_ok=True)
        text = _markdown(app, name, source)
        twin.write_text(text, "utf-8")
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        lines.append(f"- [{title[1] if title else name}]({name}.md)")
    (Path(app.outdir) / "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _markdown(app: Sphinx, name: str, source: Path) -> str:
    """A page as its source has it, with what it includes; the reference as plain text."""
    text = source.read_text("utf-8")
    text = _INCLUDE.sub(lambda match: _included(source.parent, *match.groups()), text)
    if "```{eval-rst}" not in text:
        return text
    doctree = app.env.get_doctree(name)
    title = next(iter(doctree.findall(nodes.title))).astext()
    builder = TextBuilder(app, app.env)
    builder.init()
    translator = TextTranslator(doctree, builder)
    doctree.walkabout(translator)
    body = translator.body.partition("\n\n")[2]
    return f"# {title}\n\n{body}"


def _included(folder: Path, name: str, start: str) -> str:
    lines = (folder / name).read_text("utf-8").splitlines()
    return "\n".join(lines[int(start) :])
