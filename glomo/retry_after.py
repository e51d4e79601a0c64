"""The `Retry-After` header of HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

LONGEST = 86_400.0


def seconds(header: str, *, now: Callable[[], datetime] | None = None) -> float | None:
    """The header in seconds, if it can be read: a number, or a time to wait for."""
    text = header.strip()
    if not text:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return min(float(text[:300]), LONGEST)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - few responses have a date here

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    at = now() if now else datetime.now(UTC)
    return min(max(0.0, (moment - at).total_seconds()), LONGEST)
