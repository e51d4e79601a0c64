"""Secret keys for the sandbox: what they look like, which are issued, when they end."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from .store import Store

_TABLE = "api_key"


@cache
def _signer() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sandbox_key(
    subject: str = "merchant_sandbox",
    *,
    env: str = "sandbox",
    expires_in: timedelta | None = None,
    key_id: str | None = None,
) -> str:
    """A secret key shaped like Glomo's: an RS256 JWT with `sub` and `env`.

    It is signed with an RSA key that is generated in every process and never leaves it, so the
    key is worth nothing anywhere else.

    Parameters:
        subject: the `sub` claim; the id of an onboarded merchant makes it that merchant's key.
        env: the `env` claim; `production` makes the sandbox hide its mock endpoints.
        expires_in: adds an `exp` claim that far from now.
        key_id: the `jti` claim, which tells keys of one subject apart.
    """
    claims: dict[str, Any] = {"sub": subject, "env": env}
    if expires_in is not None:
        claims["exp"] = int((datetime.now(UTC) + expires_in).timestamp())
    if key_id is not None:
        claims["jti"] = key_id
    return jwt.encode(claims, _signer(), algorithm="RS256")


def claims_of(key: str) -> dict[str, Any]:
    """The claims of a key, unverified; none if it is no JWT."""
    try:
        claims: dict[str, Any] = jwt.decode(
            key, options={"verify_signature": False, "verify_exp": False}
        )
    except jwt.InvalidTokenError:
        return {}
    return claims


class Keys:
    """The keys that were issued or revoked. The store keeps their hashes, never the keys."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._table = store.table(_TABLE)

    def issue(self, subject: str, env: str = "sandbox") -> str:
        """A new secret key of a merchant; belongs inside a transaction."""
        key = sandbox_key(subject, env=env, key_id=f"key_{len(self._table.records) + 1}")
        self._store.write(_TABLE, fingerprint(key), {"expires_at": None})
        return key

    def revoke(self, key: str, at: datetime) -> None:
        """End a key at a moment; belongs inside a transaction."""
        self._store.write(_TABLE, fingerprint(key), {"expires_at": at.timestamp()})

    def issued(self, key_hash: str) -> bool:
        """Whether the sandbox itself issued the key with this hash, or revoked it."""
        return key_hash in self._table.records

    def expired(self, key_hash: str, now: datetime) -> bool:
        """Whether the key with this hash was revoked by now."""
        record = self._table.records.get(key_hash)
        if record is None or record["expires_at"] is None:
            return False
        return bool(record["expires_at"] <= now.timestamp())


def fingerprint(key: str) -> str:
    """The hash under which a key is remembered."""
    return hashlib.sha256(key.encode()).hexdigest()
