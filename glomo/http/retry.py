"""When to try again."""

from __future__ import annotations

import random
from collections.abc import Callable

from glomo.retry_after import seconds

from .transport import WireResponse

FIRST = 0.25
CAP = 8.0
FIRST_WHEN_THROTTLED = 1.0


def backoff(
    attempt: int, *, throttled: bool = False, rng: Callable[[], float] = random.random
) -> float:
    """Seconds to wait after the given attempt (1 is the first): exponential, with full jitter."""
    first = FIRST_WHEN_THROTTLED if throttled else FIRST
    return float(rng() * min(CAP, first * 2 ** (attempt - 1)))


def retry_after(response: WireResponse) -> float | None:
    """The response's Retry-After in seconds, if it has one that can be read."""
    return seconds(response.headers.get("retry-after", ""))
