"""Which kind of object an id belongs to.

The API's ids begin with their kind: `payout_...` is never an order. So a response that shows an id
of another kind is not the response to the request, whatever else it holds.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, cast

from glomo.serialization.model import Model, fields_of, wire_name

PREFIXES: Mapping[str, tuple[str, ...]] = {
    "BalanceConversion": ("conv",),
    "BankAccountValidation": ("aval",),
    "Beneficiary": ("bene", "ben"),
    "BeneficiaryV1": ("bene", "ben"),
    "CreatedPayment": ("payt",),
    "Customer": ("cust",),
    "Document": ("doc",),
    "InternalTransfer": ("inttransfer",),
    "LrsBankAccount": ("acclrs",),
    "LrsQuote": ("quote",),
    "Merchant": ("merch",),
    "Order": ("order",),
    "Payment": ("payt",),
    "PaymentLink": ("plink", "payin", "addfunds"),
    "Payout": ("payout", "pout"),
    "Price": ("price",),
    "Refund": ("refund", "refu"),
    "Rfi": ("rfi",),
    "Settlement": ("setl",),
    "Subscription": ("sub",),
    "Withdrawal": ("payout", "pout"),  # these are the same ids
    "WithdrawalAccount": ("accwith",),
}
"""By a model's name, how its ids begin. A model that is not here may have any id."""

_KNOWN = frozenset(prefix for prefixes in PREFIXES.values() for prefix in prefixes)

IDENTITIES = ("id", "merchant_id", "account_id")
"""The field that tells an object from all others; every model has one of them at most."""


def prefix_of(id: object) -> str:
    """How an id begins."""
    return str(id).partition("_")[0]


def is_of_another_kind(result: type[Any], id: object) -> bool:
    """Whether an id is known to be that of another kind of object than an operation's result."""
    own = PREFIXES.get(result.__name__)
    if own is None:
        return False
    prefix, separator, _ = str(id).partition("_")
    return bool(separator) and prefix not in own and prefix in _KNOWN


def shares_no_field(result: type[Any], value: Mapping[str, Any]) -> bool:
    """Whether an object has fields, and none of an operation's result."""
    names = wire_names(result)
    return bool(names) and bool(value) and names.isdisjoint(value)


def shows_identity(result: type[Any], value: Any) -> bool:
    """Whether a response is an object of the result's kind for sure, even if it does not fit."""
    if value.__class__ is not dict:
        return False
    names = wire_names(result)
    ids = [value[name] for name in IDENTITIES if name in names and name in value]
    own = PREFIXES.get(result.__name__)
    return any(own is None or prefix_of(id) in own for id in ids)


def wire_names(result: type[Any]) -> frozenset[str]:
    """The names of a model's fields in the API's JSON; none if its response is not documented."""
    return _wire_names(cast("Hashable", result))


@cache
def _wire_names(result: Hashable) -> frozenset[str]:
    if not (isinstance(result, type) and issubclass(result, Model)):
        return frozenset()
    names = {a.name: wire_name(a) for a in fields_of(result)}
    names.pop("extra", None)
    return frozenset() if "value" in names else frozenset(names.values())
