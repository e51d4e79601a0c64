"""The tables of `glomo.distributed`, one migration a version. What was released never changes."""

from __future__ import annotations

from psycopg import AsyncConnection

_ROW = """
    batch text NOT NULL,
    reference text NOT NULL,
    slice integer NOT NULL,
    number integer NOT NULL,
    generation integer NOT NULL,
    request_id text NOT NULL,
    payload text NOT NULL,
    digest text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    status text NOT NULL,
    earlier_attempt_unknown boolean NOT NULL,
    payout_id text,
    payout_status text,
    payout_created_at timestamptz,
    payout_details text,
    error_code text,
    error text,
    listed boolean NOT NULL DEFAULT true,
    listed_payload text
"""

MIGRATIONS = (
    f"""
    CREATE TABLE glomo_batch (
        batch text PRIMARY KEY,
        address text NOT NULL,
        environment text,
        subject text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        stopped boolean NOT NULL DEFAULT false
    );
    CREATE TABLE glomo_slice (
        batch text NOT NULL REFERENCES glomo_batch,
        slice integer NOT NULL,
        epoch bigint NOT NULL DEFAULT 0,
        holder text,
        lease_until timestamptz,
        done_at timestamptz,
        retry_failed boolean NOT NULL DEFAULT false,
        PRIMARY KEY (batch, slice)
    );
    CREATE TABLE glomo_row ({_ROW}, PRIMARY KEY (batch, reference));
    CREATE UNIQUE INDEX glomo_row_request_id ON glomo_row (batch, request_id);
    CREATE UNIQUE INDEX glomo_row_payout ON glomo_row (batch, payout_id)
        WHERE payout_id IS NOT NULL;
    CREATE INDEX glomo_row_number ON glomo_row (batch, slice, number, reference);
    CREATE INDEX glomo_row_open ON glomo_row (batch, slice)
        WHERE status = 'unknown' OR earlier_attempt_unknown;
    CREATE INDEX glomo_row_age ON glomo_row (batch, payout_created_at, payout_id)
        WHERE status = 'accepted';
    CREATE TABLE glomo_row_history ({_ROW}, PRIMARY KEY (batch, reference, generation));
    CREATE FUNCTION glomo_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO glomo_row_history SELECT old.*;
        RETURN new;
    END $$;
    CREATE TRIGGER glomo_row_keep_history BEFORE UPDATE ON glomo_row FOR EACH ROW
        WHEN (new.generation > old.generation) EXECUTE FUNCTION glomo_keep_history();
    CREATE TABLE glomo_egress (
        address text PRIMARY KEY,
        next_at timestamptz NOT NULL DEFAULT '-infinity'
    );
    """,
    """
    CREATE TABLE glomo_approval (
        batch text NOT NULL REFERENCES glomo_batch,
        digest text NOT NULL,
        approved_by text NOT NULL,
        approved_at timestamptz NOT NULL,
        document text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (batch, approved_at, digest, approved_by)
    );
    ALTER TABLE glomo_slice
        ADD COLUMN failures integer NOT NULL DEFAULT 0,
        ADD COLUMN due_at timestamptz,
        ADD COLUMN problem text;
    CREATE INDEX glomo_row_file ON glomo_row (batch, number, reference);
    """,
    """
    ALTER TABLE glomo_batch ADD COLUMN run_notes text;
    """,
)
_LOCK = 4_710_082
"""An arbitrary number: the advisory lock under which migrations run."""


async def migrate(connection: AsyncConnection) -> int:
    """Bring the database up to this version of the SDK, in one transaction.

    Returns:
        The version that the tables have now.

    Raises:
        RuntimeError: the tables are of a newer version of the SDK.
    """
    if await _version(connection) == len(MIGRATIONS):
        return len(MIGRATIONS)  # a worker need not have the right to make tables
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS glomo_migration "
            "(version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        version = await _version(connection)
        if version > len(MIGRATIONS):
            raise RuntimeError(
                f"the tables have version {version}, this version of glomo knows "
                f"{len(MIGRATIONS)}: update glomo on this machine"
            )
        for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
            await connection.execute(statements.encode())
            await connection.execute("INSERT INTO glomo_migration (version) VALUES (%s)", (number,))
    return len(MIGRATIONS)


async def _version(connection: AsyncConnection) -> int:
    """The version of the tables; 0 if there are none."""
    cursor = await connection.execute("SELECT to_regclass('glomo_migration') IS NOT NULL")
    if (await cursor.fetchone() or (False,))[0]:
        cursor = await connection.execute("SELECT coalesce(max(version), 0) FROM glomo_migration")
        return int((await cursor.fetchone() or (0,))[0])
    return 0
