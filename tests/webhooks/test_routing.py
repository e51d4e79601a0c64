"""Which function handles which event, in both packages alike."""

from __future__ import annotations

import inspect
import types
from typing import Any

import pytest

import glomo.webhooks
import glomo_sync.webhooks
from glomo import webhooks
from glomo.errors import ConfigurationError, DecodingError, ParameterError, SignatureError
from glomo.webhooks import testing
from glomo.webhooks.event import known_events

from .conftest import SECRET, Kind


class Calls:
    """A router whose functions note what they were called with."""

    def __init__(self, kind: Kind, **options: Any) -> None:
        self.kind = kind
        self.router = kind.Router(SECRET, **options)
        self.seen: list[tuple[str, webhooks.Event]] = []
        self.router.otherwise(self.function("otherwise"))

    def function(self, name: str) -> Any:
        return self.kind.function(lambda event: self.seen.append((name, event)))

    def on(self, name: str, *classes: Any) -> None:
        self.router.on(*classes)(self.function(name))

    def deliver(self, cls: type[webhooks.Event], **data: Any) -> webhooks.Event:
        return self.kind.handle(self.router, testing.delivery(cls, secret=SECRET, **data))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.seen]


@pytest.fixture
def calls(kind: Kind) -> Calls:
    return Calls(kind)


def test_each_event_goes_to_its_function_and_no_other(calls: Calls) -> None:
    calls.on("paid", webhooks.PayoutSucceeded)
    calls.on("lost", webhooks.PayoutFailed, webhooks.PayoutCancelled)
    calls.deliver(webhooks.PayoutSucceeded)
    calls.deliver(webhooks.PayoutCancelled)
    calls.deliver(webhooks.PayoutFailed)
    calls.deliver(webhooks.PayoutQueued)
    calls.deliver(webhooks.RefundSucceeded)
    assert calls.names == ["paid", "lost", "lost", "otherwise", "otherwise"]


def test_the_event_is_typed_and_returned(calls: Calls) -> None:
    calls.on("paid", webhooks.PayoutSucceeded)
    event = calls.deliver(webhooks.PayoutSucceeded, id="payout_1", utr="U1")
    assert calls.seen == [("paid", event)]
    assert isinstance(event, webhooks.PayoutSucceeded)
    assert (event.data.id, event.data.utr) == ("payout_1", "U1")


def test_the_most_specific_class_counts(calls: Calls) -> None:
    calls.on("any payout", webhooks.PayoutEvent)
    calls.on("failed", webhooks.PayoutFailed)
    calls.deliver(webhooks.PayoutFailed)
    calls.deliver(webhooks.PayoutQueued)
    payload = testing.payload(webhooks.PayoutQueued) | {"event_type": "invented"}
    calls.kind.handle(calls.router, testing.signed(payload, secret=SECRET))
    assert calls.names == ["failed", "any payout", "any payout"]


def test_what_nobody_knows_goes_to_the_fallback(calls: Calls) -> None:
    payload = {"entity_type": "teleport", "event_type": "x", "data": {"id": "t_1"}}
    calls.kind.handle(calls.router, testing.signed(payload, secret=SECRET))
    calls.deliver(webhooks.WebhookTest)
    assert calls.names == ["otherwise", "otherwise"]
    assert calls.seen[0][1].data == {"id": "t_1"}


# ------------------------------------------------------------------ data that does not fit


def test_an_unreadable_event_that_is_waited_for_is_not_swallowed(calls: Calls) -> None:
    # The fallback may well ignore it. An error has it delivered again, and seen.
    calls.on("paid", webhooks.PayoutSucceeded)
    with pytest.raises(DecodingError, match=r"payout success .*data\.status.*UnreadableEvent"):
        calls.deliver(webhooks.PayoutSucceeded, status={"x": 1})
    assert calls.names == []


def test_an_unreadable_event_can_be_handled(calls: Calls) -> None:
    calls.on("paid", webhooks.PayoutSucceeded)
    calls.on("odd", webhooks.UnreadableEvent)
    calls.deliver(webhooks.PayoutSucceeded, status={"x": 1})
    assert calls.names == ["odd"]
    assert calls.seen[0][1].data["status"] == {"x": 1}


def test_an_unreadable_event_that_nobody_waits_for_is_as_any_other(calls: Calls) -> None:
    calls.on("refunds", webhooks.RefundEvent)
    calls.deliver(webhooks.PayoutSucceeded, status={"x": 1})
    assert calls.names == ["otherwise"]


# ------------------------------------------------------------------ what is refused


def test_a_forged_delivery_calls_nothing(calls: Calls) -> None:
    calls.on("paid", webhooks.PayoutSucceeded)
    delivery = testing.delivery(webhooks.PayoutSucceeded, secret="whsec_another")
    with pytest.raises(SignatureError):
        calls.kind.handle(calls.router, delivery)
    assert calls.names == []


def test_without_a_fallback_the_first_delivery_says_so(kind: Kind) -> None:
    router = kind.Router(SECRET)
    router.on(webhooks.PayoutFailed)(kind.function(print))
    with pytest.raises(ConfigurationError, match=r"@events\.otherwise"):
        kind.handle(router, testing.delivery(webhooks.PayoutFailed, secret=SECRET))


@pytest.mark.parametrize("secrets", ["", [], None])
def test_without_a_secret_there_is_no_router(
    kind: Kind, secrets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GLOMO_WEBHOOK_SECRET", raising=False)
    with pytest.raises(ConfigurationError):
        kind.Router(secrets)


def test_secrets_rotate(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_WEBHOOK_SECRET", f"whsec_new,{SECRET}")
    router = kind.Router()
    router.otherwise(kind.function(lambda _: None))
    for secret in (SECRET, "whsec_new"):
        kind.handle(router, testing.delivery(webhooks.PayoutFailed, secret=secret))


def test_a_class_has_one_function(calls: Calls) -> None:
    calls.on("one", webhooks.PayoutFailed)
    with pytest.raises(ParameterError, match="PayoutFailed has a handler already"):
        calls.on("two", webhooks.PayoutSucceeded, webhooks.PayoutFailed)
    # The refused registration left nothing behind.
    calls.deliver(webhooks.PayoutSucceeded)
    assert calls.names == ["otherwise"]


@pytest.mark.parametrize("wrong", ["payout.failed", webhooks.Event, print, object, None])
def test_what_is_no_event_class_is_refused(calls: Calls, wrong: Any) -> None:
    with pytest.raises(ParameterError):
        calls.on("x", wrong)


def test_on_needs_a_class(calls: Calls) -> None:
    with pytest.raises(ParameterError, match="one event class or more"):
        calls.on("x")


def test_there_is_one_fallback(calls: Calls) -> None:
    with pytest.raises(ParameterError, match="otherwise has a handler already"):
        calls.router.otherwise(calls.function("again"))


def test_functions_of_the_other_kind_are_refused(kind: Kind) -> None:
    async def asynchronous(_: webhooks.Event) -> None: ...

    def plain(_: webhooks.Event) -> None: ...

    wrong: Any = plain if kind.name == "glomo" else asynchronous
    router = kind.Router(SECRET)
    for register in (router.otherwise, router.on(webhooks.PayoutFailed)):
        with pytest.raises(ParameterError, match=f"there is {kind.other}.webhooks.Router"):
            register(wrong)
        with pytest.raises(ParameterError, match="is not a function"):
            register("text")


def test_methods_and_callable_objects_handle_events(kind: Kind) -> None:
    seen: list[webhooks.Event] = []

    class AsyncService:
        async def method(self, event: webhooks.Event) -> None:
            seen.append(event)

        async def __call__(self, event: webhooks.Event) -> None:
            seen.append(event)

    class SyncService:
        def method(self, event: webhooks.Event) -> None:
            seen.append(event)

        def __call__(self, event: webhooks.Event) -> None:
            seen.append(event)

    service = AsyncService() if kind.name == "glomo" else SyncService()
    router = kind.Router(SECRET)
    router.on(webhooks.PayoutFailed)(service.method)
    router.otherwise(service)
    kind.handle(router, testing.delivery(webhooks.PayoutFailed, secret=SECRET))
    kind.handle(router, testing.delivery(webhooks.PayoutQueued, secret=SECRET))
    assert len(seen) == 2


def test_the_handlers_error_is_raised(kind: Kind) -> None:
    def fail(_: webhooks.Event) -> None:
        raise LookupError("no such row")

    router = kind.Router(SECRET)
    router.otherwise(kind.function(fail))
    with pytest.raises(LookupError, match="no such row"):
        kind.handle(router, testing.delivery(webhooks.PayoutFailed, secret=SECRET))


# ------------------------------------------------------------------ the twin


def names(package: types.ModuleType) -> set[str]:
    return {
        name
        for name, value in vars(package).items()
        if name[0] != "_" and not (isinstance(value, types.ModuleType) and name != "testing")
    }


def test_both_packages_offer_the_same() -> None:
    asynchronous = names(glomo.webhooks) - {"AsyncDedupeStore"}
    assert asynchronous == names(glomo_sync.webhooks)
    for name in asynchronous - {"Router", "reconcile"}:
        assert getattr(glomo.webhooks, name) is getattr(glomo_sync.webhooks, name)
    assert {cls.__name__ for _, _, cls in known_events()} < asynchronous


@pytest.mark.parametrize("name", ["__init__", "on", "otherwise", "handle"])
def test_both_routers_have_the_same_parameters(name: str) -> None:
    one = inspect.signature(getattr(glomo.webhooks.Router, name))
    other = inspect.signature(getattr(glomo_sync.webhooks.Router, name))
    assert [(p.name, p.kind, p.default) for p in one.parameters.values()] == [
        (p.name, p.kind, p.default) for p in other.parameters.values()
    ]
