"""Who is calling: the bearer key of a request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import jwt

from .refusals import RefusalError

_PUBLISHABLE = ("test_", "live_")
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Caller:
    """What a key says about itself."""

    production: bool = False
    expires_at: float | None = None


class Gate:
    """Lets secret keys in: any, or only the given ones. A publishable key never passes."""

    def __init__(self, keys: Iterable[str] | None = None) -> None:
        self._accepted = None if keys is None else {_fingerprint(key) for key in keys}
        self._callers: dict[bytes, Caller] = {}

    def admit(self, authorization: str, now: datetime) -> Caller:
        """The caller behind an `Authorization` header; raises a 401."""
        scheme, _, key = authorization.partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key or key.startswith(_PUBLISHABLE):
            raise RefusalError(401, "Invalid API key")
        fingerprint = _fingerprint(key)
        if self._accepted is not None and fingerprint not in self._accepted:
            raise RefusalError(401, "Invalid API key")
        caller = self._callers.get(fingerprint)
        if caller is None:
            if len(self._callers) >= _REMEMBERED:
                self._callers.clear()
            caller = self._callers[fingerprint] = _read(key)
        if caller.expires_at is not None and caller.expires_at <= now.timestamp():
            raise RefusalError(401, "API key has expired")
        return caller


def _fingerprint(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _read(key: str) -> Caller:
    """A key that is no JWT is as good as any, and of no known environment."""
    try:
        claims = jwt.decode(key, options={"verify_signature": False, "verify_exp": False})
    except jwt.InvalidTokenError:
        return Caller()
    expires = claims.get("exp")
    return Caller(
        production=claims.get("env") == "production",
        expires_at=float(expires) if isinstance(expires, int | float) else None,
    )
