"""The observers of a client, told one after the other."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from functools import partial

from .events import Event, Observer
from .logging import LoggingObserver

log = logging.getLogger("glomo")

call_numbers = itertools.count(1)
"""Numbers for `CallStarted.call`."""


class Observers:
    """Tells observers, whatever they do. Logging is the first of them."""

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self._observers: tuple[Observer, ...] = (LoggingObserver(), *observers)
        self.watching: Callable[[], bool] = (
            (lambda: True) if observers else partial(log.isEnabledFor, logging.DEBUG)
        )
        """Whether anyone looks at what happens all the time, not only at what is rare."""

    def notify(self, event: Event) -> None:
        """Tell everyone. A call must not fail because its observer does."""
        for observer in self._observers:
            try:
                observer.on_event(event)
            except Exception:
                log.exception("an observer failed: %s", type(observer).__name__)
