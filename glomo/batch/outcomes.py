"""Sending a row and looking one up: what each response of the API means for the row."""

from __future__ import annotations

from typing import Any, Self

from attrs import frozen

from glomo import errors
from glomo.client import AsyncGlomo
from glomo.http.matching import describe, differences, pick
from glomo.models.payouts import Payout
from glomo.resources.payouts import CREATE

from .advice import CONFLICT
from .errors import JournalError
from .journal import Entry, RowStatus
from .results import details_of

INVALID = "INVALID_PARAMETER"
_LONGEST = 500
_HALTING = (
    errors.AuthenticationError,
    errors.PermissionDeniedError,
    errors.ConfigurationError,
    errors.ClosedError,
)
_NOT_CARRIED_OUT = (errors.ConnectError, errors.DeadlineError, errors.RateLimitError)
_UNPAID = ("failed", "cancelled")
# 408 is a lost response, and a 409 that is no duplicate is a conflict about who knows what.
_UNCLEAR = (408, 409)


@frozen
class Outcome:
    """What is known of a row after asking the API.

    Attributes:
        status: what has become of the row.
        payout: the payout, if the API has shown it.
        error_code, error: why there is none.
        settled: whether the API has said something that decides the row.
        halt: set if no other row can fare better.
    """

    status: RowStatus
    payout: Payout | None = None
    error_code: str | None = None
    error: str | None = None
    settled: bool = True
    halt: Exception | None = None

    @classmethod
    def of(cls, payout: Payout) -> Self:
        """What a payout means, by its own status."""
        if payout.status.value not in _UNPAID:
            return cls(RowStatus.ACCEPTED, payout)
        return cls(
            RowStatus.REJECTED,
            payout,
            None if payout.error_code is None else payout.error_code.value,
            payout.error_description or f"the payout is {payout.status.value}",
        )

    @classmethod
    def stopping(cls, status: RowStatus, error: Exception) -> Self:
        """Nothing more can be sent."""
        return cls(status, error=str(error), settled=False, halt=error)

    def apply_to(self, entry: Entry, *, earlier_unknown: bool) -> Entry:
        """The entry with this outcome in it.

        Args:
            entry: the entry.
            earlier_unknown: whether an attempt before this one may have been carried out. Then the
                row does not become `not sent`, and a refusal of the later attempt leaves the entry
                open. So does a conflict in any case: the payout that has the row's request_id may
                be its own, shown wrongly.
        """
        payout, status = self.payout, self.status
        if earlier_unknown and status is RowStatus.NOT_SENT:
            status = RowStatus.UNKNOWN
        was_refused = status is RowStatus.REJECTED and payout is None
        return entry.with_state(
            status,
            earlier_attempt_unknown=was_refused
            and (earlier_unknown or self.error_code == CONFLICT),
            payout_id=None if payout is None else payout.id,
            payout_status=None if payout is None else payout.status.value,
            payout_created_at=None if payout is None else payout.created_at,
            payout_details=None if payout is None else details_of(payout),
            error_code=self.error_code,
            error=None if self.error is None else self.error[:_LONGEST],
        )


async def send(glomo: AsyncGlomo, entry: Entry) -> Outcome:
    """Ask the API for the payout of an entry that the journal has as unknown.

    Raises:
        JournalError: the journal's guard in front of the wire says that this row is another's now.
    """
    try:
        payout = await glomo.payouts.create(**entry.parameters, request_id=entry.request_id)
    except JournalError:
        raise
    except _HALTING as error:
        return Outcome.stopping(RowStatus.NOT_SENT, error)
    except _NOT_CARRIED_OUT as error:
        return Outcome(RowStatus.NOT_SENT, error=str(error), settled=False)
    except errors.IdempotencyConflictError as error:
        return _conflict(entry, error.existing, describe(error.differences))
    except errors.ParameterError as error:
        return Outcome(RowStatus.REJECTED, error_code=INVALID, error=str(error))
    except errors.StatusError as error:
        return _refusal(entry, error)
    except errors.GlomoError as error:
        # The response was lost, or cannot be read: either way there may be a payout.
        return Outcome(RowStatus.UNKNOWN, error=str(error), settled=False)
    return _accepted(entry, payout)


def _accepted(entry: Entry, payout: Payout) -> Outcome:
    """What a payout means that is as asked: of a row that is paid again, the new one is meant."""
    if entry.generation > 1 and payout.request_id is None:
        return Outcome(
            RowStatus.UNKNOWN,
            error=f"{payout.id} shows no request_id: it may be the one that failed before",
            settled=False,
        )
    return Outcome.of(payout)


def _refusal(entry: Entry, error: errors.StatusError) -> Outcome:
    if isinstance(error, errors.UnprocessableError) and isinstance(error.object, Payout):
        differing = compare(entry, error.object)
        if differing:  # the response to another request
            text = f"the response shows another payout: {differing}"
            return Outcome(RowStatus.UNKNOWN, error=text, settled=False)
        return _accepted(entry, error.object)
    if not 400 <= error.status < 500 or error.status in _UNCLEAR:
        return Outcome(RowStatus.UNKNOWN, error=str(error), settled=False)
    return Outcome(
        RowStatus.REJECTED,
        error_code=error.code or f"HTTP_{error.status}",
        error=error.message or str(error),
    )


async def look_up(glomo: AsyncGlomo, entry: Entry) -> Outcome | None:
    """What the attempts at an entry have created, or `None` if the API shows nothing (yet)."""
    try:
        payouts = await glomo.payouts.list(request_id=entry.request_id).collect(limit=2)
    except JournalError:
        raise
    except _HALTING as error:
        return Outcome.stopping(entry.status, error)
    except errors.GlomoError as error:
        return Outcome(RowStatus.UNKNOWN, error=f"could not look it up: {error}", settled=False)
    row = pick(map(_row, payouts), entry.request_id)
    if row is None:
        if payouts:  # a list that was not filtered proves nothing
            return Outcome(
                RowStatus.UNKNOWN,
                error="could not look it up: the list shows other payouts",
                settled=False,
            )
        return None
    payout: Payout = row["payout"]
    differing = compare(entry, payout)
    if differing and payout.request_id is None:
        return Outcome(
            RowStatus.UNKNOWN,
            error=f"could not look it up: {payout.id} shows no request_id, and {differing}",
            settled=False,
        )
    return _conflict(entry, payout, differing) if differing else _accepted(entry, payout)


def _row(payout: Payout) -> dict[str, Any]:
    shown_request_id = {} if payout.request_id is None else {"request_id": payout.request_id}
    return {**shown_request_id, "status": payout.status.value, "payout": payout}


def _conflict(entry: Entry, existing: object, differing: str) -> Outcome:
    """The row's `request_id` is taken; whose it is goes into the text, as the row is not paid."""
    of = f"payout {existing.id}" if isinstance(existing, Payout) else "another payout"
    text = f"request_id {entry.request_id!r} belongs to {of}: {differing}"
    return Outcome(RowStatus.REJECTED, error_code=CONFLICT, error=text)


def compare(entry: Entry, payout: Payout) -> str:
    """In what a payout differs from what was asked; an empty text if it does not."""
    assert CREATE.lookup is not None
    fields = {**CREATE.lookup.compare, "request_id": "request_id"}
    requested = {**entry.parameters, "request_id": entry.request_id}
    actual = {name: getattr(payout, name) for name in fields.values()}
    return describe(differences(fields, requested, actual))
