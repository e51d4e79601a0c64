"""What has become of a row, as runs and reports tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from attrs import evolve, field, frozen

from glomo.diagnosis import Diagnosis
from glomo.models.payouts import Payout
from glomo.money import Money

from .advice import advice_for
from .entry_rows import moment_of
from .journal import Entry, RowStatus
from .rows import Row, flat_json
from .spool import Spool


@frozen
class RowResult:
    """A row and what has become of it. `str(result)` is a line for a log.

    Attributes:
        number: the row as a spreadsheet counts it.
        reference: the row's reference.
        status: what has become of it.
        amount: the amount that the row names: what leaves the balance, or what arrives.
        request_id: the idempotency key; `None` before the row is in the journal.
        generation: 1, and one more for each payout that failed and was replaced.
        payout_id, payout_status, payout_created_at: of the payout, if there is one.
        error_code, error: why it was rejected, is unknown or was not sent.
        earlier_attempt_unknown: of a rejected row: an attempt before the refusal had no response,
            and may have been carried out all the same. Every run looks it up again.
        payout_details: what else is known of the payout, as JSON: see `details`.
    """

    number: int
    reference: str
    status: RowStatus
    amount: Money
    request_id: str | None = None
    payout_id: str | None = None
    payout_status: str | None = None
    error_code: str | None = None
    error: str | None = None
    generation: int = 1
    payout_created_at: datetime | None = None
    earlier_attempt_unknown: bool = False
    payout_details: str | None = field(default=None, repr=False)

    @property
    def advice(self) -> Diagnosis | None:
        """What the error code means and what to do about it, where that is known."""
        return advice_for(self.error_code)

    @property
    def open(self) -> bool:
        """Whether a payout may exist that nobody knows of yet."""
        return self.status is RowStatus.UNKNOWN or self.earlier_attempt_unknown

    @property
    def details(self) -> Mapping[str, Any]:
        """What else is known of the payout: amounts on both sides, rate, fees, bank reference.

        Keys, where the API has shown them: `source_amount`, `source_currency`,
        `destination_amount`, `destination_currency`, `rate`, `fx_fee`, `txn_fee` (amounts in minor
        units of the source), `utr`, `updated_at`.
        """
        details: dict[str, Any] = json.loads(self.payout_details or "{}")
        return details

    @classmethod
    def of_entry(cls, entry: Entry) -> Self:
        """What the journal says."""
        return cls(
            number=entry.number,
            reference=entry.reference,
            status=entry.status,
            amount=entry.amount,
            request_id=entry.request_id,
            generation=entry.generation,
            payout_id=entry.payout_id,
            payout_status=entry.payout_status,
            payout_created_at=entry.payout_created_at,
            error_code=entry.error_code,
            error=entry.error,
            earlier_attempt_unknown=entry.earlier_attempt_unknown,
            payout_details=entry.payout_details,
        )

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """A row that is not in the journal."""
        return cls(row.number, row.reference, RowStatus.NOT_SENT, row.amount)

    def at(self, number: int) -> Self:
        """The same, where the file has the row now."""
        return self if number == self.number else evolve(self, number=number)

    def __str__(self) -> str:
        why = self.error_code or self.error or self.payout_status or ""
        if self.status is RowStatus.ACCEPTED:
            why = self.payout_id or ""
        return f"{self.status.value.replace('_', ' ')} {self.reference} {why}".rstrip()


COLUMNS = (
    *("number", "reference", "status", "amount", "currency", "request_id", "payout_id"),
    *("payout_status", "error_code", "error", "generation", "payout_created_at"),
    *("earlier_attempt_unknown", "payout_details"),
)
"""The columns of a journal's table that make a result, in the order of `result_of`."""

_STATUSES = {status.value: status for status in RowStatus}


def result_of(values: Sequence[Any]) -> RowResult:
    """A result from plain values: what the journal has in `COLUMNS`, and what a spool holds.

    Raises:
        ValueError: a value is none that the SDK has written.
    """
    number, reference, status, minor, currency, *other_values = values
    (
        request_id,
        payout_id,
        payout_status,
        code,
        error,
        generation,
        created,
        earlier_unknown,
        details,
    ) = other_values
    row_status = _STATUSES.get(status)
    if row_status is None or type(number) is not int or type(generation) is not int:
        raise ValueError("its number, generation or status is none")
    moment = None if created is None else moment_of(created)
    return RowResult(
        number=number,
        reference=reference,
        status=row_status,
        amount=Money(minor, currency),
        request_id=request_id,
        payout_id=payout_id,
        payout_status=payout_status,
        error_code=code,
        error=error,
        generation=generation,
        payout_created_at=moment,
        earlier_attempt_unknown=bool(earlier_unknown),
        payout_details=details,
    )


def result_spool() -> Spool[RowResult]:
    """A sequence of results that stays small in memory."""
    return Spool(_pack, result_of)


def _pack(result: RowResult) -> tuple[Any, ...]:
    amount, created = result.amount, result.payout_created_at
    return (
        result.number,
        result.reference,
        result.status.value,
        amount.minor,
        amount.currency,
        result.request_id,
        result.payout_id,
        result.payout_status,
        result.error_code,
        result.error,
        result.generation,
        None if created is None else created.isoformat(),
        result.earlier_attempt_unknown,
        result.payout_details,
    )


def details_of(payout: Payout) -> str:
    """What a report tells of a payout beside its id and status, as JSON."""
    rate, fees = payout.mid_market_rate, payout.fees
    details: dict[str, str | int | None] = {
        "source_amount": payout.source_amount,
        "source_currency": payout.source_currency,
        "destination_amount": payout.destination_amount,
        "destination_currency": payout.destination_currency,
        "rate": None if rate is None or rate.rate is None else str(rate.rate),
        "fx_fee": _minor(None if fees is None else fees.fx_fee),
        "txn_fee": _minor(None if fees is None else fees.txn_fee),
        "utr": payout.utr,
        "updated_at": _text(payout.updated_at),
    }
    return flat_json(details)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.minor
