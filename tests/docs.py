"""The code of the documentation, to be run by tests."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
README = "../README.md"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_HEADING = re.compile(r"^## (.+)$", re.M)


def pages() -> list[str]:
    """The README and every page of `docs/`, by their paths from there."""
    return [README, *sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))]


def sections(page: str) -> dict[str, str]:
    """The text of a page by its headings; what stands above the first is under `""`."""
    text = (DOCS / page).read_text("utf-8")
    bare = _FENCE.sub(lambda fence: re.sub(r"^##", "  ", fence[0], flags=re.M), text)
    headings = list(_HEADING.finditer(bare))
    starts = [0, *(heading.end() for heading in headings)]
    ends = [*(heading.start() for heading in headings), len(text)]
    names = ["", *(heading[1] for heading in headings)]
    return {name: text[start:end] for name, start, end in zip(names, starts, ends, strict=True)}


def fences(text: str, *languages: str) -> list[str]:
    """The fenced blocks of a text that are in one of these languages."""
    return [match[2] for match in _FENCE.finditer(text) if match[1] in languages]


def blocks(page: str, heading: str = "") -> list[str]:
    """The Python blocks of a page: under a heading, or above the first."""
    return fences(sections(page)[heading], "python")


def all_blocks(page: str) -> list[str]:
    """The Python blocks of a whole page."""
    return [block for text in sections(page).values() for block in fences(text, "python")]


def run(*code: str, **names: Any) -> dict[str, Any]:
    """Run blocks one after the other as one module. `names` are what the reader brings."""
    namespace: dict[str, Any] = {"__name__": "documentation", **names}
    for block in code:
        exec(compile(block, "<docs>", "exec"), namespace)
    return namespace


async def run_async(*code: str, **names: Any) -> dict[str, Any]:
    """The same for blocks that use `await` outside of a function, as a notebook does."""
    namespace: dict[str, Any] = {"__name__": "documentation", **names}
    for block in code:
        compiled = compile(block, "<docs>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        result = eval(compiled, namespace)
        if compiled.co_flags & inspect.CO_COROUTINE:
            await result
    return namespace
