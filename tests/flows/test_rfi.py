"""docs/flows/rfi.md"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from glomo import webhooks
from glomo.errors import ParameterError
from glomo.types import Order, Payment
from glomo.webhooks import testing

from .conftest import Shop
from .test_checkout import CUSTOMER

PAGE = "flows/rfi.md"
PDF = b"%PDF-1.7\n%%EOF\n"
SOON = timedelta()


@pytest.fixture
def options() -> dict[str, Any]:
    return {"payment_screening": frozenset({"bank_transfer"}), "settle_after": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Passport", "Proof of Address"):
        (tmp_path / f"{name}.pdf").write_bytes(PDF)
    return tmp_path


def order(shop: Shop, **changes: Any) -> Order:
    customer = shop.call(
        shop.glomo.customers.find_or_create, **{**CUSTOMER, **changes.pop("customer", {})}
    )
    created: Order = shop.call(
        shop.glomo.orders.create,
        **{
            "customer_id": customer.id,
            "amount": 10_000,
            "currency": "USD",
            "purpose_code": "P0802",
            "payment_methods": ["bank_transfer"],
            **changes,
        },
    )
    return created


def held_order(shop: Shop) -> Order:
    """An order whose customer is under sanctions: it asks for documents at once."""
    held = order(shop, customer={"name": "jexru7", "email": "held@example.com"})
    assert held.status == "action_required"
    return held


def held_payment(shop: Shop) -> Payment:
    """A payment that succeeded, and whose settlement is held."""
    payable = order(shop, amount=6_623)
    payment: Payment = shop.call(
        shop.glomo.payments.create_mock, amount=6_623, currency="USD", payin_id=payable.id
    )
    assert payment.compliance_status == "action_required"
    return payment


def test_an_order_is_answered(shop: Shop, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop.receive()
    shop.learn(PAGE)
    held = held_order(shop)
    shop.sandbox.set_options(settle_after=SOON)
    answered = shop.call("answer", shop.glomo, held, folder)
    assert answered.status == "active"
    assert capsys.readouterr().out.splitlines() == [
        f"{each.rfi_doc_id} {each.description} {each.max_count}" for each in held.requirements
    ]
    documents = shop.call(shop.glomo.documents.list().collect)
    assert {each.document_name for each in documents} == {"Passport", "Proof of Address"}
    shop.flush()
    kinds = set(map(type, shop.events))
    assert {webhooks.OrderActionRequired, webhooks.OrderUnderReview} <= kinds


def test_a_payment_is_answered_and_approved(shop: Shop, folder: Path) -> None:
    shop.learn(PAGE)
    payment = held_payment(shop)
    shop.sandbox.set_options(settle_after=SOON)
    status = shop.call("answer_payment", shop.glomo, payment.id, folder / "Passport.pdf")
    assert status == "approved"
    assert shop.call(shop.glomo.payments.retrieve, payment.id).compliance_status == "approved"


def test_an_rfi_is_answered_by_itself(shop: Shop) -> None:
    payment = held_payment(shop)
    rfi = shop.call(shop.glomo.rfis.retrieve, payment.rfi.id)
    assert rfi.requirements == payment.requirements
    (requirement,) = rfi.requirements
    answered = shop.call(shop.glomo.rfis.answer, rfi, {requirement.rfi_doc_id: PDF})
    assert answered.status == "under_review"
    shop.sandbox.decide_rfi(rfi.id, approved=False)
    assert shop.call(shop.glomo.rfis.wait, rfi.id).status == "rejected"


def test_an_uploaded_document_is_not_uploaded_again(shop: Shop) -> None:
    held = held_order(shop)
    document = shop.call(
        shop.glomo.documents.create, file=io.BytesIO(PDF), document_name="passport"
    )
    before = len(shop.sandbox.requests)
    files = {each.rfi_doc_id: [document.id] for each in held.requirements}
    answered = shop.call(shop.glomo.rfis.answer, held, files)
    assert answered.status == "under_review"
    assert answered.requirements == ()
    assert not any("document" in one for one in shop.requests[before:])


def test_what_is_missing_or_too_much_is_refused_before_anything_is_sent(
    shop: Shop, folder: Path
) -> None:
    held = held_order(shop)
    passport, address = (each.rfi_doc_id for each in held.requirements)
    file = folder / "Passport.pdf"
    right: dict[str, Any] = {passport: file, address: file}
    before = len(shop.sandbox.requests)
    wrong: dict[str, dict[str, Any]] = {
        rf"lacks {address} \(Proof of Address\)": {passport: file},
        "holds 'rfidoc_x', which is not asked for": {**right, "rfidoc_x": file},
        "holds 2 documents: 1 to 1 are taken": {**right, passport: [file, file]},
        "holds 0 documents": {**right, passport: []},
        "is no file and no document's id": {**right, address: folder / "missing.pdf"},
    }
    for message, files in wrong.items():
        with pytest.raises(ParameterError, match=message):
            shop.call(shop.glomo.rfis.answer, held, files)
    with pytest.raises(ParameterError, match="no document is asked for"):
        shop.call(shop.glomo.rfis.answer, order(shop), right)
    assert not any("document" in one or "rfi" in one for one in shop.requests[before:])


def test_a_refund_asks_by_its_documents_without_an_id() -> None:
    refund = testing.event(
        webhooks.RefundActionRequired,
        documents=[
            {"id": "doc_1", "type": "invoice", "rfi_doc_id": "rfidoc_1"},
            {"id": None, "type": "Passport", "rfi_doc_id": "rfidoc_2"},
            {"type": "invoice"},
        ],
    ).data
    (requirement,) = refund.requirements
    assert (requirement.rfi_doc_id, requirement.description) == ("rfidoc_2", "Passport")


def test_a_link_is_answered_as_an_order_is(shop: Shop, folder: Path) -> None:
    held = held_order(shop)
    link = shop.call(
        shop.glomo.payment_links.create,
        customer_id=held.customer_id,
        amount=10_000,
        currency="USD",
        purpose_code="P0802",
        expires_at=shop.sandbox.clock() + timedelta(days=7),
    )
    assert link.status == "action_required"
    files = {each.rfi_doc_id: folder / "Passport.pdf" for each in link.requirements}
    assert shop.call(shop.glomo.rfis.answer, link, files).status == "under_review"
