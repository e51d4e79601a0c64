"""`glomo worker`: pay slices of batches that lie in PostgreSQL. Any number, on any machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.batch import Stop
from glomo.cli.connection import connect, connected
from glomo.cli.failures import INTERRUPTED, OK
from glomo.cli.interrupt import forget_cancellation, interruptible
from glomo.cli.options import DEFAULT_ACCESS, Access
from glomo.cli.output.console import err, say
from glomo.cli.output.json_output import print_json_line
from glomo.cli.output.workers import worker_event_as_json
from glomo.cli.postgres import DEFAULT_EGRESS, Egress, PostgresToUse, opened
from glomo.client import AsyncGlomo

if TYPE_CHECKING:
    from glomo.distributed.payer import WorkerEvent

_AT_LEAST_ONE = Number(gte=1)


def worker(
    *,
    postgres: PostgresToUse,
    egress: Egress = DEFAULT_EGRESS,
    rate_limit: Annotated[
        int, Parameter(help="Requests a minute from that address.", validator=_AT_LEAST_ONE)
    ] = 3000,
    slices: Annotated[int, Parameter(help="Slices at once.", validator=_AT_LEAST_ONE)] = 1,
    concurrency: Annotated[
        int, Parameter(help="Payouts of a slice under way at once.", validator=_AT_LEAST_ONE)
    ] = 32,
    lease: Annotated[
        float,
        Parameter(
            help="Seconds of silence after which another worker takes over.",
            validator=Number(gte=3),
        ),
    ] = 30.0,
    until_finished: Annotated[
        bool, Parameter(help="Exit as soon as there is nothing left to pay.")
    ] = False,
    json_output: Annotated[
        bool, Parameter(name="--json", help="Events as JSON, one a line, for programs.")
    ] = False,
    access: Access = DEFAULT_ACCESS,
) -> int:
    """Pay slices of batches that lie in PostgreSQL. Start as many as you like, anywhere.

    glomo payouts run FILE --postgres plans and enqueues; workers pay. Batches of another account
    than the key's are left to other workers. Ctrl-C finishes what is in flight and stops; a second
    one stops now. A worker that dies is replaced by the others; nothing is paid twice.
    """

    async def run() -> int:
        async with opened(postgres) as database:
            from glomo.distributed import PostgresLimiter  # noqa: PLC0415 - an extra
            from glomo.distributed.procrastinate import work  # noqa: PLC0415

            limiter = PostgresLimiter(database, rate_limit, address=egress)
            in_flight = max(200, slices * concurrency)
            stop = Stop()
            async with connected(connect(access, rate_limit=limiter, in_flight=in_flight)) as glomo:
                display.ready(glomo, rate_limit, egress)
                with interruptible(stop.set, display.note):
                    try:
                        await work(
                            database,
                            glomo,
                            stop=stop,
                            slices=slices,
                            concurrency=concurrency,
                            lease=lease,
                            until_finished=until_finished,
                            on_event=display.event,
                        )
                    except asyncio.CancelledError:
                        forget_cancellation()
                        return INTERRUPTED
            return OK

    display = _JsonDisplay() if json_output else _TextDisplay()
    return asyncio.run(run())


class _TextDisplay:
    """For people: lines on stderr."""

    def ready(self, glomo: AsyncGlomo, rate_limit: int, egress: str) -> None:
        self.note(f"worker ready: {glomo.base_url}, {rate_limit:,} requests a minute ({egress})")

    def event(self, event: WorkerEvent) -> None:
        self.note(str(event))

    def note(self, text: str) -> None:
        say(err(), text)


class _JsonDisplay(_TextDisplay):
    """For programs: one JSON object a line on stdout, each with its `event`; notes on stderr."""

    def ready(self, glomo: AsyncGlomo, rate_limit: int, egress: str) -> None:
        print_json_line(
            {
                "event": "ready",
                "base_url": glomo.base_url,
                "environment": glomo.environment,
                "rate_limit": rate_limit,
                "egress": egress,
            }
        )

    def event(self, event: WorkerEvent) -> None:
        print_json_line(worker_event_as_json(event))
