"""The steps of a payout's life, and the steps that it does not have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

TERMINAL = ("success", "failed", "cancelled")
MOCKS = ("pending", "success", "failed", "action_required", "cancelled")


async def test_success_brings_a_bank_reference(api: Any, clock: Any) -> None:
    payout = await api.paid()
    clock.advance(timedelta(minutes=5))
    done = (await api.mock(payout, "success")).json()
    assert done["status"] == "success"
    assert done["utr"]
    assert done["created_at"] == "2026-09-09T07:00:09Z"
    assert done["updated_at"] == "2026-09-09T07:05:09Z"


async def test_a_mocked_failure_has_no_error_code(api: Any) -> None:
    failed = (await api.mock(await api.paid(), "failed")).json()
    assert (failed["status"], failed["error_code"], failed["utr"]) == ("failed", None, None)


async def _stand(api: Any, standing: str) -> dict[str, Any]:
    """A payout that stands where asked."""
    if standing in ("pending_approval", "queued"):
        payout = await api.paid()
    elif standing in ("action_required", "review"):
        payout = await api.paid(source_amount=6623)
        if standing == "review":
            payout = (await _answer_rfi(api, payout)).json()
    else:
        payout = await api.paid()
        if standing in ("success", "failed"):
            payout = (await api.mock(payout, standing)).json()
        elif standing == "cancelled":
            payout = await api.paid(source_amount=6623)
            payout = (await api.patch(f"v1/payouts/{payout['id']}/cancel")).json()
    expected = "in_progress" if standing in ("bank", "review") else standing
    assert payout["status"] == expected
    return payout


async def _answer_rfi(api: Any, payout: dict[str, Any], rfi: str = "rfidoc_1") -> Any:
    return await api.patch(
        f"v1/payouts/{payout['id']}/update_rfi",
        {"documents": [{"id": "doc_7", "rfi_doc_id": rfi}]},
    )


STEPS = {
    "pending_approval": {"pending", "action_required", "cancelled"},
    "queued": {"pending", "action_required", "cancelled"},
    "action_required": {"pending", "cancelled"},
    "review": {"pending", "success", "failed", "action_required", "cancelled"},
    "bank": {"success", "failed"},
    "success": set(),
    "failed": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("standing", STEPS)
@pytest.mark.parametrize("target", MOCKS)
async def test_only_legal_steps_can_be_mocked(make_api: Any, standing: str, target: str) -> None:
    api = make_api(queueing=standing == "queued", maker_checker=standing == "pending_approval")
    payout = await _stand(api, standing)
    before = api.sandbox.ledger.balances
    response = await api.mock(payout, target)
    if target in STEPS[standing]:
        assert response.status_code == 200
        assert response.json()["status"] == ("in_progress" if target == "pending" else target)
    else:
        assert response.status_code == 400
        assert response.json() == {"error": "Bad Request", "message": "State change not allowed"}
        assert (await api.get(f"v1/payouts/{payout['id']}")).json() == payout
        assert api.sandbox.ledger.balances == before


@pytest.mark.parametrize("standing", STEPS)
async def test_cancelling_is_possible_until_the_bank_has_it(make_api: Any, standing: str) -> None:
    api = make_api(queueing=standing == "queued", maker_checker=standing == "pending_approval")
    payout = await _stand(api, standing)
    response = await api.patch(f"v1/payouts/{payout['id']}/cancel")
    if standing in ("pending_approval", "queued", "action_required", "review"):
        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    else:
        assert response.status_code == 400
        assert response.json()["message"] == "Payout cannot be cancelled in its current state"


async def test_the_reserved_amount_is_a_sanctions_hit(api: Any) -> None:
    for amount in ({"source_amount": 6623}, {"source_amount": ..., "destination_amount": 6623}):
        payout = await api.paid(**amount)
        assert payout["status"] == "action_required"
    assert api.sandbox.ledger.balances["USD"]["held"] == 0


async def test_an_answered_rfi_puts_the_payout_under_review(api: Any) -> None:
    payout = await api.paid(source_amount=6623)
    answered = (await _answer_rfi(api, payout)).json()
    assert answered["status"] == "in_progress"
    assert answered["documents"][-1]["rfi_doc_id"] == "rfidoc_1"
    assert api.sandbox.ledger.balances["USD"]["held"] == 0
    listed = (await api.get("v1/payouts", status="under_review")).json()["data"]
    assert [one["id"] for one in listed] == [payout["id"]]
    assert (await _answer_rfi(api, payout)).json()["message"] == "State change not allowed"
    assert api.sandbox.settle() == 1
    assert (await api.get(f"v1/payouts/{payout['id']}")).json()["status"] == "success"


async def test_an_rfi_wants_the_documents_it_names(make_api: Any) -> None:
    api = make_api(screening=True)
    payout = await api.paid()
    await api.mock(payout, "action_required", rfi_document_ids=["rfidoc_passport"])
    assert (await _answer_rfi(api, payout, "rfidoc_other")).status_code == 400
    assert (await _answer_rfi(api, payout, "rfidoc_passport")).status_code == 200


async def test_screening_holds_no_money_until_it_is_done(make_api: Any) -> None:
    api = make_api(screening=True)
    payout = await api.paid()
    assert payout["status"] == "in_progress"
    assert api.sandbox.ledger.balances["USD"]["held"] == 0
    rejected = api.sandbox.reject(payout["id"])
    assert (rejected["status"], rejected["error_code"]) == ("cancelled", "PAYOUT_REJECTED")
    assert rejected["customer_error_description"] is None
    with pytest.raises(ValueError, match="is cancelled, not review"):
        api.sandbox.reject(payout["id"])


async def test_a_checker_approves(make_api: Any) -> None:
    api = make_api(maker_checker=True)
    payout = await api.paid()
    assert payout["status"] == "pending_approval"
    assert api.sandbox.approve(payout["id"])["status"] == "in_progress"
    assert api.sandbox.ledger.balances["USD"]["held"] == 126_350


async def test_short_balance_is_refused_with_what_is_missing(make_api: Any) -> None:
    api = make_api(balances={"USD": 126_349})
    response = await api.pay(request_id="INV-1")
    assert response.status_code == 400
    assert response.json() == {
        "error": "Bad Request",
        "message": "Account has insufficient balance to process this transaction. "
        "Additional amount required: 1.",
        "code": "INSUFFICIENT_BALANCE",
    }
    api.sandbox.fund("USD", 1)
    assert (await api.pay(request_id="INV-1")).status_code == 201


async def test_the_queue_is_released_in_order_as_the_balance_allows(
    make_api: Any, clock: Any
) -> None:
    api = make_api(queueing=True, clock=clock, balances={"USD": 0, "EUR": 10**6})
    first = await api.paid(source_amount=50_000)
    second = await api.paid(source_amount=100)
    euro = await api.paid(source_currency="EUR", source_amount=100)
    assert {one["status"] for one in (first, second, euro)} == {"queued"}

    async def statuses() -> list[str]:
        listed = (await api.get("v1/payouts")).json()["data"]
        return [one["status"] for one in reversed(listed)]

    api.sandbox.fund("USD", 1_000)  # enough for the second, which has to wait for the first
    clock.advance(timedelta(minutes=1))  # 07:01: no run before :02
    assert await statuses() == ["queued", "queued", "queued"]
    clock.advance(timedelta(minutes=1))
    assert await statuses() == ["queued", "queued", "in_progress"]
    api.sandbox.fund("USD", 100_000)
    clock.advance(timedelta(minutes=15))
    assert await statuses() == ["in_progress", "in_progress", "in_progress"]


async def test_a_queued_payout_expires_after_30_days(make_api: Any, clock: Any) -> None:
    api = make_api(queueing=True, clock=clock, balances={"USD": 0})
    payout = await api.paid()
    clock.advance(timedelta(days=29, hours=23))
    assert (await api.get(f"v1/payouts/{payout['id']}")).json()["status"] == "queued"
    clock.advance(timedelta(hours=2))
    expired = (await api.get(f"v1/payouts/{payout['id']}")).json()
    assert (expired["status"], expired["error_code"]) == ("failed", "QUEUE_EXPIRED")


async def test_the_reserved_amount_is_screened_on_release(make_api: Any) -> None:
    api = make_api(queueing=True)
    payout = await api.paid(source_amount=6623)
    assert payout["status"] == "queued"
    api.sandbox.release()
    assert api.sandbox.ledger.payouts[0]["status"] == "action_required"


async def test_a_quote_that_expires_before_the_approval(make_api: Any, clock: Any) -> None:
    api = make_api(maker_checker=True, clock=clock)
    quotes = await api.post(
        "v1/quotes",
        {
            "resource": "payout",
            "source_currency": "USD",
            "destination_currency": "INR",
            "source_amount": 10_000,
            "payment_method": {"type": "bank_transfer", "subtype": "local_transfer"},
        },
    )
    first, second = quotes.json()["quotes"][:2]
    body = {"beneficiary_id": "bene_supplier", "purpose_code": "S1005"}
    early = (await api.post("v1/payouts", {**body, "quote_id": first["id"]})).json()
    late = (await api.post("v1/payouts", {**body, "quote_id": second["id"]})).json()
    assert api.sandbox.approve(early["id"])["status"] == "in_progress"
    clock.advance(timedelta(minutes=31))
    failed = api.sandbox.approve(late["id"])
    assert (failed["status"], failed["error_code"]) == ("failed", "QUOTE_EXPIRED")


async def test_an_id_of_another_shape_cannot_be_cancelled(api: Any) -> None:
    for payout_id in ("pout_1", "bene_supplier", "x"):
        response = await api.patch(f"v1/payouts/{payout_id}/cancel")
        assert response.status_code == 400
        assert "must start with 'payout_'" in response.json()["message"]
    assert (await api.patch("v1/payouts/payout_1/cancel")).status_code == 404
