"""The journal: what is known of every row, written down before and after it is sent.

A row begins as `not_sent`. Before its first byte can be on the wire it is `unknown`, durably, and
stays so until the API says what has become of it: then it is `accepted` or `rejected`. Only a row
of which certainly no attempt was carried out goes back to `not_sent`. A process may be killed at
any moment: what it leaves as `unknown` is looked up before anything of it is sent again.

    not_sent -> unknown -> accepted | rejected

`rejected` may leave a question open: the API refused a repeated attempt while an earlier one had no
response, and may have been carried out late; or it showed a payout with other contents for the
row's `request_id`, which may have been a wrong response. Such an entry has
`earlier_attempt_unknown` set, and every run and every reconciliation looks it up again.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, Self

from attrs import frozen

from glomo.money import Money

from .rows import Row, digest_of, request_id_of

if TYPE_CHECKING:
    from .results import RowResult


class RowStatus(StrEnum):
    """What has become of a row."""

    NOT_SENT = "not_sent"
    """No payout exists: the next run pays it."""
    UNKNOWN = "unknown"
    """A payout may exist: it is being sent, or its response never came. It is looked up first."""
    ACCEPTED = "accepted"
    """The payout exists."""
    REJECTED = "rejected"
    """The API refused it, or the payout failed or was cancelled."""


COLUMNS = (
    "reference",
    "number",
    "generation",
    "request_id",
    "payload",
    "digest",
    "amount",
    "currency",
    "status",
    "earlier_attempt_unknown",
    "payout_id",
    "payout_status",
    "payout_created_at",
    "payout_details",
    "error_code",
    "error",
)
"""The columns of a row in every journal's table."""


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
        amount: the amount that the row names: what leaves the balance, or what arrives.
        status: what has become of the row.
        earlier_attempt_unknown: of a rejected row: an attempt before the refusal had no response,
            and may have been carried out all the same; or its `request_id` has another payout.
        payout_id, payout_status, payout_created_at: of the payout, once there is one.
        payout_details: what else a report tells of the payout, as JSON: see `PayoutDetails`.
        error_code, error: why it was rejected, or why its outcome is unknown.
    """

    reference: str
    number: int
    generation: int
    request_id: str
    payload: str
    digest: str
    amount: Money
    status: RowStatus = RowStatus.NOT_SENT
    earlier_attempt_unknown: bool = False
    payout_id: str | None = None
    payout_status: str | None = None
    payout_created_at: datetime | None = None
    payout_details: str | None = None
    error_code: str | None = None
    error: str | None = None

    @classmethod
    def of_row(cls, batch: str, row: Row, generation: int = 1) -> Self:
        """The entry of a row that was not sent yet."""
        payload = row.canonical
        return cls(
            reference=row.reference,
            number=row.number,
            generation=generation,
            request_id=request_id_of(batch, row.reference, generation),
            payload=payload,
            digest=digest_of(payload),
            amount=row.amount,
        )

    def with_state(
        self,
        status: RowStatus,
        *,
        earlier_attempt_unknown: bool = False,
        payout_id: str | None = None,
        payout_status: str | None = None,
        payout_created_at: datetime | None = None,
        payout_details: str | None = None,
        error_code: str | None = None,
        error: str | None = None,
    ) -> Self:
        """The same row and request in another state. What is left out of the state is gone.

        Written out for speed: every row passes here twice.
        """
        return type(self)(
            self.reference,
            self.number,
            self.generation,
            self.request_id,
            self.payload,
            self.digest,
            self.amount,
            status,
            earlier_attempt_unknown,
            payout_id,
            payout_status,
            payout_created_at,
            payout_details,
            error_code,
            error,
        )

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The payload, read."""
        parameters: dict[str, Any] = json.loads(self.payload)
        return parameters

    @property
    def open(self) -> bool:
        """Whether a payout may exist that the journal does not know."""
        return self.status is RowStatus.UNKNOWN or self.earlier_attempt_unknown


@frozen
class EntryState:
    """As much of an entry as a run needs to see that it has nothing to do."""

    reference: str
    number: int
    generation: int
    digest: str
    status: RowStatus
    earlier_attempt_unknown: bool
    error_code: str | None


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

    def mismatch(self, run: Identity) -> str | None:
        """In what a run is not for this journal, as a sentence's end; `None` if it is."""
        meanings = {
            "batch": "the batch",
            "environment": "the environment",
            "address": "the address",
            "subject": "the account",
        }
        for key, meaning in meanings.items():
            recorded, requested = getattr(self, key), getattr(run, key)
            if recorded != requested:
                return (
                    f"{meaning} {recorded or 'unknown'}, this run is for {requested or 'unknown'}"
                )
        return None


class Journal(Protocol):
    """What a run needs of a journal.

    `SQLiteJournal` keeps it in a file; `glomo.distributed.PostgresJournal` in a database that many
    machines share. Another one must keep two promises: `write` returns only when its entries would
    survive a loss of power, and no two runs can have the same rows open at the same time.
    """

    async def open(self, identity: Identity) -> datetime:
        """Take the journal for this run, creating it if need be. If it raises, nothing is held.

        Returns:
            When the journal was created.

        Raises:
            JournalLockedError: another run has it.
            JournalMismatchError: it belongs to another batch or target.
            JournalError: it cannot be used.
        """
        ...

    async def close(self) -> None:
        """Let go of the journal, everything written. May be called twice."""
        ...

    async def states(self, references: Sequence[str]) -> Mapping[str, EntryState]:
        """How the entries of some references stand, as far as there are any."""
        ...

    async def read(self, references: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of some references, as far as there are any."""
        ...

    async def results(self, references: Sequence[str]) -> Mapping[str, RowResult]:
        """What a report says of some references, as far as there are any."""
        ...

    async def write(self, entries: Sequence[Entry]) -> None:
        """Put entries in, or in the place of those of the same reference: durably, all or none.

        An entry of a new generation keeps the one before it in the journal's history.

        Raises:
            PayoutClaimedError: an entry names a payout that another row has.
        """
        ...

    def entries(self) -> AsyncIterator[Entry]:
        """Every entry, in the order of the file."""
        ...

    def open_entries(self) -> AsyncIterator[Entry]:
        """The entries of which a payout may exist that the journal does not know."""
        ...

    def accepted_entries(self) -> AsyncIterator[Entry]:
        """The accepted entries, those with the newest payouts first."""
        ...

    async def by_payout(self, payout_ids: Sequence[str]) -> Mapping[str, Entry]:
        """The entries that have some payouts, by the payout's id."""
        ...

    async def count(self) -> int:
        """How many entries there are."""
        ...
