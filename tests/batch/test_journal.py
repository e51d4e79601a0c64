"""The journal: whose it is, who may use it, and what it holds before anything is sent."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.batch import (
    Batch,
    ChangedRowsError,
    Entry,
    Identity,
    JournalError,
    JournalLockedError,
    JournalMismatchError,
    Report,
    RowStatus,
    SQLiteJournal,
    request_id_for,
)
from glomo.batch.rows import canonical, digest_of
from glomo.batch.sqlite_file import read_only
from glomo.batch.sqlite_history import history
from glomo.sandbox import Sandbox, sandbox_key

from .conftest import posts, row, rows, run

IDENTITY = Identity("b", "https://api.example/api", "sandbox", "merchant_sandbox")


PAYLOAD = canonical({"source_amount": 1, "source_currency": "USD"})


def entry(reference: str, state: RowStatus = RowStatus.NOT_SENT, number: int = 1) -> Entry:
    return Entry(
        reference,
        number,
        1,
        request_id_for("b", reference),
        PAYLOAD,
        digest_of(PAYLOAD),
        Money(1, "USD"),
        state,
    )


async def test_a_row_is_on_the_disk_with_its_request_id_before_it_is_sent(
    sandbox: Sandbox, journal: Path
) -> None:
    seen: list[tuple[str, RowStatus, str]] = []

    class Watching(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            # Another connection sees what is committed, and nothing else.
            _, _, entries = read_only(journal)
            seen.extend((one.reference, one.status, one.request_id) for one in entries)
            return await super().handle_async_request(request)

    async with httpx.AsyncClient(transport=Watching(sandbox.app)) as http:
        glomo = AsyncGlomo(
            sandbox_key(), base_url="http://x.localhost/api", http_client=http, rate_limit=None
        )
        await run(Batch.from_rows(rows(2), name="b"), glomo, journal, concurrency=1)
    first, second = (request_id_for("b", f"row-000{n}") for n in (1, 2))
    assert seen == [
        ("row-0001", RowStatus.UNKNOWN, first),
        ("row-0002", RowStatus.NOT_SENT, second),
        ("row-0001", RowStatus.ACCEPTED, first),
        ("row-0002", RowStatus.UNKNOWN, second),
    ]


async def test_the_journal_asks_the_disk_to_keep_every_write(journal: Path) -> None:
    book = SQLiteJournal(journal)
    await book.open(IDENTITY)
    try:
        assert book._connection is not None
        pragma = {
            name: book._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode")
        }
    finally:
        await book.close()
    assert pragma == {"synchronous": 2, "journal_mode": "wal"}
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600  # noqa: ASYNC240


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch": "october"}, "the batch b, this run is for october"),
        ({"environment": "production"}, "the environment sandbox, this run is for production"),
        ({"environment": None}, "the environment sandbox, this run is for unknown"),
        ({"address": "https://other/api"}, "this run is for https://other/api"),
        ({"subject": "merchant_2"}, "the account merchant_sandbox, this run is for merchant_2"),
    ],
)
async def test_a_journal_of_another_batch_or_target_is_refused(
    journal: Path, changes: dict[str, str | None], message: str
) -> None:
    await _create_journal(journal)
    with pytest.raises(JournalMismatchError, match=message):
        await SQLiteJournal(journal).open(attrs.evolve(IDENTITY, **changes))
    # It was let go of again.
    await _create_journal(journal)


async def test_rows_paid_in_the_sandbox_never_count_as_paid_for_good(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    await run(Batch.from_rows(rows(2), name="b"), make_client(), journal)
    before = len(sandbox.requests)
    live = make_client(sandbox_key(env="production"))
    batch = Batch.from_rows(rows(2), name="b")
    with pytest.raises(JournalMismatchError, match="the environment sandbox"):
        await run(batch, live, journal)
    assert len(sandbox.requests) == before
    # The same with a name given to the target, which stands for the address only.
    other = journal.with_name("other.journal")
    await run(Batch.from_rows(rows(2), name="b"), make_client(), other, target="local")
    with pytest.raises(JournalMismatchError, match="the environment sandbox"):
        await run(batch, live, other, target="local")


async def test_a_key_that_does_not_say_whose_it_is_must_know_the_journals_payouts(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    await run(Batch.from_rows(rows(2), name="b"), make_client("sk-one"), journal)
    elsewhere = Sandbox(rate_limit=None)
    with pytest.raises(JournalMismatchError, match="does not have payout_"):
        await run(Batch.from_rows(rows(3), name="b"), make_client("sk-two", of=elsewhere), journal)
    assert posts(elsewhere) == 0
    batch = Batch.from_rows(rows(3), name="b")
    await run(batch, make_client("sk-rotated"), journal)
    assert batch.report().ok


async def test_a_target_may_be_named_when_its_address_changes(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    one, two = (make_client(base_url=f"http://localhost:{port}/api") for port in (1, 2))
    await run(Batch.from_rows(rows(2), name="b"), one, journal, target="embedded sandbox")
    batch = Batch.from_rows(rows(2), name="b")
    assert await run(batch, two, journal, target="embedded sandbox") == []
    assert batch.report().ok
    with pytest.raises(JournalMismatchError, match="the address embedded sandbox"):
        await run(batch, two, journal)


async def test_a_row_that_was_sent_must_not_change(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    await run(Batch.from_rows(rows(3), name="b"), glomo, journal)
    before = len(sandbox.requests)
    changed = [
        row("row-0001", source_amount="1250.01"),
        row("row-0002"),
        row("row-0003", beneficiary_id="bene_other", **{"notes.a": "1"}),
        row("row-0004"),
    ]
    batch = Batch.from_rows(changed, name="b")
    with pytest.raises(ChangedRowsError) as refused:
        await run(batch, glomo, journal)
    assert [(one.number, one.reference) for one in refused.value.changes] == [
        (1, "row-0001"),
        (3, "row-0003"),
    ]
    assert refused.value.changes[0].differences == {
        "source_amount": (Money(125_000, "USD"), Money(125_001, "USD"))
    }
    assert "row 1, row-0001 (accepted): source_amount was 1250.00 USD, is now 1250.01 USD" in str(
        refused.value
    )
    assert "notes was empty" in str(refused.value)
    assert len(sandbox.requests) == before
    assert [one.status for one in read_only(journal)[2]] == [RowStatus.ACCEPTED] * 3
    report = batch.report()
    assert (report.accepted, report.not_sent) == (3, 1)
    assert report.discrepancies == (
        "the plan's total is 5000.01 USD, the journal's is 5000.00 USD",
    )


async def test_a_row_that_was_never_sent_may_change(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(2), name="b")
    batch.stop()
    assert await run(batch, glomo, journal) == []
    assert batch.report().not_sent == 2
    batch = Batch.from_rows([row("row-0001", source_amount="7.00"), row("row-0002")], name="b")
    await run(batch, glomo, journal)
    assert batch.report().ok
    assert sandbox.ledger.totals() == {"USD": 700 + 125_000}


async def test_a_second_run_is_kept_out(sandbox: Sandbox, glomo: AsyncGlomo, journal: Path) -> None:
    first = Batch.from_rows(rows(3), name="b")
    second = Batch.from_rows(rows(3), name="b")
    events = first.run(glomo, journal)
    await anext(events)
    with pytest.raises(JournalLockedError, match="another run is using the journal"):
        await run(second, glomo, journal)
    assert [event async for event in events] != []
    assert await run(second, glomo, journal) == []
    assert len(sandbox.ledger.payouts) == 3


async def test_a_second_process_is_kept_out_and_a_killed_one_lets_go(journal: Path) -> None:
    script = (
        "import anyio, sys\n"
        "from glomo.batch import Identity, SQLiteJournal\n"
        "async def main():\n"
        "    await SQLiteJournal(sys.argv[1]).open(Identity(*sys.argv[2:]))\n"
        "    print('open', flush=True)\n"
        "    sys.stdin.read()\n"
        "anyio.run(main)\n"
    )
    holder = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", script, str(journal), *attrs.astuple(IDENTITY)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(JournalLockedError, match="another run is using the journal"):
            await SQLiteJournal(journal).open(IDENTITY)
        holder.kill()
        holder.wait()
    await _create_journal(journal)


@pytest.mark.parametrize("content", [b"reference,amount\n" * 100, b"x"])
async def test_a_file_that_is_no_journal_is_refused_and_left_alone(
    journal: Path, content: bytes
) -> None:
    journal.write_bytes(content)  # noqa: ASYNC240
    with pytest.raises(JournalError, match="is not a journal of payouts"):
        await _create_journal(journal)
    with pytest.raises(JournalError, match="is not a journal of payouts"):
        await Report.from_journal(journal)
    assert journal.read_bytes() == content  # noqa: ASYNC240


async def test_other_unusable_journals_are_explained(tmp_path: Path, journal: Path) -> None:
    with pytest.raises(JournalError, match="is a folder"):
        await _create_journal(tmp_path)
    with pytest.raises(JournalError, match="there is no folder"):
        await _create_journal(tmp_path / "none" / "x.journal")
    with pytest.raises(JournalError, match="there is no journal"):
        await Report.from_journal(tmp_path / "none.journal")
    _sql(journal, "CREATE TABLE customers (id)")
    with pytest.raises(JournalError, match="is not a journal of payouts"):
        await _create_journal(journal)
    newer = tmp_path / "newer.journal"
    await _create_journal(newer)
    _sql(newer, "UPDATE meta SET value = '3' WHERE key = 'format'")
    with pytest.raises(JournalError, match="has format 3, this version reads 2"):
        await _create_journal(newer)


async def test_writes_of_many_at_once_share_transactions_and_all_arrive(journal: Path) -> None:
    book = SQLiteJournal(journal)
    await book.open(IDENTITY)
    commits: list[int] = []
    commit = book._commit

    def counted(entries: list[Entry]) -> None:
        commits.append(len(entries))
        commit(entries)

    book._commit = counted
    await asyncio.gather(*(book.write([entry(f"r{n}", number=n)]) for n in range(100)))
    references = [one.reference async for one in book.entries()]
    await book.close()
    assert references == [f"r{n}" for n in range(100)]
    assert sum(commits) == 100
    assert len(commits) < 10


async def test_a_write_that_fails_is_reported_to_each_that_waits(journal: Path) -> None:
    book = SQLiteJournal(journal)
    await book.open(IDENTITY)
    await book.write([entry("r1")])
    assert book._connection is not None
    book._connection.execute("DROP TABLE rows")
    outcomes = await asyncio.gather(
        book.write([entry("r2")]), book.write([entry("r3")]), return_exceptions=True
    )
    await book.close()
    assert all(isinstance(one, JournalError) for one in outcomes)
    with pytest.raises(JournalError, match="is not open"):
        await book.read(["r1"])


async def test_a_cancelled_writer_still_writes(journal: Path) -> None:
    book = SQLiteJournal(journal)
    await book.open(IDENTITY)
    writing = asyncio.create_task(book.write([entry("r1")]))
    await asyncio.sleep(0)
    writing.cancel()
    await book.close()
    _, _, entries = read_only(journal)
    assert [one.reference for one in entries] == ["r1"]


async def test_a_journal_that_cannot_be_written_stops_the_run(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    class Full(SQLiteJournal):
        async def write(self, entries: object) -> None:
            if sandbox.ledger.payouts:
                raise JournalError("disk full")
            await super().write(entries)  # type: ignore[arg-type]

    batch = Batch.from_rows(rows(20), name="b")
    with pytest.raises(JournalError, match="disk full"):
        await run(batch, glomo, Full(journal), concurrency=2)
    assert len(sandbox.ledger.payouts) <= 2
    await run(batch, glomo, journal)
    assert batch.report().ok
    assert set(sandbox.ledger.counts().values()) == {1}
    assert len(sandbox.ledger.payouts) == 20


async def _create_journal(path: Path) -> None:
    book = SQLiteJournal(path)
    try:
        await book.open(IDENTITY)
    finally:
        await book.close()


def _sql(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


async def test_new_rows_new_states_and_new_generations_can_be_written_together(
    journal: Path,
) -> None:
    book = SQLiteJournal(journal)
    await book.open(IDENTITY)
    before = [entry("settled"), entry("replaced", RowStatus.REJECTED), entry("moved")]
    await book.write(before)
    after = [
        attrs.evolve(before[0], status=RowStatus.ACCEPTED, payout_id="payout_1"),
        attrs.evolve(before[1], generation=2, request_id="r2", status=RowStatus.UNKNOWN),
        attrs.evolve(before[2], number=9, status=RowStatus.UNKNOWN),
        entry("new", RowStatus.UNKNOWN),
    ]
    await book.write(after)
    read = await book.read([one.reference for one in after])
    await book.write([attrs.evolve(after[1], status=RowStatus.ACCEPTED, payout_id="payout_2")])
    await book.close()
    assert read == {one.reference: one for one in after}
    assert history(journal) == [before[1]]


async def test_a_journal_has_one_lock_however_it_is_reached(tmp_path: Path) -> None:
    journal = SQLiteJournal(tmp_path / "b.journal")
    linked = tmp_path / "linked.journal"
    linked.symlink_to(journal.path)
    await journal.open(IDENTITY)
    try:
        with pytest.raises(JournalLockedError):
            await SQLiteJournal(linked).open(IDENTITY)
    finally:
        await journal.close()
    other = SQLiteJournal(linked)
    await other.open(IDENTITY)
    await other.close()
