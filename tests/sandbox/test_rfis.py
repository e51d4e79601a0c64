from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import Shop, created, refused
from tests.sandbox.test_subscriptions import FIXED


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def stopped_payout(api: Api) -> tuple[dict[str, Any], dict[str, Any]]:
    """A payout that screening stopped, and its RFI."""
    payout = await api.paid(source_amount=6_623)
    assert payout["status"] == "action_required"
    rfi = api.sandbox.rfi_of(payout["id"])
    assert rfi is not None
    return payout, rfi


async def respond(shop: Shop, rfi: dict[str, Any], **more: Any) -> Any:
    pairs = [
        {"rfi_doc_id": one["rfi_doc_id"], "doc_id": await shop.document()}
        for one in rfi["documents_required"]
    ]
    return await shop.api.patch(f"v1/rfis/{rfi['id']}/respond", {"documents": pairs, **more})


async def status_of(api: Api, payout: dict[str, Any]) -> str:
    return str((await api.get(f"v1/payouts/{payout['id']}")).json()["status"])


async def test_a_payouts_rfi_is_in_the_list(api: Api, shop: Shop) -> None:
    payout, rfi = await stopped_payout(api)
    assert rfi["id"] not in str(payout)  # a payout does not tell its RFI
    assert (await api.get("v1/rfis")).json()["data"] == [rfi]
    assert (await api.get("v1/rfis", status="under_review")).json()["data"] == []
    assert await shop.read(rfi) == rfi
    assert rfi["response_deadline"] == "2026-10-09T07:00:09Z"


async def test_answered_and_approved(api: Api, shop: Shop) -> None:
    payout, rfi = await stopped_payout(api)
    answered = (await respond(shop, rfi)).json()
    assert answered["status"] == "under_review"
    assert await status_of(api, payout) == "in_progress"
    again = await respond(shop, rfi)
    assert refused(again) == "RFI is not in action_required status"
    shop.sandbox.decide_rfi(rfi["id"])
    assert (await shop.read(rfi))["status"] == "approved"
    assert await status_of(api, payout) == "in_progress"
    assert api.sandbox.books.balance("held", "USD") > 0


async def test_answered_and_rejected(api: Api, shop: Shop) -> None:
    payout, rfi = await stopped_payout(api)
    await respond(shop, rfi)
    shop.sandbox.decide_rfi(rfi["id"], approved=False)
    assert (await shop.read(rfi))["status"] == "rejected"
    cancelled = (await api.get(f"v1/payouts/{payout['id']}")).json()
    assert (cancelled["status"], cancelled["error_code"]) == ("cancelled", "PAYOUT_REJECTED")


async def test_sent_back_it_is_the_same_rfi(api: Api, shop: Shop) -> None:
    payout, rfi = await stopped_payout(api)
    await respond(shop, rfi)
    await api.mock(payout, "action_required")
    again = await shop.read(rfi)
    assert again["status"] == "action_required"
    await respond(shop, rfi)
    await api.mock(payout, "success")
    assert (await shop.read(rfi))["status"] == "approved"
    assert (await api.get("v1/rfis")).json()["page_meta"]["count"] == 1


async def test_a_mock_may_name_the_documents(api: Api, make_api: Any) -> None:
    api = make_api(maker_checker=True)
    payout = await api.paid()
    await api.mock(payout, "action_required", rfi_document_ids=["rfidoc_a", "rfidoc_b"])
    rfi = api.sandbox.rfi_of(payout["id"])
    assert rfi is not None
    ids = [one["rfi_doc_id"] for one in rfi["documents_required"]]
    assert ids == ["rfidoc_a", "rfidoc_b"]


async def test_update_rfi_answers_the_same_rfi(api: Api, shop: Shop) -> None:
    payout, rfi = await stopped_payout(api)
    pairs = [
        {"rfi_doc_id": one["rfi_doc_id"], "id": await shop.document()}
        for one in rfi["documents_required"]
    ]
    response = await api.patch(f"v1/payouts/{payout['id']}/update_rfi", {"documents": pairs})
    assert response.json()["status"] == "in_progress"
    assert (await shop.read(rfi))["status"] == "under_review"


async def test_a_review_ends_by_itself_by_the_clock(make_api: Any) -> None:
    api = make_api(settle_after=timedelta(minutes=1))
    shop = Shop(api)
    payout, rfi = await stopped_payout(api)
    await respond(shop, rfi)
    api.sandbox.clock.advance(minutes=1)
    assert (await shop.read(rfi))["status"] == "approved"
    api.sandbox.clock.advance(minutes=1)
    assert await status_of(api, payout) == "success"


async def test_unanswered_it_expires(api: Api, shop: Shop) -> None:
    payout, rfi = await stopped_payout(api)
    api.sandbox.clock.advance(days=30)
    assert (await shop.read(rfi))["status"] == "expired"
    assert refused(await respond(shop, rfi)) == "RFI has expired"
    assert await status_of(api, payout) == "action_required"


async def test_the_list_of_pairs_may_have_any_name(api: Api, shop: Shop) -> None:
    _, rfi = await stopped_payout(api)
    (required,) = rfi["documents_required"]
    pairs = [{"rfi_doc_id": required["rfi_doc_id"], "doc_id": await shop.document()}]
    body = {"responses": pairs, "fields": [{"anything": 1}]}
    response = await api.patch(f"v1/rfis/{rfi['id']}/respond", body)
    assert response.json()["status"] == "under_review"


async def test_every_rule_has_its_text(api: Api, shop: Shop) -> None:
    _, rfi = await stopped_payout(api)
    (required,) = rfi["documents_required"]
    pair = {"rfi_doc_id": required["rfi_doc_id"], "doc_id": await shop.document()}
    for documents, message in (
        (None, "documents is missing"),
        ([], "documents is missing"),
        (["doc_1"], "documents must contain objects with doc_id and rfi_doc_id"),
        ([{"rfi_doc_id": "rfidoc_1"}], "doc_id is missing"),
        ([{**pair, "rfi_doc_id": "rfidoc_1"}], "Invalid rfi_doc_id rfidoc_1"),
        ([{**pair, "doc_id": "order_1"}], "Id must start with 'doc_'"),
        ([pair, pair], f"Too many documents for rfi_doc_id {pair['rfi_doc_id']}"),
    ):
        response = await api.patch(f"v1/rfis/{rfi['id']}/respond", {"documents": documents})
        assert refused(response) == message
    unknown = {"documents": [{**pair, "doc_id": "doc_unknown"}]}
    response = await api.patch(f"v1/rfis/{rfi['id']}/respond", unknown)
    assert refused(response, 404) == "Document not found"
    assert refused(await api.get("v1/rfis/rfi_unknown"), 404) == "RFI not found"
    assert (await shop.read(rfi))["status"] == "action_required"


@pytest.mark.parametrize(("approved", "status"), [(True, "active"), (False, "failed")])
async def test_a_subscription_of_a_sanctioned_customer(
    api: Api, shop: Shop, approved: bool, status: str
) -> None:
    customer = await shop.customer(name="dexru6", email="d@example.com")
    body = {**FIXED, "customer_id": customer["id"]}
    subscription = created(await api.post("v1/subscriptions", body))
    path = f"v1/subscriptions/{subscription['id']}"
    created(await shop.ask_card({"id": ""}, subscription_id=subscription["id"], order_id=...))
    assert (await api.get(path)).json()["status"] == "action_required"
    rfi = api.sandbox.rfi_of(subscription["id"])
    assert rfi is not None
    await respond(shop, rfi)
    assert (await api.get(path)).json()["status"] == "under_review"
    api.sandbox.decide_rfi(rfi["id"], approved=approved)
    decided = (await api.get(path)).json()
    assert decided["status"] == status
    assert decided["next_payment_date"] == ("2026-10-09" if approved else None)
    assert shop.events()[1:] == [
        "subscription.action_required",
        "subscription.under_review",
        f"subscription.{status}",
    ]
