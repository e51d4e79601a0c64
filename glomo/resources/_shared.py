"""Parts of objects that several resources have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from glomo.checks import Checks
from glomo.model import OMIT, Model, OpenEnum, Params, model
from glomo.money import Money

Notes = Mapping[str, str]
"""Custom key-value pairs; keys and values are text."""


def money(minor: int | None, currency: str | None) -> Money | None:
    """An amount and its currency together, if the API sent both."""
    return None if minor is None or currency is None else Money(minor, currency.upper())


def answered(_: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether an RFI on the object has been answered, as `Reached` asks."""
    return now.get("status") != "action_required"


def cancelled(_: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the object is cancelled, as `Reached` asks."""
    return now.get("status") == "cancelled"


class DocumentStatus(OpenEnum):
    """How far a document's review has come."""

    PENDING = "pending"
    UPLOADED = "uploaded"
    REJECTED = "rejected"
    APPROVED = "approved"


@model
class AttachedDocument(Model):
    """A document attached to something. `rfi_doc_id` is set if it answers an RFI."""

    id: str | None = None
    type: str | None = None
    status: DocumentStatus | None = None
    rfi_doc_id: str | None = None


@model
class ConversionRate(Model):
    """A rate: one unit of the source is `rate` units of `currency`."""

    currency: str | None = None
    rate: Decimal | None = None


@model
class Fees(Model):
    """Fees by kind."""

    fx_fee: Money | None = None
    txn_fee: Money | None = None


@model
class TaxLine(Model):
    """A tax. `amount` is in minor units of `currency`; `bps` is the rate (1800 is 18 %)."""

    name: str | None = None
    amount: int | None = None
    currency: str | None = None
    bps: Decimal | None = None


@model
class RfiAnswer(Params):
    """A document (`id`) that answers one requirement (`rfi_doc_id`) of an RFI."""

    id: str
    rfi_doc_id: str


def check_rfi_answers(checks: Checks | None, documents: Any) -> None:
    """Documents for an RFI: at least one, each with both of its ids."""
    if checks is None:
        return
    if not documents:
        checks.refuse("documents", "needs at least one answer: {'id': ..., 'rfi_doc_id': ...}")
    for n, entry in enumerate(documents):
        for key in ("id", "rfi_doc_id"):
            value = get(entry, key)
            if not isinstance(value, str) or not value:
                checks.refuse(f"documents[{n}].{key}", "is required")


def get(entry: Any, name: str) -> Any:
    """A field of a nested parameter, which is a `Params` or a mapping; `None` if left out."""
    read: Any = entry
    value: Any = read.get(name) if isinstance(entry, Mapping) else getattr(read, name, None)
    return None if value is OMIT else value
