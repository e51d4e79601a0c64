"""Observers are told of rows of batches and of webhooks as well."""

from pathlib import Path
from typing import Any

import pytest

from glomo import AsyncGlomo, webhooks
from glomo.batch import Batch
from glomo.instrumentation import Event, RowSettled, WebhookHandled
from glomo.instrumentation.observers import Observers
from glomo.webhooks import testing


class Recorder:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_event(self, event: Event, /) -> None:
        self.events.append(event)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_webhooks_are_told_as_they_end() -> None:
    recorder = Recorder()
    router = webhooks.Router("whsec_1", dedupe=webhooks.MemoryStore(), observers=[recorder])

    @router.otherwise
    async def handle(event: webhooks.Event) -> None:
        if event.event_type == "failed":
            raise RuntimeError("bug")

    good = testing.delivery(webhooks.PayoutSucceeded, secret="whsec_1", id="payout_1")
    for _ in range(2):
        await router.handle(good.body, good.signature)
    bad = testing.delivery(webhooks.PayoutFailed, secret="whsec_1", id="payout_2")
    with pytest.raises(RuntimeError):
        await router.handle(bad.body, bad.signature)
    assert [(e.event_type, e.result) for e in recorder.of(WebhookHandled)] == [
        ("success", "handled"),
        ("success", "duplicate"),
        ("failed", "failed"),
    ]


async def test_rows_of_a_batch_are_told(
    tmp_path: Path, glomo_sandbox: Any, glomo_client: AsyncGlomo
) -> None:
    recorder = Recorder()
    glomo_client.observers = Observers([recorder])
    glomo_sandbox.add_beneficiary("bene_1")
    file = tmp_path / "november.csv"
    file.write_text(
        "reference,beneficiary_id,source_currency,destination_currency,source_amount,payment_rail,"
        "purpose_code\nr-1,bene_1,USD,INR,12.50,neft,S1005\n",
        "utf-8",
    )
    batch = Batch.from_csv(str(file), name="november")
    async for _ in batch.run(glomo_client, journal=tmp_path / "november.journal"):
        pass
    (row,) = recorder.of(RowSettled)
    assert (row.batch, row.reference, row.state) == ("november", "r-1", "accepted")
