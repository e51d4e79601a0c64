"""The connection to PostgreSQL: a small pool, and patience while the server restarts."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import anyio
from psycopg import AsyncConnection, Error, IntegrityError, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from glomo.errors import ConfigurationError

from .errors import DatabaseError
from .migrations import migrate

T = TypeVar("T")
Connection = AsyncConnection[tuple[Any, ...]]

log = logging.getLogger("glomo.distributed")

_PAUSE = 0.2
_LONGEST_PAUSE = 5
"""Seconds that a transaction may pause before the server ends it, and lets go of its locks."""

_OLDEST = 13
"""The oldest version of PostgreSQL that the queue's functions run on."""
_CONNECT_SECONDS = 10

_CONNECTION_ERRORS = (
    errors.OperationalError,
    errors.InterfaceError,
    # A process that was stopped for longer than `_LONGEST_PAUSE` finds its connection closed. For
    # psycopg that is no operational error, but it is a lost connection like any other.
    errors.IdleInTransactionSessionTimeout,
    PoolTimeout,
)


class Database:
    """A PostgreSQL database that holds the journals of many machines.

        async with Database("postgresql://db/payouts") as database:
            ...

    Args:
        dsn: a connection string or URL.
        size: connections at most.
        patience: seconds for which a lost server is waited for, as during its restart.

    Raises:
        ConfigurationError: the connection string cannot be read.
    """

    def __init__(self, dsn: str, *, size: int = 4, patience: float = 60.0) -> None:
        self.dsn = dsn
        self._place = _place_of(dsn)
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
        return f"<Database {self._place}>"

    @property
    def place(self) -> str:
        """Which database on which host, for people; never the password."""
        return self._place

    async def open(self) -> None:
        """Connect, and bring the tables up to date.

        Raises:
            DatabaseError: no connection, or a server that cannot be used: too old, without the
                right to create tables, or one that does not keep what it has confirmed.
        """
        try:
            # The pool would only say that it could not be filled.
            async with await AsyncConnection.connect(
                self.dsn, connect_timeout=_CONNECT_SECONDS
            ) as first:
                _refuse_old(first.info.server_version)
            await self._pool.open(wait=True, timeout=_CONNECT_SECONDS)
            await self.run(_refuse_forgetful)
            async with self._pool.connection() as connection:
                await migrate(connection)
        except (Error, PoolTimeout, RuntimeError) as error:
            await self._pool.close()
            raise DatabaseError(f"{self._place} cannot be used: {_reason(error)}") from error
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
            DatabaseError: the server did not come back.
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
        until, noted = time.monotonic() + self._patience, False
        while True:
            try:
                async with self._pool.connection() as connection:
                    return await work(connection)
            except _CONNECTION_ERRORS as error:
                if time.monotonic() >= until:
                    raise DatabaseError(f"{self._place} is gone: {_reason(error)}") from error
                if not noted:
                    log.warning("%s is gone, trying again: %s", self._place, _reason(error))
                noted = True
                await anyio.sleep(_PAUSE)
            except IntegrityError:
                raise
            except Error as error:
                raise DatabaseError(f"{self._place} refuses: {_reason(error)}") from error


def _place_of(dsn: str) -> str:
    """Which database on which host, from a connection string that can be one.

    A password with special characters in it makes libpq take a part of it for the host or the port,
    and name it in its errors: such a string is refused, and nothing of it is repeated.
    """
    try:
        parts = conninfo_to_dict(dsn)
    except Error:
        parts = None
    if (
        parts is None
        or not dsn.strip()
        or "@" in str(parts.get("host", ""))
        or not str(parts.get("port", "0")).replace(",", "").isdigit()
    ):
        raise ConfigurationError(
            "the address of the database cannot be read: write postgresql://USER@HOST:PORT/DATABASE"
            " (in a password, write special characters as %40 for @, %2F for /, %3A for :)"
        )
    name = parts.get("dbname") or parts.get("user") or "the default database"
    return f"the database {name} on {parts.get('host') or parts.get('hostaddr') or 'this machine'}"


def _reason(error: Exception) -> str:
    """What is wrong, on one line, and what to do where that is clear."""
    message = error.diag.message_primary if isinstance(error, Error) else None
    reason = " ".join((message or str(error)).split())
    if isinstance(error, errors.InsufficientPrivilege):
        reason += " (its user must own the tables, or have CREATE on the schema to make them)"
    return reason


def _refuse_old(version: int) -> None:
    if version < _OLDEST * 10_000:
        raise DatabaseError(f"PostgreSQL {_OLDEST} or newer is needed, this is {version // 10_000}")


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
        cursor = await connection.execute(f"SHOW {setting}".encode())
        row = await cursor.fetchone()
        if row is not None and row[0] == "off":
            raise DatabaseError(
                f"the database has {setting} = off: after a power failure it would not know what "
                "was sent. Switch it on for this database or user"
            )
