"""Idempotency keys: the `request_id` that makes a create safe to repeat."""

from __future__ import annotations

import hashlib
import os
import re
from json.encoder import encode_basestring as quoted

MAX_LENGTH = 64
"""The longest `request_id` that the API takes."""

_UNREADABLE = r"[^A-Za-z0-9._-]+"


class _GeneratedRequestId(str):
    """A key that the SDK has just generated, so that no earlier call can have used it."""

    __slots__ = ()


def new_request_id() -> str:
    """A fresh key, for callers who give none."""
    return _GeneratedRequestId(f"glomo-{os.urandom(16).hex()}")


def is_generated(request_id: str) -> bool:
    """Whether the SDK has generated this key for the call at hand."""
    return isinstance(request_id, _GeneratedRequestId)


def request_id_for(batch: str, reference: str) -> str:
    """The `request_id` of a row of a batch: always the same for the same batch and reference.

    Args:
        batch: the batch's name.
        reference: the row's reference, unique in the batch.

    Returns:
        At most 64 characters: a readable start, and a digest that tells all pairs apart.

    Raises:
        ValueError: an empty name or reference.
    """
    if not batch or not reference:
        raise ValueError("a request_id needs the batch's name and the row's reference")
    pair = f"[{quoted(batch)}, {quoted(reference)}]".encode(errors="surrogatepass")
    digest = hashlib.sha256(pair).hexdigest()[:32]
    readable = re.sub(_UNREADABLE, "-", f"{batch}.{reference}").strip("-.")
    return f"{readable[: MAX_LENGTH - 33]}-{digest}" if readable else digest
