"""The code of the documentation, to be run by tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
_HEADING = re.compile(r"^## (.+)$", re.M)


def blocks(page: str, heading: str = "") -> list[str]:
    """The Python blocks of a page of `docs/`: under a heading, or above the first."""
    parts = _HEADING.split((DOCS / page).read_text("utf-8"))
    sections = {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}
    return [match[1] for match in _BLOCK.finditer(sections[heading])]


def run(*code: str, **names: Any) -> dict[str, Any]:
    """Run blocks one after the other as one module. `names` are what the reader brings."""
    namespace: dict[str, Any] = {"__name__": "documentation", **names}
    for block in code:
        exec(compile(block, "<docs>", "exec"), namespace)
    return namespace
