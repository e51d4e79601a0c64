"""The bytes of a webhook and their signature."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import rfc8785

SIGNATURE_HEADER = "X-Glomopay-Signature"


def canonical(body: Mapping[str, Any]) -> bytes:
    """A JSON object in the canonical form of RFC 8785. What is signed is what is sent."""
    return rfc8785.dumps(dict(body))


def sign(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the body in lower-case hex, without a prefix."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
