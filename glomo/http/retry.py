"""When to try again."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime

from .transport import WireResponse

FIRST = 0.25
CAP = 8.0
FIRST_WHEN_THROTTLED = 1.0
LONGEST = 86_400.0


def backoff(
    attempt: int, *, throttled: bool = False, rng: Callable[[], float] = random.random
) -> float:
    """Seconds to wait after the given attempt (1 is the first): exponential, with full jitter."""
    first = FIRST_WHEN_THROTTLED if throttled else FIRST
    return float(rng() * min(CAP, first * 2 ** (attempt - 1)))


def retry_after(answer: WireResponse, *, now: Callable[[], datetime] | None = None) -> float | None:
    """The answer's Retry-After in seconds, if it has one that can be read."""
    text = answer.headers.get("retry-after", "").strip()
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
