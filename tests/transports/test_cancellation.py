"""Cancelled, closed and forked: nothing stays open, and the next call works."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

from glomo.http.transport import LostError, NotSentError, Transport
from glomo.http.transports import choose_transport

from .cancellations import cancel_many
from .kinds import every, every_own, open_transport, request
from .peer import Line, Peer, deaf, serve, silent


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counted, not walked


async def settled(most: int) -> None:
    """Wait until the loop has closed what it was told to close."""
    async with asyncio.timeout(60):
        while descriptors() > most:  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0)


async def in_body(line: Line) -> None:
    await line.request()
    await line.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n123")
    await line.until_closed()


@every
@pytest.mark.parametrize("step", [silent, in_body], ids=["waiting", "reading"])
async def test_a_cancelled_call_leaves_no_connection(kind: str, step: Any) -> None:
    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        before = descriptors()
        call = asyncio.create_task(transport.send(request(peer.origin), 10))
        await peer.until(lambda: len(peer.requests) == 1)
        for _ in range(5):
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await peer.until(lambda: not peer.open)
        await settled(before)
        assert (await transport.send(request(peer.origin), 10)).status == 200


@every
async def test_a_call_cancelled_while_it_sends_leaves_no_connection(kind: str) -> None:
    async def parts() -> Any:
        while True:
            yield b"x" * 1_000_000

    async with Peer(deaf, serve) as peer, open_transport(kind, peer.origin) as transport:
        before = descriptors()
        length = ((b"content-length", b"99000000"),)
        wire = request(peer.origin, content=parts(), headers=length)
        call = asyncio.create_task(transport.send(wire, 10))
        await peer.until(lambda: peer.accepted == 1)
        for _ in range(20):
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        peer.over.set()
        await peer.until(lambda: not peer.open)
        await settled(before)
        assert (await transport.send(request(peer.origin), 10)).status == 200


@every_own
@pytest.mark.parametrize("secure", [False, True], ids=["tcp", "tls"])
async def test_a_call_cancelled_while_it_connects_leaves_no_connection(
    kind: str, secure: bool
) -> None:
    async with Peer(deaf) as peer:
        origin = f"https://{peer.netloc}" if secure else peer.origin
        async with open_transport(kind, origin) as transport:
            before = descriptors()
            for steps in range(12):  # wherever it is by then
                call = asyncio.create_task(transport.send(request(origin), 10))
                for _ in range(steps):
                    await asyncio.sleep(0)
                call.cancel()
                with suppress(asyncio.CancelledError):
                    await call
            peer.over.set()
            await peer.until(lambda: not peer.open)
            await settled(before)


@every_own
async def test_many_cancellations_leak_nothing(kind: str) -> None:
    assert await cancel_many(kind, 300) == 0


# ------------------------------------------------------------------ closing while in flight


async def close_while(transport: Transport, call: asyncio.Task[Any]) -> BaseException | None:
    await transport.aclose()
    async with asyncio.timeout(60):
        await asyncio.wait([call])
    return call.exception()


@every_own
@pytest.mark.parametrize("step", [silent, in_body], ids=["waiting", "reading"])
async def test_closing_ends_what_is_in_flight_as_lost(kind: str, step: Any) -> None:
    async with Peer(step) as peer, open_transport(kind, peer.origin) as transport:
        before = descriptors()
        call = asyncio.create_task(transport.send(request(peer.origin), 10))
        await peer.until(lambda: len(peer.requests) == 1)
        assert isinstance(await close_while(transport, call), LostError)
        await peer.until(lambda: not peer.open)
        await settled(before)


@every_own
@pytest.mark.parametrize("secure", [False, True], ids=["tcp", "tls"])
@pytest.mark.parametrize("steps", range(0, 12, 2))
async def test_closing_while_connecting_sends_nothing_and_leaks_nothing(
    kind: str, steps: int, secure: bool
) -> None:
    async with Peer(deaf if secure else serve) as peer:
        origin = f"https://{peer.netloc}" if secure else peer.origin
        async with open_transport(kind, origin) as transport:
            before = descriptors()
            call = asyncio.create_task(transport.send(request(origin), 0.3))
            for _ in range(steps):
                await asyncio.sleep(0)
            outcome = await close_while(transport, call)
            if not peer.requests:
                assert isinstance(outcome, (NotSentError, LostError))
            peer.over.set()
            await peer.until(lambda: not peer.open)
            await settled(before)


# ------------------------------------------------------------------ another loop, another process


@every_own
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_after_a_reset_another_loop_can_use_it(kind: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    transport = choose_transport(origin, kind, None)

    async def once() -> int:
        async with Peer(port=port) as peer:
            for _ in range(2):
                assert (await transport.send(request(origin), 10)).status == 200
            return peer.accepted

    for _ in range(3):
        assert asyncio.run(once()) == 1
        transport.reset()
        gc.collect()


FORK = """
import asyncio, os, sys
from glomo.http.transports import choose_transport
from tests.transports.kinds import request
from tests.transports.peer import Peer

async def child(transport, origin):
    transport.reset()
    assert (await transport.send(request(origin), 10)).status == 200
    await transport.aclose()

async def main(kind):
    async with Peer() as peer:
        transport = choose_transport(peer.origin, kind, None)
        await transport.send(request(peer.origin), 10)
        pid = os.fork()
        if pid == 0:
            asyncio.events._set_running_loop(None)
            status = 1
            try:
                asyncio.run(child(transport, peer.origin))
                import gc
                del transport
                gc.collect()
                status = 0
            finally:
                os._exit(status)
        await peer.until(lambda: len(peer.requests) == 2)
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            await asyncio.sleep(0.01)
        for _ in range(3):
            await transport.send(request(peer.origin), 10)
        # The parent's connection is as it was: the child made one of its own.
        assert (peer.accepted, len(peer.requests)) == (2, 5), (peer.accepted, len(peer.requests))
        await transport.aclose()
    print("as it was")

asyncio.run(main(sys.argv[1]))
"""


@every_own
def test_a_forked_child_leaves_the_parent_s_connection_alone(kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, kind],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "as it was\n", done.stderr
