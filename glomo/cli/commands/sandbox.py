"""`glomo sandbox`: a local Glomo on a port, until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import signal
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.cli.amounts import parse_amounts
from glomo.cli.failures import FAILED, OK, CommandError
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json_line


def sandbox(
    *,
    port: Annotated[
        int, Parameter(help="0 takes any free one.", validator=Number(gte=0, lte=65535))
    ] = 8787,
    host: Annotated[str, Parameter(help="The address to listen on.")] = "127.0.0.1",
    seed: Annotated[int, Parameter(help="Ids and random faults follow from it.")] = 0,
    state: Annotated[
        Path | None, Parameter(help="A file that keeps everything for the next start.")
    ] = None,
    faults: Annotated[
        float,
        Parameter(
            help="The share of calls that go wrong: 0.2 is every fifth, in all ways.",
            validator=Number(gte=0, lte=1),
        ),
    ] = 0.0,
    rate_limit: Annotated[
        int, Parameter(help="Requests a minute before a 429; 0: no limit.", validator=Number(gte=0))
    ] = 3000,
    balance: Annotated[
        tuple[str, ...],
        Parameter(help="USD=100000.00: an opening balance. Without any, a billion of each."),
    ] = (),
    payouts: Annotated[
        Path | None, Parameter(help="Put the beneficiaries of this payout file in place.")
    ] = None,
    json_output: Annotated[
        bool, Parameter(name="--json", help="Address and key as JSON, for programs.")
    ] = False,
) -> int:
    """Serve a local Glomo: stateful, deterministic, and faulty on demand."""
    from glomo.cli import rehearsal  # noqa: PLC0415 - help does without it

    rehearsal.require_sandbox()
    from glomo.sandbox import Sandbox, sandbox_key  # noqa: PLC0415 - an extra

    amounts = parse_amounts("--balance", balance)
    opening = {currency: money.minor for currency, money in amounts.items()} or None
    plan = None
    if payouts is not None:
        from glomo.cli.payout_files import batch_of  # noqa: PLC0415 - only with a file

        plan = batch_of(payouts).plan()
    try:
        service = Sandbox(seed=seed, state=state, rate_limit=rate_limit or None, balances=opening)
    except RuntimeError as held:
        raise CommandError(str(held)) from held
    with service:
        if plan is not None:
            rehearsal.add_beneficiaries(service, plan)
        if faults:
            service.random_faults(faults)
        # Both signals then stop it the same way, at any moment.
        signal.signal(signal.SIGTERM, _interrupt)
        key = sandbox_key()

        def announce(base_url: str) -> None:
            if json_output:
                print_json_line({"base_url": base_url, "api_key": key})
            else:
                _announce(base_url, key)

        try:
            asyncio.run(service.serve_forever(host, port, announce))
        except KeyboardInterrupt:
            if not json_output:
                say(out(), "stopped")
        except OSError as error:
            raise _cannot_listen(error, host, port) from error
    return OK


def _interrupt(_: int, __: object) -> None:
    signal.raise_signal(signal.SIGINT)


def _announce(base_url: str, key: str) -> None:
    # Printing this key gives nothing away: every secret key opens a sandbox, and only that.
    say(out(), f"Glomo sandbox at {base_url}   (Ctrl-C stops it)")
    say(out(), f"export GLOMO_BASE_URL={base_url} GLOMO_API_KEY={key}")


def _cannot_listen(error: OSError, host: str, port: int) -> CommandError:
    if error.errno == errno.EADDRINUSE:
        return CommandError(
            f"port {port} of {host} is taken, perhaps by another sandbox",
            FAILED,
            hint="stop that one, or choose another port with --port (0 takes any free one)",
        )
    if error.errno == errno.EACCES:
        return CommandError(
            f"port {port} needs more rights than this user has",
            FAILED,
            hint="choose one above 1023 with --port",
        )
    return CommandError(f"cannot listen on {host}:{port}: {error.strerror or error}", FAILED)
