from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import BadRequestError, ParameterError
from glomo.models.subscriptions import SubscriptionStatus
from glomo.validation import dates

from .conftest import Wire

LOST = httpx.ReadError("connection reset")


def subscription(**changes: Any) -> dict[str, Any]:
    return {
        "id": "sub_5JU9yv0lGSUP",
        "customer_id": "cust_5JU9yv0lGSUP",
        "product_name": "ShieldGuard Insurance",
        "product_description": "Flexible insurance",
        "status": "created",
        "amount": 1000.0,
        "currency": "USD",
        "interval_type": "month",
        "interval_count": 3,
        "billing_cycles": 12,
        "start_date": "2025-01-01",
        "end_date": "2025-12-01",
        "expires_at": "2025-01-07",
        "next_payment_date": None,
        "subscription_link_url": "https://checkout.glomopay.com/subscription/sub_5JU9yv0lGSUP",
        **changes,
    }


def utc_today() -> date:
    return datetime.now(UTC).date()


def plan(**changes: Any) -> dict[str, Any]:
    start = utc_today() + timedelta(days=10)
    parameters = {
        "customer_id": "cust_5JU9yv0lGSUP",
        "product_name": "ShieldGuard Insurance",
        "product_description": "Flexible insurance",
        "amount": 1000,
        "currency": "USD",
        "interval_type": "month",
        "interval_count": 3,
        "billing_cycles": 12,
        "start_date": start,
        "expires_at": utc_today() + timedelta(days=7),
        "notify_customer": False,
        "starts_with_first_payment": True,
        **changes,
    }
    return {name: value for name, value in parameters.items() if value is not ...}


AS_PRESENTED = {
    "interval_type": "as_presented",
    "max_amount": 5000,
    "interval_count": ...,
    "billing_cycles": ...,
    "start_date": ...,
}


async def test_a_plan_is_sent_as_it_was_given(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/subscriptions", (201, subscription()))
    parameters = plan()
    subscription_ = await glomo.subscriptions.create(**parameters)
    assert wire.targets == ["POST /v1/subscriptions"]
    assert wire.body == {
        **parameters,
        "start_date": parameters["start_date"].isoformat(),
        "expires_at": parameters["expires_at"].isoformat(),
    }
    assert subscription_.status is SubscriptionStatus.CREATED
    assert subscription_.money == Money(1000, "USD")
    assert subscription_.end_date == date(2025, 12, 1)
    assert subscription_.next_payment_date is None


async def test_as_presented_has_a_limit_and_no_schedule(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/subscriptions", (201, subscription(interval_type="as_presented")))
    parameters = plan(
        **AS_PRESENTED, split_ids=["psplit_1"], reference_number="R1", notes={"a": "b"}
    )
    subscription_ = await glomo.subscriptions.create(**parameters)
    assert wire.body == {**parameters, "expires_at": parameters["expires_at"].isoformat()}
    assert subscription_.interval_type == "as_presented"


@pytest.mark.parametrize(
    ("parameter", "changes"),
    [
        ("customer_id", {"customer_id": "5JU9yv0lGSUP"}),
        ("product_name", {"product_name": "x" * 129}),
        ("plan_description", {"plan_description": "x" * 513}),
        ("amount", {"amount": None}),
        ("amount", {"amount": 0}),
        ("currency", {"currency": "usd"}),
        ("interval_count", {"interval_count": 2}),
        ("interval_count", {"interval_count": True}),
        ("interval_count", {"interval_type": "year", "interval_count": 3}),
        ("billing_cycles", {"billing_cycles": 1}),
        ("billing_cycles", {"billing_cycles": 121}),
        ("billing_cycles", {"interval_type": "year", "interval_count": 1, "billing_cycles": 31}),
        ("start_date", {"start_date": ...}),
        ("start_date", {"start_date": utc_today() - timedelta(days=1)}),
        ("start_date", {"start_date": datetime.now(UTC)}),
        ("start_date", {"start_date": "01.01.2030"}),
        ("expires_at", {"expires_at": utc_today() - timedelta(days=1)}),
        ("expires_at", {"expires_at": utc_today() + timedelta(days=32)}),
        ("interval_type", {"interval_type": "week"}),
        ("product_name", {"product_name": "Shield/Guard"}),
        ("product_name", {"product_name": "Schütz"}),
        ("plan_description", {"plan_description": "a <b>"}),
        ("max_amount", {"max_amount": 5}),
        ("split_ids", {"split_ids": ["psplit_1"]}),
        ("split_ids", {**AS_PRESENTED, "split_ids": "psplit_1"}),
        ("notify_customer", {"notify_customer": "yes"}),
        ("amount", {**AS_PRESENTED, "amount": None}),
        ("max_amount", {**AS_PRESENTED, "max_amount": Money(5, "EUR")}),
        ("notify_customer", {"notify_customer": None}),
        ("max_amount", {**AS_PRESENTED, "max_amount": ...}),
        ("interval_count", {**AS_PRESENTED, "interval_count": 1}),
        ("billing_cycles", {**AS_PRESENTED, "billing_cycles": 12}),
        ("start_date", {**AS_PRESENTED, "start_date": "2030-01-01"}),
        ("starts_with_first_payment", {**AS_PRESENTED, "starts_with_first_payment": False}),
    ],
)
async def test_a_plan_that_the_api_would_refuse_is_not_sent(
    glomo: AsyncGlomo, wire: Wire, parameter: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.subscriptions.create(**plan(**changes))
    assert refused.value.parameter == parameter
    assert wire.targets == []


@pytest.mark.parametrize(
    ("interval", "count", "most"),
    [("month", 1, 360), ("month", 3, 120), ("month", 6, 60), ("year", 1, 30)],
)
async def test_a_subscription_may_run_for_thirty_years(
    glomo: AsyncGlomo, wire: Wire, interval: str, count: int, most: int
) -> None:
    wire.on("POST", "/v1/subscriptions", (201, subscription()))
    longest = plan(interval_type=interval, interval_count=count, billing_cycles=most)
    await glomo.subscriptions.create(**longest)
    with pytest.raises(ParameterError, match=f"2 to {most}"):
        await glomo.subscriptions.create(**{**longest, "billing_cycles": most + 1})


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2025, 9, 1), date(2025, 10, 1)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2025, 12, 31), date(2026, 1, 31)),
    ],
)
async def test_the_first_payment_is_made_within_a_calendar_month(
    glomo: AsyncGlomo, wire: Wire, monkeypatch: pytest.MonkeyPatch, today: date, last: date
) -> None:
    """Counted from today, whatever the start."""
    monkeypatch.setattr(dates, "today", lambda: today)
    wire.on("POST", "/v1/subscriptions", (201, subscription()))
    for start in (today, today + timedelta(days=300)):
        for expires in (today, last):
            await glomo.subscriptions.create(**plan(start_date=start, expires_at=expires))
        with pytest.raises(ParameterError, match=f"a month ahead, {last}"):
            await glomo.subscriptions.create(
                **plan(start_date=start, expires_at=last + timedelta(days=1))
            )


@pytest.mark.parametrize(
    ("method", "status"), [("cancel", "cancelled"), ("pause", "paused"), ("resume", "active")]
)
async def test_a_state_reached_by_a_lost_attempt_is_no_error(
    glomo: AsyncGlomo, wire: Wire, method: str, status: str
) -> None:
    path = "/v1/subscriptions/sub_1"
    refusal = {"error": "Bad Request", "message": f"cannot from current state: {status}"}
    wire.on("PATCH", f"{path}/{method}", LOST, (400, refusal))
    wire.on("GET", path, subscription(id="sub_1", status=status))
    reached = await getattr(glomo.subscriptions, method)("sub_1")
    assert reached.status == status
    assert wire.targets == [f"PATCH {path}/{method}"] * 2 + [f"GET {path}"]


@pytest.mark.parametrize("method", ["cancel", "pause", "resume"])
async def test_a_refusal_stands_where_the_state_was_not_reached(
    glomo: AsyncGlomo, wire: Wire, method: str
) -> None:
    path = "/v1/subscriptions/sub_1"
    wire.on("PATCH", f"{path}/{method}", LOST, (400, {"message": "current state: completed"}))
    wire.on("GET", path, subscription(id="sub_1", status="completed"))
    with pytest.raises(BadRequestError, match="completed"):
        await getattr(glomo.subscriptions, method)("sub_1")


async def test_the_next_payment_moves_to_another_day(glomo: AsyncGlomo, wire: Wire) -> None:
    path = "/v1/subscriptions/sub_1"
    day = utc_today() + timedelta(days=2)
    wire.on("PATCH", f"{path}/next-payment-date", {"message": "done", "id": "sub_1"})
    result = await glomo.subscriptions.update_next_payment_date("sub_1", next_payment_date=day)
    assert wire.body == {"next_payment_date": day.isoformat()}
    assert result.extra == {"message": "done", "id": "sub_1"}


async def test_a_lost_move_is_looked_up(glomo: AsyncGlomo, wire: Wire) -> None:
    path = "/v1/subscriptions/sub_1"
    day = utc_today() + timedelta(days=5)
    wire.on("PATCH", f"{path}/next-payment-date", LOST, (422, {"message": "not now"}))
    wire.on("GET", path, subscription(id="sub_1", next_payment_date=day.isoformat()))
    result = await glomo.subscriptions.update_next_payment_date("sub_1", next_payment_date=day)
    assert result.extra["next_payment_date"] == day.isoformat()


@pytest.mark.parametrize("day", [utc_today(), "2020-02-30", datetime(2099, 1, 1, tzinfo=UTC)])
async def test_the_next_payment_is_on_a_day_to_come(
    glomo: AsyncGlomo, wire: Wire, day: Any
) -> None:
    with pytest.raises(ParameterError):
        await glomo.subscriptions.update_next_payment_date("sub_1", next_payment_date=day)
    assert wire.targets == []


async def test_filters_of_the_list(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("GET", "/v1/subscriptions", {"data": [subscription()], "page_meta": {"next": None}})
    subscriptions = await glomo.subscriptions.list(
        status=SubscriptionStatus.HALTED, customer_id="cust_1", start_date=date(2025, 1, 1)
    ).collect()
    assert [s.id for s in subscriptions] == ["sub_5JU9yv0lGSUP"]
    assert wire.targets == [
        "GET /v1/subscriptions?status=halted&customer_id=cust_1&start_date=2025-01-01&per_page=100"
    ]


async def test_wait_for_the_start(glomo: AsyncGlomo, wire: Wire) -> None:
    responses = [subscription(status=s) for s in ("created", "authorized", "active")]
    wire.on("GET", "/v1/subscriptions/sub_1", *responses)
    started = await glomo.subscriptions.wait("sub_1", until="active")
    assert started.status is SubscriptionStatus.ACTIVE
    assert not started.status.terminal


async def test_wait_for_the_end(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on(
        "GET", "/v1/subscriptions/sub_1", *[subscription(status=s) for s in ("halted", "expired")]
    )
    ended = await glomo.subscriptions.wait("sub_1")
    assert ended.status is SubscriptionStatus.EXPIRED


async def test_without_checks_the_api_decides(wire: Wire) -> None:
    wire.on("POST", "/v1/subscriptions", (201, subscription()))
    async with AsyncGlomo("sk-unit", validate=False) as glomo:
        await glomo.subscriptions.create(**plan(interval_count=2, start_date="2020-01-01"))
    assert wire.body["interval_count"] == 2
