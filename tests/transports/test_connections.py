"""Which connection carries what: reuse, connections gone meanwhile, responses nobody asked for."""

import asyncio
import gc
import weakref
from contextvars import ContextVar

import pytest

from glomo.http.transport import LostError, NotSentError

from .kinds import every, every_own, open_transport, request
from .peer import OK, OTHER, Line, Peer, responding, serve


@every
async def test_one_connection_is_enough_for_calls_in_turn(kind: str) -> None:
    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        for _ in range(10):
            await transport.send(request(peer.origin), 10)
        assert (peer.accepted, len(peer.requests)) == (1, 10)


@every_own
async def test_calls_at_once_have_a_connection_each_and_keep_it(kind: str) -> None:
    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        for _ in range(3):
            await asyncio.gather(*(transport.send(request(peer.origin), 10) for _ in range(20)))
        assert peer.accepted <= 20
        assert len(peer.requests) == 60


@every
@pytest.mark.parametrize("how", ["close", "reset", "half-close"])
async def test_a_connection_that_ended_while_idle_costs_no_call(kind: str, how: str) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(OK)
        await go.wait()
        if how == "reset":
            line.reset()
        elif how == "half-close":
            line.writer.write_eof()
            gone.set()
            await line.until_closed()

    go, gone = asyncio.Event(), asyncio.Event()
    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        await transport.send(request(peer.origin), 10)
        go.set()
        if how == "half-close":
            await gone.wait()
        else:
            await peer.until(lambda: not peer.open)
        assert (await transport.send(request(peer.origin), 10)).status == 200
        assert (peer.accepted, len(peer.requests)) == (2, 2)


@every
async def test_connection_close_is_obeyed(kind: str) -> None:
    closing = OK.replace(b"content-type", b"connection: close\r\ncontent-type")
    async with (
        Peer(responding(closing), serve) as peer,
        open_transport(kind, peer.origin) as transport,
    ):
        for _ in range(2):
            await transport.send(request(peer.origin), 10)
        assert peer.accepted == 2


# ------------------------------------------------------------------ responses nobody asked for


CHUNKED = OK.replace(b"content-length: 11", b"transfer-encoding: chunked").replace(
    b'{"id": "a"}', b'b\r\n{"id": "a"}\r\n0\r\n\r\n'
)
TIMED_OUT = b"HTTP/1.1 408 Request Time-out\r\nconnection: close\r\n\r\n"


@every
@pytest.mark.parametrize("first", [OK, CHUNKED], ids=["length", "chunked"])
@pytest.mark.parametrize("stray", [OTHER, OTHER[:30], b"garbage\r\n\r\n", TIMED_OUT, b"\r\n"])
async def test_an_extra_response_with_the_first_is_never_the_next_one_s(
    kind: str, first: bytes, stray: bytes
) -> None:
    async with (
        Peer(responding(first + stray), serve) as peer,
        open_transport(kind, peer.origin) as transport,
    ):
        for n in range(3):
            try:
                response = await transport.send(request(peer.origin), 10)
            except LostError:  # who reads on stumbles over garbage, and is right
                assert (n, stray[:7]) == (0, b"garbage")
            else:
                assert response.body == b'{"id": "a"}'


@every
@pytest.mark.parametrize("stray", [OTHER, OTHER[:30], b"garbage\r\n\r\n", TIMED_OUT])
async def test_an_extra_response_on_an_idle_connection_is_never_the_next_one_s(
    kind: str, stray: bytes
) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(OK)
        await go.wait()
        await line.send(stray)
        sent.set()
        await serve(line)

    go, sent = asyncio.Event(), asyncio.Event()
    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        await transport.send(request(peer.origin), 10)
        go.set()
        await sent.wait()
        for _ in range(3):
            response = await transport.send(request(peer.origin), 10)
            assert response.body == b'{"id": "a"}'
        assert peer.accepted == 2
        await peer.until(lambda: len(peer.open) == 1)


@every_own
async def test_one_stray_response_on_each_of_many_connections_costs_no_call(kind: str) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(OK)
        await go.wait()
        await line.send(OTHER)
        await serve(line)

    go = asyncio.Event()
    script = (*[step] * 20, serve)
    async with Peer(*script) as peer, open_transport(kind, peer.origin) as transport:
        await asyncio.gather(*(transport.send(request(peer.origin), 10) for _ in range(20)))
        assert peer.accepted == 20
        go.set()
        await asyncio.sleep(0)
        for _ in range(25):
            response = await transport.send(request(peer.origin), 10)
            assert response.body == b'{"id": "a"}'


@every_own
async def test_discarded_connections_are_not_used_again(kind: str) -> None:
    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        await asyncio.gather(*(transport.send(request(peer.origin), 10) for _ in range(3)))
        before = set(peer.open)
        transport.discard_connections()
        for _ in range(4):
            await asyncio.gather(*(transport.send(request(peer.origin), 10) for _ in range(3)))
        assert not any(len(line.requests) > 1 for line in before)
        assert len(peer.requests) == 15


@every_own
async def test_what_is_under_way_when_connections_are_discarded_ends_well(kind: str) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await go.wait()
        await line.send(OK)
        await serve(line)

    go = asyncio.Event()
    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        call = asyncio.create_task(transport.send(request(peer.origin), 10))
        await peer.until(lambda: len(peer.requests) == 1)
        transport.discard_connections()
        go.set()
        assert (await call).status == 200
        await transport.send(request(peer.origin), 10)
        assert peer.accepted == 2


@every_own
async def test_a_closed_transport_opens_no_connection(kind: str) -> None:
    async with Peer() as peer:
        async with open_transport(kind, peer.origin) as transport:
            await transport.send(request(peer.origin), 10)
        with pytest.raises(NotSentError, match="closed"):
            await transport.send(request(peer.origin), 10)
        await peer.until(lambda: not peer.open)
        assert peer.accepted == 1


@every_own
async def test_a_call_that_is_over_leaves_nothing_of_its_context(kind: str) -> None:
    """Such as the responses of a `capture`. Its time-out, though cancelled, stays with the loop
    while an earlier one is waited for."""

    class Responses:
        pass

    captured: ContextVar[Responses] = ContextVar("captured")

    async def call() -> weakref.ref[Responses]:
        captured.set(responses := Responses())
        await transport.send(request(peer.origin), 10)
        return weakref.ref(responses)

    earlier = asyncio.get_running_loop().call_later(5, lambda: None)
    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        for _ in range(2):
            await transport.send(request(peer.origin), 10)
        responses = await asyncio.create_task(call())
        await asyncio.sleep(0)  # the loop itself lets go of the task
        gc.collect()
        assert responses() is None
    earlier.cancel()
