"""The steps that the dashboard offers for a record: those that its life cycle has, no others.

Where the API has a mock operation the step is that operation, called as a client would.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from glomo.sandbox.api import RESOURCES, Request, documents
from glomo.sandbox.engine import payins, payouts, reviews, rfis, subscriptions
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.engine import MERCHANT
from glomo.sandbox.engine.store import Record

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

_ROUTES = {route.operation: route for resource in RESOURCES for route in resource.routes}
_MOCKS = {
    "success": "Succeed",
    "failed": "Fail",
    "pending": "Send to the bank",
    "action_required": "Ask for documents",
    "cancelled": "Cancel",
}
_SMALLEST_TRANSFER = 100


class Step(NamedTuple):
    """A step: its name, the button's text, what is done, and whether it ends badly."""

    name: str
    label: str
    take: Callable[[], object]
    destructive: bool = False


def call(account: Account, operation: str, body: object, **path: str) -> object:
    """Call an operation of the API; raises ApiError."""
    route = _ROUTES[operation]
    request = Request(
        account=account,
        method=route.method,
        path=path,
        query={},
        raw=json.dumps(body).encode(),
        content_type="application/json",
    )
    with account.engine.store.lock:
        return route.handler(request)


def steps_of(sandbox: Sandbox, account: Account, kind: str, record: Record) -> list[Step]:
    """The steps that a record of an account can take now."""
    steps = {
        payouts.KIND: _of_payout,
        "payment": _of_payment,
        "refund": _of_refund,
        payins.ORDER: _of_payin,
        payins.LINK: _of_payin,
        "beneficiary": _of_beneficiary,
        subscriptions.KIND: _of_subscription,
        MERCHANT: _of_merchant,
    }
    kind_steps = steps[kind](sandbox, account, record) if kind in steps else []
    return [*kind_steps, *_of_review(sandbox, account, record)]


def _of_payout(sandbox: Sandbox, account: Account, payout: Record) -> list[Step]:
    status = payouts.effective_status(payout)
    targets = payouts.MOCK_STEPS.get(status, frozenset())
    steps = [
        Step(
            target,
            label,
            partial(
                call,
                account,
                "payouts.mock_update_status",
                {"id": payout["id"], "status": target},
            ),
            target in ("failed", "cancelled"),
        )
        for target, label in _MOCKS.items()
        if target in targets
    ]
    if status == "pending_approval":
        steps.insert(0, Step("approve", "Approve", lambda: sandbox.approve(payout["id"])))
    if status == "review" and rfis.of(account, payout["id"]) is None:
        steps.append(Step("reject", "Reject", lambda: sandbox.reject(payout["id"]), True))
    return steps


def _of_payment(sandbox: Sandbox, account: Account, payment: Record) -> list[Step]:
    key = payment["id"]
    if payment["status"] == "in_progress":
        return [
            Step("success", "Succeed", lambda: sandbox.complete_payment(key)),
            Step(
                "failed",
                "Decline",
                lambda: sandbox.complete_payment(key, "PAYMENT_DECLINED"),
                True,
            ),
        ]
    funds_pending = payment["status"] == "success" and not payment["funds_available"]
    if funds_pending and payment["_lrs"] and not account.options.direct_settlement:
        operation = "payments.mock_funds_available"
        return [Step("funds", "Make funds available", lambda: call(account, operation, {}, id=key))]
    return []


def _of_refund(sandbox: Sandbox, account: Account, refund: Record) -> list[Step]:
    if refund["status"] != "in_progress":
        return []
    operation, key = "refunds.mock_update_status", refund["id"]
    return [
        Step("success", "Succeed", lambda: call(account, operation, {"status": "success"}, id=key)),
        Step(
            "failed", "Fail", lambda: call(account, operation, {"status": "failed"}, id=key), True
        ),
    ]


def _of_payin(sandbox: Sandbox, account: Account, payin: Record) -> list[Step]:
    steps: list[Step] = []
    if payin["status"] not in payins.OPEN:
        return steps
    key = payin["id"]
    minor, currency = payins.due(payin, "bank_transfer")
    if payin["status"] == "active" and minor >= _SMALLEST_TRANSFER:

        def pay(extra: int) -> object:
            transfer = {"payin_id": key, "amount": minor + extra, "currency": currency}
            return call(account, "payments.create_mock", transfer)

        steps.append(Step("pay", "Pay it", lambda: pay(0)))
        steps.append(Step("overpay", "Pay too much", lambda: pay(1), True))
    if payin["_kind"] == payins.LINK:
        operation = "payment_links.cancel"
        steps.append(
            Step("cancelled", "Cancel", lambda: call(account, operation, {}, id=key), True)
        )
    steps.append(Step("failed", "Fail", lambda: sandbox.fail_payin(key), True))
    return steps


def _of_beneficiary(sandbox: Sandbox, account: Account, beneficiary: Record) -> list[Step]:
    if beneficiary["status"] != "pending":
        return []
    operation, key = "beneficiaries.mock_review", beneficiary["id"]
    return [
        Step(
            action,
            label,
            partial(call, account, operation, {"review_action": action}, id=key),
            action == "reject",
        )
        for action, label in (("approve", "Approve"), ("reject", "Reject"))
    ]


def _of_subscription(sandbox: Sandbox, account: Account, subscription: Record) -> list[Step]:
    status = subscription["status"]
    choices: list[tuple[str, str]] = []
    if subscription["interval_type"] != subscriptions.AS_PRESENTED:
        changes = {"active": ("pause", "Pause"), "paused": ("resume", "Resume")}
        choices += [changes[status]] if status in changes else []
    choices += [] if status in subscriptions.TERMINAL else [("cancel", "Cancel")]
    return [
        Step(
            name,
            label,
            partial(call, account, f"subscriptions.{name}", {}, id=subscription["id"]),
            name == "cancel",
        )
        for name, label in choices
    ]


def _of_merchant(sandbox: Sandbox, account: Account, merchant: Record) -> list[Step]:
    if merchant["status"] != "pending":
        return []
    operation, key = "platform.mock_update_merchant_status", merchant["merchant_id"]
    return [
        Step(
            status,
            label,
            partial(call, account, operation, {"merchant_id": key, "target_status": status}),
            status == "failed",
        )
        for status, label in (("success", "Approve"), ("failed", "Reject"))
    ]


def _of_review(sandbox: Sandbox, account: Account, record: Record) -> list[Step]:
    """What follows from the request for information behind a record."""
    rfi = record if "documents_required" in record else rfis.of(account, str(record.get("id")))
    if rfi is None:
        return []
    if reviews.awaits_documents(account, rfi):

        def respond() -> None:
            uploads = [
                {
                    "rfi_doc_id": document["rfi_doc_id"],
                    "doc_id": documents.add(account, document["description"], "sample.pdf", 1024)[
                        "id"
                    ],
                }
                for document in rfi["documents_required"]
            ]
            call(account, "rfis.respond", {"documents": uploads}, id=rfi["id"])

        return [Step("respond", "Send the documents", respond)]
    if rfi["status"] == "under_review":
        decide = sandbox.decide_rfi
        return [
            Step("clear", "Clear the review", lambda: decide(rfi["id"])),
            Step("refuse", "Refuse", lambda: decide(rfi["id"], approved=False), True),
        ]
    return []
