"""The `--postgres` option, and the database behind it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .failures import CommandError

if TYPE_CHECKING:
    from glomo.distributed import Database

Postgres = Annotated[
    str | None,
    Parameter(
        help="Pay from many machines, over this PostgreSQL database (a URL): see glomo worker.",
        env_var="GLOMO_POSTGRES",
    ),
]


def require_distributed() -> None:
    """Refuse if the packages of the extra are not installed."""
    try:
        import_module("glomo.distributed")  # an extra
    except ImportError as missing:
        raise CommandError(
            f"--postgres needs {missing.name}", hint="pip install 'glomo[distributed]'"
        ) from None


@asynccontextmanager
async def opened(dsn: str) -> AsyncGenerator[Database]:
    """The database, its tables up to date."""
    require_distributed()
    from glomo.distributed import Database  # noqa: PLC0415 - an extra

    async with Database(dsn) as database:
        yield database
