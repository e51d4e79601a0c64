"""The journal: what is known of every row, written down before and after it is sent."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from attrs import frozen


class State(StrEnum):
    """How far a row has come.

    planned -> sent -> accepted | rejected | unknown. A row that was certainly not carried out goes
    back to planned.
    """

    PLANNED = "planned"
    """Nothing of it was ever carried out."""
    SENT = "sent"
    """It is being sent, or a run was killed while it was: look it up."""
    ACCEPTED = "accepted"
    """The API has made the payout."""
    REJECTED = "rejected"
    """The API has refused, or the payout has failed or was cancelled."""
    UNKNOWN = "unknown"
    """It was sent and no answer could be had: look it up."""


OPEN = (State.SENT, State.UNKNOWN)
"""What is looked up before anything else is sent."""


@frozen
class Entry:
    """What the journal holds of one row.

    Attributes:
        reference: the row's, unique in the journal.
        number: the row's number in the file when it was last read.
        generation: 1, and one more each time that a new payout takes the place of a failed one.
        request_id: the idempotency key of this generation.
        payload: the payout's parameters as canonical JSON.
        digest: the payload's fingerprint.
        state: how far the row has come.
        payout_id, payout_status, payout_created_at: of the payout, once there is one.
        error_code, error: why it was rejected, or why its outcome is unknown.
    """

    reference: str
    number: int
    generation: int
    request_id: str
    payload: str
    digest: str
    state: State = State.PLANNED
    payout_id: str | None = None
    payout_status: str | None = None
    payout_created_at: datetime | None = None
    error_code: str | None = None
    error: str | None = None

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The payload, read."""
        parameters: dict[str, Any] = json.loads(self.payload)
        return parameters


@frozen
class Identity:
    """Whose journal it is. A journal of another batch, account or environment is refused.

    Attributes:
        batch: the batch's name.
        address: the API's address, or what stands for it.
        environment: of the key: `production`, `sandbox`, or `None` if the key does not say.
        subject: the account that the key says it is for, if it does.
    """

    batch: str
    address: str
    environment: str | None
    subject: str | None


class Journal(Protocol):
    """What a run needs of a journal. `SQLiteJournal` is the one that is built in.

    Another one, in a database that several machines share, must keep these promises: `write`
    returns only when its entries would survive a loss of power, and while one run has the journal
    open for a slice of rows, no other run can open it for the same rows.
    """

    async def open(self, identity: Identity) -> datetime:
        """Lock the journal for this run, making it if need be. If it raises, nothing is held.

        Returns:
            When the journal was made.

        Raises:
            JournalLockedError: another run has it.
            JournalMismatchError: it belongs to another batch or target.
            JournalError: it cannot be used.
        """
        ...

    async def close(self) -> None:
        """Let go of the journal, everything written. May be called twice."""
        ...

    async def read(self, references: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of some references, as far as there are any."""
        ...

    async def write(self, entries: Sequence[Entry]) -> None:
        """Put entries in, or in the place of those of the same reference: durably, all or none."""
        ...

    def entries(self) -> AsyncIterator[Entry]:
        """Every entry, in the order of the file."""
        ...
