"""Headers of the caller's: on one call, or on every call of a client."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from glomo._errors_base import preview
from glomo.errors import ConfigurationError

Pairs = tuple[tuple[bytes, bytes], ...]

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_APP = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+(/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)?\Z")
_OURS = frozenset(
    {
        *("authorization", "proxy-authorization", "host", "connection", "upgrade", "expect", "te"),
        *("content-length", "content-type", "content-encoding", "transfer-encoding"),
        "accept-encoding",
    }
)


def header_pairs(
    headers: Mapping[str, str], where: str, refuse: Callable[[str, str], NoReturn]
) -> Pairs:
    """Headers as they go on the wire. `refuse` raises, for a place and a problem."""
    encoded: list[tuple[bytes, bytes]] = []
    for name, value in headers.items():
        place = f"{where}[{preview(name)}]"
        if not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            refuse(place, "is not text")
        if name.lower() in _OURS:
            refuse(place, "is set by the SDK itself")
        printable = value.isprintable() and value.isascii() and value == value.strip()
        if not TOKEN.match(name) or not printable:
            refuse(place, "is not a header that HTTP allows")
        encoded.append((name.lower().encode(), value.encode()))
    return tuple(encoded)


def client_headers(headers: Mapping[str, str] | None, where: str) -> Pairs:
    """The headers that a client puts on every call.

    Raises:
        ConfigurationError: no mapping; a header that only the SDK sets, or that HTTP forbids.
    """
    if headers is None:
        return ()
    if not isinstance(headers, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        _refuse(where, f"must be a mapping of names to values, not {preview(headers)}")
    return header_pairs(headers, where, _refuse)


def user_agent(version: str, app: str | None) -> str:
    """What a client calls itself; `app` is the program that uses it.

    Raises:
        ConfigurationError: the app is not named as `name` or `name/version`.
    """
    own = f"glomo-python/{version}"
    if app is None:
        return own
    if not isinstance(app, str) or not _APP.match(app):  # pyright: ignore[reportUnnecessaryIsInstance]
        _refuse("app", f"must be a name, or a name and a version as acme/1.2, not {preview(app)}")
    return f"{own} {app}"


def _refuse(where: str, problem: str) -> NoReturn:
    raise ConfigurationError(f"{where} {problem}")
