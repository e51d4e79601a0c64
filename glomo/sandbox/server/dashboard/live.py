"""Server-sent events: a page is told that something has changed, and what time it is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import anyio

from .kinds import moment

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

_SECONDS = 0.4
"""Between two looks: a page may be this much late."""


def clock_text(sandbox: Sandbox) -> str:
    """`24 Nov 2026 15:04:05 UTC`."""
    return f"{moment(sandbox.clock().isoformat())} UTC"


async def stream(sandbox: Sandbox) -> AsyncIterator[str]:
    """`clock` every second, and `change` after every change."""
    last_state = _state(sandbox)
    last_html = ""
    yield "retry: 1000\n\n"
    while True:
        if (text := clock_text(sandbox)) != last_html:
            last_html = text
            data = json.dumps({"text": text, "frozen": sandbox.clock.frozen})
            yield f"event: clock\ndata: {data}\n\n"
        if (now := _state(sandbox)) != last_state:
            last_state = now
            yield "event: change\ndata: {}\n\n"
        await anyio.sleep(_SECONDS)


def _state(sandbox: Sandbox) -> tuple[object, ...]:
    last = sandbox.requests[-1] if sandbox.requests else None
    return (
        sandbox.engine.store.revision,
        len(sandbox.requests),
        id(last),
        repr(sandbox.faults.active),
        sandbox.clock.frozen,
    )
