"""A plan that was looked at, for a person and for programs."""

from __future__ import annotations

from rich.console import Console

from glomo.batch import Plan, Problem
from glomo.batch.checks.breakdown import RailTotal
from glomo.batch.checks.funds import Funds
from glomo.batch.checks.preflight import Preflight
from glomo.batch.problem_groups import grouped

from .console import amount, figures, say
from .problems import problem_cells
from .tables import show_table
from .wording import advice_of

_MOST_WARNINGS = 40


def show_preflight(console: Console, checked: Preflight, *, rate_limit: int) -> None:
    """Sums by rail, balances before and after, what to add, and how long it takes."""
    _show_rails(console, checked.rails)
    if checked.funds:
        say(console, "")
        _show_funds(console, checked)
    say(console, "")
    pace = f"at {rate_limit:,} requests a minute" if rate_limit else "without a rate limit"
    least = checked.duration
    time = f"at least {least}" if least.total_seconds() >= 1 else "about a second"
    say(console, f"paying takes {time} {pace}")
    if checked.bank_details_checked is False:
        say(
            console,
            "check digits and countries of IBANs and SWIFT codes were not checked: "
            "pip install 'glomo[bank]'",
        )


def _show_rails(console: Console, rails: tuple[RailTotal, ...]) -> None:
    # Where every row names what leaves, the last column has nothing to say.
    width = 6 if any(one.fixed_destination for one in rails) else 5
    headings = ("currency", "rail", "to", "rows", "amount", " ")[:width]
    rows = [
        (
            one.currency,
            one.rail,
            one.destination_currency,
            f"{one.rows:,}",
            figures(one.total),
            "arriving" if one.fixed_destination else "",
        )[:width]
        for one in rails
    ]
    show_table(console, headings, rows, right=("rows", "amount"), whole=headings)


def _show_funds(console: Console, checked: Preflight) -> None:
    priced = checked.fees is not None
    headings = ["balance", "available", "to pay", *(["fees"] if priced else []), "after"]
    short = [one for one in checked.funds if one.to_add is not None]
    rows = [
        [
            one.currency,
            figures(one.available),
            figures(one.debit),
            *([figures(one.fees)] if priced else []),
            figures(one.after),
        ]
        for one in checked.funds
    ]
    styles = ["red" if one in short else "" for one in checked.funds]
    show_table(console, headings, rows, right=headings[1:], whole=headings, styles=styles)
    if checked.fees is not None:
        quotes = checked.fees.quotes
        say(console, f"fees are estimated from {quotes:,} {'quote' if quotes == 1 else 'quotes'}")
        for route in checked.fees.unquoted:
            say(console, f"no quote for {route}: its fees come on top", style="yellow")
    for one in short:
        say(console, _addition(one, priced=priced), style="red")


def _addition(funds: Funds, *, priced: bool) -> str:
    assert funds.to_add is not None
    more = "" if priced else " and what the fees come to (--quote asks)"
    return f"add {amount(funds.to_add)}{more}"


def show_preflight_warnings(console: Console, warnings: tuple[Problem, ...]) -> None:
    """What a person should look at, those of one cause as one; the first ones of many."""
    if not warnings:
        return
    shown = grouped(warnings)
    say(console, "")
    headings = ("row", "column", "value", "warning", "what to do")
    rows = [problem_cells(warning) for warning in shown[:_MOST_WARNINGS]]
    styles = ["yellow"] * len(rows)
    show_table(console, headings, rows, right=("row",), whole=("column",), styles=styles)
    if len(shown) > _MOST_WARNINGS:
        more = len(shown) - _MOST_WARNINGS
        say(console, f"... and {more:,} more: --problems FILE.csv writes them all", "yellow")


def preflight_as_json(plan: Plan, checked: Preflight) -> dict[str, object]:
    """The plan and everything that was found out about it."""
    return {
        "batch": plan.name,
        "rows": len(plan),
        "totals": plan.totals,
        "destination_totals": plan.destination_totals,
        "rails": [
            {
                "currency": one.currency,
                "rail": one.rail,
                "destination_currency": one.destination_currency,
                "rows": one.rows,
                "total": one.total,
                "fixed_destination": one.fixed_destination,
            }
            for one in checked.rails
        ],
        "funds": [
            {
                "currency": one.currency,
                "available": one.available,
                "debit": one.debit,
                "fees": one.fees,
                "after": one.after,
                "to_add": one.to_add,
            }
            for one in checked.funds
        ],
        "seconds": checked.duration,
        "bank_details_checked": checked.bank_details_checked,
        "warnings": [problem_as_json(warning) for warning in checked.warnings],
    }


def problem_as_json(problem: Problem) -> dict[str, object]:
    """A problem with its place, what is wrong and what to do."""
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "problem": problem.problem,
        "advice": advice_of(problem.diagnosis) or None,
        "rows": problem.count,
    }
