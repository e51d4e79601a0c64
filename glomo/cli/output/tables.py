"""Tables that stay readable: side by side where every word fits, under each other where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .console import clean, wrapped

if TYPE_CHECKING:
    from rich.console import JustifyMethod

_GAP = 3
_WORST_LINES = 4
"""A table whose cells would be folded into more lines than this is shown as records."""


def show_table(
    console: Console,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Iterable[str] = (),
    whole: Iterable[str] = (),
    styles: Sequence[str] | None = None,
) -> None:
    """Print a table.

    Args:
        console: where to.
        headings: of the columns; empty ones are allowed.
        rows: the cells.
        right: the columns that are set to the right; they are never folded.
        whole: the columns that are never folded.
        styles: a rich style for each row.
    """
    cells = [[clean(cell).replace("\n", " ") for cell in row] for row in rows]
    right = set(right)
    whole = right | set(whole)
    minimum = [
        max((_least(text, heading in whole) for text in column), default=0)
        for heading, column in zip(headings, _columns(headings, cells), strict=True)
    ]
    if not _fits(console, headings, cells, minimum):
        _show_records(console, headings, cells, styles)
        return
    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, _GAP, 0, 0),
        header_style="bold",
        show_header=any(headings),
    )
    for heading, least in zip(headings, minimum, strict=True):
        justify: JustifyMethod = "right" if heading in right else "left"
        table.add_column(heading, justify=justify, no_wrap=heading in whole, min_width=least)
    for number, row in enumerate(cells):
        style = styles[number] if styles else ""
        table.add_row(*(Text(cell) for cell in row), style=style)
    console.print(table)


def _columns(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterable[list[str]]:
    for position, heading in enumerate(headings):
        yield [heading, *(row[position] for row in cells)]


def _least(text: str, whole: bool) -> int:
    """The narrowest column that does not break a word of this text."""
    return cell_len(text) if whole else max(map(cell_len, text.split()), default=0)


def _fits(
    console: Console,
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    minimum: Sequence[int],
) -> bool:
    spare = console.width - sum(minimum) - _GAP * len(minimum)
    if spare < 0:
        return False
    for column, least in zip(_columns(headings, cells), minimum, strict=True):
        widest = max(map(cell_len, column))
        if widest > _WORST_LINES * (least + spare):
            return False
    return True


def _show_records(
    console: Console,
    headings: Sequence[str],
    cells: Iterable[Sequence[str]],
    styles: Sequence[str] | None,
) -> None:
    """Each row as lines of its own: heading and cell."""
    label = max(map(len, headings))
    for number, row in enumerate(cells):
        style = styles[number] if styles else ""
        if number:
            console.print()
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                _show_field(console, heading, cell, label, style)


def _show_field(console: Console, name: str, value: str, label: int, style: str = "") -> None:
    """A name and its value, which is wrapped beside the name, on a terminal."""
    margin = f"{name:<{label}}{' ' * _GAP}"
    first, *rest = value.split(" ")
    if console.is_terminal:
        text = wrapped([margin + first, *rest], console.width, indent=len(margin))
    else:
        text = margin + value
    console.print(Text(text, style=style), soft_wrap=True)


def show_fields(console: Console, fields: Iterable[tuple[str, object]]) -> None:
    """Print names and values; what is empty is left out."""
    rows = [
        (name, clean(str(value)).replace("\n", " "))
        for name, value in fields
        if value not in (None, "", (), {})
    ]
    label = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        _show_field(console, name, value, label)
