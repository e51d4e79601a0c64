"""`glomo payouts plan`: check a file and show what it would pay. Sends nothing."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from glomo.batch import PlanError
from glomo.cli.connection import ask, has_key
from glomo.cli.failures import OK, REFUSED
from glomo.cli.options import DEFAULT_ACCESS, Access, JsonOutput
from glomo.cli.output.console import err, out
from glomo.cli.output.json_output import print_json
from glomo.cli.output.problems import show_problems, show_warnings
from glomo.cli.output.reports import show_plan
from glomo.cli.payout_files import Name, PayoutFile, batch_of


def plan(
    file: PayoutFile,
    /,
    *,
    name: Name = None,
    strict: Annotated[bool, Parameter(help="Exit with 2 if there are warnings.")] = False,
    json_output: JsonOutput = False,
    access: Access = DEFAULT_ACCESS,
) -> int:
    """Check a file and show its totals. Sends nothing; needs no key.

    With a key it also asks whether the balances suffice.
    """
    try:
        plan = batch_of(file, name).plan(strict=strict)
    except PlanError as refused:
        show_problems(err(), refused)
        return REFUSED
    warnings = plan.warnings
    if has_key(access) or access.base_url is not None:
        warnings += plan.check_balances(ask(access, lambda glomo: glomo.balances.retrieve()))
    if json_output:
        print_json(
            {
                "file": file,
                "batch": plan.name,
                "rows": len(plan),
                "totals": plan.totals,
                "destination_totals": plan.destination_totals,
                "warnings": [str(warning) for warning in warnings],
            }
        )
        return REFUSED if strict and warnings else OK
    show_plan(out(), plan, file)
    show_warnings(err(), warnings)
    return REFUSED if strict and warnings else OK
