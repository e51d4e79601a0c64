"""The operations of payments, and the rules of charging a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.http.operation import Lookup, Operation, Replay, StateProbe
from glomo.models.payments import CreatedPayment, EligiblePayin, Payment, PaymentSequence
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation
from glomo.serialization.model import OMIT
from glomo.validation import Checks

from ._probes import answered


def _funds_are_available(_: Mapping[str, Any], payment: Mapping[str, Any]) -> bool:
    return payment.get("funds_available") is True


CREATE = Operation(
    "payments.create",
    "POST",
    "/v1/payment",
    CreatedPayment,
    Replay.REQUEST_ID,
    lookup=Lookup(
        "/v1/payment",
        {
            "order_id": "payin_id",
            "subscription_id": "subscription_id",
            "amount": "requested_amount",
            "currency": "requested_currency",
        },
    ),
)
LIST = ListOperation("payments.list", "/v1/payment", Payment)
RETRIEVE = Operation("payments.retrieve", "GET", "/v1/payment/{id}", Payment)
LIST_ELIGIBLE_PAYINS = ListOperation(
    "payments.list_eligible_payins", "/v1/payment/{id}/eligible-payins", EligiblePayin, pinned=False
)
CONNECT_PAYIN = Operation(
    "payments.connect_payin",
    "POST",
    "/v1/payment/{id}/connect-payin",
    UndocumentedResponse,
    Replay.NONE,
    find_out="Read the payment: its payin_id tells whether it is connected.",
)
UPDATE_RFI = Operation(
    "payments.update_rfi",
    "PATCH",
    "/v1/payment/{id}/update_rfi",
    Payment,
    Replay.STATE,
    probe=StateProbe("/v1/payment/{id}", answered),
)
CREATE_MOCK = Operation("payments.create_mock", "POST", "/v1/payment/mock", Payment, Replay.MOCK)
MOCK_FUNDS_AVAILABLE = Operation(
    "payments.mock_funds_available",
    "PATCH",
    "/v1/payment/{id}/mock-funds-available",
    Payment,
    Replay.MOCK,
    probe=StateProbe("/v1/payment/{id}", _funds_are_available),
    unwrap="data",
)


def check_charge(checks: Checks, body: Mapping[str, Any]) -> None:
    """A first payment brings a card, a later one its amount."""
    checks.exactly_one("order_id", "subscription_id")
    checks.prefix("order_id", "order_")
    checks.prefix("subscription_id", "sub_")
    if body["sequence"] == PaymentSequence.SUBSEQUENT:
        checks.present("subscription_id", "amount", "currency")
        if body["method"] is not OMIT:
            checks.refuse("method", "goes with a first payment: leave it out")
    else:
        checks.present("card", "callback_url")
    url = body["callback_url"]
    if url is not OMIT and not str(url).startswith("https://"):
        checks.refuse("callback_url", f"must start with https://, not {url!r}")
    checks.minor_units("amount")
    checks.currency("currency")
    checks.request_id()


def check_card(checks: Checks, where: str, value: object) -> None:
    """Refuse here what cannot be sent: a later refusal would quote it, and this is card data."""
    if isinstance(value, Mapping):
        for name, entry in value.items():  # pyright: ignore[reportUnknownVariableType]
            check_card(checks, f"{where}.{name}", entry)  # pyright: ignore[reportUnknownArgumentType]
    elif value is not OMIT and value is not None and not isinstance(value, (str, int)):
        checks.refuse(where, f"must be text or a whole number, not {type(value).__name__}")
