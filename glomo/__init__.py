"""Async-first client of the Glomo cross-border payments API.

A name is imported when it is first used: `glomo --help` and programs that need the models alone do
not wait for the whole client.
"""

import importlib
import typing

if typing.TYPE_CHECKING:
    from glomo.serialization.model import OMIT, Omit

    from . import errors, purpose_codes, webhooks
    from ._version import __version__ as __version__
    from .client import AsyncGlomo
    from .http.capture import RawResponse
    from .http.limiter import RateLimiter
    from .http.operation import Replay
    from .http.transport import Transport, WireRequest, WireResponse
    from .idempotency import request_id_for
    from .money import Money
    from .pages import Page
    from .pagination import Pager

__all__ = [
    "OMIT",
    "AsyncGlomo",
    "Money",
    "Omit",
    "Page",
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
    "webhooks",
]

_MODULES = {
    "__version__": "_version",
    "OMIT": "serialization.model",
    "AsyncGlomo": "client",
    "Money": "money",
    "Omit": "serialization.model",
    "Page": "pages",
    "Pager": "pagination",
    "RateLimiter": "http.limiter",
    "RawResponse": "http.capture",
    "Replay": "http.operation",
    "Transport": "http.transport",
    "WireRequest": "http.transport",
    "WireResponse": "http.transport",
    "errors": "errors",
    "purpose_codes": "purpose_codes",
    "request_id_for": "idempotency",
    "webhooks": "webhooks",
}


def __getattr__(name: str) -> typing.Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    value = module if _MODULES[name] == name else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
