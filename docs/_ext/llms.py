"""Pages for programs that read text: a Markdown twin of each page beside it, and `llms.txt`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

SUMMARY = (
    "The Python client of the Glomo cross-border payments API: async first, with a synchronous "
    "twin, and a runner for files of payouts that never pays twice."
)


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
        shutil.copyfile(source, twin)
        title = re.search(r"^# (.+)$", source.read_text("utf-8"), re.MULTILINE)
        lines.append(f"- [{title[1] if title else name}]({name}.md)")
    (Path(app.outdir) / "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")
