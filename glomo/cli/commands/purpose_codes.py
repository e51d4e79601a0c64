"""`glomo purpose-codes search`: find the code for what a payment is for."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from glomo import purpose_codes
from glomo.cli.failures import FAILED, OK
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import err, out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.output.tables import show_table


def search(
    *words: Annotated[str, Parameter(help="Each must occur: software consulting", negative=())],
    direction: Annotated[
        Literal["payin", "payout"] | None, Parameter(help="Only this way.")
    ] = None,
    json_output: JsonOutput = False,
) -> int:
    """Find purpose codes by words, in any case; without words, all of them."""
    codes = purpose_codes.search(" ".join(words), direction=direction)
    if json_output:
        print_json(
            [
                {
                    "code": code.code,
                    "direction": code.direction,
                    "label": code.label,
                    "group": code.group,
                    "documents": code.documents,
                }
                for code in codes
            ]
        )
        return OK if codes else FAILED
    if not codes:
        say(err(), f"no purpose code has {' '.join(words)!r}")
        say(err(), "hint: try fewer or other words")
        return FAILED
    rows = [
        (code.code, code.direction, code.label, code.group, ", ".join(code.documents))
        for code in codes
    ]
    headings = ("code", "direction", "label", "group", "documents")
    show_table(out(), headings, rows, whole=("code", "direction"))
    return OK
