"""Slices of payout batches delivered by Celery.

    celery -A celery_payouts worker --beat --concurrency 2

Celery may deliver a slice twice, or hold it back for as long as its visibility time-out when a
worker dies. Neither matters: `pay_slice` is idempotent, and the sweep asks the journal every few
seconds what is due. Settings: GLOMO_API_KEY, GLOMO_POSTGRES, CELERY_BROKER_URL.
"""

import asyncio
import os
from contextlib import suppress

from celery import Celery

from glomo import AsyncGlomo
from glomo.distributed import (
    Database,
    FencedError,
    PostgresLimiter,
    Slice,
    SliceTakenError,
    due,
    pay_slice,
)

LEASE_SECONDS = float(os.environ.get("GLOMO_LEASE", "30"))

app = Celery("payouts", broker=os.environ["CELERY_BROKER_URL"])
app.conf.update(
    task_acks_late=True,  # a slice is taken off the queue when it is done, not when it begins
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 60},
    beat_schedule={"sweep": {"task": "payouts.sweep", "schedule": LEASE_SECONDS / 3}},
)


@app.task(name="payouts.pay")
def pay(batch: str, number: int) -> None:
    """Pay one slice."""
    asyncio.run(_pay(batch, number))


@app.task(name="payouts.sweep")
def sweep() -> None:
    """Hand out every slice that no worker has: new ones, and those of workers that died."""
    for one in asyncio.run(_due()):
        pay.delay(one.batch, one.number)


async def _pay(batch: str, number: int) -> None:
    async with (
        Database(os.environ["GLOMO_POSTGRES"]) as database,
        AsyncGlomo(rate_limit=PostgresLimiter(database)) as glomo,
    ):
        with suppress(SliceTakenError, FencedError):  # another worker has it
            await pay_slice(glomo, database, batch, number, lease=LEASE_SECONDS)


async def _due() -> list[Slice]:
    async with Database(os.environ["GLOMO_POSTGRES"]) as database:
        return await due(database)
