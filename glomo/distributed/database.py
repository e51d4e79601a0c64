"""The connection to PostgreSQL: a small pool, and patience while the server restarts."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import anyio
from psycopg import AsyncConnection, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from glomo.batch.errors import JournalError

from .migrations import migrate

T = TypeVar("T")
Connection = AsyncConnection[tuple[Any, ...]]

log = logging.getLogger("glomo.distributed")

_PAUSE = 0.2
_LONGEST_PAUSE = 5
"""Seconds that a transaction may pause before the server ends it, and lets go of its locks."""

_GONE = (errors.OperationalError, errors.InterfaceError, PoolTimeout)


class Database:
    """A PostgreSQL database that holds the journals of many machines.

        async with Database("postgresql://db/payouts") as database:
            ...

    Args:
        dsn: a connection string or URL.
        size: connections at most.
        patience: seconds for which a lost server is waited for, as during its restart.
    """

    def __init__(self, dsn: str, *, size: int = 4, patience: float = 60.0) -> None:
        self.dsn = dsn
        self._patience = patience
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            min_size=1,
            max_size=size,
            open=False,
            timeout=10.0,
            kwargs={"autocommit": True},
            configure=_configure,
            check=_check,
        )

    def __repr__(self) -> str:
        # A connection string may hold a password.
        parts = conninfo_to_dict(self.dsn)
        return f"<Database {parts.get('dbname', '')} on {parts.get('host', 'localhost')}>"

    async def open(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            JournalError: no connection, or a server that does not keep what it has confirmed.
        """
        try:
            await self._pool.open(wait=True, timeout=10.0)
            await self.run(_refuse_forgetful)
            async with self._pool.connection() as connection:
                await migrate(connection)
        except (*_GONE, RuntimeError) as error:
            await self._pool.close()
            raise JournalError(f"the database cannot be used: {error}") from error
        except BaseException:
            await self._pool.close()
            raise

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def run(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Do something in one transaction; again, if the connection is lost meanwhile.

        Args:
            work: must come to the same if it is done twice.

        Raises:
            JournalError: the server did not come back.
        """

        async def in_transaction(connection: Connection) -> T:
            async with connection.transaction():
                return await work(connection)

        return await self._patiently(in_transaction)

    async def fetch(self, statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """One statement that commits by itself, and the first row that it gives.

        The server holds its locks no longer than the statement takes, whatever becomes of this
        process: what all machines wait for is changed in this way.
        """

        async def execute(connection: Connection) -> tuple[Any, ...] | None:
            return await (await connection.execute(statement.encode(), values)).fetchone()

        return await self._patiently(execute)

    async def _patiently(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        until = time.monotonic() + self._patience
        while True:
            try:
                async with self._pool.connection() as connection:
                    return await work(connection)
            except _GONE as error:
                if time.monotonic() >= until:
                    raise JournalError(f"the database is gone: {error}") from error
                log.warning("the database is gone, trying again: %s", error)
                await anyio.sleep(_PAUSE)


async def _configure(connection: Connection) -> None:
    """A process that was stopped in the middle of a transaction keeps nobody waiting for long."""
    await connection.execute(
        f"SET idle_in_transaction_session_timeout = '{_LONGEST_PAUSE}s'".encode()
    )


async def _check(connection: Connection) -> None:
    await AsyncConnectionPool.check_connection(connection)


async def _refuse_forgetful(connection: Connection) -> None:
    """A server that confirms before it has written may forget that a row was sent."""
    for setting in ("synchronous_commit", "fsync"):
        found = await connection.execute(f"SHOW {setting}".encode())
        row = await found.fetchone()
        if row is not None and row[0] == "off":
            raise JournalError(
                f"the database has {setting} = off: after a power failure it would not know what "
                "was sent. Switch it on for this database or user"
            )
