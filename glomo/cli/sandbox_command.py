"""`glomo sandbox`: a local Glomo on a port, until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from glomo.batch import Batch, Plan, PlanError
from glomo.errors import MoneyError
from glomo.money import Money

from .connection import DEFAULT_RATE_LIMIT
from .console import err, out, say
from .embedded import put_beneficiaries, require_sandbox
from .failure import FAILED, REFUSED, CommandError
from .showing import show_problems


def sandbox(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8787,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    seed: Annotated[int, typer.Option(help="Ids and random faults follow from it.")] = 0,
    state: Annotated[
        Path | None, typer.Option(help="A file that keeps everything for the next start.")
    ] = None,
    faults: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="The share of calls that go wrong: 0.2 is every fifth, in all ways."
        ),
    ] = 0.0,
    rate_limit: Annotated[
        int, typer.Option(min=0, help="Requests a minute before a 429; 0: no limit.")
    ] = DEFAULT_RATE_LIMIT,
    balance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="USD=100000.00", help="An opening balance. Without any, a billion of each."
        ),
    ] = None,
    payouts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Put the beneficiaries of this payout file in place.", exists=True
        ),
    ] = None,
) -> None:
    """Serve a local Glomo: stateful, deterministic, and faulty on demand."""
    require_sandbox()
    from glomo.sandbox import Sandbox, sandbox_key  # noqa: PLC0415 - an extra

    balances = _opening(balance or ())
    plan = None if payouts is None else _plan(payouts)
    try:
        made = Sandbox(seed=seed, state=state, rate_limit=rate_limit or None, balances=balances)
    except RuntimeError as held:
        raise CommandError(str(held)) from held
    with made:
        if plan is not None:
            put_beneficiaries(made, plan)
        if faults:
            made.random_faults(faults)
        # Both signals then stop it the same way, at any moment.
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            key = sandbox_key()
            asyncio.run(made.serve_forever(host, port, lambda url: _announce(url, key)))
        except KeyboardInterrupt:
            say(out(), "stopped")
        except OSError as error:
            raise CommandError(_why_not(error, host, port), FAILED) from error


def _interrupt(_: int, __: object) -> None:
    signal.raise_signal(signal.SIGINT)


def _announce(base_url: str, key: str) -> None:
    # Printing this key gives nothing away: every secret key opens a sandbox, and only that.
    say(out(), f"Glomo sandbox at {base_url}   (Ctrl-C stops it)")
    say(out(), f"export GLOMO_BASE_URL={base_url} GLOMO_API_KEY={key}")


def _plan(file: Path) -> Plan:
    try:
        return Batch.from_file(file).plan()
    except PlanError as refused:
        show_problems(err(), refused)
        raise typer.Exit(REFUSED) from None


def _opening(given: Iterable[str]) -> dict[str, int] | None:
    balances: dict[str, int] = {}
    for entry in given:
        currency, _, amount = entry.partition("=")
        try:
            money = Money.of(amount.replace(",", ""), currency)
        except MoneyError as error:
            raise CommandError(f"--balance {entry}: {error}; write USD=100000.00") from None
        if money.minor < 0:
            raise CommandError(f"--balance {entry}: a balance is not negative")
        balances[currency] = money.minor
    return balances or None


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken, perhaps by another sandbox: "
            "stop it, or choose another with --port (0 takes any free one)"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has: choose one above 1023"
    return f"cannot listen on {host}:{port}: {error.strerror or error}"
