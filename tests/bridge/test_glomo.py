"""The generated client on the bridge: what crosses, and what shows."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import anyio
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from glomo import errors
from glomo.http.transport import NotSentError, WireRequest, WireResponse
from glomo_sync import Glomo

KEY = "sk-of-the-merchant"
PAYOUT = b'{"id": "payout_1", "status": "success"}'


class StubTransport:
    """Responds with one payout, after it has done what a test wants done in the loop."""

    def __init__(self) -> None:
        self.in_loop: Callable[[], object] = lambda: None
        self.seen: list[object] = []

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        await anyio.lowlevel.checkpoint()
        self.seen.append(self.in_loop())
        id = request.url.rpartition("/")[2].encode()
        body = PAYOUT.replace(b"payout_1", id) if id.startswith(b"payout_") else PAYOUT
        return WireResponse(200, {"content-type": "application/json"}, body)

    def discard_connections(self) -> None: ...

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


@pytest.fixture
def transport() -> StubTransport:
    return StubTransport()


@pytest.fixture
def glomo(transport: StubTransport) -> Iterator[Glomo]:
    with Glomo(KEY, transport=transport) as glomo:
        yield glomo


def test_a_call_sees_the_callers_context_variables(glomo: Glomo, transport: StubTransport) -> None:
    tenant = ContextVar("tenant", default="nobody")
    tenant.set("acme")
    transport.in_loop = tenant.get
    glomo.payouts.retrieve("payout_1")
    assert transport.seen == ["acme"]


def test_a_span_of_the_call_has_the_callers_span_as_parent(
    glomo: Glomo, transport: StubTransport
) -> None:
    tracer = TracerProvider().get_tracer("test")

    def start_span() -> object:
        span = tracer.start_span("attempt")
        span.end()
        return span.parent  # type: ignore[attr-defined]

    transport.in_loop = start_span
    with tracer.start_as_current_span("request of the user") as parent:
        glomo.payouts.retrieve("payout_1")
    glomo.payouts.retrieve("payout_1")
    assert transport.seen == [parent.get_span_context(), None]
    assert not trace.get_current_span().get_span_context().is_valid


def test_each_thread_captures_its_own_responses(glomo: Glomo) -> None:
    captured: dict[str, list[str]] = {}
    start = threading.Barrier(4)

    def work(id: str) -> None:
        with glomo.capture() as responses:
            start.wait()
            glomo.payouts.retrieve(id)
            glomo.payouts.retrieve(id)
        glomo.payouts.retrieve("payout_outside")
        captured[id] = [response.url.rpartition("/")[2] for response in responses]

    threads = [threading.Thread(target=work, args=(f"payout_{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert captured == {f"payout_{n}": [f"payout_{n}"] * 2 for n in range(4)}


def test_a_pager_captures_the_pages_read_inside_the_block(
    glomo: Glomo, transport: StubTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.bridge.test_glomo.PAYOUT", b'{"data": [' + PAYOUT + b"]}")
    with glomo.capture() as responses:
        assert [payout.id for payout in glomo.payouts.list()] == ["payout_1"]
    assert [response.operation for response in responses] == ["payouts.list"]


def locals_of_ours(error: BaseException) -> str:
    """The variables of every frame of ours, the way a crash reporter shows them."""
    shown: list[str] = []
    pending: list[BaseException | None] = [error]
    while pending:
        current = pending.pop()
        if current is None:
            continue
        pending += [current.__cause__, current.__context__]
        for frame, _ in traceback.walk_tb(current.__traceback__):
            if frame.f_globals["__name__"].partition(".")[0] in ("glomo", "glomo_sync"):
                shown += [f"{name}={value!r}" for name, value in frame.f_locals.items()]
    return "\n".join(shown)


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "ftp://api.test/api"},
        {"base_url": "http://api.test/api"},
        {"timeout": -1},
        {"rate_limit": 0},
        {"transport": "carrier pigeon"},
        {"public_key": "not a key"},
    ],
)
def test_a_refused_client_shows_no_key(settings: dict[str, Any]) -> None:
    with pytest.raises(errors.GlomoError) as caught:
        Glomo(KEY, **settings)
    shown = locals_of_ours(caught.value)
    assert "<Glomo not set up>" in shown
    assert KEY not in shown
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_neither_does_a_failed_call(
    glomo: Glomo, transport: StubTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise NotSentError("refused")

    monkeypatch.setenv("GLOMO_SYNC_FULL_TRACEBACK", "1")
    monkeypatch.setattr(anyio, "sleep", lambda _: anyio.lowlevel.checkpoint())
    transport.in_loop = fail
    with pytest.raises(errors.ConnectError) as caught:
        glomo.payouts.retrieve("payout_1")
    shown = locals_of_ours(caught.value)
    assert "payout_1" in shown
    assert KEY not in shown


def test_repr_names_the_class_even_of_a_subclass(glomo: Glomo, transport: StubTransport) -> None:
    class Shop(Glomo):
        pass

    assert repr(glomo).startswith("<Glomo https://api.glomopay.com/api")
    assert repr(Shop(KEY, transport=transport)).startswith("<Shop https://")
    assert repr(Glomo.__new__(Glomo)) == "<Glomo not set up>"
