"""Synchronous twin of `glomo`: the same calls, models and errors, without `await`."""

# First, because from here on a fork is safe.
from . import _hooks  # isort: skip  # noqa: F401  # pyright: ignore[reportUnusedImport]
import importlib
import typing

from glomo import (
    OMIT,
    Money,
    Omit,
    Page,
    RateLimiter,
    RawResponse,
    errors,
    purpose_codes,
    request_id_for,
)
from glomo import (
    __version__ as __version__,
)

from ._guards import MonkeyPatchedError, RunningLoopError
from ._loop_thread import set_event_loop_factory
from ._pager import SyncPager
from .client import Glomo

if typing.TYPE_CHECKING:
    from . import webhooks

__all__ = [
    "OMIT",
    "Glomo",
    "Money",
    "MonkeyPatchedError",
    "Omit",
    "Page",
    "RateLimiter",
    "RawResponse",
    "RunningLoopError",
    "SyncPager",
    "errors",
    "purpose_codes",
    "request_id_for",
    "set_event_loop_factory",
    "webhooks",
]


def __getattr__(name: str) -> typing.Any:
    if name == "webhooks":  # with the models of all its events, for those who receive some
        return importlib.import_module(".webhooks", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
