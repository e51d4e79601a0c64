"""A class for every documented event, and `data` as the resource's model."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
from typing import Any

import attrs
import pytest

from glomo import types, webhooks
from glomo.errors import DecodingError, SignatureError
from glomo.serialization.model import Model
from glomo.webhooks import testing
from glomo.webhooks.event import known_events
from glomo.webhooks.parsing import read_event

from .test_signatures import BODY, SIGNATURE
from .test_signatures import SECRET as VECTOR_SECRET

SECRET = "whsec_unit"

# As the vendor documents them.
CATALOGUE = {
    "payment": (
        "in_progress success failed action_required under_review funds_available "
        "compliance_action_required compliance_under_review compliance_approved "
        "compliance_rejected credited_to_beneficiary"
    ),
    "payment_link": "active paid expired cancelled failed action_required under_review",
    "orders": "active paid expired cancelled failed action_required under_review",
    "refund": "success failed action_required utr.updated",
    "payout": "pending_approval queued in_progress action_required success failed cancelled",
    "settlement": (
        "initiate pending_approval queued in_progress action_required success failed cancelled"
    ),
    "beneficiary": "active rejected",
    "internal_transfer": "success failed",
    "subscription": (
        "active authorized paused halted completed cancelled expired failed action_required "
        "under_review updated payment_method.updated"
    ),
    "virtual_account": "active inactive disabled",
    "balance": "balance.funded_balance.credited",
    "kyc_journey": (
        "initiated in_progress action_required under_review completed failed rejected expired"
    ),
    "merchant": "pending action_required success failed offboarded",
    "amc_folio_transaction": "allotment_pending folio_allotted units_allotted failed",
    "webhook_test": "test",
}
PAIRS = [(entity, kind) for entity, kinds in CATALOGUE.items() for kind in kinds.split()]

MODELS: dict[str, type[Model]] = {
    "payment": types.Payment,
    "payment_link": types.PaymentLink,
    "orders": types.Order,
    "refund": types.Refund,
    "payout": types.Payout,
    "settlement": types.Settlement,
    "beneficiary": types.Beneficiary,
    "internal_transfer": types.InternalTransfer,
    "subscription": types.Subscription,
    "virtual_account": types.VirtualAccount,
    "merchant": types.Merchant,
}


def parse(payload: dict[str, Any]) -> webhooks.Event:
    delivery = testing.signed(payload, secret=SECRET)
    return webhooks.parse(delivery.body, delivery.signature, SECRET)


def class_of(entity_type: str, event_type: str) -> type[webhooks.Event]:
    classes = {(entity, kind): cls for entity, kind, cls in known_events()}
    return classes[entity_type, event_type]


@pytest.mark.parametrize(("entity_type", "event_type"), PAIRS)
def test_every_documented_event_has_its_class(entity_type: str, event_type: str) -> None:
    cls = class_of(entity_type, event_type)
    event = parse(testing.payload(cls))
    assert type(event) is cls
    assert (event.entity_type, event.event_type) == (entity_type, event_type)
    assert getattr(webhooks, cls.__name__) is cls
    assert cls.__doc__
    if entity_type in MODELS:
        assert type(event.data) is MODELS[entity_type]


def test_no_class_is_without_a_documented_event() -> None:
    spellings = {("payment_link", "success"), ("orders", "success")}
    assert {(entity, kind) for entity, kind, _ in known_events()} - spellings == set(PAIRS)


def test_names_follow_one_rule() -> None:
    words = {"success": "succeeded", "active": "activated", "inactive": "deactivated"}
    words |= {"initiate": "initiated"}
    for entity_type, event_type, cls in known_events():
        if entity_type in ("balance", "webhook_test") or event_type == "success":
            continue
        entity = "".join(word.title() for word in entity_type.removesuffix("s").split("_"))
        parts = words.get(event_type, event_type).replace(".", "_").split("_")
        assert cls.__name__ == entity + "".join(part.title() for part in parts)


def test_events_match_by_class_and_data() -> None:
    match parse(testing.payload(webhooks.PayoutFailed, error_code="INVALID_BENE_IFSC")):
        case webhooks.PayoutSucceeded():
            pytest.fail("not this one")
        case webhooks.PayoutFailed(data=types.Payout(error_code=code)):
            assert code is types.PayoutErrorCode.INVALID_BENE_IFSC
        case _:
            pytest.fail("matched nothing")


def test_the_vendors_signature_vector_is_a_payout() -> None:
    # It illustrates signing, and lacks most fields of a payout.
    event = webhooks.parse(BODY, SIGNATURE, VECTOR_SECRET)
    assert isinstance(event, webhooks.PayoutSucceeded)
    assert (event.data.id, event.data.status) == ("payout_6a8fd80eo6coZ", "success")
    assert event.raw["amount"] == 250_000


def test_the_stub_of_the_documentation() -> None:
    data = {"id": "payt_686f7cc3pe69T", "status": "success"}
    event = parse({"entity_type": "payment", "event_type": "success", "data": data})
    assert isinstance(event, webhooks.PaymentSucceeded)


def test_the_order_sample_of_the_documentation() -> None:
    # A text where the API has a list, and an object where it has a list of them.
    payload = {
        "entity_type": "orders",
        "event_type": "paid",
        "data": {
            "id": "order_6819d8046mpKt",
            "customer_id": "cust_6819d7d0lrLvP",
            "document_id": None,
            "status": "paid",
            "currency": "USD",
            "amount": 10000,
            "purpose_code": "P0014",
            "invoice_number": None,
            "invoice_description": "",
            "invoice_amount": 0,
            "reference_number": "REF1234",
            "product": {"name": "product name", "description": "product description"},
            "payment_methods": "card",
            "created_at": "2025-05-06T09:36:04Z",
            "updated_at": "2025-05-08T13:12:54Z",
            "rfi_documents": {"rfi_doc_id": "rfi_doc_123", "name": "Passport"},
            "notes": {"key1": "value1", "key2": "value2"},
        },
    }
    event = parse(payload)
    assert isinstance(event, webhooks.OrderPaid)
    assert event.data.payment_methods == (types.PaymentMethodType.CARD,)
    assert event.data.rfi_documents == (
        types.RfiDocument(rfi_doc_id="rfi_doc_123", name="Passport"),
    )
    assert event.data.status is types.OrderStatus.PAID
    assert event.dedupe_key == "orders:order_6819d8046mpKt:paid:paid"


def test_a_paid_link_may_be_spelled_success() -> None:
    paid = testing.payload(webhooks.PaymentLinkPaid)
    event = parse({**paid, "event_type": "success"})
    assert isinstance(event, webhooks.PaymentLinkPaid)
    assert event.event_type == "success"
    # Both spellings of one event are one event.
    assert event.dedupe_key == parse(paid).dedupe_key


@pytest.mark.parametrize("data", [{"id": "x_1", "status": "new"}, {}, None])
def test_an_unknown_entity_stays_generic(data: dict[str, Any] | None) -> None:
    event = parse({"entity_type": "teleport", "event_type": "arrived", "data": data})
    assert type(event) is webhooks.Event
    assert event.data == event.raw == (data or {})


def test_an_unknown_event_of_a_known_entity_has_its_model() -> None:
    payload = testing.payload(webhooks.PayoutSucceeded)
    event = parse({**payload, "event_type": "reversed"})
    assert type(event) is webhooks.PayoutEvent
    assert event.event_type == "reversed"
    assert isinstance(event.data, types.Payout)


def test_an_unknown_status_passes() -> None:
    event = testing.event(webhooks.PayoutSucceeded, status="reversed")
    assert event.data.status == "reversed"
    assert not event.data.status.known


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": None}, "data.id"),
        ({"id": {"nested": 1}}, "data.id"),
        ({"status": 7.5}, "data.status"),
        ({"source_amount": "much"}, "data.source_amount"),
    ],
)
def test_data_that_does_not_fit_is_a_mapping_with_the_reason(
    changes: dict[str, Any], path: str
) -> None:
    payload = testing.payload(webhooks.PayoutSucceeded)
    payload["data"].update(changes)
    event = read_event(payload)
    assert isinstance(event, webhooks.UnreadableEvent)
    assert (event.entity_type, event.event_type) == ("payout", "success")
    assert event.event_class is webhooks.PayoutSucceeded
    assert event.data == payload["data"]
    assert event.path == path
    assert event.reason.startswith(path)
    assert event.dedupe_key  # it is still told apart from others


@pytest.mark.parametrize(
    "changes", [{"created_at": "yesterday"}, {"documents": 7}, {"notes": []}, {"payment_rail": 1.5}]
)
def test_an_odd_field_does_not_make_an_event_unreadable(changes: dict[str, Any]) -> None:
    # Only what identifies it, its status and its money must be right.
    payload = testing.payload(webhooks.PayoutSucceeded)
    payload["data"].update(changes)
    event = read_event(payload)
    assert isinstance(event, webhooks.PayoutSucceeded)
    ((name, value),) = changes.items()
    assert event.raw[name] == value
    assert not getattr(event.data, name)


@pytest.mark.parametrize("data", [[], "text", 7, True, [{"id": "payout_1"}]])
def test_data_that_is_no_object_loses_no_event(data: Any) -> None:
    event = parse({"entity_type": "payout", "event_type": "success", "data": data})
    assert isinstance(event, webhooks.UnreadableEvent)
    assert event.data == {}
    assert event.reason.startswith("data: expected an object")


def test_resources_whose_id_has_another_name() -> None:
    # Events are documented with `data.id`, the resources themselves have no such field.
    payload = testing.payload(webhooks.VirtualAccountActivated)
    del payload["data"]["account_id"]
    event = parse(payload)
    assert isinstance(event, webhooks.VirtualAccountActivated)
    assert event.data.account_id == "VA1001"
    payload = testing.payload(webhooks.MerchantSucceeded)
    del payload["data"]["id"]
    event = parse(payload)
    assert isinstance(event, webhooks.MerchantSucceeded)
    assert event.dedupe_key == "merchant:merch_68c777fcOOMpl:success:success"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"{}",
        b'{"entity_type":"payout"}',
        b'{"entity_type":"payout","event_type":""}',
        b'{"entity_type":7,"event_type":"success","data":{}}',
        b'{"entity_type":"payout","event_type":null,"data":{}}',
        b'\xef\xbb\xbf{"entity_type":"payout","event_type":"success","data":{}}',
        b'{"entity_type":"\xff","event_type":"success","data":{}}',
        b'{"entity_type":"payout","event_type":"success","data":{"amount":NaN}}',
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_signed_but_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(DecodingError):
        webhooks.parse(body, webhooks.sign(body, SECRET), SECRET)


def test_nothing_is_read_before_it_is_verified() -> None:
    body = b'{"a":' * 100_000
    with pytest.raises(SignatureError):
        webhooks.parse(body, "0" * 64, SECRET)


def test_amounts_are_never_floats() -> None:
    body = (
        b'{"data":{"id":"payout_1","source_amount":1000.0,"status":"success","x":0.1},'
        b'"entity_type":"payout","event_type":"success"}'
    )
    event = webhooks.parse(body, webhooks.sign(body, SECRET), SECRET)
    assert isinstance(event, webhooks.PayoutSucceeded)
    assert event.data.source_amount == 1000
    assert str(event.raw["x"]) == "0.1"


def test_events_are_frozen_and_travel() -> None:
    event = testing.event(webhooks.PayoutSucceeded)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.data = None  # type: ignore[misc, assignment]
    for other in (pickle.loads(pickle.dumps(event)), copy.deepcopy(event)):
        assert type(other) is webhooks.PayoutSucceeded
        assert other == event
        assert other.dedupe_key == event.dedupe_key
    assert testing.event(webhooks.PayoutSucceeded, id="payout_2") != event


def test_a_repr_shows_no_account_number() -> None:
    account = "9988776655443322"
    activated = testing.event(webhooks.VirtualAccountActivated, account_number=account)
    unknown = parse({"entity_type": "teleport", "event_type": "x", "data": {"account": account}})
    payload = testing.payload(webhooks.PayoutSucceeded, status=7, account_number=account)
    for event in (activated, unknown, read_event(payload)):
        assert account not in repr(event)
        assert re.match(r"\w+\('\w+', '\w+', data=", repr(event))


@pytest.mark.parametrize("package", ["glomo", "glomo_sync"])
def test_webhooks_are_imported_when_they_are_asked_for(package: str) -> None:
    script = (
        f"import sys, {package}; assert {package!r} + '.webhooks' not in sys.modules;"
        f"{package}.webhooks.verify"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)
