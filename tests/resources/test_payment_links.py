from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import httpx
import jwt
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import (
    BadRequestError,
    OutcomeUnknownError,
    ParameterError,
    ProductionKeyError,
)
from glomo.models.payment_links import PaymentLinkStatus
from glomo.validation import dates

from .conftest import Wire

LOST = httpx.ReadError("connection reset")
NOW = datetime(2025, 8, 31, 12, 0, tzinfo=UTC)
LINK: dict[str, Any] = {
    "id": "payin_678a4c88hpAjf",
    "customer_id": "cust_E602dMzgjpDC",
    "status": "active",
    "payment_methods": ["card"],
    "currency": "USD",
    "amount": 1000,
    "purpose_code": "P1401",
    "expires_at": "2025-09-15T00:00:00.000Z",
    "last_reminder_sent_at": None,
    "payment_link": "https://pay.example/pl/8f31597d",
    "reminder_frequency": 7,
    "price_id": "price_E602dMzgjpDC",
}
PLAIN: dict[str, Any] = {
    "customer_id": "cust_E602dMzgjpDC",
    "amount": 1000,
    "currency": "USD",
    "expires_at": NOW + timedelta(days=15),
    "payment_methods": ["card"],
}
QUOTED: dict[str, Any] = {"customer_id": "cust_E602dMzgjpDC", "quote_id": "quote_1"}


@pytest.fixture(autouse=True)
def a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "now", lambda: NOW)


async def test_a_link_is_sent_as_asked_and_read_typed(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/payin", (201, LINK))

    link = await glomo.payment_links.create(
        customer_id="cust_E602dMzgjpDC",
        amount=1000,
        currency="USD",
        expires_at=datetime(2025, 9, 15, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        payment_methods=["card"],
        purpose_code="P1401",
        reminder_frequency=7,
    )

    assert wire.targets == ["POST /v1/payin"]
    assert wire.body == {
        "customer_id": "cust_E602dMzgjpDC",
        "amount": 1000,
        "currency": "USD",
        "expires_at": "2025-09-15T00:00:00Z",
        "payment_methods": ["card"],
        "purpose_code": "P1401",
        "reminder_frequency": 7,
    }
    assert link.status is PaymentLinkStatus.ACTIVE
    assert link.money == Money(1000, "USD")
    assert link.expires_at == datetime(2025, 9, 15, tzinfo=UTC)
    assert link.payment_link == "https://pay.example/pl/8f31597d"


async def test_a_quote_takes_the_place_of_the_amount(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/payin", (201, LINK))
    await glomo.payment_links.create(**QUOTED)
    assert wire.body == QUOTED


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({k: v for k, v in PLAIN.items() if k != "expires_at"}, "expires_at"),
        (PLAIN | {"expires_at": NOW}, "expires_at"),
        (PLAIN | {"expires_at": datetime(2025, 9, 15)}, "expires_at"),
        (PLAIN | {"expires_at": "2025-09-15"}, "expires_at"),
        (PLAIN | {"expires_at": NOW.date()}, "expires_at"),
        (PLAIN | {"expires_at": date(2026, 3, 1)}, "expires_at"),
        # Six months after 31 August is the last day of February.
        (PLAIN | {"expires_at": datetime(2026, 2, 28, 12, 1, tzinfo=UTC)}, "expires_at"),
        (PLAIN | {"reminder_frequency": 3}, "reminder_frequency"),
        (PLAIN | {"reminder_frequency": True}, "reminder_frequency"),
        (PLAIN | {"reminder_frequency": [7]}, "reminder_frequency"),
        (PLAIN | {"currency": "INR"}, "currency"),
        (PLAIN | {"payment_methods": ["cash"]}, "payment_methods[0]"),
        (PLAIN | {"split_ids": "psplit_1"}, "split_ids"),
        (PLAIN | {"split_ids": ["split_1"]}, "split_ids[0]"),
        (PLAIN | {"invoice_amount": PLAIN["amount"] - 1}, "invoice_amount"),
        (PLAIN | {"notify_customer": "yes"}, "notify_customer"),
        (PLAIN | {"product": "insurance"}, "product"),
        (PLAIN | {"amount": Money(5, "EUR")}, "amount"),
        (PLAIN | {"purpose_code": "S0001"}, "purpose_code"),
        (QUOTED | {"amount": 100}, "amount"),
        (QUOTED | {"currency": "USD"}, "currency"),
        (QUOTED | {"expires_at": NOW + timedelta(days=1)}, "expires_at"),
        (QUOTED | {"payment_methods": ["card"]}, "payment_methods"),
        (QUOTED | {"price_id": "price_1"}, "price_id"),
        (QUOTED | {"split_ids": ["psplit_1"]}, "split_ids"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    changes: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.payment_links.create(**changes)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_the_last_possible_expiry_is_sent(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/payin", (201, LINK))
    last = datetime(2026, 2, 28, 12, 0, tzinfo=UTC)
    await glomo.payment_links.create(**PLAIN | {"expires_at": last})
    assert wire.body["expires_at"] == "2026-02-28T12:00:00Z"


async def test_a_day_is_its_first_moment_in_utc(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/payin", (201, LINK))
    await glomo.payment_links.create(**PLAIN | {"expires_at": date(2025, 9, 15)})
    assert wire.body["expires_at"] == "2025-09-15T00:00:00Z"
    wire.on("PATCH", "/v1/payin/payin_1", LINK)
    await glomo.payment_links.update("payin_1", expires_at=date(2025, 9, 16))
    assert wire.body == {"expires_at": "2025-09-16T00:00:00Z"}
    with pytest.raises(ParameterError, match="a datetime with its time zone, as tzinfo=UTC, or a"):
        await glomo.payment_links.update("payin_1", expires_at="2025-09-16")  # type: ignore[arg-type]


async def test_a_lost_answer_is_never_tried_again(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/payin", LOST)
    with pytest.raises(OutcomeUnknownError, match=r"payment_links.list\(customer_id"):
        await glomo.payment_links.create(**PLAIN)
    assert wire.targets == ["POST /v1/payin"]


async def test_an_update_sends_only_what_changes(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("PATCH", "/v1/payin/payin_1", LINK | {"reminder_frequency": 14})

    link = await glomo.payment_links.update("payin_1", reminder_frequency=14)

    assert wire.body == {"reminder_frequency": 14}
    assert link.reminder_frequency == 14
    with pytest.raises(ParameterError, match="2026-02-28"):
        await glomo.payment_links.update("payin_1", expires_at=NOW + timedelta(days=400))


async def test_a_link_that_was_cancelled_although_the_answer_was_lost(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("PATCH", "/v1/payin/plink_1/cancel", LOST, (400, {"message": "already cancelled"}))
    wire.on("GET", "/v1/payin/plink_1", LINK | {"status": "cancelled"})
    link = await glomo.payment_links.cancel("plink_1")
    assert link.status is PaymentLinkStatus.CANCELLED


async def test_a_link_that_was_paid_meanwhile_is_not_called_cancelled(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("PATCH", "/v1/payin/plink_1/cancel", LOST, (400, {"message": "already paid"}))
    wire.on("GET", "/v1/payin/plink_1", LINK | {"status": "paid"})
    with pytest.raises(BadRequestError, match="already paid"):
        await glomo.payment_links.cancel("plink_1")


async def test_the_rfi_goes_to_the_hyphenated_path(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("PATCH", "/v1/payin/plink_1/update-rfi", LINK | {"status": "under_review"})
    documents = [{"id": "doc_1", "rfi_doc_id": "rfidoc_1"}]
    link = await glomo.payment_links.update_rfi("plink_1", documents=documents)
    assert wire.body == {"documents": documents}
    assert link.status is PaymentLinkStatus.UNDER_REVIEW


@pytest.mark.parametrize(
    "id", ["plink_1", "payin_1", "addfunds_1", "e092be15-e614-4401-8cea-7ca3df7da987"]
)
async def test_every_form_of_a_links_id_is_known(id: str, wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", f"/v1/payin/{id}", LINK)
    await glomo.payment_links.retrieve(id)
    with pytest.raises(ParameterError):
        await glomo.payment_links.retrieve("order_1")


async def test_a_review_is_mocked_in_the_sandbox_only(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("PATCH", "/v1/payin/plink_1/mock_mark_reviewed", LINK)
    assert (await glomo.payment_links.mock_mark_reviewed("plink_1")).status == "active"

    key = jwt.encode({"sub": "unit", "env": "production"}, "unit" * 16)
    async with AsyncGlomo(key) as live:
        with pytest.raises(ProductionKeyError):
            await live.payment_links.mock_mark_reviewed("plink_1")
    assert len(wire.targets) == 1


async def test_a_link_may_be_paid_after_it_expired(wire: Wire, glomo: AsyncGlomo) -> None:
    expired = LINK | {"status": "expired"}
    wire.on("GET", "/v1/payin/plink_1", LINK, expired, LINK | {"status": "paid"})
    assert (await glomo.payment_links.wait("plink_1")).status is PaymentLinkStatus.PAID
    wire.on("GET", "/v1/payin/plink_2", expired)
    link = await glomo.payment_links.wait("plink_2", until={"paid", "expired"})
    assert link.status is PaymentLinkStatus.EXPIRED


async def test_a_link_needs_no_methods_and_may_stay_quiet(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on(
        "POST", "/v1/payin", (201, LINK | {"notify_customer": False, "split_ids": ["psplit_1"]})
    )
    parameters = {k: v for k, v in PLAIN.items() if k != "payment_methods"}
    link = await glomo.payment_links.create(
        **parameters,
        notify_customer=False,
        split_ids=["psplit_1"],
        invoice_amount=parameters["amount"],
    )
    assert wire.body["notify_customer"] is False
    assert "payment_methods" not in wire.body
    assert (link.notify_customer, link.split_ids) == (False, ("psplit_1",))
