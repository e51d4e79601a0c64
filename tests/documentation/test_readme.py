"""The Python of the README, run against a served sandbox, and what it leaves there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money, errors, webhooks
from glomo.sandbox import Sandbox
from glomo.webhooks import testing
from glomo_sync import Glomo
from tests.docs import README, blocks, run, run_async, sections

HEADER = (
    "reference,beneficiary_id,source_currency,destination_currency,source_amount,payment_rail,"
    "purpose_code\n"
)


async def test_a_payout_is_made_and_followed_to_its_end(
    served: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    served.add_beneficiary("bene_bad_ifsc", bank_error="INVALID_BENE_IFSC")
    async with AsyncGlomo() as glomo:
        failed = await _pay(glomo, "bene_bad_ifsc", "earlier")
    names = await run_async(*blocks(README, "In an asyncio service"))
    assert served.ledger.paid_once("invoice-2026-0917")
    assert names["done"].id == names["payout"].id
    assert names["done"].status == "success"
    balance, listed = capsys.readouterr().out.splitlines()
    assert balance == str(names["balances"].available["USD"])
    assert listed == f"{failed} INVALID_BENE_IFSC 12.50 USD"


async def test_a_short_balance_and_a_lost_outcome_are_caught(
    served: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks(README, "In an asyncio service")
    statement = block[block.index("    try:") : block.index("    async for")]
    code = "async with AsyncGlomo(max_retries=0) as glomo:\n" + statement
    names: dict[str, Any] = {"AsyncGlomo": AsyncGlomo, "Money": Money, "errors": errors}
    served.lose_response(after_commit=True, operation="payouts.create", times=1)
    served.lag(60)  # the list does not show it yet
    await run_async(code, **names)
    assert capsys.readouterr().out == "look for invoice-2026-0917\n"
    served.clear_faults()
    poor = Sandbox(balances={"USD": 100_00})
    poor.add_beneficiary("bene_5JU9yv0lGSUP")
    with poor, poor.serve() as server:
        await run_async(code.replace("max_retries=0", f"base_url={server.base_url!r}"), **names)
    assert re.fullmatch(r"top up 1\d{3}\.\d\d USD\n", capsys.readouterr().out)


def test_the_twin_refunds_and_lists(served: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    payment, order = _paid_order()
    (block,) = blocks(README, "In synchronous code")
    names = run(block.replace("payt_E602dMzgjpDC", payment))  # the sandbox chooses its own ids
    assert names["refund"].payment_id == payment
    assert capsys.readouterr().out == f"{order} 10000\n"
    names["glomo"].close()


async def test_a_batch_is_paid_as_a_library(
    served: Sandbox, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "row-0017,bene_5JU9yv0lGSUP,USD,INR,812450.00,neft,S1005\n"
    (here / "november.csv").write_text(HEADER + row, "utf-8")
    names = await run_async(*blocks(README, "A file of payouts"))
    (payout,) = served.ledger.payouts
    totals, event = capsys.readouterr().out.splitlines()
    assert totals == "{'USD': Money('812450.00 USD')}"
    assert event == f"accepted row-0017 {payout['id']}"
    assert names["reconciliation"].checked == 1
    assert (len(names["report"]), names["report"].accepted) == (1, 1)


async def test_a_lost_response_pays_once(here: Path) -> None:
    names = await run_async(*blocks(README, "The sandbox"))
    assert len(names["sandbox"].ledger.payouts) == 1


async def test_a_webhook_is_handled(capsys: pytest.CaptureFixture[str]) -> None:
    names = run(*blocks(README, "Webhooks"))
    delivery = testing.delivery(
        webhooks.PayoutFailed, secret="whsec_...", id="payout_1", error_code="INVALID_VPA"
    )
    call = re.search(r"`(await events\.handle\(body, .+?\))`", sections(README)["Webhooks"])
    assert call is not None
    request = httpx.Request("POST", "http://localhost/", headers=delivery.headers)
    await run_async(call[1], events=names["events"], body=delivery.body, request=request)
    assert capsys.readouterr().out == "payout_1 INVALID_VPA\n"


async def _pay(glomo: AsyncGlomo, beneficiary_id: str, request_id: str) -> str:
    payout = await glomo.payouts.create(
        beneficiary_id=beneficiary_id,
        source_currency="USD",
        destination_currency="INR",
        source_amount=12_50,
        payment_rail="neft",
        purpose_code="S1005",
        request_id=request_id,
    )
    return payout.id


def _paid_order() -> tuple[str, str]:
    """The payment and the order of a customer who has paid."""
    with Glomo() as glomo:
        customer = glomo.customers.create(
            name="John Doe",
            customer_type="individual",
            email="john@example.com",
            address="123 Main St",
            city="Springfield",
            state="Illinois",
            country="USA",
            pincode="62701",
        )
        order = glomo.orders.create(
            customer_id=customer.id,
            amount=10_000,
            currency="USD",
            purpose_code="P0802",
            payment_methods=["bank_transfer"],
        )
        payment = glomo.payments.create_mock(amount=10_000, currency="USD", payin_id=order.id)
        return payment.id, order.id
