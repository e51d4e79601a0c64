"""Secret keys for the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


@cache
def _signer() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sandbox_key(
    subject: str = "merchant_sandbox",
    *,
    env: str = "sandbox",
    expires_in: timedelta | None = None,
) -> str:
    """A secret key shaped like Glomo's: an RS256 JWT with `sub` and `env`.

    It is signed with an RSA key that is made afresh in every process and never leaves it, so the
    key is worth nothing anywhere else.

    Parameters:
        subject: the `sub` claim.
        env: the `env` claim; `production` makes the sandbox hide its mock endpoints.
        expires_in: adds an `exp` claim that far from now.
    """
    claims: dict[str, Any] = {"sub": subject, "env": env}
    if expires_in is not None:
        claims["exp"] = int((datetime.now(UTC) + expires_in).timestamp())
    return jwt.encode(claims, _signer(), algorithm="RS256")
