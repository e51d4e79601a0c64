"""What the network does during a run: retries, and waits that the API has asked for."""

from __future__ import annotations

from glomo.instrumentation.events import Event, Waited


class Traffic:
    """An observer that counts what slows a run down."""

    def __init__(self) -> None:
        self.retries = 0
        """Requests that were sent again after a failure."""
        self.throttled = 0
        """Times that the API asked for a pause."""

    def on_event(self, event: Event, /) -> None:
        """Take note of a wait."""
        if isinstance(event, Waited):
            self.retries += event.reason == "retry"
            self.throttled += event.reason == "throttled"

    def parts(self) -> list[str]:
        """What there is to show."""
        return [
            f"{count:,} {noun if count == 1 else plural}"
            for count, noun, plural in (
                (self.retries, "retry", "retries"),
                (self.throttled, "pause for the API", "pauses for the API"),
            )
            if count
        ]
