"""`glomo sandbox`: a local Glomo on a port, until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import signal
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.cli.amounts import parse_amounts
from glomo.cli.failures import FAILED, OK, CommandError
from glomo.cli.output.console import count, out, say, text_of_parts
from glomo.cli.output.json_output import json_line, print_json_line
from glomo.cli.output.line_writer import LineWriter

if TYPE_CHECKING:
    from rich.console import Console

    from glomo.sandbox import RequestRecord, Sandbox


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
    fault: Annotated[
        tuple[str, ...],
        Parameter(
            help="KIND[:OPERATION[:HOW]], as cut_after:payouts.create:x1, fail_before::0.1 or "
            "delay:refunds.create:seconds=5:x3. HOW is a rate, xTIMES, status=502, seconds=5. "
            "Without an operation: every one; without an end: always."
        ),
    ] = (),
    forward_to: Annotated[
        str | None, Parameter(help="Deliver webhooks to this URL; prints the signing secret.")
    ] = None,
    events: Annotated[
        tuple[str, ...], Parameter(help="Which events go there, as payout.*. Default: all.")
    ] = (),
    trusted_host: Annotated[
        tuple[str, ...],
        Parameter(help="A name under which other machines may reach the dashboard."),
    ] = (),
    open_browser: Annotated[
        bool, Parameter(name="--open", help="Show the dashboard in the browser.")
    ] = False,
    quiet: Annotated[bool, Parameter(help="Print no request log.")] = False,
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
        bool, Parameter(name="--json", help="A line of JSON with the addresses, one a request.")
    ] = False,
) -> int:
    """Serve a local Glomo: stateful, deterministic, and faulty on demand."""
    from glomo.cli import rehearsal  # noqa: PLC0415 - help does without it

    rehearsal.require_sandbox()
    from glomo.sandbox import Sandbox, sandbox_key  # noqa: PLC0415 - an extra

    amounts = parse_amounts("--balance", balance)
    opening = {currency: money.minor for currency, money in amounts.items()} or None
    plan, payees = None, rehearsal.InventedPayees()
    if payouts is not None:
        from glomo.cli.payout_files import batch_of, plan_of  # noqa: PLC0415 - only with a file

        plan = plan_of(batch_of(payouts, include_hidden=True), lambda: payees)
    try:
        service = Sandbox(
            seed=seed,
            state=state,
            rate_limit=rate_limit or None,
            balances=opening,
            trusted_hosts=trusted_host,
        )
    except RuntimeError as held:
        raise CommandError(str(held), hint=rehearsal.STATE_HINT) from held
    log = LineWriter(_dropped_json if json_output else _dropped)
    with service, log:
        if plan is not None:
            rehearsal.add_beneficiaries(service, plan, payees.names)
        if faults:
            service.random_faults(faults)
        _add_faults(service, fault)
        secret = _forward(service, forward_to, events)
        # Both signals then stop it the same way, at any moment.
        signal.signal(signal.SIGTERM, _interrupt)
        key = sandbox_key()

        def announce(base_url: str) -> None:
            dashboard = f"{base_url.removesuffix('/api')}/"
            if json_output:
                addresses = {"base_url": base_url, "api_key": key, "dashboard": dashboard}
                print_json_line(addresses | ({"webhook_secret": secret} if secret else {}))
            else:
                _announce(base_url, key)
                say(out(), f"dashboard: {dashboard}")
                if secret:
                    say(out(), f"webhooks go to {forward_to}, signed with {secret}")
            if not quiet:
                text_of = _request_json if json_output else partial(_request, out())
                service.requests.listeners.append(lambda request: log.put(text_of(request)))
            if open_browser:
                webbrowser.open(dashboard)

        try:
            asyncio.run(service.serve_forever(host, port, announce))
        except KeyboardInterrupt:
            if not json_output:
                log.put("stopped")
        except OSError as error:
            raise _cannot_listen(error, host, port) from error
    return OK


def _add_faults(service: Sandbox, given: tuple[str, ...]) -> None:
    from glomo.sandbox import Fault, FaultKind  # noqa: PLC0415 - an extra

    for text in given:
        kind, _, rest = text.partition(":")
        operation, *parts = rest.split(":")
        fault: dict[str, Any] = {"times": None, "operation": operation or None}
        try:
            for part in filter(None, parts):
                fault |= _fault_setting(part)
            service.faults.add(Fault(None if kind == "random" else FaultKind(kind), **fault))
        except ValueError as error:
            raise CommandError(
                f"--fault {text}: {error}",
                hint="write KIND[:OPERATION[:RATE][:xTIMES][:status=502][:seconds=5]]; a kind is "
                "random or one of " + ", ".join(FaultKind),
            ) from error


def _fault_setting(text: str) -> dict[str, float]:
    """`x3`, `0.1`, `status=502` or `seconds=5`; raises ValueError."""
    name, equals, value = text.partition("=")
    if not equals:
        return {"times": int(text[1:])} if text.startswith("x") else {"rate": float(text)}
    if name not in ("status", "seconds"):
        raise ValueError(f"{name!r} is no setting of a fault")
    return {name: int(value) if name == "status" else float(value)}


def _forward(service: Sandbox, url: str | None, events: tuple[str, ...]) -> str | None:
    """Have webhooks delivered to an address. Returns the secret of their signatures."""
    if url is None:
        if events:
            raise CommandError(
                "--events needs an address that takes them", hint="add --forward-to URL"
            )
        return None
    try:
        return service.webhooks.add_endpoint(url, events=events or ("*",)).secret
    except ValueError as error:
        raise CommandError(str(error), hint="--forward-to http://127.0.0.1:8000/glomo") from error


def _request(console: Console, request: RequestRecord) -> str:
    parts = (str(request.status or "lost"), f"{request.method} {request.path}", request.request_id)
    return text_of_parts(console, [part for part in parts if part])


def _request_json(request: RequestRecord) -> str:
    return json_line({"request": request._asdict()})


def _dropped(lines: int) -> str:
    return f"{count(lines, 'line')} left out: nobody read them"


def _dropped_json(lines: int) -> str:
    return json_line({"dropped": lines})


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
    return CommandError(
        f"cannot listen on {host}:{port}: {error.strerror or error}",
        FAILED,
        hint="--host 127.0.0.1 --port 0 works on every machine",
    )
