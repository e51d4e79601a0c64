"""Async-first client of the Glomo cross-border payments API."""

from glomo.serialization.model import OMIT, Omit

from . import errors, purpose_codes
from .client import AsyncGlomo
from .http.capture import RawResponse
from .http.limiter import RateLimiter
from .http.operation import Replay
from .http.transport import Transport, WireRequest, WireResponse
from .idempotency import request_id_for
from .money import Money
from .pagination import Pager

__all__ = [
    "OMIT",
    "AsyncGlomo",
    "Money",
    "Omit",
    "Pager",
    "RateLimiter",
    "RawResponse",
    "Replay",
    "Transport",
    "WireRequest",
    "WireResponse",
    "errors",
    "purpose_codes",
    "request_id_for",
]
