"""A call can be followed by a reader: few moves between files, and none that is entered often."""

from __future__ import annotations

import asyncio
from collections import Counter

from .path import by_place, entries, paths, unread


def test_the_path_of_a_create_is_short() -> None:
    create, duplicate = (by_place(calls) for calls in asyncio.run(paths()).values())
    assert entries(create)[0] == "resources/payouts.py"
    assert len(entries(create)) - 1 <= 15
    assert max(Counter(entries(create)).values()) <= 2
    # Three requests, of which a reader follows the first.
    assert entries(duplicate).count("http/transports/") == 3
    assert len(entries(duplicate)) - 1 <= 35
    assert len(entries(unread(duplicate))) - 1 <= 25
