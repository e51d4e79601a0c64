"""What goes wrong on the way is told truthfully: not sent, or lost."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from glomo.http.transport import LostError, NotSentError
from tests.core.virtual_time import pass_time

from .kinds import OWN_KINDS, every, open_transport, request
from .peer import OK, Line, Peer, deaf, serve, silent

SHORT = 0.15
"""Seconds until a time-out that a test waits for: of what is never sent, however long it takes."""


# ------------------------------------------------------------------ nothing was sent


@every
async def test_a_refused_connection_is_not_sent(kind: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with open_transport(kind, origin) as transport:
            with pytest.raises(NotSentError):
                await transport.send(request(origin), 10)


@every
async def test_a_name_that_is_not_there_is_not_sent(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with open_transport(kind, "http://nowhere.test") as transport:
        with pytest.raises(NotSentError):
            await transport.send(request("http://nowhere.test"), 10)


@every
async def test_a_time_out_of_the_name_server_is_not_sent(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def slow(*_: Any, **__: Any) -> Any:
        release.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    try:
        async with open_transport(kind, "http://slow.test") as transport:
            with pytest.raises(NotSentError):
                await transport.send(request("http://slow.test"), SHORT)
    finally:
        release.set()


@pytest.fixture
def unreachable() -> Iterator[str]:
    """An address whose queue of connections is full: connecting takes for ever."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        yield f"http://127.0.0.1:{address[1]}"
        for one in waiting:
            one.close()


@every
async def test_a_time_out_while_connecting_is_not_sent(kind: str, unreachable: str) -> None:
    async with open_transport(kind, unreachable) as transport:
        with pytest.raises(NotSentError):
            await transport.send(request(unreachable), SHORT)


@every
async def test_a_time_out_in_the_tls_handshake_is_not_sent(kind: str) -> None:
    async with Peer(deaf) as peer:
        origin = f"https://{peer.netloc}"
        async with open_transport(kind, origin, connect=SHORT) as transport:
            with pytest.raises(NotSentError):
                await transport.send(request(origin), SHORT if kind in OWN_KINDS else 60)
            await peer.until(lambda: peer.accepted == 1)


# ------------------------------------------------------------------ perhaps sent


def head(length: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length


def after_request(*pieces: bytes, then: str) -> Any:
    async def step(line: Line) -> None:
        await line.request()
        for piece in pieces:
            await line.send(piece)
        if then == "reset":
            line.reset()
        elif then == "half-close":
            line.writer.write_eof()
            await line.until_closed()
        elif then == "silence":
            pass_time(60)
            await line.until_closed()

    return step


@every
@pytest.mark.parametrize("then", ["reset", "close", "half-close", "silence"])
@pytest.mark.parametrize(
    "pieces",
    [(), (b"HTTP/1.1 20",), (head(10),), (head(10), b"123")],
    ids=["before the response", "in its first line", "before its body", "in its body"],
)
async def test_a_connection_that_ends_or_falls_silent_is_lost(
    kind: str, pieces: tuple[bytes, ...], then: str
) -> None:
    step = after_request(*pieces, then=then)
    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(LostError):
            await transport.send(request(peer.origin), 10)
        assert len(peer.requests) == 1
        assert (await transport.send(request(peer.origin), 10)).status == 200
        await peer.until(lambda: len(peer.open) == 1)


@every
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_nothing_is_sent_twice_when_a_kept_connection_breaks(kind: str, method: str) -> None:
    async def once(line: Line) -> None:
        await line.request()
        await line.send(OK)
        await line.request()  # and ends

    content = b"" if method == "GET" else b"{}"
    async with Peer(once, serve) as peer, open_transport(kind, peer.origin) as transport:
        wire = request(peer.origin, method=method, content=content)
        await transport.send(wire, 10)
        with pytest.raises(LostError):
            await transport.send(wire, 10)
        assert len(peer.requests) == 2
        await transport.send(wire, 10)
        assert len(peer.requests) == 3


@every
async def test_bytes_that_drip_do_not_put_the_end_off(kind: str) -> None:
    async def drip(line: Line) -> None:
        await line.request()
        await line.send(head(10_000))
        while True:
            await line.send(b"x")
            pass_time(3)
            await asyncio.sleep(0)

    async with Peer(drip) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(LostError):
            await transport.send(request(peer.origin), 10)


@every
async def test_a_server_that_does_not_read_is_lost(kind: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(99):
            yield b"x" * 1_000_000
            pass_time(3)

    async with Peer(deaf, serve) as peer, open_transport(kind, peer.origin) as transport:
        length = ((b"content-length", b"99000000"),)
        with pytest.raises(LostError, match="no response within"):
            await transport.send(request(peer.origin, content=parts(), headers=length), 10)


@every
@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 200_000 + b"\r\n\r\n",
        bytes(range(256)) * 4,
    ],
    ids=["ssh", "status", "negative", "two lengths", "chunk", "long", "binary"],
)
async def test_what_is_no_http_is_lost(kind: str, garbage: bytes) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(garbage)
        await line.until_closed()

    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(LostError):
            await transport.send(request(peer.origin), 1)
        assert (await transport.send(request(peer.origin), 10)).status == 200


@every
async def test_an_upload_that_breaks_on_our_side_is_lost_or_its_own_error(kind: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"x" * 1000
        raise OSError("the file cannot be read")

    async with Peer(silent, serve) as peer, open_transport(kind, peer.origin) as transport:
        length = ((b"content-length", b"5000"),)
        with pytest.raises((LostError, OSError)):
            await transport.send(request(peer.origin, content=parts(), headers=length), 1)
        await transport.send(request(peer.origin), 10)
        assert len(peer.requests) == 1


@every
async def test_a_body_without_a_length_is_not_whole_when_time_runs_out(kind: str) -> None:
    async def stall(line: Line) -> None:
        await line.request()
        await line.send(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}")
        pass_time(60)
        await line.until_closed()

    async with Peer(stall) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(LostError, match="no response within"):
            await transport.send(request(peer.origin), 10)
