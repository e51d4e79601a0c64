"""`glomo worker`: pay slices of batches that lie in PostgreSQL. Any number, on any machine."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.batch import Stop
from glomo.cli.connection import connect, connected
from glomo.cli.failures import OK
from glomo.cli.interrupt import forget_cancellation, interruptible
from glomo.cli.options import DEFAULT_ACCESS, Access
from glomo.cli.output.console import err, say
from glomo.cli.postgres import opened

_AT_LEAST_ONE = Number(gte=1)


def worker(
    *,
    postgres: Annotated[str, Parameter(help="The database, as a URL.", env_var="GLOMO_POSTGRES")],
    egress: Annotated[
        str,
        Parameter(
            help="Names the address from which this machine reaches the API. Workers behind one "
            "address share its limit; give machines with an address of their own a name of "
            "their own.",
            env_var="GLOMO_EGRESS",
        ),
    ] = "default",
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
    access: Access = DEFAULT_ACCESS,
) -> int:
    """Pay slices of batches that lie in PostgreSQL. Start as many as you like, anywhere.

    glomo payouts run FILE --postgres plans and enqueues; workers pay. Ctrl-C finishes what is in
    flight and stops. A worker that dies is replaced by the others; nothing is paid twice.
    """

    async def run() -> int:
        async with opened(postgres) as database:
            from glomo.distributed import PostgresLimiter  # noqa: PLC0415 - an extra
            from glomo.distributed.procrastinate import work  # noqa: PLC0415

            limiter = PostgresLimiter(database, rate_limit, address=egress)
            in_flight = max(200, slices * concurrency)
            stop = Stop()

            def note(text: str) -> None:
                say(err(), text)

            async with connected(connect(access, rate_limit=limiter, in_flight=in_flight)) as glomo:
                note(f"worker ready: {glomo.base_url}, {rate_limit:,} requests a minute ({egress})")
                with interruptible(stop.set, note):
                    try:
                        await work(
                            database,
                            glomo,
                            stop=stop,
                            slices=slices,
                            concurrency=concurrency,
                            lease=lease,
                            until_finished=until_finished,
                            tell=lambda event: note(str(event)),
                        )
                    except asyncio.CancelledError:
                        forget_cancellation()
            return OK

    return asyncio.run(run())
