"""Events as log records: constant messages, with the details in `extra`.

Logger `glomo`: every attempt at DEBUG, retries at INFO, unknown outcomes at WARNING. Formatters
that print JSON find `glomo.operation` and its like among a record's attributes. Keys, account
numbers, names, queries and bodies are in no record.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from .events import AttemptEnded, CallEnded, Event, Waited

log = logging.getLogger("glomo")


class LoggingObserver:
    """Writes the log of a client. Every client has one."""

    def on_event(self, event: Event, /) -> None:
        """Log an event."""
        match event:
            case AttemptEnded() if log.isEnabledFor(logging.DEBUG):
                self._attempt(event)
            case Waited(reason="retry" | "throttled"):
                log.info(
                    "glomo: %s is tried again after %.3f s",
                    event.operation,
                    event.seconds,
                    extra=_extra(event.operation, wait=event.seconds, reason=event.reason),
                )
            case CallEnded(outcome_unknown=True):
                log.warning(
                    "glomo: %s ended with its outcome unknown; request_id=%s",
                    event.operation,
                    event.request_id,
                    extra=_extra(
                        event.operation, request_id=event.request_id, attempts=event.attempts
                    ),
                )
            case _:
                pass

    def _attempt(self, event: AttemptEnded) -> None:
        extra = _extra(event.operation, attempt=event.number, elapsed=event.elapsed)
        extra["http.response.status_code"] = event.status
        log.debug(
            "glomo: %s attempt %d: %s after %.3f s",
            event.operation,
            event.number,
            event.error_type if event.status is None else event.status,
            event.elapsed,
            extra=extra,
        )


def _extra(operation: str, **details: Any) -> dict[str, Any]:
    extra: dict[str, Any] = {f"glomo.{name}": value for name, value in details.items()}
    extra["glomo.operation"] = operation
    return extra


def configure_from_environment() -> None:
    """Print the log to stderr if `GLOMO_LOG` names a level (`debug`, `info`, `warning`)."""
    level = os.environ.get("GLOMO_LOG", "").strip().upper()
    if level not in ("DEBUG", "INFO", "WARNING") or log.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(level)
