"""What goes to the terminal: results to stdout, everything else to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from glomo.currencies import EXPONENTS
from glomo.money import Money

_PIPE_WIDTH = 200


def out() -> Console:
    """Where results go."""
    return _console(stderr=False)


def err() -> Console:
    """Where progress, warnings and errors go."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    # Without a terminal rich assumes 80 columns and folds tables; a log has no such edge.
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def say(console: Console, text: str, style: str = "") -> None:
    """One line as it is: never folded, no markup read in it, no control characters passed on."""
    console.print(Text(clean(text), style=style), soft_wrap=True)


def clean(text: str) -> str:
    """The text without what a terminal would obey: files and answers are other people's text."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def table(
    headings: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    right: Iterable[str] = (),
    no_fold: Iterable[str] = (),
) -> Table:
    """A plain table; the columns named in `right` are set to the right."""
    headings, right, no_fold = tuple(headings), set(right), {*right, *no_fold}
    made = Table(
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
        header_style="bold",
        show_header=any(headings),
    )
    for heading in headings:
        made.add_column(
            heading,
            justify="right" if heading in right else "left",
            no_wrap=heading in no_fold,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(Text(clean(cell)) for cell in row))
    return made


def amount(money: Money) -> str:
    """`USD 812,450.00`, as finance people write it."""
    if money.currency not in EXPONENTS:
        return str(money)
    return f"{money.currency} {money.amount:,f}"


def amounts(totals: Mapping[str, Money]) -> str:
    """Several totals on one line."""
    return "   ".join(amount(total) for total in totals.values())


def count(number: int, noun: str) -> str:
    """`1 row`, `1,240 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
