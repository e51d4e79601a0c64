"""Docstrings are plain text for readers of the source; this makes reStructuredText of them.

Indented blocks between paragraphs are examples, and lines of `|` are tables: both are shown as
they stand. Single backquotes are code.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

SECTION = re.compile(r"(Args|Arguments|Attributes|Keys|Parameters|Raises|Returns|Yields):\s*$")


def setup(app: Sphinx) -> dict[str, Any]:
    """Look at every docstring before the sections of it are read."""
    app.connect("autodoc-process-docstring", _process, priority=400)
    return {"parallel_read_safe": True}


def _process(  # noqa: PLR0917 - as Sphinx calls it
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    lines[:] = list(_literal_blocks(_plain_returns([line.replace("`", "``") for line in lines])))


def _plain_returns(lines: list[str]) -> list[str]:
    """Write `Returns:` as a field: what follows is a sentence, and its colon names no type."""
    result: list[str] = []
    in_section = False
    for line in lines:
        section = line in {"Returns:", "Yields:"}
        if section:
            result.append(f":{line[:-1].lower()}:")
        elif in_section and not line.strip():
            in_section = False
            result.append(line)
        else:
            result.append(line)
        in_section = section or (in_section and bool(line.strip()))
    return result


def _literal_blocks(lines: list[str]) -> list[str]:
    result: list[str] = []
    in_section = in_block = False
    for n, line in enumerate(lines):
        blank = not line.strip()
        indented = line.startswith((" ", "\t"))
        table = line.startswith("|")
        if not indented and not blank and not table:
            in_block = False
            in_section = bool(SECTION.match(line))
        starts = (indented or table) and not in_section and not in_block
        if starts and (n == 0 or not lines[n - 1].strip()):
            result += [".. code-block:: text", ""]
            in_block = True
        shown = line.replace("``", "`") if in_block and not blank else line
        result.append(f"    {shown}" if in_block and not blank else line)
    return result
