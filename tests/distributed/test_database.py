"""What is wrong with a database is told on one line, and a password never."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from glomo import AsyncGlomo, errors
from glomo.batch import JournalError, identity_of
from glomo.distributed import Database
from glomo.distributed.migrations import MIGRATIONS
from glomo.distributed.procrastinate import queue

from .test_commands import GLOMO, call

_SECRET = "Hunter2Secret"
_DOWN = f"postgresql://payer:{_SECRET}@127.0.0.1:1/payouts"


@pytest.mark.parametrize(
    "dsn",
    [
        f"postgresql://payer:pa%{_SECRET}@db/payouts",
        f"postgresql://payer:pa/{_SECRET}@db/payouts",
        f"postgresql://payer:{_SECRET}/x@db/payouts",
        f"postgresql://payer:x@{_SECRET}@db/payouts",
        f"host=db password={_SECRET} {_SECRET}",
        "",
        "mysql://db/payouts",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_repeated(dsn: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="postgresql://USER@HOST:PORT") as refused:
        Database(dsn)
    shown: BaseException | None = refused.value
    while shown is not None:
        assert _SECRET not in f"{shown} {shown!r}"
        shown = None if shown.__suppress_context__ else shown.__context__


async def test_a_database_that_is_down_is_named_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    database = Database(_DOWN)
    with pytest.raises(JournalError, match=r"^the database payouts on 127\.0\.0\.1 cannot") as down:
        await database.open()
    assert "Connection refused" in str(down.value)
    assert "\n" not in str(down.value)
    assert _SECRET not in f"{down.value} {database!r} {database.place} {caplog.text}"


async def test_an_old_server_is_refused(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glomo.distributed.database._OLDEST", 99)
    with pytest.raises(JournalError, match=r"PostgreSQL 99 or newer is needed, this is \d+"):
        await Database(dsn).open()


async def test_a_user_who_may_not_make_tables_is_told_so(dsn: str) -> None:
    name = dsn.rpartition("/")[2]
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE reader_{name} LOGIN".encode())
        connection.execute(b"REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    try:
        reader_dsn = dsn.replace("//glomo@", f"//reader_{name}@")
        with pytest.raises(JournalError, match=r"permission denied .*CREATE on the schema"):
            await Database(reader_dsn).open()
        async with Database(dsn) as database:  # whoever may makes them
            grant = f"GRANT SELECT ON glomo_migration TO reader_{name}"
            await database.run(lambda c: c.execute(grant.encode()))
        async with Database(reader_dsn) as database:
            with pytest.raises(JournalError, match=r"refuses: permission denied for table"):
                await database.fetch("DELETE FROM glomo_row", {})
    finally:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY reader_{name}".encode())
            connection.execute(f"DROP ROLE reader_{name}".encode())


async def test_migrations_are_raced_by_five_workers(dsn: str) -> None:
    account = identity_of(AsyncGlomo("sk-core"), "")

    async def begin() -> None:
        async with Database(dsn) as database, queue(database, account):
            pass

    await asyncio.gather(*(begin() for _ in range(5)))
    with psycopg.connect(dsn) as connection:
        rows_ = connection.execute("SELECT version FROM glomo_migration ORDER BY 1").fetchall()
    assert rows_ == [(version,) for version in range(1, len(MIGRATIONS) + 1)]


async def test_tables_of_the_first_version_are_brought_up_to_date(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as first:
        first.setattr("glomo.distributed.migrations.MIGRATIONS", MIGRATIONS[:1])
        async with Database(dsn) as database:
            await database.fetch(
                "INSERT INTO glomo_batch (batch, address) VALUES ('b', 'x') RETURNING batch", {}
            )
            await database.fetch(
                "INSERT INTO glomo_slice (batch, slice) VALUES ('b', 0) RETURNING slice", {}
            )
    async with Database(dsn) as database:
        rows_ = await database.fetch("SELECT failures, due_at, problem FROM glomo_slice", {})
    assert rows_ == (0, None, None)


@pytest.mark.parametrize("command", [("worker",), ("payouts", "status", "november.csv")])
def test_the_commands_tell_it_on_one_line(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "november.csv").touch()
    environment = {**os.environ, "GLOMO_POSTGRES": _DOWN, "GLOMO_API_KEY": "sk-core"}
    ended = call(environment, *command)
    assert ended.returncode == 2
    assert ended.stdout == ""
    line, hint = ended.stderr.splitlines()
    assert line.startswith("glomo: the database payouts on 127.0.0.1 cannot be used: ")
    assert hint.startswith("hint: check that the server runs, and the address in --postgres")
    assert _SECRET not in line


@pytest.mark.parametrize("missing", ["procrastinate", "psycopg"])
def test_without_the_extra_the_commands_say_what_to_install(missing: str, tmp_path: Path) -> None:
    # As if it were not installed.
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    environment = {**os.environ, "GLOMO_POSTGRES": _DOWN, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(
        [*GLOMO, "worker"], check=False, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        f"glomo: --postgres needs {missing}",
        "hint: pip install 'glomo[distributed]'",
    ]


async def test_a_lost_server_is_waited_for_and_noted_once(
    dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with Database(dsn) as database:
        attempts = 0

        async def fail_twice(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> int:
            nonlocal attempts
            attempts += 1
            if attempts < 3:
                raise psycopg.OperationalError("terminating connection")
            return attempts

        assert await database.run(fail_twice) == 3
    noted = [one for one in caplog.records if one.name == "glomo.distributed"]
    assert [one.getMessage() for one in noted] == [
        f"{database.place} is gone, trying again: terminating connection"
    ]


async def test_a_process_that_was_stopped_within_a_transaction_does_its_work_again(
    dsn: str,
) -> None:
    attempts = 0
    async with Database(dsn) as database:

        async def freeze_once(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> int:
            nonlocal attempts
            attempts += 1
            if attempts == 1:
                await connection.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
                await asyncio.sleep(0.5)
            await connection.execute("INSERT INTO glomo_batch (batch, address) VALUES ('b', 'x')")
            return attempts

        assert await database.run(freeze_once) == 2
        assert await database.fetch("SELECT count(*) FROM glomo_batch", {}) == (1,)
