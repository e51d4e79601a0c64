"""The journal in PostgreSQL: one for all machines, open for a slice or for a whole batch."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from psycopg import errors

from glomo.batch.control import Stop
from glomo.batch.entry_rows import entry_of, values_of
from glomo.batch.errors import JournalMismatchError, PayoutClaimedError
from glomo.batch.journal import COLUMNS, Entry, EntryState, Identity, RowStatus
from glomo.batch.results import RowResult

from .database import Connection, Database
from .errors import FencedError, SliceDoneError, SliceTakenError
from .heartbeat import Heartbeat
from .lease import Lease
from .releasing import SliceEnd, release
from .tables import PLACE, create_or_check

log = logging.getLogger("glomo.distributed")

LEASE = 30.0
CHUNK = 2000
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM glomo_row WHERE batch = %s"  # noqa: S608
_STATES = (
    "SELECT reference, number, generation, digest, status, earlier_attempt_unknown, error_code "
    "FROM glomo_row WHERE batch = %s AND reference = ANY(%s)"
)
_UPSERT = (
    f"INSERT INTO glomo_row (batch, slice, {', '.join(COLUMNS)}) "  # noqa: S608
    f"VALUES ({', '.join(['%s'] * (len(COLUMNS) + 2))}) "
    "ON CONFLICT (batch, reference) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    + ", listed_payload = CASE WHEN glomo_row.listed_payload = excluded.payload THEN NULL "
    "ELSE glomo_row.listed_payload END"
)
_OPEN = "(status = 'unknown' OR earlier_attempt_unknown)"


class PostgresJournal:
    """A journal in a database that many machines share.

    Opened for a slice, it is what `pay_slice` works with; opened for the whole batch, it takes all
    slices at once: for reconciling, or for `Batch.run` without slices.

    Every write is refused unless the lease under which it was opened is still this one's: the
    writing transaction compares the slice's epoch, which a later holder has raised.

    Args:
        database: open.
        batch: the batch's name.
        slice: the slice's number; `None` for the whole batch.
        lease: seconds after which a silent holder loses it.
        stop: is set when somebody asks the batch to stop.
    """

    def __init__(
        self,
        database: Database,
        batch: str,
        slice: int | None = None,
        *,
        lease: float = LEASE,
        stop: Stop | None = None,
    ) -> None:
        self.batch = batch
        self.slice = slice
        # Not a parameter: the planner is to know which of the two it is.
        self._mine = "true" if slice is None else f"slice = {slice:d}"
        self.holder = f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:6]}"
        name = f"batch {batch!r}" if slice is None else f"slice {slice} of batch {batch!r}"
        self.lease = Lease(name, lease)
        self._stop = stop
        self._database = database
        self._epochs: dict[int, int] = {}
        self._heartbeat = Heartbeat(self._beat, lease / 3)

    def __repr__(self) -> str:
        return f"<PostgresJournal of {self.lease.name}>"

    # ----------------------------------------------------- opening and closing

    async def open(self, identity: Identity) -> datetime:
        """Take the lease. See `Journal.open`.

        Raises:
            SliceTakenError: another worker has the slice, or a part of the batch.
            SliceDoneError: nothing is left to do in the slice. Taking it would only keep the next
                plan waiting.
        """
        asked_at = self.lease.now()
        created_at = await self._database.run(lambda c: self._open(c, identity))
        self.lease.renew(asked_at)
        self._heartbeat.start()
        return created_at

    async def _open(self, connection: Connection, identity: Identity) -> datetime:
        created_at = await create_or_check(connection, identity)
        if self.slice is None:
            await connection.execute(
                "INSERT INTO glomo_slice (batch, slice) VALUES (%s, 0) ON CONFLICT DO NOTHING",
                (self.batch,),
            )
        cursor = await connection.execute(
            "SELECT slice, holder, coalesce(lease_until > clock_timestamp(), false), "
            "done_at IS NOT NULL FROM glomo_slice "
            "WHERE batch = %s AND (%s::int IS NULL OR slice = %s) ORDER BY slice FOR UPDATE",
            (self.batch, self.slice, self.slice),
        )
        slices = await cursor.fetchall()
        if not slices:
            raise JournalMismatchError(f"there is no {self.lease.name}: plan it first")
        held_slices = [(number, holder) for number, holder, is_held, _ in slices if is_held]
        if held_slices:
            number, holder = held_slices[0]
            raise SliceTakenError(f"slice {number} of batch {self.batch!r} is with {holder}")
        if self.slice is not None and slices[0][3]:
            raise SliceDoneError(f"{self.lease.name} is done")
        renewed = await connection.execute(
            "UPDATE glomo_slice SET epoch = epoch + 1, holder = %s, "
            "lease_until = clock_timestamp() + %s * interval '1 second' "
            "WHERE batch = %s AND slice = ANY(%s) RETURNING slice, epoch",
            (self.holder, self.lease.seconds, self.batch, [number for number, *_ in slices]),
        )
        self._epochs = {int(number): int(epoch) for number, epoch in await renewed.fetchall()}
        return created_at

    async def close(self, *, done: bool = False, problem: str | None = None) -> None:
        """Give the lease back.

        Args:
            done: nothing is left to do in the slice.
            problem: why the slice was given up: it is due again after a pause, which doubles with
                each time that this happens in a row.
        """
        await self._heartbeat.stop()
        epochs, self._epochs = self._epochs, {}
        self.lease.lose()
        if not epochs:
            return
        outcome = None if self.slice is None else SliceEnd(done=done, problem=problem)
        await self._database.run(lambda c: release(c, self.batch, epochs, outcome))

    async def _beat(self) -> None:
        """Renew the lease; notice that it is lost, or that the batch is to stop."""
        asked_at = self.lease.now()

        async def renew(connection: Connection) -> tuple[int, bool]:
            renewed = await connection.execute(
                "UPDATE glomo_slice s SET lease_until = clock_timestamp() + %s * interval "
                "'1 second' FROM unnest(%s::int[], %s::bigint[]) AS mine (slice, epoch) "
                "WHERE s.batch = %s AND s.slice = mine.slice AND s.epoch = mine.epoch",
                (self.lease.seconds, [*self._epochs], [*self._epochs.values()], self.batch),
            )
            cursor = await connection.execute(
                "SELECT stopped FROM glomo_batch WHERE batch = %s", (self.batch,)
            )
            row = await cursor.fetchone()
            return renewed.rowcount, bool(row and row[0])

        count, stopped = await self._database.run(renew)
        if stopped and self._stop is not None:
            self._stop.set()
        if count == len(self._epochs):
            self.lease.renew(asked_at)
        else:
            log.warning("the lease on %s was lost", self.lease.name)
            self.lease.lose()

    # ----------------------------------------------------------------- writing

    async def write(self, entries: Sequence[Entry]) -> None:
        """Put entries in, or in the place of those of the same reference. See `Journal.write`.

        Raises:
            FencedError: the lease is over; nothing was written.
        """
        if not entries:
            return

        async def put(connection: Connection) -> None:
            await self._fence(connection, [entry.reference for entry in entries])
            async with connection.cursor() as cursor:
                values = [(self.batch, self.slice or 0, *values_of(entry)) for entry in entries]
                await cursor.executemany(_UPSERT.encode(), values)

        try:
            await self._database.run(put)
        except errors.UniqueViolation as error:
            claims = await self._database.run(lambda c: self._claims(c, entries))
            if not claims:
                raise
            raise PayoutClaimedError(claims) from error

    async def _fence(self, connection: Connection, references: Sequence[str]) -> None:
        """Hold on to the slices of these rows until the transaction ends, if they are ours."""
        cursor = await connection.execute(
            "SELECT slice, epoch FROM glomo_slice WHERE batch = %s AND slice IN ("
            "  SELECT slice FROM glomo_row WHERE batch = %s AND reference = ANY(%s) "
            "  UNION SELECT %s) ORDER BY slice FOR SHARE",
            (self.batch, self.batch, list(references), self.slice or 0),
        )
        for number, epoch in await cursor.fetchall():
            if self._epochs.get(number) != epoch:
                self.lease.lose()
                raise FencedError(
                    f"slice {number} of batch {self.batch!r} has another holder: nothing was "
                    "written"
                )

    async def _claims(self, connection: Connection, entries: Sequence[Entry]) -> dict[str, str]:
        payout_ids = [entry.payout_id for entry in entries if entry.payout_id is not None]
        cursor = await connection.execute(
            "SELECT payout_id, reference FROM glomo_row WHERE batch = %s AND payout_id = ANY(%s)",
            (self.batch, payout_ids),
        )
        owners: dict[str, str] = dict(await cursor.fetchall())
        claims: dict[str, str] = {}
        for entry in entries:
            if entry.payout_id is not None:
                owner = owners.setdefault(entry.payout_id, entry.reference)
                if owner != entry.reference:
                    claims[entry.reference] = entry.payout_id
        return claims

    # ----------------------------------------------------------------- reading

    async def states(self, references: Sequence[str]) -> Mapping[str, EntryState]:
        """How the entries of some references stand, as far as there are any."""

        async def read(connection: Connection) -> dict[str, EntryState]:
            cursor = await connection.execute(_STATES, (self.batch, list(references)))
            return {row[0]: _state_of(row) for row in await cursor.fetchall()}

        return await self._database.run(read)

    async def read(self, references: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of some references, as far as there are any."""
        entries = await self._select("AND reference = ANY(%s)", list(references))
        return {entry.reference: entry for entry in entries}

    async def results(self, references: Sequence[str]) -> Mapping[str, RowResult]:
        """What a report says of some references, as far as there are any."""
        entries = await self.read(references)
        return {reference: RowResult.of_entry(entry) for reference, entry in entries.items()}

    async def by_payout(self, payout_ids: Sequence[str]) -> Mapping[str, Entry]:
        """The entries that have some payouts, by the payout's id."""
        entries = await self._select("AND payout_id = ANY(%s)", list(payout_ids))
        return {entry.payout_id: entry for entry in entries if entry.payout_id is not None}

    async def entries(self) -> AsyncIterator[Entry]:
        """Every entry of the slice or batch, in the order of the file."""
        async for entry in self._by_number("true"):
            yield entry

    async def open_entries(self) -> AsyncIterator[Entry]:
        """The entries of which a payout may exist that the journal does not know."""
        async for entry in self._by_number(_OPEN):
            yield entry

    async def accepted_entries(self) -> AsyncIterator[Entry]:
        """The accepted entries, those with the newest payouts first."""
        last: tuple[datetime | str, str] = ("infinity", "")
        while True:
            chunk = await self._select(
                "AND status = 'accepted' AND payout_created_at IS NOT NULL AND "
                "(payout_created_at, payout_id) < (%s::timestamptz, %s) AND "
                f"{self._mine} "
                "ORDER BY payout_created_at DESC, payout_id DESC LIMIT %s",
                *last,
                CHUNK,
            )
            for entry in chunk:
                yield entry
            if len(chunk) < CHUNK:
                break
            tail = chunk[-1]
            last = (tail.payout_created_at or "-infinity", tail.payout_id or "")
        async for entry in self._by_number("status = 'accepted' AND payout_created_at IS NULL"):
            yield entry

    async def count(self) -> int:
        """How many entries there are in the slice or batch."""

        async def read(connection: Connection) -> int:
            cursor = await connection.execute(
                f"SELECT count(*) FROM glomo_row WHERE batch = %s AND {self._mine}".encode(),  # noqa: S608
                (self.batch,),
            )
            row = await cursor.fetchone()
            return int(row[0]) if row else 0

        return await self._database.run(read)

    async def chunks(self, condition: str = "true") -> AsyncIterator[list[Entry]]:
        """Entries in the order of the file, some thousands at a time; for this package alone."""
        last: tuple[int, str] = (-1, "")
        while True:
            chunk = await self._select(
                f"AND {condition} AND {self._mine} AND "
                "(number, reference) > (%s, %s) ORDER BY number, reference LIMIT %s",
                *last,
                CHUNK,
            )
            yield chunk
            if len(chunk) < CHUNK:
                return
            last = (chunk[-1].number, chunk[-1].reference)

    async def _by_number(self, condition: str) -> AsyncIterator[Entry]:
        async for chunk in self.chunks(condition):
            for entry in chunk:
                yield entry

    async def _select(self, where: str, *values: Any) -> list[Entry]:
        async def read(connection: Connection) -> list[Entry]:
            query = f"{_SELECT} {where}".encode()
            cursor = await connection.execute(query, (self.batch, *values))
            return [entry_of(row, PLACE) for row in await cursor.fetchall()]

        return await self._database.run(read)


def _state_of(row: Sequence[Any]) -> EntryState:
    values: list[Any] = [*row[:4], RowStatus(row[4]), *row[5:]]
    return EntryState(*values)
