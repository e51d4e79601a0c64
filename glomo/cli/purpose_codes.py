"""`glomo purpose-codes search`: find the code for what a payment is for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from glomo import purpose_codes

from .console import err, out, say, table
from .failure import FAILED

app = typer.Typer(no_args_is_help=True, help="Why money moves: Glomo's purpose codes.")


class Direction(StrEnum):
    """Which way the money moves."""

    PAYIN = "payin"
    PAYOUT = "payout"


@app.callback()
def group() -> None:
    """Why money moves: Glomo's purpose codes."""


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Each must occur: software consulting")],
    direction: Annotated[Direction | None, typer.Option(help="Only this way.")] = None,
) -> None:
    """Find purpose codes by words, in any case."""
    way: purpose_codes.Direction | None = None
    if direction is not None:
        way = "payin" if direction is Direction.PAYIN else "payout"
    found = purpose_codes.search(" ".join(words), direction=way)
    if not found:
        say(err(), f"no purpose code has {' '.join(words)!r}: try fewer or other words")
        raise typer.Exit(FAILED)
    rows = [
        (code.code, code.direction, code.label, code.group, ", ".join(code.documents))
        for code in found
    ]
    headings = ("code", "direction", "label", "group", "documents")
    out().print(table(headings, rows, no_fold=("code", "direction")))
