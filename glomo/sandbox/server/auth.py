"""Who is calling: the bearer key of a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.engine import MERCHANT, Engine
from glomo.sandbox.engine.errors import ApiError
from glomo.sandbox.engine.keys import claims_of, fingerprint

_PUBLISHABLE = ("test_", "live_")
_CACHED_KEYS = 256


@dataclass(frozen=True, slots=True)
class _Claims:
    """What a key says about itself."""

    subject: str | None = None
    production: bool = False
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key a request bears."""

    account: Account
    key: str
    production: bool


class Gate:
    """Lets secret keys in: any, or only the given ones and those that the sandbox issued. A
    publishable key never passes."""

    def __init__(self, engine: Engine, keys: Iterable[str] | None = None) -> None:
        self._engine = engine
        self._accepted = None if keys is None else {fingerprint(key) for key in keys}
        self._claims: dict[str, tuple[str, _Claims]] = {}

    def admit(self, authorization: str) -> Caller:
        """The caller behind an `Authorization` header; raises a 401."""
        if not authorization:
            raise ApiError(401, "Missing token")
        scheme, _, key = authorization.partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key or key.startswith(_PUBLISHABLE):
            raise ApiError(401, "Invalid API key")
        key_hash, claims = self._read(key)
        issued = self._engine.keys
        if (
            self._accepted is not None
            and key_hash not in self._accepted
            and not issued.issued(key_hash)
        ):
            raise ApiError(401, "Invalid API key")
        now = self._engine.clock()
        if issued.expired(key_hash, now) or (
            claims.expires_at is not None and claims.expires_at <= now.timestamp()
        ):
            raise ApiError(401, "API key has expired")
        merchants = self._engine.store.table(MERCHANT).records
        merchant_id = claims.subject if claims.subject in merchants else None
        return Caller(self._engine.account(merchant_id), key, claims.production)

    def _read(self, key: str) -> tuple[str, _Claims]:
        """A key that is no JWT is as good as any, and of no known environment."""
        cached = self._claims.get(key)
        if cached is None:
            if len(self._claims) >= _CACHED_KEYS:
                self._claims.clear()
            claims = claims_of(key)
            expires, subject = claims.get("exp"), claims.get("sub")
            cached = self._claims[key] = (
                fingerprint(key),
                _Claims(
                    subject=subject if isinstance(subject, str) else None,
                    production=claims.get("env") == "production",
                    expires_at=float(expires) if isinstance(expires, int | float) else None,
                ),
            )
        return cached
