"""The journal of a file that was paid: a file beside it, or rows in a database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from glomo.batch import Journal, Report, SQLiteJournal
from glomo.http.limiter import Limiter

from .connection import DEFAULT_RATE_LIMIT
from .output.console import err, say
from .payout_files import SiblingPaths, last_written, require_journal
from .postgres import opened, refuse_rehearsal
from .report.files import gather, write_files

if TYPE_CHECKING:
    from glomo.distributed import BatchProgress, Database


class JournalSource(Protocol):
    """Where the journal is, and how to read it."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        ...

    async def report(self) -> Report:
        """What it says. Nothing is written or sent."""
        ...

    def as_of(self) -> datetime:
        """When something was last noted in it."""
        ...

    async def progress(self) -> BatchProgress | None:
        """How far the workers are, if it is paid from many machines."""
        ...

    def journal(self) -> Journal:
        """The journal, not yet open."""
        ...

    def rate_limit(self, egress: str) -> int | Limiter:
        """The limit for reading what it tells of, as `connect` takes it.

        Args:
            egress: names the address from which this machine reaches the API.
        """
        ...

    def as_file(self, batch: str) -> AbstractAsyncContextManager[Path]:
        """It as a SQLite file, for as long as the block lasts."""
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """A journal beside the payout file."""

    path: Path

    @property
    def place(self) -> str:
        """The file."""
        return str(self.path)

    async def report(self) -> Report:
        """See `JournalSource.report`."""
        return await Report.from_journal(self.path)

    def as_of(self) -> datetime:
        """See `JournalSource.as_of`."""
        return last_written(self.path)

    async def progress(self) -> BatchProgress | None:
        """See `JournalSource.progress`."""
        return None

    def journal(self) -> Journal:
        """See `JournalSource.journal`."""
        return SQLiteJournal(self.path)

    def rate_limit(self, egress: str) -> int | Limiter:
        """See `JournalSource.rate_limit`."""
        return DEFAULT_RATE_LIMIT

    @asynccontextmanager
    async def as_file(self, batch: str) -> AsyncGenerator[Path]:
        """The file itself."""
        yield self.path


@dataclass(frozen=True, slots=True)
class DatabaseSource:
    """The journal of a batch that many machines pay."""

    database: Database
    batch: str

    @property
    def place(self) -> str:
        """That it is in a database; the address has a password in it."""
        return "in PostgreSQL"

    async def report(self) -> Report:
        """See `JournalSource.report`."""
        from glomo.distributed import batch_report  # noqa: PLC0415 - an extra

        return await batch_report(self.database, self.batch)

    def as_of(self) -> datetime:
        """Now: workers write at any time."""
        return datetime.now(UTC)

    async def progress(self) -> BatchProgress | None:
        """See `JournalSource.progress`."""
        from glomo.distributed import batch_progress  # noqa: PLC0415 - an extra

        return await batch_progress(self.database, self.batch)

    def journal(self) -> Journal:
        """See `JournalSource.journal`."""
        from glomo.distributed import PostgresJournal  # noqa: PLC0415 - an extra

        return PostgresJournal(self.database, self.batch)

    def rate_limit(self, egress: str) -> int | Limiter:
        """Shared with the workers behind the same address."""
        from glomo.distributed import PostgresLimiter  # noqa: PLC0415 - an extra

        return PostgresLimiter(self.database, DEFAULT_RATE_LIMIT, address=egress)

    @asynccontextmanager
    async def as_file(self, batch: str) -> AsyncGenerator[Path]:
        """A copy that is gone afterwards."""
        from glomo.distributed import export_journal  # noqa: PLC0415 - an extra

        with TemporaryDirectory(prefix="glomo-") as folder:
            copy = Path(folder) / "copy.journal"
            await export_journal(self.database, batch, copy)
            yield copy


@asynccontextmanager
async def journal_source(
    paths: SiblingPaths,
    *,
    journal: Path | None = None,
    postgres: str | None = None,
    name: str | None = None,
) -> AsyncGenerator[JournalSource]:
    """The journal of a file that was paid.

    Args:
        paths: the file and its siblings.
        journal: the journal's file, if it was named.
        postgres: the database, if it is in one.
        name: the batch's name, if that is not the file's.

    Raises:
        CommandError: the file has not been paid, or a rehearsal is sought in a database.
    """
    if paths.rehearsal:
        refuse_rehearsal(postgres)
    if not postgres:
        yield FileSource(require_journal(paths, journal))
        return
    async with opened(postgres) as database:
        yield DatabaseSource(database, name or paths.file.stem)


async def write_report_files(
    source: JournalSource,
    report: Report,
    paths: SiblingPaths,
    *,
    most_rows: int | None = None,
) -> list[tuple[str, Path]]:
    """Write results, page and workbook; returns what each is and where.

    Args:
        source: where the journal is.
        report: what it says.
        paths: the payout file and its siblings.
        most_rows: with more rows, only the results are written; left out, whatever it takes.
    """
    written = [("results", report.write_csv(paths.results))]
    if most_rows is not None and len(report) > most_rows:
        say(err(), f"glomo payouts report {paths.file} writes the report of so many rows")
        return written
    async with source.as_file(report.name) as path:
        written += write_files(gather(report, paths, path), paths)
    return written
