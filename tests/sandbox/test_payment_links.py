from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import Shop, refused


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def change(shop: Shop, link: dict[str, Any], **changes: Any) -> Any:
    return await shop.api.patch(f"v1/payin/{link['id']}", changes)


async def test_a_link_has_an_address(shop: Shop) -> None:
    link = await shop.link()
    assert link["id"].startswith("plink_")
    assert link["status"] == "active"
    assert link["payment_link"].startswith("https://")
    assert link["notify_customer"] is True
    assert link["last_reminder_sent_at"] is None
    assert await shop.read(link) == link
    assert shop.events() == ["payment_link.active"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"purpose_code": ...}, "purpose_code is missing"),
        ({"expires_at": ...}, "expires_at is missing"),
        ({"expires_at": "tomorrow"}, "expires_at is invalid"),
        ({"expires_at": "2026-09-09"}, "Validation failed: Expires at must be in the future"),
        (
            {"expires_at": "2027-03-09T07:00:10Z"},
            "Validation failed: Expires at cannot be more than 6 months from now",
        ),
        ({"reminder_frequency": 3}, "reminder_frequency does not have a valid value"),
        ({"reminder_frequency": True}, "reminder_frequency does not have a valid value"),
        ({"notify_customer": "yes"}, "notify_customer must be a boolean"),
        ({"currency": "INR"}, "Currency not supported"),
    ],
)
async def test_every_rule_has_its_text(shop: Shop, changes: dict[str, Any], message: str) -> None:
    assert refused(await shop.ask_link(**changes)) == message


async def test_six_calendar_months_are_not_too_long(shop: Shop) -> None:
    assert (await shop.link(expires_at="2027-03-09T07:00:09Z"))["status"] == "active"
    assert (await shop.link(expires_at="2027-03-09"))["expires_at"] == "2027-03-09T00:00:00Z"


async def test_the_account_may_have_a_purpose_code(make_api: Any) -> None:
    shop = Shop(make_api(purpose_code="P0103"))
    assert (await shop.link(purpose_code=...))["purpose_code"] == "P0103"


async def test_a_method_that_is_not_enabled_is_ignored(make_api: Any) -> None:
    shop = Shop(make_api(payment_methods=frozenset({"bank_transfer"})))
    link = await shop.link(payment_methods=["card", "bank_transfer"])
    assert link["payment_methods"] == ["bank_transfer"]


async def test_a_repeated_request_makes_two_links(shop: Shop) -> None:
    first, second = await shop.link(request_id="x"), await shop.link(request_id="x")
    assert first["id"] != second["id"]
    assert "request_id" not in first


async def test_paid_and_over(shop: Shop) -> None:
    link = await shop.link()
    payment = await shop.transfer(link)
    assert payment["status"] == "success"
    assert payment["payin_type"] == "payment_link"
    assert (await shop.read(link))["status"] == "paid"
    assert shop.events() == ["payment_link.active", "payment.success", "payment_link.paid"]
    cancel = await shop.api.patch(f"v1/payin/{link['id']}/cancel")
    assert refused(cancel) == "Payment link cannot be cancelled in its current state"
    assert "current state" in refused(await change(shop, link, reminder_frequency=7))


async def test_cancelled(shop: Shop) -> None:
    link = await shop.link()
    cancelled = (await shop.api.patch(f"v1/payin/{link['id']}/cancel")).json()
    assert cancelled["status"] == "cancelled"
    assert (await shop.transfer(link))["error_code"] == "PAYIN_NOT_FOUND"
    shop.sandbox.clock.advance(days=60)
    assert (await shop.read(link))["status"] == "cancelled"
    assert shop.events()[:2] == ["payment_link.active", "payment_link.cancelled"]


async def test_it_expires_when_it_says_and_a_change_moves_that(shop: Shop) -> None:
    link, other = await shop.link(), await shop.link()
    changed = (await change(shop, other, expires_at="2026-11-01T00:00:00.000Z")).json()
    assert changed["expires_at"] == "2026-11-01T00:00:00Z"
    shop.sandbox.clock.advance(days=31)
    assert (await shop.read(link))["status"] == "expired"
    assert (await shop.read(other))["status"] == "active"
    shop.sandbox.clock.advance(days=31)
    assert (await shop.read(other))["status"] == "expired"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": 5}, "amount is not a permitted parameter"),
        ({"expires_at": "2020-01-01"}, "Validation failed: Expires at must be in the future"),
        ({"reminder_frequency": 5}, "reminder_frequency does not have a valid value"),
    ],
)
async def test_only_expiry_and_reminders_change(
    shop: Shop, changes: dict[str, Any], message: str
) -> None:
    link = await shop.link()
    assert refused(await change(shop, link, **changes)) == message
    assert await shop.read(link) == link


async def test_reminders_are_sent_until_it_is_over(shop: Shop) -> None:
    link = await shop.link(reminder_frequency=7)
    shop.sandbox.clock.advance(timedelta(days=15))
    assert (await shop.read(link))["last_reminder_sent_at"] == "2026-09-23T07:00:09Z"
    await shop.transfer(link)
    shop.sandbox.clock.advance(timedelta(days=15))
    assert (await shop.read(link))["last_reminder_sent_at"] == "2026-09-23T07:00:09Z"


async def test_a_reviewed_link_becomes_active(shop: Shop) -> None:
    customer = await shop.customer(name="havku9", email="h@example.com")
    link = await shop.link(customer_id=customer["id"])
    assert link["status"] == "action_required"
    assert "payment_link" not in link
    review = f"v1/payin/{link['id']}/mock_mark_reviewed"
    assert refused(await shop.api.patch(review)) == "Payment link is not under review."
    documents = [
        {"id": await shop.document(), "rfi_doc_id": one["rfi_doc_id"]}
        for one in link["rfi_documents"]
    ]
    path = f"v1/payin/{link['id']}/update-rfi"
    text = "Invalid rfi_doc_id or payment link not in action_required status"
    assert refused(await shop.api.patch(path, {"documents": documents[1:]})) == text
    extra = await shop.api.patch(path, {"documents": documents, "fields": {}})
    assert refused(extra) == "fields is not a permitted parameter"
    assert (await shop.api.patch(path, {"documents": documents})).json()["status"] == "under_review"
    reviewed = (await shop.api.patch(review)).json()
    assert reviewed["status"] == "active"
    assert reviewed["payment_link"].startswith("https://")
    assert (await shop.transfer(link))["status"] == "success"
    assert shop.events()[:3] == [
        "payment_link.action_required",
        "payment_link.under_review",
        "payment_link.active",
    ]


async def test_the_mock_is_hidden_in_production(shop: Shop, api_of: Any) -> None:
    from glomo.sandbox import sandbox_key

    link = await shop.link()
    live = api_of(shop.sandbox, key=sandbox_key(env="production"))
    response = await live.patch(f"v1/payin/{link['id']}/mock_mark_reviewed")
    assert response.status_code == 404


async def test_lists_filter(api: Api, shop: Shop) -> None:
    link, other = await shop.link(), await shop.link()
    await api.patch(f"v1/payin/{other['id']}/cancel")
    active = await api.get("v1/payin", status="active", customer_id=link["customer_id"])
    assert [one["id"] for one in active.json()["data"]] == [link["id"]]
    assert (await api.get("v1/payin", status="partially_paid")).json()["data"] == []
    assert refused(await api.get("v1/payin/plink_unknown"), 404) == "Payment link not found"
    assert refused(await api.get("v1/payin/order_1")) == "Id must start with 'plink_'"
