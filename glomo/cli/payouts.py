"""`glomo payouts ...`: payout files, and payouts one by one."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from glomo.batch import PlanError, Report, RowStatus

from .connection import DEFAULT_RATE_LIMIT
from .console import err, out, say
from .failure import FAILED, OK, REFUSED, CommandError
from .files import batch_of, beside
from .reads import BaseUrl, ask, list_payouts, show_payout
from .run import Options, pay
from .sample import write_sample
from .showing import show_plan, show_problems, show_report, show_warnings

app = typer.Typer(no_args_is_help=True, help="Pay files of payouts; read payouts.")
app.command("list")(list_payouts)
app.command("show")(show_payout)

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="The payout file: CSV or JSONL.", exists=True, dir_okay=False
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        help="The batch's name: the same name and reference are paid once. "
        "Default: FILE's name without its ending."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse to pay while there are warnings.")]
Journal = Annotated[
    Path | None,
    typer.Option(
        help="The file that remembers what was sent. Default: FILE's name, ending .journal."
    ),
]


@app.command()
def sample(
    rows: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many payouts.")] = 500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same file.")] = 0,
) -> None:
    """Write a made-up payout file to standard output."""
    write_sample(sys.stdout, rows, seed)


@app.command()
def plan(file: File, name: Name = None, strict: Strict = False, base_url: BaseUrl = None) -> None:
    """Check a file and show its totals. Sends nothing; needs no key.

    With a key in GLOMO_API_KEY it also asks whether the balances suffice.
    """
    try:
        made = batch_of(file, name).plan(strict=strict)
    except PlanError as refused:
        show_problems(err(), refused)
        raise typer.Exit(REFUSED) from None
    show_plan(out(), made, file)
    show_warnings(err(), made.warnings)
    if base_url is None and not os.environ.get("GLOMO_API_KEY"):
        return
    short = made.check_balances(ask(base_url, lambda glomo: glomo.balances.retrieve()))
    show_warnings(err(), short)
    if short and strict:
        raise typer.Exit(REFUSED)
    if not short:
        say(out(), "the balances cover the totals")


@app.command()
def run(
    file: File,
    *,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Pay through a local Glomo. No key, no real money.")
    ] = False,
    base_url: BaseUrl = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before paying.")] = False,
    name: Name = None,
    journal: Journal = None,
    strict: Strict = False,
    concurrency: Annotated[int, typer.Option(min=1, help="Payouts under way at once.")] = 32,
    rate_limit: Annotated[
        int, typer.Option(min=0, help="Requests a minute; 0: no limit. The API allows 3000.")
    ] = DEFAULT_RATE_LIMIT,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Pay rejected rows again, as new payouts.")
    ] = False,
) -> None:
    """Pay a file. Each row is paid once, however often this is run.

    Ctrl-C stops it, and the same command goes on where it stopped.

    At the end the payouts are read from the API again, and those that are missing, differ or have
    failed since are shown. The results are written beside FILE, as .results.csv.

    The exit status is 0 only if every row was accepted.
    """
    if sandbox and base_url is not None:
        raise typer.BadParameter("give --sandbox or --base-url, not both")
    options = Options(
        file=file,
        sandbox=sandbox,
        base_url=base_url,
        yes=yes,
        name=name,
        journal=journal,
        strict=strict,
        concurrency=concurrency,
        rate_limit=rate_limit,
        retry_failed=retry_failed,
    )
    try:
        status = pay(options)
    except PlanError as refused:
        show_problems(err(), refused)
        status = REFUSED
    raise typer.Exit(status)


@app.command()
def status(
    file: File,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Of the runs with --sandbox, not the real ones.")
    ] = False,
    journal: Journal = None,
) -> None:
    """How far the payment of a file is, from its journal. Sends nothing; needs no key.

    The exit status is 0 only if every row was accepted.
    """
    files = beside(file)
    found = journal or (files.sandbox_journal if sandbox else files.journal)
    if not found.exists():
        trial = not sandbox and journal is None and files.sandbox_journal.exists()
        hint = "; it was paid through the sandbox: add --sandbox" if trial else ""
        raise CommandError(f"{file.name} has not been paid: there is no {found}{hint}")
    report = asyncio.run(Report.from_journal(found))
    say(out(), f"{report.name}   {found}")
    show_report(out(), report)
    accepted = len(report.of(RowStatus.ACCEPTED)) == len(report.results)
    raise typer.Exit(OK if accepted else FAILED)
