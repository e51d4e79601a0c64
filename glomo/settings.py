"""What a client is told: key, address, environment variables."""

from __future__ import annotations

import math
import os
import re
import time
from typing import Any, Literal, NoReturn, TypeGuard
from urllib.parse import urlsplit

from ._errors_base import preview
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
        problem = _problem_with(secret)
        claims: dict[str, Any] = {}
        if problem is None:
            claims, problem = _claims(secret, public_key)
        self._secret = secret
        # A refusal may be reported with the variables of every frame, this one's among them.
        del secret
        self.environment: Environment | None = _ENVIRONMENTS.get(str(claims.get("env")))
        self.subject: str | None = claims["sub"] if isinstance(claims.get("sub"), str) else None
        self.expires_at = _moment(claims.get("exp"))
        if problem is not None:
            raise ConfigurationError(problem)
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


def _problem_with(secret: object) -> str | None:
    """What is wrong with the text of a key, whatever it says."""
    if not isinstance(secret, str):
        return f"the API key is text, not {type(secret).__name__}"
    if not secret:
        return "the API key is empty: set GLOMO_API_KEY or pass api_key="
    if re.search(r"\s", secret):
        return (
            "the API key has white space or a line break in it: "
            "copy the secret key again, without quotes or spaces"
        )
    if not secret.isascii() or not secret.isprintable():
        return "the API key has characters that no key has: copy the secret key again"
    if secret.startswith(("test_", "live_")):
        return (
            f"this is a publishable key ({secret[:5]}...), which is for client-side SDKs only: "
            "use the secret key of the dashboard (Settings > API & Webhooks)"
        )
    return None


def _claims(secret: str, public_key: str | None) -> tuple[dict[str, Any], str | None]:
    """What the key says of itself, and what is wrong with its signature."""
    # Only the signature is asked for: what the claims mean is read here, and by the API.
    checks = ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    options: Any = {f"verify_{name}": False for name in checks}
    options["verify_signature"] = public_key is not None
    problem = None
    if public_key is None and secret.count(".") != 2:
        return {}, None  # no JWT, and nothing to verify
    import jwt  # noqa: PLC0415 - with cryptography, a third of the time that importing takes

    try:
        return jwt.decode(secret, public_key or "", algorithms=["RS256"], options=options), None
    except jwt.InvalidSignatureError:
        problem = "the API key was not signed by the given public key"
    except jwt.InvalidAlgorithmError:
        problem = "the API key is not signed by RS256, so the given public key cannot verify it"
    except (jwt.InvalidKeyError, TypeError):
        problem = "public_key is not a PEM public key"
    except jwt.PyJWTError:
        problem = "the API key is no JWT, so the given public key cannot verify it"
    except (ValueError, RecursionError):
        problem = "public_key is not a PEM public key, or the API key is no JWT"
    # A secret key of another kind passes where nothing is to be verified: environment unknown.
    return {}, problem if public_key is not None else None


def _refuse(message: str) -> NoReturn:
    raise ConfigurationError(message) from None


def _moment(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def resolve_key(api_key: str | None, public_key: str | None) -> SecretKey:
    """The key given, or the one in `GLOMO_API_KEY`."""
    try:
        return SecretKey(
            api_key if api_key is not None else os.environ.get("GLOMO_API_KEY", ""),
            public_key=public_key,
        )
    finally:
        del api_key  # see SecretKey


def resolve_base_url(base_url: str | None, *, allow_http: bool = False) -> str:
    """The API's address: origin plus `/api`, without a version. A bare origin gets its `/api`.

    Args:
        base_url: the address, or `None` for `GLOMO_BASE_URL` or else the live API.
        allow_http: let `http://` through to hosts other than loopback.

    Raises:
        ConfigurationError: not an address that a key may be sent to.
    """
    url = base_url if base_url is not None else os.environ.get("GLOMO_BASE_URL") or DEFAULT_BASE_URL
    url = url.rstrip("/")
    if "@" in url:  # said first: no other message may show a password
        _refuse("base_url must not hold a user name or password")
    if not url.isprintable() or re.search(r"[\s\\]", url):
        _refuse(f"base_url {url!r} holds a space or another character that addresses do not have")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        _refuse(f"base_url is not an address: write it as {DEFAULT_BASE_URL}")
    if parts.scheme not in ("http", "https") or not host:
        _refuse(f"base_url {url!r} is not an address: write it as {DEFAULT_BASE_URL}")
    if parts.query or parts.fragment:
        _refuse(f"base_url {url!r} must end with its path: no query, no fragment")
    if re.search(r"/v\d+$", parts.path):
        _refuse(
            f"base_url {url!r} ends with a version: leave it off, "
            f"each operation brings its own ({url.rsplit('/', 1)[0]})"
        )
    if re.search(r"(^|/)\.\.?(/|$)|%", parts.path):
        _refuse(f"base_url {url!r} must have a plain path: no dots, nothing percent-encoded")
    if not parts.path:
        url += "/api"
    elif not parts.path.endswith("/api"):
        _refuse(f"base_url {url!r} must end with /api, as {DEFAULT_BASE_URL}")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        _refuse(
            f"base_url {url!r} would send the key unencrypted: use https://, "
            "or pass allow_http=True if the network is yours"
        )
    return url


def check_integer(name: str, value: object, minimum: int, of: str = "") -> None:
    """Refuse a setting that is not a whole number, or too small."""
    if type(value) is not int or value < minimum:
        subject = f" of {of}" if of else ""
        _refuse(f"{name} must be a whole number{subject}, at least {minimum}, not {value!r}")


def check_limits(
    timeout: object,
    queue_timeout: object,
    max_retries: object,
    max_in_flight: object,
    max_response_bytes: object,
) -> None:
    """Reject limits under which no call could succeed."""
    check_seconds("timeout", timeout)
    check_seconds("queue_timeout", queue_timeout, optional=True)
    check_integer("max_retries", max_retries, 0)
    check_integer("max_in_flight", max_in_flight, 1)
    check_integer("max_response_bytes", max_response_bytes, 1)


def check_seconds(name: str, value: object, *, optional: bool = False) -> None:
    """Reject what is no time to wait."""
    if not is_seconds(value) and not (optional and value is None):
        _refuse(f"{name} must be a number of seconds above zero, not {preview(value)}")


def is_seconds(value: object) -> TypeGuard[float]:
    """Whether a value is a positive, finite number of seconds."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 < value < 1e9  # type: ignore[operator]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: what is sent there leaves it by no wire."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    import ipaddress  # noqa: PLC0415 - for clients of addresses that are no names

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
