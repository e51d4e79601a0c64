"""How long a plan takes to pay."""

from __future__ import annotations

from datetime import timedelta

_READ_AT_ONCE = 100
"""Payouts on a page, when they are read again at the end."""


def estimated_duration(rows: int, *, rate_limit: int) -> timedelta:
    """The least time that paying takes: the allowance of requests, each row one.

    Args:
        rows: how many payouts.
        rate_limit: requests a minute; 0 for no limit.
    """
    requests = rows + -(-rows // _READ_AT_ONCE)
    rate = rate_limit / 60 if rate_limit else 0.0
    return timedelta(seconds=round(requests / rate)) if rate else timedelta()
