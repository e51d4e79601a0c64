"""Async-first client of the Glomo cross-border payments API."""

from . import errors, purpose_codes
from .client import AsyncGlomo
from .http.capture import RawAnswer
from .http.limiter import RateLimiter
from .http.operation import Replay
from .http.transport import Transport, WireAnswer, WireRequest
from .idempotency import request_id_for
from .model import OMIT, Omit
from .money import Money
from .pagination import Pager

__all__ = [
    "OMIT",
    "AsyncGlomo",
    "Money",
    "Omit",
    "Pager",
    "RateLimiter",
    "RawAnswer",
    "Replay",
    "Transport",
    "WireAnswer",
    "WireRequest",
    "errors",
    "purpose_codes",
    "request_id_for",
]
