"""What has become of a row."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from attrs import evolve, field, frozen

from glomo.diagnosis import Diagnosis
from glomo.models.payouts import Payout
from glomo.money import Money

from .advice import advice_for
from .journal import Entry, State
from .rows import Row


class RowStatus(StrEnum):
    """What a report says of a row."""

    ACCEPTED = "accepted"
    """The payout is made."""
    REJECTED = "rejected"
    """The API refused it, or the payout failed or was cancelled. `error_code` and `error` say."""
    UNKNOWN = "unknown"
    """It may or may not have been made: the next run looks it up before anything else."""
    NOT_SENT = "not_sent"
    """Nothing was made: the next run pays it."""


_STATUS = {
    State.PLANNED: RowStatus.NOT_SENT,
    State.SENT: RowStatus.UNKNOWN,
    State.UNKNOWN: RowStatus.UNKNOWN,
    State.ACCEPTED: RowStatus.ACCEPTED,
    State.REJECTED: RowStatus.REJECTED,
}


@frozen
class RowResult:
    """A row and what has become of it.

    Attributes:
        number: the row as a spreadsheet counts it.
        reference: the row's reference.
        status: what has become of it.
        amount: the amount that the row names: what leaves the balance, or what arrives.
        request_id: the idempotency key; `None` before the row is in the journal.
        payout_id, payout_status: of the payout, if there is one.
        error_code, error: why it was rejected, is unknown or was not sent.
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

    @property
    def advice(self) -> Diagnosis | None:
        """What the error code means and what to do about it, where that is known."""
        return advice_for(self.error_code)

    @classmethod
    def of_entry(cls, entry: Entry) -> Self:
        """What the journal says."""
        return cls(
            number=entry.number,
            reference=entry.reference,
            status=_STATUS[entry.state],
            amount=_amount(entry),
            request_id=entry.request_id,
            payout_id=entry.payout_id,
            payout_status=entry.payout_status,
            error_code=entry.error_code,
            error=entry.error,
        )

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """A row that is not in the journal."""
        return cls(row.number, row.reference, RowStatus.NOT_SENT, row.amount)

    def at(self, number: int) -> Self:
        """The same, where the file has the row now."""
        return self if number == self.number else evolve(self, number=number)


@frozen
class Event:
    """A row's fate, as a run settles it. `str(event)` is a line for a log.

    Attributes:
        result: the row and what has become of it.
        payout: the payout, where this run has seen one.
    """

    result: RowResult
    payout: Payout | None = field(default=None, repr=False)

    @property
    def reference(self) -> str:
        """The row's reference."""
        return self.result.reference

    @property
    def row(self) -> int:
        """The row's number, as a spreadsheet counts it."""
        return self.result.number

    @property
    def status(self) -> RowStatus:
        """What has become of the row."""
        return self.result.status

    @property
    def amount(self) -> Money:
        """The amount that the row names."""
        return self.result.amount

    @property
    def request_id(self) -> str | None:
        """The idempotency key."""
        return self.result.request_id

    @property
    def payout_id(self) -> str | None:
        """The payout, if there is one."""
        return self.result.payout_id

    @property
    def payout_status(self) -> str | None:
        """The payout's status as last seen."""
        return self.result.payout_status

    @property
    def error_code(self) -> str | None:
        """Why it was rejected, as the API's code."""
        return self.result.error_code

    @property
    def error(self) -> str | None:
        """Why it was rejected, is unknown or was not sent."""
        return self.result.error

    def __str__(self) -> str:
        why = self.error_code or self.error or self.payout_status or ""
        return f"{self.status.value.replace('_', ' ')} {self.reference} {why}".rstrip()


@frozen
class Accepted(Event):
    """The payout is made."""

    def __str__(self) -> str:
        return f"accepted {self.reference} {self.payout_id}"


@frozen
class Rejected(Event):
    """The API refused, or the payout failed or was cancelled."""

    __str__ = Event.__str__


@frozen
class Unknown(Event):
    """It may or may not have been made: the next run looks it up first."""

    __str__ = Event.__str__


@frozen
class NotSent(Event):
    """It could not be sent: the next run pays it."""

    __str__ = Event.__str__


_EVENTS: dict[RowStatus, type[Event]] = {
    RowStatus.ACCEPTED: Accepted,
    RowStatus.REJECTED: Rejected,
    RowStatus.UNKNOWN: Unknown,
    RowStatus.NOT_SENT: NotSent,
}


def event_of(entry: Entry, payout: Payout | None) -> Event:
    """The event for an entry as it stands now."""
    result = RowResult.of_entry(entry)
    return _EVENTS[result.status](result, payout)


def _amount(entry: Entry) -> Money:
    given: Any = entry.parameters
    for end in ("source", "destination"):
        if f"{end}_amount" in given:
            return Money(given[f"{end}_amount"], given[f"{end}_currency"])
    raise ValueError(f"the journal's entry of {entry.reference!r} has no amount")
