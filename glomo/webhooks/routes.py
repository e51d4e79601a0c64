"""Which function handles which event: what both routers do before they call it."""

from __future__ import annotations

import inspect
import secrets as random
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, Literal, TypeVar

from attrs import define

from glomo.errors import ConfigurationError, DecodingError, EventInProgressError, ParameterError
from glomo.instrumentation.events import Observer, WebhookHandled
from glomo.instrumentation.observers import Observers

from .dedupe import Claim
from .event import Event, UnreadableEvent
from .parsing import parse_with
from .signatures import read_secrets

H = TypeVar("H")

HandlingResult = Literal["handled", "duplicate", "failed"]


@define
class Handling:
    """How the handling of an event ends: as failed, unless it says otherwise."""

    result: HandlingResult = "failed"


class Routes(Generic[H]):
    """The handlers of a router, and the secrets of its endpoint."""

    def __init__(
        self,
        secrets: str | Sequence[str] | None,
        *,
        asynchronous: bool,
        observers: Sequence[Observer] = (),
    ) -> None:
        try:
            self._secrets = read_secrets(secrets)
        finally:
            del secrets
        self._asynchronous = asynchronous
        self._observers = Observers(observers)
        self._handlers: dict[type[Event], H] = {}
        self._fallback: H | None = None

    @contextmanager
    def watch(self, event: Event) -> Generator[Handling]:
        """Tell the observers how the handling of an event ends."""
        handling = Handling()
        started = time.perf_counter()
        try:
            yield handling
        finally:
            elapsed = time.perf_counter() - started
            self._observers.notify(
                WebhookHandled(event.entity_type, event.event_type, handling.result, elapsed)
            )

    def add(self, event_classes: Sequence[Any], handler: H) -> None:
        """Let a function handle these classes of events.

        Raises:
            ParameterError: not event classes, not a function of this router's kind, or a class
                that has a handler already.
        """
        if not event_classes:
            raise ParameterError("on() takes one event class or more", parameter="event_classes")
        self._check(handler)
        for event_class in event_classes:
            if not (isinstance(event_class, type) and issubclass(event_class, Event)):
                raise ParameterError(
                    f"on() takes event classes, such as webhooks.PayoutFailed, not {event_class!r}",
                    parameter="event_classes",
                )
            if event_class is Event:
                raise ParameterError(
                    "the handler of all other events is the one under otherwise",
                    parameter="event_classes",
                )
            if event_class in self._handlers:
                raise ParameterError(
                    f"{event_class.__name__} has a handler already", parameter="event_classes"
                )
        self._handlers.update(dict.fromkeys(event_classes, handler))

    def set_fallback(self, handler: H) -> None:
        """Let a function handle all other events.

        Raises:
            ParameterError: not a function of this router's kind, or there is one already.
        """
        self._check(handler)
        if self._fallback is not None:
            raise ParameterError("otherwise has a handler already", parameter="handler")
        self._fallback = handler

    def _check(self, handler: object) -> None:
        if not callable(handler):
            raise ParameterError(f"{handler!r} is not a function", parameter="handler")
        call = handler if inspect.isroutine(handler) else handler.__call__
        is_asynchronous = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)
        if is_asynchronous is not self._asynchronous:
            expected, package = (
                ("async def", "glomo") if self._asynchronous else ("def", "glomo_sync")
            )
            counterpart = "glomo_sync" if self._asynchronous else "glomo"
            raise ParameterError(
                f"handlers of {package}.webhooks.Router are written with {expected}; "
                f"for the others there is {counterpart}.webhooks.Router",
                parameter="handler",
            )

    def read(self, body: bytes, signature: str | None) -> tuple[Event, H]:
        """Verify a delivery, and find the function for its event: the most specific one.

        Raises:
            ConfigurationError: there is no fallback.
            SignatureError: the delivery is not from Glomo.
            DecodingError: it is no event, or one that has a handler but cannot be read.
        """
        if self._fallback is None:
            raise ConfigurationError(
                "the router has no handler for events that no other takes, and Glomo may send some "
                "that do not exist today: write one under @events.otherwise"
            )
        event = parse_with(self._secrets, body, signature)
        handler = self._find(type(event))
        if handler is None and isinstance(event, UnreadableEvent):
            self._refuse_unread(event)
        return event, handler or self._fallback

    def _find(self, event_class: type[Event]) -> H | None:
        ancestors = (self._handlers.get(ancestor) for ancestor in event_class.__mro__)
        return next((handler for handler in ancestors if handler is not None), None)

    def _refuse_unread(self, event: UnreadableEvent) -> None:
        """An event that someone waits for must not end in the fallback: let it be sent again."""
        if self._find(event.event_class) is not None:
            raise DecodingError(
                f"{event.entity_type} {event.event_type} has a handler but cannot be read "
                f"({event.reason}): handle webhooks.UnreadableEvent to take it as a mapping",
                path=event.path,
            )


def new_token() -> str:
    """A name for one attempt at an event."""
    return random.token_hex(8)


def is_granted(claim: Claim, key: str) -> bool:
    """Whether to handle an event now.

    Raises:
        EventInProgressError: another worker is at it.
    """
    if claim is Claim.IN_PROGRESS:
        raise EventInProgressError(f"{key} is being handled by another worker", dedupe_key=key)
    return claim is Claim.GRANTED
