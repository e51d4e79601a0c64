"""What goes to the terminal: results to stdout, everything else to stderr.

Text is never broken inside a word or a number: on a terminal lines are wrapped between words, off a
terminal they are left whole, so that a log can be searched.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from glomo.money import Money

_PIPE_WIDTH = 200
_GAP = "   "
_JOINT = "\N{NO-BREAK SPACE}"
_AMOUNT = re.compile(r"\b([A-Z]{3}) (-?\d)")


def out() -> Console:
    """Where results go."""
    return _console(stderr=False)


def err() -> Console:
    """Where progress, warnings and errors go."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    # Without a terminal rich assumes 80 columns; a log has no such edge.
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def say(console: Console, text: str, style: str = "", *, indent: int = 0) -> None:
    """Print a text: wrapped between words on a terminal, with nothing in it that a terminal obeys.

    Args:
        console: where to.
        text: the text; its own line breaks are kept.
        style: a rich style.
        indent: columns in front of the second and further lines.
    """
    for line in clean(text).split("\n"):
        words = _whole_amounts(line).split(" ")
        shown = wrapped(words, console.width, indent=indent) if console.is_terminal else line
        console.print(Text(shown, style=style), soft_wrap=True)


def say_parts(
    console: Console, parts: Iterable[str], style: str = "", *, indent: int = 0, hang: int = 4
) -> None:
    """Print parts beside each other; on a terminal a part that does not fit begins a new line.

    Args:
        console: where to.
        parts: what is kept together where it fits: an amount, a count, a sentence.
        style: a rich style.
        indent: columns in front of the first line.
        hang: columns in front of the further lines.
    """
    text = text_of_parts(console, parts, indent=indent, hang=hang)
    console.print(Text(text, style=style), soft_wrap=True)


def text_of_parts(console: Console, parts: Iterable[str], *, indent: int = 0, hang: int = 4) -> str:
    """What `say_parts` prints."""
    margin, rest = " " * indent, " " * hang
    present = [clean(part).replace("\n", " ") for part in parts if part]
    if not console.is_terminal:
        return margin + _GAP.join(present)
    lines: list[str] = []
    for part in present:
        if lines and cell_len(lines[-1]) + len(_GAP) + cell_len(part) <= console.width:
            lines[-1] += _GAP + part
            continue
        start = rest if lines else margin
        if len(start) + cell_len(part) > console.width:
            words = _whole_amounts(part).split(" ")
            folded = wrapped(words, console.width - hang).split("\n")
            lines += [(rest if n else start) + line for n, line in enumerate(folded)]
        else:
            lines.append(start + part)
    return "\n".join(lines)


def wrapped(words: Iterable[str], width: int, *, indent: int = 0) -> str:
    """Words in lines of a width, none of them broken, also where one is wider than the line.

    Args:
        words: what is kept whole.
        width: in terminal columns.
        indent: columns in front of the second and further lines.
    """
    lines: list[str] = []
    line: str | None = None
    for word in words:
        if line is None:
            line = word
        elif cell_len(line) + 1 + cell_len(word) <= width:
            line += f" {word}"
        else:
            lines.append(line.rstrip())
            line = " " * indent + word
    return "\n".join([*lines, line or ""]).replace(_JOINT, " ")


def _whole_amounts(text: str) -> str:
    """The text with each currency tied to its amount, so that no line ends between them."""
    return _AMOUNT.sub(rf"\1{_JOINT}\2", text)


def clean(text: str) -> str:
    """The text without what a terminal would obey: files and responses are other people's text."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def amount(money: Money) -> str:
    """`USD 812,450.00`, as finance people write it."""
    return money.format()


def figures(money: Money | None) -> str:
    """`812,450.00`, for a column that names the currency."""
    return "" if money is None else f"{money.amount:,f}"


def amounts(totals: Mapping[str, Money]) -> list[str]:
    """Several totals, each to be kept together."""
    return [amount(total) for total in totals.values()]


def count(number: int, noun: str) -> str:
    """`1 row`, `1,240 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
