"""The `--postgres` option, and the database behind it."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .failures import CommandError

if TYPE_CHECKING:
    from glomo.distributed import Database

PostgresToPay = Annotated[
    str | None,
    Parameter(
        help="Pay from many machines, over this PostgreSQL database (a URL): see glomo worker.",
        env_var="GLOMO_POSTGRES",
    ),
]
PostgresToRead = Annotated[
    str | None,
    Parameter(
        help="The file is paid over this PostgreSQL database (a URL), and its journal is there.",
        env_var="GLOMO_POSTGRES",
    ),
]
PostgresToUse = Annotated[
    str, Parameter(help="The database, as a URL.", env_var="GLOMO_POSTGRES", required=True)
]
Egress = Annotated[
    str,
    Parameter(
        help="With --postgres: names the address from which this machine reaches the API. "
        "Machines behind one address share its limit; give machines with an address of their own "
        "a name of their own.",
        env_var="GLOMO_EGRESS",
    ),
]
DEFAULT_EGRESS = "default"


def require_distributed() -> None:
    """Refuse if the packages of the extra are not installed."""
    try:
        import_module("glomo.distributed")  # an extra
        import_module("glomo.distributed.procrastinate")
    except ImportError as missing:
        # psycopg without libpq has no name for what is missing.
        raise CommandError(
            f"--postgres needs {missing.name or 'psycopg with libpq'}",
            hint="pip install 'glomo[distributed]'",
        ) from None


def refuse_rehearsal(postgres: str | None) -> None:
    """Refuse to rehearse over a database: the sandbox of this process is out of workers' reach.

    Nor may a rehearsal leave rows where real ones are paid from.
    """
    if postgres:
        raise CommandError(
            "--sandbox rehearses on this machine alone, and does not go with --postgres",
            hint="leave --postgres out, and GLOMO_POSTGRES empty; to rehearse with workers, serve "
            "a sandbox (glomo sandbox) and give its key and address to all of them",
        )


@asynccontextmanager
async def opened(dsn: str) -> AsyncGenerator[Database]:
    """The database, its tables up to date."""
    require_distributed()
    from glomo.distributed import Database  # noqa: PLC0415 - an extra

    # What is lost is told once by the database itself, not at each attempt to connect.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    async with Database(dsn) as database:
        yield database
