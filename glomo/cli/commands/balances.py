"""`glomo balances`: what is available and what is on its way, by currency."""

from __future__ import annotations

from glomo.cli.connection import ask
from glomo.cli.options import DEFAULT_ACCESS, Access, JsonOutput
from glomo.cli.output.console import figures, out
from glomo.cli.output.json_output import print_json
from glomo.cli.output.tables import show_table


def balances(*, json_output: JsonOutput = False, access: Access = DEFAULT_ACCESS) -> None:
    """What is available and what is on its way, by currency."""
    state = ask(access, lambda glomo: glomo.balances.retrieve())
    if json_output:
        print_json({"available": state.available, "pending": state.pending})
        return
    rows = [
        (currency, figures(state.available.get(currency)), figures(state.pending.get(currency)))
        for currency in sorted({*state.available, *state.pending})
    ]
    headings = ("currency", "available", "pending")
    show_table(out(), headings, rows, right=("available", "pending"))
