"""The operations of payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.http.operation import Lookup, Operation, Replay, StateProbe
from glomo.models.payments import (
    ComplianceStatus,
    CreatedPayment,
    EligiblePayin,
    Payment,
    PaymentStatus,
)
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation
from glomo.validation import payins

from ._probes import answered, same_names


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
    check=payins.check_charge,
    amounts={"amount": "currency"},
)
LIST = ListOperation("payments.list", "/v1/payment", Payment, check=payins.check_payment_filters)
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
    check=payins.check_rfi_answers,
)
CREATE_MOCK = Operation(
    "payments.create_mock",
    "POST",
    "/v1/payment/mock",
    Payment,
    Replay.MOCK,
    check=payins.check_mock_payment,
    amounts={"amount": "currency"},
    echoes=same_names("payin_id"),
)
MOCK_FUNDS_AVAILABLE = Operation(
    "payments.mock_funds_available",
    "PATCH",
    "/v1/payment/{id}/mock-funds-available",
    Payment,
    Replay.MOCK,
    probe=StateProbe("/v1/payment/{id}", _funds_are_available),
    unwrap="data",
)


def is_usable(payment: Payment) -> bool:
    """Whether the money is there."""
    return payment.funds_available is True


def is_lost(payment: Payment) -> bool:
    """Whether the money will never be there."""
    return (
        payment.status == PaymentStatus.FAILED
        or payment.compliance_status == ComplianceStatus.REJECTED
    )
