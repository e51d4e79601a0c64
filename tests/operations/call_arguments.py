"""A call, as a row of the tables in `calls_*.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

AFTER = datetime(2025, 1, 18, 12, 3, 44, tzinfo=UTC)
BEFORE = datetime(2025, 2, 18, 12, 3, 44, tzinfo=UTC)
PAGE: Mapping[str, Any] = {"page": 2, "per_page": 50}
SPAN: Mapping[str, Any] = {"before": BEFORE, "after": AFTER, **PAGE}


@frozen
class CallArguments:
    """The arguments of a call.

    `in_body` is what is sent in another form than it was given in: fields to put into the body, or
    to leave out of it (`None`). `in_query` is what the SDK adds to the query.
    """

    args: tuple[str, ...]
    kwargs: Mapping[str, Any]
    in_body: Mapping[str, Any] = field(factory=dict[str, Any])
    in_query: Mapping[str, Any] = field(factory=dict[str, Any])


def arguments(*args: str, **kwargs: Any) -> CallArguments:
    """A call."""
    return CallArguments(args, kwargs)
