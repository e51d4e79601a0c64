"""Whether a webhook comes from Glomo.

Glomo signs the bytes of the body with the secret of your endpoint: HMAC-SHA256, as 64 hexadecimal
digits in the header `X-Glomopay-Signature`. Hash the bytes as they came. A framework's parsed JSON,
written again, has other spaces or another order of keys, and another signature.

A delivery has neither an id nor a time in its signature, so a recorded one verifies for ever: what
protects from replays is the key of `dedupe`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

from glomo.errors import ParameterError, SignatureError

from .secrets import Secrets

HEADER = "X-Glomopay-Signature"
"""The header that holds the signature."""
MAX_BODY_BYTES = 1024 * 1024
"""Longer bodies are refused unread. Events are a few kilobytes."""
SECRET_VARIABLE = "GLOMO_WEBHOOK_SECRET"  # noqa: S105 - a name, not a secret

_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def sign(body: bytes, secret: str) -> str:
    """The signature that Glomo would send with a body: for tests of a handler.

    Args:
        body: the bytes that are sent.
        secret: the endpoint's secret.

    Returns:
        64 hexadecimal digits.
    """
    try:
        (key,) = Secrets.read([secret], environment=SECRET_VARIABLE, parameter="secret")
    finally:
        del secret
    return digest(_checked(body), key)


def verify(body: bytes, signature: str | None, secrets: str | Sequence[str] | None = None) -> None:
    """Check that a body was signed by Glomo. Returns if so, raises if not.

    Args:
        body: the request's body, byte for byte as it came.
        signature: the header `X-Glomopay-Signature`; `None` if the request has none.
        secrets: the endpoint's secret, or several while it is replaced, any of which may match;
            a text may hold several with commas between them. Left out, `GLOMO_WEBHOOK_SECRET`.

    Raises:
        SignatureError: the signature is missing, malformed or another's, or the body too long.
        ConfigurationError: no secret was given.
        ParameterError: the body is not bytes.
    """
    try:
        keys = read_secrets(secrets)
    finally:
        del secrets  # error trackers report the variables of every frame
    verify_with(keys, body, signature)


def read_secrets(secrets: str | Sequence[str] | None) -> Secrets:
    """Read the secrets of an endpoint; `None` reads `GLOMO_WEBHOOK_SECRET`."""
    try:
        return Secrets.read(secrets, environment=SECRET_VARIABLE, parameter="secrets")
    finally:
        del secrets  # a refusal may be reported with the variables of every frame


def verify_with(keys: Secrets, body: bytes, signature: str | None) -> None:
    """`verify`, with secrets that were read before."""
    body = _checked(body)
    if len(body) > MAX_BODY_BYTES:
        raise SignatureError(
            f"the body has {len(body)} bytes, more than the {MAX_BODY_BYTES} that are read"
        )
    check_form(signature, HEADER)
    if not matches(keys, body, signature):
        raise SignatureError(
            "the signature does not match the body. Pass the raw bytes of the request, not parsed "
            "JSON, and the secret of this endpoint: test and live have different ones"
        )


def check_form(signature: str | None, name: str) -> None:
    """Refuse what cannot be a signature, and say what is wrong with it.

    Raises:
        SignatureError: it is missing, or not 64 hexadecimal digits.
    """
    if signature is None or signature == "":
        raise SignatureError(f"{name} is missing: Glomo signs everything that it sends")
    if not isinstance(signature, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise ParameterError(
            f"signature must be text, not {type(signature).__name__}", parameter="signature"
        )
    if signature.lower().startswith("sha256="):
        raise SignatureError(
            f"{name} starts with 'sha256=': Glomo sends the 64 hexadecimal digits alone, so this "
            "was sent or changed by someone else"
        )
    if not _HEX.fullmatch(signature):
        raise SignatureError(f"{name} is not 64 lower-case hexadecimal digits")


def matches(keys: Secrets, message: bytes, signature: str | None) -> bool:
    """Whether any of the secrets signed the message; takes equally long whichever did."""
    received = (signature or "").encode()
    results = [hmac.compare_digest(digest(message, key).encode(), received) for key in keys]
    return any(results)


def digest(message: bytes, key: bytes) -> str:
    """HMAC-SHA256, in hexadecimal."""
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _checked(body: bytes) -> bytes:
    if not isinstance(body, (bytes, bytearray, memoryview)):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise ParameterError(
            f"body must be the raw bytes of the request, not {type(body).__name__}: "
            "`await request.body()` in FastAPI, `request.body` in Django, "
            "`request.get_data()` in Flask",
            parameter="body",
        )
    return bytes(body)
