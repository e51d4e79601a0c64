"""How to pay a file: the options of `glomo payouts run`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from glomo.cli.options import Access
from glomo.cli.payout_files import IncludeHidden, JournalPath, Name, ProblemsPath, Sheet
from glomo.cli.postgres import DEFAULT_EGRESS, Egress, PostgresToPay

_SAFETY = Group("Safety", sort_key=1)
_SPEED = Group("Speed", sort_key=2)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(Access):
    """How to pay a file."""

    sandbox: Annotated[
        bool, Parameter(help="Rehearse with a local Glomo: no key, no real money.")
    ] = False
    name: Name = None
    sheet: Sheet = None
    problems: ProblemsPath = None
    journal: JournalPath = None
    retry_failed: Annotated[
        bool, Parameter(help="Pay rejected rows again, as new payouts, once their cause is mended.")
    ] = False
    wait: Annotated[
        bool, Parameter(help="Follow the payouts until the money has arrived: see track.")
    ] = False
    wait_timeout: Annotated[
        float | None,
        Parameter(help="With --wait: seconds to follow them at most.", validator=Number(gt=0)),
    ] = None
    json_output: Annotated[
        bool, Parameter(name="--json", help="Events as JSON, one a line, for programs.")
    ] = False
    yes: Annotated[bool, Parameter(help="Do not ask before paying.", group=_SAFETY)] = False
    strict: Annotated[
        bool, Parameter(help="Refuse to pay while there are warnings.", group=_SAFETY)
    ] = False
    include_hidden: Annotated[IncludeHidden, Parameter(group=_SAFETY)] = False
    pay_again: Annotated[
        bool,
        Parameter(
            help="Pay also rows that another batch in this folder, or this one under another "
            "reference, has paid already.",
            group=_SAFETY,
        ),
    ] = False
    send_uncovered: Annotated[
        bool,
        Parameter(
            help="Send also rows that the balances do not cover: they wait for funds or fail.",
            group=_SAFETY,
        ),
    ] = False
    accept_existing: Annotated[
        bool,
        Parameter(
            help="Count rows as paid whose payouts are older than the journal: after it was lost.",
            group=_SAFETY,
        ),
    ] = False
    approval: Annotated[
        Path | None,
        Parameter(
            help="Pay only the plan that this approves: see glomo payouts plan --approve-as.",
            group=_SAFETY,
        ),
    ] = None
    approver_key: Annotated[
        Path | None,
        Parameter(
            help="The approver's Ed25519 public key (PEM): the approval must be signed by it.",
            group=_SAFETY,
        ),
    ] = None
    postgres: Annotated[PostgresToPay, Parameter(group=_SPEED)] = None
    egress: Annotated[Egress, Parameter(group=_SPEED)] = DEFAULT_EGRESS
    concurrency: Annotated[
        int, Parameter(help="Payouts under way at once.", validator=Number(gte=1), group=_SPEED)
    ] = 32
    rate_limit: Annotated[
        int,
        Parameter(
            help="Requests a minute; 0: no limit. The API allows 3000.",
            validator=Number(gte=0),
            group=_SPEED,
        ),
    ] = 3000
