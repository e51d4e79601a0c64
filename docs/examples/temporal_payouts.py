"""Slices of payout batches as activities of a Temporal workflow.

    python temporal_payouts.py           # a worker; start as many as you like
    await client.execute_workflow(PayBatch.run, "payroll-2026-11", id="payroll-2026-11",
                                  task_queue=QUEUE)

The workflow asks the journal what is due, has it paid, and asks again until nothing is. Settings:
GLOMO_API_KEY, GLOMO_POSTGRES, TEMPORAL_ADDRESS.
"""

import asyncio
import os
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from glomo import AsyncGlomo
    from glomo.distributed import (
        Database,
        FencedError,
        PostgresLimiter,
        SliceTakenError,
        batch_progress,
        due,
        pay_slice,
    )

QUEUE = "glomo-payouts"
LEASE_SECONDS = float(os.environ.get("GLOMO_LEASE", "30"))


@activity.defn
async def slices_due(batch: str) -> list[int]:
    """The slices that no worker has."""
    async with Database(os.environ["GLOMO_POSTGRES"]) as database:
        return [one.number for one in await due(database, batch)]


@activity.defn
async def is_finished(batch: str) -> bool:
    """Whether nothing is left to pay."""
    async with Database(os.environ["GLOMO_POSTGRES"]) as database:
        progress = await batch_progress(database, batch)
        return progress.finished or progress.stopped


@activity.defn
async def pay(batch: str, number: int) -> None:
    """Pay one slice; heartbeats let Temporal notice a dead worker."""
    beating = asyncio.create_task(_beat())
    try:
        async with (
            Database(os.environ["GLOMO_POSTGRES"]) as database,
            AsyncGlomo(rate_limit=PostgresLimiter(database)) as glomo,
        ):
            await pay_slice(glomo, database, batch, number, lease=LEASE_SECONDS)
    except (SliceTakenError, FencedError):
        pass  # another worker has it
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(LEASE_SECONDS / 3)


@workflow.defn
class PayBatch:
    """Pays a batch that was planned with `glomo.distributed.plan`."""

    @workflow.run
    async def run(self, batch: str) -> None:
        """Until nothing is due."""
        quick = {"start_to_close_timeout": timedelta(minutes=1)}
        while not await workflow.execute_activity(is_finished, batch, **quick):
            numbers = await workflow.execute_activity(slices_due, batch, **quick)
            await asyncio.gather(
                *(
                    workflow.execute_activity(
                        pay,
                        args=[batch, number],
                        start_to_close_timeout=timedelta(hours=1),
                        heartbeat_timeout=timedelta(seconds=LEASE_SECONDS),
                        retry_policy=RetryPolicy(maximum_attempts=3),
                    )
                    for number in numbers
                ),
                return_exceptions=True,
            )
            if not numbers:
                await asyncio.sleep(LEASE_SECONDS / 3)


async def main() -> None:
    """Be a worker."""
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"])
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[PayBatch],
        activities=[slices_due, is_finished, pay],
        max_concurrent_activities=4,
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
