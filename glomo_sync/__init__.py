"""Synchronous twin of `glomo`: the same calls, models and errors, without `await`."""

from . import _hooks  # first: from here on, a fork is safe  # isort: skip  # noqa: F401
from glomo import OMIT, Money, Omit, RateLimiter, RawResponse, errors, purpose_codes, request_id_for

from ._guards import MonkeyPatchedError, RunningLoopError
from ._pager import SyncPager
from .client import Glomo

__all__ = [
    "OMIT",
    "Glomo",
    "Money",
    "MonkeyPatchedError",
    "Omit",
    "RateLimiter",
    "RawResponse",
    "RunningLoopError",
    "SyncPager",
    "errors",
    "purpose_codes",
    "request_id_for",
]
