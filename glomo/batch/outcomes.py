"""Sending a row and looking one up: what each answer of the API means for the row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Self, TypeVar

from attrs import evolve, frozen

from glomo import errors
from glomo.client import AsyncGlomo
from glomo.http.matching import describe, differences
from glomo.models.payouts import Payout
from glomo.resources.payouts import CREATE

from .advice import CONFLICT
from .journal import Entry, State

T = TypeVar("T")

_LONGEST = 500
_HALTING = (
    errors.AuthenticationError,
    errors.PermissionDeniedError,
    errors.ConfigurationError,
    errors.ClosedError,
)
_NOT_DONE = (errors.ConnectError, errors.DeadlineError, errors.RateLimitError)
_UNPAID = ("failed", "cancelled")
# 408 is a lost answer, and a 409 that is no duplicate is a conflict about who knows what.
_UNCLEAR = (408, 409)


@frozen
class Outcome:
    """What is known of a row after asking the API.

    `answered` is false if the API said nothing that decides the row; `halt` is set if no other row
    can fare better.
    """

    state: State
    payout: Payout | None = None
    error_code: str | None = None
    error: str | None = None
    answered: bool = True
    halt: Exception | None = None

    @classmethod
    def of(cls, payout: Payout) -> Self:
        """What a payout means, by its own status."""
        unpaid = payout.status.value in _UNPAID
        if not unpaid:
            return cls(State.ACCEPTED, payout)
        return cls(
            State.REJECTED,
            payout,
            None if payout.error_code is None else payout.error_code.value,
            payout.error_description or f"the payout is {payout.status.value}",
        )

    @classmethod
    def stopping(cls, state: State, error: Exception) -> Self:
        """Nothing more can be sent."""
        return cls(state, error=str(error), answered=False, halt=error)

    def onto(self, entry: Entry) -> Entry:
        """The entry with this outcome in it."""
        payout = self.payout
        created: datetime | None = None if payout is None else payout.created_at
        return evolve(
            entry,
            state=self.state,
            payout_id=None if payout is None else payout.id,
            payout_status=None if payout is None else payout.status.value,
            payout_created_at=created,
            error_code=self.error_code,
            error=None if self.error is None else self.error[:_LONGEST],
        )


NextTurn = Callable[[], Awaitable[bool]]
"""Waits, and says whether to try again: for rows that the rate limit had no place for."""


async def send(glomo: AsyncGlomo, entry: Entry, next_turn: NextTurn) -> Outcome:
    """Ask the API for the payout of an entry that the journal has as sent."""

    async def create() -> Payout:
        return await glomo.payouts.create(**entry.parameters, request_id=entry.request_id)

    try:
        payout = await _in_turn(create, next_turn)
    except _HALTING as error:
        return Outcome.stopping(State.PLANNED, error)
    except _NOT_DONE as error:
        return Outcome(State.PLANNED, error=str(error), answered=False)
    except errors.IdempotencyConflictError as error:
        return _conflict(entry, error.existing, describe(error.differences))
    except errors.ParameterError as error:
        return Outcome(State.REJECTED, error_code="INVALID_PARAMETER", error=str(error))
    except errors.StatusError as error:
        return _refused(error)
    except errors.GlomoError as error:
        # The answer was lost, or cannot be read: either way there may be a payout.
        return Outcome(State.UNKNOWN, error=str(error), answered=False)
    return Outcome.of(payout)


def _refused(error: errors.StatusError) -> Outcome:
    if isinstance(error, errors.UnprocessableError) and isinstance(error.object, Payout):
        return Outcome.of(error.object)
    if not 400 <= error.status < 500 or error.status in _UNCLEAR:
        return Outcome(State.UNKNOWN, error=str(error), answered=False)
    code = error.code or f"HTTP_{error.status}"
    return Outcome(State.REJECTED, error_code=code, error=error.message or str(error))


async def look_up(glomo: AsyncGlomo, entry: Entry, next_turn: NextTurn) -> Outcome | None:
    """What an earlier attempt at an entry has made, or `None` if it made nothing."""

    async def find() -> list[Payout]:
        return await glomo.payouts.list(request_id=entry.request_id).collect(limit=2)

    try:
        found = await _in_turn(find, next_turn)
    except _HALTING as error:
        return Outcome.stopping(entry.state, error)
    except errors.GlomoError as error:
        return Outcome(State.UNKNOWN, error=f"could not look it up: {error}", answered=False)
    payout = _mine(found, entry.request_id)
    if payout is None:
        return None
    changed = compare(entry, payout)
    if changed:
        return _conflict(entry, payout, changed)
    return Outcome.of(payout)


def _conflict(entry: Entry, existing: object, differences: str) -> Outcome:
    """The row's `request_id` is taken; whose it is goes into the text, as the row is not paid."""
    of = f"payout {existing.id}" if isinstance(existing, Payout) else "another payout"
    said = f"request_id {entry.request_id!r} belongs to {of}: {differences}"
    return Outcome(State.REJECTED, error_code=CONFLICT, error=said)


async def _in_turn(call: Callable[[], Awaitable[T]], next_turn: NextTurn) -> T:
    """Call, and again for as long as the client itself had no place for it."""
    while True:
        try:
            return await call()
        except errors.DeadlineError as error:
            if error.attempts or not await next_turn():
                raise


def compare(entry: Entry, payout: Payout) -> str:
    """In what a payout differs from what was asked; an empty text if it does not."""
    assert CREATE.lookup is not None
    existing = {name: getattr(payout, name) for name in CREATE.lookup.compare.values()}
    return describe(differences(CREATE.lookup.compare, entry.parameters, existing))


def _mine(found: list[Payout], request_id: str) -> Payout | None:
    for payout in found:
        if payout.request_id == request_id:
            return payout
    if len(found) == 1 and found[0].request_id is None:
        return found[0]
    return None
