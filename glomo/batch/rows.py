"""One row of a batch: a payout that is to be made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Any, Self

from attrs import fields, frozen

from glomo.idempotency import request_id_for
from glomo.money import Money

from .spool import Spool


@frozen
class Row:
    """A payout to be made. Amounts are in minor units; exactly one of the two is set.

    `number` is the row as a spreadsheet counts it; it is no part of what is sent.
    """

    number: int
    reference: str
    beneficiary_id: str
    purpose_code: str
    source_currency: str
    destination_currency: str
    source_amount: int | None = None
    destination_amount: int | None = None
    payment_rail: str | None = None
    invoice_number: str | None = None
    documents: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_payload(cls, number: int, reference: str, payload: str) -> Self:
        """The row that has this canonical payload."""
        values: dict[str, Any] = json.loads(payload)
        values["documents"] = tuple(values.get("documents", ()))
        values["notes"] = tuple(values.get("notes", {}).items())
        return cls(number=number, reference=reference, **values)

    @property
    def amount(self) -> Money:
        """The amount that the row names: what leaves the balance, or what arrives."""
        if self.source_amount is not None:
            return Money(self.source_amount, self.source_currency)
        return Money(self.destination_amount or 0, self.destination_currency)

    @property
    def payload(self) -> dict[str, Any]:
        """The parameters of `payouts.create`, without `request_id`; only those that are given."""
        values: dict[str, Any] = {
            "beneficiary_id": self.beneficiary_id,
            "purpose_code": self.purpose_code,
            "source_currency": self.source_currency,
            "destination_currency": self.destination_currency,
            "source_amount": self.source_amount,
            "destination_amount": self.destination_amount,
            "payment_rail": self.payment_rail,
            "invoice_number": self.invoice_number,
            "documents": list(self.documents) or None,
            "notes": dict(self.notes) or None,
        }
        return {name: value for name, value in values.items() if value is not None}

    @property
    def canonical(self) -> str:
        """`canonical(self.payload)`, put together directly: every run needs that of every row."""
        text = f'{{"beneficiary_id":{quoted(self.beneficiary_id)}'
        if self.destination_amount is not None:
            text += f',"destination_amount":{self.destination_amount}'
        text += f',"destination_currency":{quoted(self.destination_currency)}'
        if self.documents:
            text += f',"documents":{_encode(self.documents)}'
        if self.invoice_number is not None:
            text += f',"invoice_number":{quoted(self.invoice_number)}'
        if self.notes:
            text += f',"notes":{_encode(dict(self.notes))}'
        if self.payment_rail is not None:
            text += f',"payment_rail":{quoted(self.payment_rail)}'
        text += f',"purpose_code":{quoted(self.purpose_code)}'
        if self.source_amount is not None:
            text += f',"source_amount":{self.source_amount}'
        return f'{text},"source_currency":{quoted(self.source_currency)}}}'


def row_spool() -> Spool[Row]:
    """A sequence of rows that stays small in memory."""
    return Spool(
        attrgetter(*(attribute.name for attribute in fields(Row))), lambda values: Row(*values)
    )


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(payload: Mapping[str, Any]) -> str:
    """A payload as text that is the same whenever the payload is."""
    return _encode(payload)


def flat_json(values: Mapping[str, str | int | None]) -> str:
    """Texts and whole numbers as a JSON object, without those that are `None`."""
    members = [
        f"{quoted(name)}:{value if value.__class__ is int else quoted(str(value))}"
        for name, value in values.items()
        if value is not None
    ]
    return f"{{{','.join(members)}}}"


def in_money(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A payload with its amounts as people read them."""
    values = dict(payload)
    for end in ("source", "destination"):
        if f"{end}_amount" in values:
            values[f"{end}_amount"] = Money(values[f"{end}_amount"], values[f"{end}_currency"])
    return values


def digest_of(text: str) -> str:
    """The fingerprint of a canonical payload."""
    return hashlib.sha256(text.encode()).hexdigest()


def request_id_of(batch: str, reference: str, generation: int) -> str:
    """The `request_id` of a row's generation. The first is `request_id_for(batch, reference)`.

    A later generation takes the place of a payout that failed. Its marker holds a line break, which
    no reference can, so that it never meets the id of another row.
    """
    marked = reference if generation == 1 else f"{reference}\n#{generation}"
    return request_id_for(batch, marked)


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[object, object]]:
    """The fields in which two payloads differ."""
    return {
        name: (before.get(name), now.get(name))
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    }
