"""The operations of payment links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.http.operation import Operation, Replay, StateProbe
from glomo.models.payment_links import PaymentLink
from glomo.pagination import ListOperation
from glomo.resources._probes import PAYIN_FIELDS, answered, cancelled
from glomo.validation import payins


def _was_reviewed(_: Mapping[str, Any], link: Mapping[str, Any]) -> bool:
    return link.get("status") == "active"


CREATE = Operation(
    "payment_links.create",
    "POST",
    "/v1/payin",
    PaymentLink,
    Replay.NONE,
    find_out="Look for it in payment_links.list(customer_id=...) before creating it again.",
    check=payins.check_link,
    amounts={"amount": "currency", "invoice_amount": "currency"},
    echoes=PAYIN_FIELDS,
)
LIST = ListOperation("payment_links.list", "/v1/payin", PaymentLink)
RETRIEVE = Operation("payment_links.retrieve", "GET", "/v1/payin/{id}", PaymentLink)
UPDATE = Operation(
    "payment_links.update",
    "PATCH",
    "/v1/payin/{id}",
    PaymentLink,
    Replay.STATE,
    check=payins.check_times,
)
CANCEL = Operation(
    "payment_links.cancel",
    "PATCH",
    "/v1/payin/{id}/cancel",
    PaymentLink,
    Replay.STATE,
    probe=StateProbe("/v1/payin/{id}", cancelled),
)
UPDATE_RFI = Operation(
    "payment_links.update_rfi",
    "PATCH",
    "/v1/payin/{id}/update-rfi",
    PaymentLink,
    Replay.STATE,
    probe=StateProbe("/v1/payin/{id}", answered),
    check=payins.check_rfi_answers,
)
MOCK_MARK_REVIEWED = Operation(
    "payment_links.mock_mark_reviewed",
    "PATCH",
    "/v1/payin/{id}/mock_mark_reviewed",
    PaymentLink,
    Replay.MOCK,
    probe=StateProbe("/v1/payin/{id}", _was_reviewed),
)
