"""What the lists of orders and of payment links have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.store import Record

from . import fields


def filter_of(query: Mapping[str, str], statuses: Collection[str]) -> Callable[[Record], bool]:
    """Accepts the payins of a customer and with a status, if the query names them."""
    customer_id, status = query.get("customer_id"), query.get("status")
    if customer_id and not customer_id.startswith("cust_"):
        raise bad_request("Invalid customer_id")
    if status:
        fields.choice("status", status, statuses)
    return lambda payin: (
        (not customer_id or payin["customer_id"] == customer_id)
        and (not status or payin["status"] == status)
    )
