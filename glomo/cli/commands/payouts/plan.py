"""`glomo payouts plan`: look at a file before it is paid. Sends nothing."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from glomo.batch import Identity, Plan, PlanError, Report, identity_of, journal_exists
from glomo.batch.approval import Approval
from glomo.batch.checks.preflight import Preflight, Questions, preflight
from glomo.batch.earlier_payments import other_batches, paid_totals, removed_rows
from glomo.batch.payees import AccountPayees
from glomo.cli.amounts import parse_amounts
from glomo.cli.connection import account_payees, connect, connected, has_key
from glomo.cli.failures import OK, REFUSED, CommandError
from glomo.cli.options import Access
from glomo.cli.output.console import err, out, say, say_parts
from glomo.cli.output.json_output import print_json
from glomo.cli.output.plan_summary import (
    preflight_as_json,
    problem_as_json,
    show_preflight,
    show_preflight_warnings,
)
from glomo.cli.output.problem_file import write_problems
from glomo.cli.output.reports import show_names, show_plan
from glomo.cli.payout_files import (
    IncludeHidden,
    JournalPath,
    Name,
    PayoutFile,
    ProblemsPath,
    Sheet,
    SiblingPaths,
    batch_of,
    journal_folders,
    plan_of,
)
from glomo.cli.report.files import this_account

_APPROVAL = Group("Two pairs of eyes", sort_key=1)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions(Access):
    """What to look at."""

    name: Name = None
    sheet: Sheet = None
    include_hidden: IncludeHidden = False
    journal: JournalPath = None
    quote: Annotated[
        bool, Parameter(help="Ask the API for quotes, and estimate the fees from them.")
    ] = False
    max_amount: Annotated[
        tuple[str, ...],
        Parameter(help="USD=50000.00: show rows above this. As often as needed."),
    ] = ()
    duplicates_days: Annotated[
        int,
        Parameter(
            help="How many days back the journals beside FILE are searched for the same payment.",
            validator=Number(gte=0),
        ),
    ] = 90
    rate_limit: Annotated[
        int,
        Parameter(help="Requests a minute that paying will keep to.", validator=Number(gte=0)),
    ] = 3000
    problems: ProblemsPath = None
    strict: Annotated[bool, Parameter(help="Exit with 2 if there are warnings.")] = False
    json_output: Annotated[
        bool, Parameter(name="--json", help="The result as JSON, for programs.")
    ] = False
    approve_as: Annotated[
        str | None,
        Parameter(
            name="--approve-as",
            help="NAME: approve exactly this plan, for glomo payouts run --approval.",
            group=_APPROVAL,
        ),
    ] = None
    sign_with: Annotated[
        Path | None,
        Parameter(help="The approver's Ed25519 private key (PEM).", group=_APPROVAL),
    ] = None


_DEFAULT = PlanOptions()


def plan(file: PayoutFile, /, *, options: PlanOptions = _DEFAULT) -> int:
    """Check a file and show what it would pay. Sends nothing; needs no key.

    It shows rows and sums by currency and rail, payments that look like the same one twice,
    documents that go with a purpose code and are missing, and how long paying takes. With a key it
    also asks whether the beneficiaries can be paid and the balances suffice.

    The exit status is 0 if the file can be paid, and with --strict only if there are no warnings.
    """
    batch = batch_of(file, options.name, sheet=options.sheet, include_hidden=options.include_hidden)
    names: dict[str, str] = {}

    def payees() -> AccountPayees | None:
        nonlocal names
        directory = account_payees(options)
        if directory is not None:
            names = directory.resolved
        return directory

    try:
        plan = plan_of(batch, payees, problems=options.problems)
    except PlanError as refused:
        if not options.json_output:
            raise
        print_json({"file": file, "problems": [problem_as_json(p) for p in refused.every_problem]})
        return REFUSED
    checked, identity = asyncio.run(_check(file, plan, options))
    if options.problems is not None:
        write_problems(options.problems, checked.warnings)
    approval = None if options.approve_as is None else _approve(file, plan, options, identity)
    if options.json_output:
        print_json(
            {
                "file": file,
                **preflight_as_json(plan, checked),
                "beneficiaries": names,
                "approval": approval and approval.to_json(),
            }
        )
    else:
        show_plan(out(), plan, file)
        show_names(out(), names)
        show_preflight(out(), checked, rate_limit=options.rate_limit)
        show_preflight_warnings(err(), checked.warnings)
        _show_next_step(file, approval, options)
    doubtful = checked.warnings or any(one.to_add is not None for one in checked.funds)
    return REFUSED if options.strict and doubtful else OK


def _show_next_step(file: Path, approval: Approval | None, options: PlanOptions) -> None:
    say(out(), "")
    if not _asks(options):
        text = "beneficiaries and balances are checked where there is a key: glomo config set NAME"
        say(out(), text)
    path, command = SiblingPaths(file).approval, ["glomo", "payouts", "run", str(file)]
    if options.include_hidden:
        command.append("--include-hidden")
    if approval is not None:
        say(out(), f"approved by {approval.approved_by}: {path}")
        command += ["--approval", str(path)]
        say_parts(out(), [shlex.join(command), "pays exactly this"])
        return
    rehearsal = "with --sandbox: a rehearsal without real money"
    say_parts(out(), [shlex.join(command), "pays it, after asking", rehearsal])


def _asks(options: PlanOptions) -> bool:
    """Whether the API is asked, too."""
    return has_key(options) or options.base_url is not None or options.profile is not None


async def _check(file: Path, plan: Plan, options: PlanOptions) -> tuple[Preflight, Identity | None]:
    journal = options.journal or SiblingPaths(file).journal
    earlier = await Report.from_journal(journal) if journal_exists(journal) else None
    glomo = connect(options) if _asks(options) else None
    identity = None if glomo is None else identity_of(glomo, plan.name)
    others = other_batches(journal_folders(file, journal), journal, identity)
    questions = Questions(
        limits=parse_amounts("--max-amount", options.max_amount),
        other_batches=(*others, *removed_rows(plan, journal)),
        recent=timedelta(days=options.duplicates_days),
        quote=options.quote,
        rate_limit=options.rate_limit,
        paid={} if earlier is None else paid_totals(plan, earlier),
    )
    if glomo is None:
        if options.quote:
            raise CommandError(
                "--quote asks the API, and there is no key", hint="set GLOMO_API_KEY"
            )
        return await preflight(plan, questions), None
    async with connected(glomo):
        return await preflight(plan, questions, glomo), identity


def _approve(file: Path, plan: Plan, options: PlanOptions, identity: Identity | None) -> Approval:
    approval = Approval.of_plan(
        plan, approved_by=options.approve_as or "", account=this_account(), identity=identity
    )
    if options.sign_with is not None:
        try:
            private_key = options.sign_with.read_bytes()
        except OSError as error:
            raise CommandError(
                f"--sign-with cannot be read: {error}", hint="name an Ed25519 key in PEM"
            ) from None
        approval = approval.signed(private_key)
    approval.write(SiblingPaths(file).approval)
    return approval
