"""The page that `glomo` and `glomo --help` show. Standard library alone: it is there at once."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TextIO

from glomo.cli.tree import READS, SECTIONS, Section

_WIDEST = 100
_NARROWEST = 40
_NARROWEST_TEXT = 30
_TITLE = "Pay files of payouts, look things up, run a local Glomo."
_FIRST_STEPS = (
    ("glomo payouts sample > november.csv", "500 example payouts"),
    ("glomo payouts run november.csv --sandbox", "pay them here: no key, no real money"),
    ("glomo payouts status november.csv --sandbox", "see what became of each"),
)


def is_requested(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for this page."""
    return list(arguments) in ([], ["--help"], ["-h"], ["help"])


def show(stream: TextIO | None = None) -> None:
    """Print the page, as wide as the terminal up to 100 columns."""
    page: TextIO = sys.stdout if stream is None else stream
    width = min(_WIDEST, max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns))
    colored = page.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    page.write("\n".join(_lines(width, colored=colored)) + "\n")


def _lines(width: int, *, colored: bool) -> list[str]:
    bold, dim, plain = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if colored else ("", "", "")
    title = _paragraph(f"glomo  {_TITLE}", width, indent=0)
    lines = [
        title[0].replace("glomo", f"{bold}glomo{plain}", 1),
        *title[1:],
        "",
        f"{bold}First steps{plain}",
    ]
    steps = [(f"$ {command}", explanation) for command, explanation in _FIRST_STEPS]
    lines += _columns(steps, width, left=max(len(step) for step, _ in steps), dim=dim, plain=plain)
    # One column for all sections: the eye goes down it.
    left = max(len(words) for section in SECTIONS for words, _ in _entries(section))
    for section in SECTIONS:
        lines += ["", f"{bold}{section.title}{plain}"]
        lines += _columns(_entries(section), width, left=left)
    lines += ["", f"{bold}Read any resource{plain}"]
    reads = [
        ("RESOURCE list", "The newest ones; --status, --after, --where KEY=VALUE narrow it down."),
        ("RESOURCE retrieve ID", "One of them, whole."),
    ]
    lines += _columns(reads, width, left=left)
    lines += _paragraph("RESOURCE is one of " + ", ".join(one.word for one in READS) + ".", width)
    lines += [""]
    lines += _paragraph(
        "The key comes from GLOMO_API_KEY or from a profile (glomo config). "
        "glomo COMMAND --help explains a command, --json gives any result to programs, "
        "--debug shows where an error happened, --version the version.",
        width,
        indent=0,
    )
    return lines


def _entries(section: Section) -> list[tuple[str, str]]:
    return [(command.words, command.summary) for command in section.commands]


def _columns(
    rows: list[tuple[str, str]], width: int, *, left: int, dim: str = "", plain: str = ""
) -> list[str]:
    """Two columns, the second one wrapped; under each other where it would be too narrow."""
    margin = 2 + left + 3
    lines: list[str] = []
    for first, second in rows:
        if width - margin < _NARROWEST_TEXT and margin + len(second) > width:
            lines.append(f"  {first}")
            lines += [f"{dim}{line}{plain}" for line in _paragraph(second, width, indent=6)]
            continue
        beginning, *rest = _paragraph(second, width, indent=margin)
        lines.append(f"  {first:<{left}}   {dim}{beginning.strip()}{plain}")
        lines += [f"{dim}{line}{plain}" for line in rest]
    return lines


def _paragraph(text: str, width: int, indent: int = 2) -> list[str]:
    """The text in lines that are broken between words only."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and indent + len(line) + 1 + len(word) > width:
            lines.append(" " * indent + line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, " " * indent + line]
