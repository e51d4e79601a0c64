"""What a client is told: key, address, environment variables."""

from __future__ import annotations

import ipaddress
import os
import re
import time
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

import jwt

from .errors import ConfigurationError

DEFAULT_BASE_URL = "https://api.glomopay.com/api"
Environment = Literal["production", "sandbox"]
_ENVIRONMENTS: dict[str, Environment] = {"production": "production", "sandbox": "sandbox"}


class SecretKey:
    """A secret API key. Shows only whose it is, never the key; does not pickle."""

    __slots__ = ("_secret", "environment", "expires_at", "subject")

    def __init__(self, secret: str, *, public_key: str | None = None) -> None:
        """Read a key, refusing one that cannot work.

        Args:
            secret: the key as Glomo's dashboard shows it.
            public_key: PEM of the key that signed it; given, the signature is verified.

        Raises:
            ConfigurationError: the key is empty, publishable, expired, or has white space in it.
        """
        if not secret:
            _refuse("the API key is empty: set GLOMO_API_KEY or pass api_key=")
        if re.search(r"\s", secret):
            _refuse(
                "the API key has white space or a line break in it: "
                "copy the secret key again, without quotes or spaces"
            )
        if not secret.isascii() or not secret.isprintable():
            _refuse("the API key has characters that no key has: copy the secret key again")
        if secret.startswith(("test_", "live_")):
            _refuse(
                f"this is a publishable key ({secret[:5]}...), which is for client-side SDKs only: "
                "use the secret key of the dashboard (Settings > API & Webhooks)"
            )
        self._secret = secret
        claims = _claims(secret, public_key)
        self.environment: Environment | None = _ENVIRONMENTS.get(str(claims.get("env")))
        self.subject: str | None = claims["sub"] if isinstance(claims.get("sub"), str) else None
        expires = claims.get("exp")
        self.expires_at: int | None = expires if isinstance(expires, int) else None
        self.refuse_expired()

    def refuse_expired(self) -> None:
        """Raise if the key has expired since it was read."""
        if self.expires_at is not None and self.expires_at <= time.time():
            _refuse("the API key has expired: make a new secret key in the dashboard")

    @property
    def authorization(self) -> bytes:
        """The value of the Authorization header."""
        return b"Bearer " + self._secret.encode()

    def __repr__(self) -> str:
        return f"SecretKey(environment={self.environment!r}, subject={self.subject!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret key does not pickle: make the client where it is used")


def _claims(secret: str, public_key: str | None) -> dict[str, Any]:
    try:
        if public_key is None:
            options: Any = {"verify_signature": False, "verify_exp": False}
            return jwt.decode(secret, options=options)
        lenient: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
        return jwt.decode(secret, public_key, algorithms=["RS256"], options=lenient)
    except jwt.InvalidSignatureError:
        _refuse("the API key was not signed by the given public key")
    except (jwt.InvalidKeyError, ValueError, TypeError):
        _refuse("public_key is not a PEM public key")
    except jwt.PyJWTError:
        if public_key is not None:
            _refuse("the API key is no JWT, so the given public key cannot verify it")
        return {}  # a secret key of another kind: environment unknown


def _refuse(message: str) -> NoReturn:
    # `from None`: the exception below may hold the key in its frames.
    raise ConfigurationError(message) from None


def resolve_key(api_key: str | None, public_key: str | None) -> SecretKey:
    """The key given, or the one in `GLOMO_API_KEY`."""
    return SecretKey(
        api_key if api_key is not None else os.environ.get("GLOMO_API_KEY", ""),
        public_key=public_key,
    )


def resolve_base_url(base_url: str | None, *, allow_http: bool = False) -> str:
    """The API's address: origin plus `/api`, without a version.

    Args:
        base_url: the address, or `None` for `GLOMO_BASE_URL` or else the live API.
        allow_http: let `http://` through to hosts other than loopback.

    Raises:
        ConfigurationError: not an address that a key may be sent to.
    """
    url = base_url if base_url is not None else os.environ.get("GLOMO_BASE_URL") or DEFAULT_BASE_URL
    url = url.rstrip("/")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        _refuse(f"base_url is not an address: write it as {DEFAULT_BASE_URL}")
    if parts.username or parts.password:
        _refuse("base_url must not hold a user name or password")
    if parts.scheme not in ("http", "https") or not host:
        _refuse(f"base_url {url!r} is not an address: write it as {DEFAULT_BASE_URL}")
    if parts.query or parts.fragment or re.search(r"\s", url):
        _refuse(f"base_url {url!r} must end with its path: no query, no fragment, no space")
    if re.search(r"/v\d+$", parts.path):
        _refuse(
            f"base_url {url!r} ends with a version: leave it off, "
            f"each operation brings its own ({url.rsplit('/', 1)[0]})"
        )
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        _refuse(
            f"base_url {url!r} would send the key unencrypted: use https://, "
            "or pass allow_http=True if the network is yours"
        )
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
