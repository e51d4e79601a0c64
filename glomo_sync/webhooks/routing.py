# Generated from glomo/webhooks/routing.py by glomo_sync.generate. Do not edit.
"""From a delivery to the function that handles its event: for plain functions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from glomo.instrumentation.events import Observer
from glomo.webhooks.dedupe import DedupeStore
from glomo.webhooks.event import Event
from glomo.webhooks.routes import HandlingResult, Routes, is_granted, new_token

log = logging.getLogger("glomo.webhooks")

A = TypeVar("A", bound=Event)
B = TypeVar("B", bound=Event)
C = TypeVar("C", bound=Event)
T = TypeVar("T")

Handler = Callable[[A], T]
"""A function of an event."""
Decorator = Callable[[Handler[A, T]], Handler[A, T]]


class Router:
    """Verifies deliveries, reads their events and calls the function for each."""

    def __init__(
        self,
        secrets: str | Sequence[str] | None = None,
        *,
        dedupe: DedupeStore | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        """Make a router for one endpoint.

        Args:
            secrets: the endpoint's secret, or several while it is replaced; left out,
                `GLOMO_WEBHOOK_SECRET`.
            dedupe: where to remember which events were handled, such as
                `SQLiteStore("webhooks.sqlite")`. Without a store, an event is handled at each of
                its deliveries.
            observers: are told of every event that was handled: `glomo.instrumentation`.

        Raises:
            ConfigurationError: no secret was given.
        """
        try:
            self._routes: Routes[Handler[Any, Any]] = Routes(
                secrets, asynchronous=False, observers=observers
            )
        finally:
            del secrets
        self._dedupe = dedupe

    @overload
    def on(self, first: type[A], /) -> Decorator[A, T]: ...
    @overload
    def on(self, first: type[A], second: type[B], /) -> Decorator[A | B, T]: ...
    @overload
    def on(self, first: type[A], second: type[B], third: type[C], /) -> Decorator[A | B | C, T]: ...
    @overload
    def on(self, *event_classes: type[A]) -> Decorator[A, T]: ...
    def on(self, *event_classes: Any) -> Any:
        """Let a function handle these classes of events, and no other function.

        The most specific class counts: with handlers for `PayoutFailed` and `PayoutEvent`, a failed
        payout goes to the first, every other event of a payout to the second.

        Raises:
            ParameterError: not event classes, not a plain function, or a class that has a handler.
        """

        def register(handler: Handler[A, T]) -> Handler[A, T]:
            self._routes.add(event_classes, handler)
            return handler

        return register

    def otherwise(self, handler: Handler[Event, T]) -> Handler[Event, T]:
        """Let a function handle every event that no other takes. Each router needs one.

        Raises:
            ParameterError: not a plain function, or there is one already.
        """
        self._routes.set_fallback(handler)
        return handler

    def handle(self, body: bytes, signature: str | None) -> Event:
        """Verify a delivery and have its event handled. Answer 200 once this returns.

        An event that was handled before is not handled again, if the router has a store. When the
        handler fails, its error is raised and the next delivery is handled: let the request fail.

        Args:
            body: the request's body, byte for byte as it came.
            signature: the header `X-Glomopay-Signature`; `None` if the request has none.

        Returns:
            The event.

        Raises:
            SignatureError: the delivery is not from Glomo. Answer 400.
            EventInProgressError: another worker is handling the event. Answer 503.
            DecodingError: it is no event, or its `data` does not fit and its class has a handler.
            ConfigurationError: no function stands under `otherwise`.
        """
        event, handler = self._routes.read(body, signature)
        with self._routes.watch(event) as handling:
            handling.result = self._handle(event, handler)
        return event

    def _handle(self, event: Event, handler: Handler[Any, Any]) -> HandlingResult:
        key = event.dedupe_key
        token = new_token()
        if self._dedupe is None:
            handler(event)
            return "handled"
        if not is_granted(self._dedupe.claim(key, token), key):
            log.info("%s was handled before", key)
            return "duplicate"
        try:
            handler(event)
        except BaseException:
            # A claim that stays would turn away the next delivery.
            self._release(key, token)
            raise
        self._dedupe.complete(key)
        return "handled"

    def _release(self, key: str, token: str) -> None:
        assert self._dedupe is not None
        try:
            self._dedupe.release(key, token)
        except Exception:  # the handler's own error says more, and the lease ends by itself
            log.exception("%s could not be released", key)
