"""Seeing what the SDK does: events, and what is built on them.

    class Slow:
        def on_event(self, event):
            if isinstance(event, CallEnded) and event.elapsed > 5:
                alert(event.operation, event.elapsed)

    glomo = AsyncGlomo(observers=[Slow()])

`glomo.instrumentation.opentelemetry` turns events into spans and metrics; standard logging is
always on (`GLOMO_LOG=debug` prints it). No event holds a key, a query, a body or a header.
"""

from .events import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallStarted,
    Event,
    Observer,
    RowSettled,
    Waited,
    WebhookHandled,
)

__all__ = [
    "AttemptEnded",
    "AttemptStarted",
    "CallEnded",
    "CallStarted",
    "Event",
    "Observer",
    "RowSettled",
    "Waited",
    "WebhookHandled",
]
