"""Subscriptions: what may be asked for, the schedule, and the charges that the clock brings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from glomo.sandbox import Clock
from tests.sandbox.shop import NO_OTP, NO_OTP_DECLINED, OTP, Shop

# The tests' clock stands at 2026-09-09.
FIXED = {
    "product_name": "ShieldGuard (Insurance)",
    "product_description": "Monthly: it's for *belongings*!",
    "amount": 1_000,
    "currency": "USD",
    "interval_type": "month",
    "interval_count": 1,
    "billing_cycles": 3,
    "start_date": "2026-09-09",
    "expires_at": "2026-09-20",
    "notify_customer": True,
    "starts_with_first_payment": True,
}
ON_DEMAND = {
    **{name: value for name, value in FIXED.items() if name[:3] not in ("int", "bil", "sta")},
    "interval_type": "as_presented",
    "max_amount": 5_000,
    "starts_with_first_payment": True,
}
CARD = {"callback_url": "https://shop.example/done", "method": "card"}


class Plans(Shop):
    async def ask(self, base: dict[str, Any] | None = None, **changes: Any) -> Any:
        body = {"customer_id": await self.customer_id(), **(base or FIXED), **changes}
        body = {name: value for name, value in body.items() if value is not ...}
        return await self.api.post("v1/subscriptions", body)

    async def subscription(self, base: dict[str, Any] | None = None, **changes: Any) -> Any:
        response = await self.ask(base, **changes)
        assert response.status_code == 201, response.text
        return response.json()

    async def pay_first(self, subscription: Any, number: str = NO_OTP) -> Any:
        body = {"subscription_id": subscription["id"], **CARD, "card": {"number": number}}
        return await self.api.post("v1/payment", body)

    async def charge(self, subscription: Any, **changes: Any) -> Any:
        body = {
            "subscription_id": subscription["id"],
            "sequence": "subsequent",
            "amount": 700,
            "currency": "USD",
            "request_id": "charge-1",
        }
        return await self.api.post("v1/payment", {**body, **changes})

    async def read(self, subscription: Any) -> Any:
        return (await self.api.get(f"v1/subscriptions/{subscription['id']}")).json()

    async def step(self, subscription: Any, step: str, body: Any = None) -> Any:
        return await self.api.patch(f"v1/subscriptions/{subscription['id']}/{step}", body)

    async def payments(self, subscription: Any) -> list[Any]:
        page = await self.api.get("v1/payment", subscription_id=subscription["id"])
        return page.json()["data"]


@pytest.fixture
def plans(api: Any) -> Plans:
    return Plans(api)


async def test_a_new_subscription_waits_for_its_first_payment(plans: Plans) -> None:
    created = await plans.subscription(notes={"a": "b"}, reference_number="R1")
    assert created["status"] == "created"
    assert created["end_date"] == "2026-11-09"
    assert created["next_payment_date"] is None
    assert created["max_amount"] is None
    assert created["subscription_link_url"].endswith("?sandbox=true")
    assert {name: created[name] for name in ("notes", "reference_number")} == {
        "notes": {"a": "b"},
        "reference_number": "R1",
    }
    assert await plans.read(created) == created


async def test_a_life_of_three_cycles(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription()
    clock.advance(days=2)  # the schedule aligns to the first payment
    payment = (await plans.pay_first(created)).json()
    assert (payment["status"], payment["subscription_id"]) == ("success", created["id"])
    active = await plans.read(created)
    assert (active["status"], active["next_payment_date"]) == ("active", "2026-10-11")
    assert (active["start_date"], active["end_date"]) == ("2026-09-11", "2026-11-11")
    clock.set(datetime(2026, 10, 11, 0, 59, tzinfo=UTC))
    assert len(await plans.payments(created)) == 1
    clock.set(datetime(2026, 10, 11, 1, 0, tzinfo=UTC))
    renewal, _ = await plans.payments(created)
    assert (renewal["auto_debit?"], renewal["requested_amount"]) == (True, 1_000)
    clock.advance(days=60)
    done = await plans.read(created)
    assert (done["status"], done["next_payment_date"]) == ("completed", None)
    assert len(await plans.payments(created)) == 3
    names = [one["event_type"] for one in plans.sandbox.webhooks.events("subscription.*")]
    assert names == ["active", "completed"]
    plans.sandbox.books.check()


async def test_a_schedule_from_the_31st_keeps_its_day(make_api: Any) -> None:
    clock = Clock(datetime(2026, 1, 31, 12, tzinfo=UTC))
    plans = Plans(make_api(clock=clock))
    created = await plans.subscription(
        start_date="2026-01-31", expires_at="2026-02-01", billing_cycles=4
    )
    assert created["end_date"] == "2026-04-30"
    await plans.pay_first(created)
    dates = []
    for _ in range(3):
        dates.append((await plans.read(created))["next_payment_date"])
        clock.set(datetime.fromisoformat(f"{dates[-1]}T02:00:00+00:00"))
    assert dates == ["2026-02-28", "2026-03-31", "2026-04-30"]


async def test_a_later_start_only_verifies_the_card_first(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription(start_date="2026-10-01", starts_with_first_payment=False)
    payment = (await plans.pay_first(created)).json()
    waiting = await plans.read(created)
    assert (waiting["status"], waiting["next_payment_date"]) == ("authorized", "2026-10-01")
    refunds = (await plans.api.get("v1/refunds", payment_id=payment["id"])).json()["data"]
    assert [one["reason"] for one in refunds] == ["Refunded For Subscription Verification"]
    clock.set(datetime(2026, 10, 1, 2, tzinfo=UTC))
    active = await plans.read(created)
    assert (active["status"], active["next_payment_date"]) == ("active", "2026-11-01")
    plans.sandbox.books.check()


async def test_a_declined_first_payment_can_be_tried_again(plans: Plans) -> None:
    created = await plans.subscription()
    declined = (await plans.pay_first(created, NO_OTP_DECLINED)).json()
    assert declined["status"] == "failed"
    assert (await plans.read(created))["status"] == "created"
    assert (await plans.pay_first(created)).json()["status"] == "success"
    again = await plans.pay_first(created)
    assert again.status_code == 400
    assert "active" in again.json()["message"]


async def test_a_card_with_a_password_activates_when_it_is_entered(make_api: Any) -> None:
    plans = Plans(make_api(settle_after=timedelta(seconds=5)))
    created = await plans.subscription()
    assert (await plans.pay_first(created, OTP)).json()["status"] == "in_progress"
    assert (await plans.read(created))["status"] == "created"
    plans.sandbox.clock.advance(seconds=6)
    assert (await plans.read(created))["status"] == "active"


async def test_an_unpaid_link_expires(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription()
    clock.set(datetime(2026, 9, 20, 23, 59, tzinfo=UTC))
    assert (await plans.read(created))["status"] == "created"
    clock.advance(minutes=1)
    assert (await plans.read(created))["status"] == "expired"
    assert (await plans.pay_first(created)).status_code == 400


async def test_a_failed_renewal_halts_until_the_next_payment(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription(billing_cycles=12)
    await plans.pay_first(created)
    plans.sandbox.set_options(decline_renewals=True)
    clock.advance(days=31)
    halted = await plans.read(created)
    assert (halted["status"], halted["halt_reason"]) == ("halted", "PAYMENT_DECLINED")
    refused = await plans.step(created, "resume")
    assert refused.json()["message"] == "Subscription cannot be resumed from current state: halted"
    await plans.pay_first(created, "4916531111111111")
    active = await plans.read(created)
    assert (active["status"], active["next_payment_date"]) == ("active", "2026-11-09")
    assert "halt_reason" not in active
    assert plans.sandbox.webhooks.events("subscription.payment_method.updated")


async def test_paused_nothing_is_charged_and_the_schedule_stays(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription(billing_cycles=12)
    await plans.pay_first(created)
    paused = (await plans.step(created, "pause")).json()
    assert (paused["status"], paused["next_payment_date"]) == ("paused", None)
    clock.advance(days=45)
    assert len(await plans.payments(created)) == 1
    resumed = (await plans.step(created, "resume")).json()
    assert (resumed["status"], resumed["next_payment_date"]) == ("active", "2026-11-09")


async def test_cancelled_is_the_end(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription()
    await plans.pay_first(created)
    cancelled = (await plans.step(created, "cancel")).json()
    assert (cancelled["status"], cancelled["cancelled_at"]) == ("cancelled", "2026-09-09")
    clock.advance(days=90)
    assert len(await plans.payments(created)) == 1
    for step, verb in (("pause", "paused"), ("resume", "resumed"), ("cancel", "cancelled")):
        refused = await plans.step(created, step)
        assert (refused.status_code, refused.json()["message"]) == (
            400,
            f"Subscription cannot be {verb} from current state: cancelled",
        )


async def test_the_next_payment_can_be_moved(plans: Plans, clock: Clock) -> None:
    created = await plans.subscription(billing_cycles=12)
    body = {"next_payment_date": "2026-09-20"}
    assert (await plans.step(created, "next-payment-date", body)).status_code == 400
    await plans.pay_first(created)
    early = await plans.step(created, "next-payment-date", {"next_payment_date": "2026-09-10"})
    assert early.status_code == 400
    moved = (await plans.step(created, "next-payment-date", body)).json()
    assert moved["next_payment_date"] == "2026-09-20"
    clock.set(datetime(2026, 9, 20, 2, tzinfo=UTC))
    assert len(await plans.payments(created)) == 2
    assert (await plans.read(created))["next_payment_date"] == "2026-11-09"
    clock.set(datetime(2026, 10, 9, 2, tzinfo=UTC))  # the day it was moved from
    assert len(await plans.payments(created)) == 2


async def test_charges_on_demand(plans: Plans) -> None:
    created = await plans.subscription(ON_DEMAND)
    assert (created["billing_cycles"], created["interval_count"], created["end_date"]) == (
        None,
        None,
        None,
    )
    assert (await plans.charge(created)).status_code == 400  # not active yet
    await plans.pay_first(created)
    charged = await plans.charge(created)
    assert (charged.status_code, charged.json()["status"]) == (201, "success")
    assert charged.json()["requested_amount"] == 700
    again = await plans.charge(created)
    assert again.json()["message"] == "Payment already exists for this request_id"
    assert (await plans.charge(created, request_id="2", amount=5_001)).status_code == 400
    assert (await plans.charge(created, request_id="2", currency="EUR")).status_code == 400
    assert (await plans.charge(created, request_id=None)).status_code == 400
    assert (await plans.step(created, "pause")).status_code == 400
    assert (await plans.step(created, "cancel")).json()["status"] == "cancelled"
    fixed = await plans.subscription()
    assert (await plans.charge(fixed, request_id="3")).status_code == 400
    plans.sandbox.books.check()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customer_id": "cust_nobody"}, "Customer not found"),
        ({"product_name": "Café"}, "product_name contains invalid characters"),
        ({"product_name": "x" * 129}, "product_name is too long (maximum is 128 characters)"),
        ({"interval_count": 2}, "interval_count does not have a valid value"),
        ({"billing_cycles": 1}, "billing_cycles must be between 2 and 360"),
        ({"billing_cycles": "12"}, "billing_cycles must be an integer"),
        (
            {"interval_type": "year", "billing_cycles": 31},
            "billing_cycles must be between 2 and 30",
        ),
        (
            {"start_date": "2026-09-08"},
            "Validation failed: Start date must be today or in the future",
        ),
        ({"start_date": "09/10/2026"}, "start_date must be a date in the form YYYY-MM-DD"),
        (
            {"expires_at": "2026-09-08"},
            "Validation failed: Expires at must be today or in the future",
        ),
        (
            {"expires_at": "2026-10-10"},
            "Validation failed: Expires at cannot be more than 1 months from today",
        ),
        ({"notify_customer": ...}, "notify_customer is missing"),
        ({"starts_with_first_payment": "yes"}, "starts_with_first_payment must be a boolean"),
        (
            {"max_amount": 5},
            "max_amount can only be specified when interval_type is as_presented",
        ),
        (
            {"split_ids": ["psplit_1"]},
            "Validation failed: Split ids are only supported for as_presented subscriptions",
        ),
    ],
)
async def test_a_wrong_subscription_is_refused(plans: Plans, changes: Any, message: str) -> None:
    response = await plans.ask(**changes)
    assert (response.status_code, response.json()["message"]) == (400, message)


@pytest.mark.parametrize(
    "changes",
    [
        {"max_amount": ...},
        {"max_amount": 999},
        {"billing_cycles": 3},
        {"start_date": "2026-09-09"},
        {"starts_with_first_payment": False},
        {"split_ids": ["psplit_gone"]},
    ],
)
async def test_a_wrong_one_on_demand_is_refused(plans: Plans, changes: Any) -> None:
    assert (await plans.ask(ON_DEMAND, **changes)).status_code == 400


async def test_a_link_may_be_valid_for_exactly_a_calendar_month(plans: Plans) -> None:
    assert (await plans.ask(expires_at="2026-10-09")).status_code == 201
    assert (await plans.ask(expires_at="2026-09-09")).status_code == 201


async def test_subscriptions_are_listed_by_their_fields(plans: Plans) -> None:
    first = await plans.subscription()
    second = await plans.subscription(start_date="2026-09-30")
    await plans.pay_first(first)

    async def listed(**query: str) -> list[str]:
        page = (await plans.api.get("v1/subscriptions", **query)).json()
        return [one["id"] for one in page["data"]]

    assert await listed() == [second["id"], first["id"]]
    assert await listed(status="active") == [first["id"]]
    assert await listed(start_date="2026-09-30") == [second["id"]]
    assert await listed(customer_id="cust_nobody") == []
    assert (await plans.api.get("v1/subscriptions", status="lost")).status_code == 400
    assert (await plans.api.get("v1/subscriptions/sub_nobody")).json()["message"] == (
        "Subscription not found"
    )
