"""Requests and responses as they should be, over every transport."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from glomo.http.transport import LostError, TooLargeError

from .kinds import every, open_transport, request
from .peer import OK, Line, Peer, responding, serve


@every
async def test_a_request_arrives_as_it_was_made(kind: str) -> None:
    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        headers = ((b"content-type", b"application/json"), (b"x-trace", b"a b"))
        path = "/api/v1/payouts?request_id=a%2Fb%20c&x=%E2%82%AC"
        wire = request(peer.origin, path=path, headers=headers)
        response = await transport.send(wire, 10)
    assert (response.status, response.body) == (200, b'{"id": "a"}')
    assert response.headers["content-type"] == "application/json"
    [received] = peer.requests
    assert (received.method, received.target) == ("POST", path)
    assert received.body == b'{"amount":1}'
    names = [name.lower() for name, _ in received.headers]
    assert len(names) == len(set(names))
    assert received.header("authorization") == "Bearer key"
    assert received.header("x-trace") == "a b"
    assert received.header("host") == peer.netloc
    assert received.header("accept-encoding") == "gzip"
    assert received.header("content-length") == "12"
    assert received.header("transfer-encoding") is None


@pytest.mark.parametrize("kind", ["httpx", "aiohttp"])
async def test_nothing_is_added_that_was_not_asked_for(kind: str) -> None:
    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        await transport.send(request(peer.origin, method="GET", content=b""), 10)
        await transport.send(request(peer.origin), 10)
    first, second = ({name.lower() for name, _ in seen.headers} for seen in peer.requests)
    assert first - {"content-length"} == {"host", "authorization", "accept-encoding"}
    assert second == {"host", "authorization", "accept-encoding", "content-length"}


@every
async def test_an_upload_is_streamed_with_its_length(kind: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 50_000
            await anyio.lowlevel.checkpoint()

    async with Peer() as peer, open_transport(kind, peer.origin) as transport:
        length = ((b"content-length", b"1000000"), (b"content-type", b"multipart/form-data"))
        response = await transport.send(request(peer.origin, content=parts(), headers=length), 10)
        assert response.status == 200
    assert peer.requests[0].body == b"x" * 1_000_000
    assert peer.requests[0].header("content-type") == "multipart/form-data"
    assert peer.requests[0].header("transfer-encoding") is None


def shaped(head: bytes, *body: bytes) -> Any:
    return responding(b"HTTP/1.1 " + head + b"\r\n\r\n", *body)


@every
@pytest.mark.parametrize(
    ("step", "status", "body"),
    [
        (shaped(b"204 No Content"), 204, b""),
        (shaped(b"200 OK\r\ncontent-length: 0"), 200, b""),
        (shaped(b"200 OK\r\nContent-Length: 4", b"nu", b"ll"), 200, b"null"),
        (
            shaped(
                b"200 OK\r\nTransfer-Encoding: chunked", b"2\r\nnu\r\n2\r\nll\r\n", b"0\r\n\r\n"
            ),
            200,
            b"null",
        ),
        (shaped(b"100 Continue", OK), 200, b'{"id": "a"}'),
        (shaped(b"103 Early Hints\r\nlink: x", OK), 200, b'{"id": "a"}'),
        (shaped(b"404 Not Found\r\ncontent-length: 2", b"{}"), 404, b"{}"),
        (shaped(b"503 X\r\ncontent-length: 2", b"{}"), 503, b"{}"),
        (shaped(b"307 X\r\nlocation: http://evil.test/\r\ncontent-length: 0"), 307, b""),
        (shaped(b"401 X\r\nwww-authenticate: Basic\r\ncontent-length: 0"), 401, b""),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
async def test_responses_of_every_shape_are_read(
    kind: str, step: Any, status: int, body: bytes
) -> None:
    async with Peer(step) as peer, open_transport(kind, peer.origin) as transport:
        response = await transport.send(request(peer.origin), 10)
        assert (response.status, response.body) == (status, body)
        assert len(peer.requests) == 1


@every
async def test_a_body_without_length_ends_with_the_connection(kind: str) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(b"HTTP/1.1 200 OK\r\n\r\n[1, ")
        await line.send(b"2]")

    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        assert (await transport.send(request(peer.origin), 10)).body == b"[1, 2]"
        assert (await transport.send(request(peer.origin), 10)).body == b'{"id": "a"}'
        assert peer.accepted == 2


@every
async def test_header_names_come_in_lower_case_and_values_as_they_are(kind: str) -> None:
    head = b"200 OK\r\nX-TRACE: \xc9t\xe9\r\nRetry-After:  3 \r\ncontent-length: 0"
    async with Peer(shaped(head)) as peer, open_transport(kind, peer.origin) as transport:
        headers = (await transport.send(request(peer.origin), 10)).headers
    assert headers["x-trace"] == "Été"
    assert headers["retry-after"] == "3"


@every
async def test_cookies_are_not_kept(kind: str) -> None:
    async def step(line: Line) -> None:
        while True:
            await line.request()
            await line.send(OK.replace(b"content-type", b"set-cookie: a=b\r\ncontent-type"))

    async with Peer(step) as peer, open_transport(kind, peer.origin) as transport:
        for _ in range(2):
            await transport.send(request(peer.origin), 10)
    if kind in ("httpx", "aiohttp"):  # a caller's client has a jar of its own
        assert [received.header("cookie") for received in peer.requests] == [None, None]


# ------------------------------------------------------------------ size and encoding


def endless(head: bytes) -> Any:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(b"HTTP/1.1 206 OK\r\n" + head + b"\r\n\r\n")
        while True:
            await line.send(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    return step


@every
@pytest.mark.parametrize(
    "head", [b"", b"content-length: 99999999", b"transfer-encoding: chunked"], ids=str
)
async def test_more_than_the_cap_is_not_read(kind: str, head: bytes) -> None:
    async with Peer(endless(head), serve) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(TooLargeError) as caught:
            await transport.send(request(peer.origin), 10)
        assert caught.value.status == 206
        await transport.send(request(peer.origin), 10)
        await peer.until(lambda: len(peer.open) == 1)
        assert peer.accepted == 2


def encoded(encoding: bytes, body: bytes) -> Any:
    head = b"200 OK\r\ncontent-length: %d\r\n%s" % (len(body), encoding)
    return shaped(head, body)


@every
@pytest.mark.parametrize("name", [b"gzip", b"GZip"])
async def test_gzip_is_undone(kind: str, name: bytes) -> None:
    step = encoded(b"Content-Encoding: " + name, gzip.compress(b"[1]" * 500))
    async with Peer(step) as peer, open_transport(kind, peer.origin) as transport:
        assert (await transport.send(request(peer.origin), 10)).body == b"[1]" * 500


@every
@pytest.mark.parametrize(
    "lines",
    [
        b"content-encoding: gzip, gzip",
        b"Content-Encoding: GZIP\r\ncontent-encoding: gzip",
        b"content-encoding: br",
        b"content-encoding: deflate",
        b"content-encoding: zstd",
    ],
    ids=str,
)
async def test_another_encoding_is_refused(kind: str, lines: bytes) -> None:
    bomb = gzip.compress(gzip.compress(bytes(10_000_000)))
    step = encoded(lines, bomb)
    async with Peer(step, serve) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(LostError, match="not asked for"):
            await transport.send(request(peer.origin), 10)
        assert (await transport.send(request(peer.origin), 10)).status == 200


@every
async def test_a_gzip_bomb_does_not_go_off(kind: str) -> None:
    step = encoded(b"content-encoding: gzip", gzip.compress(bytes(20_000_000)))
    async with Peer(step) as peer, open_transport(kind, peer.origin) as transport:
        with pytest.raises(TooLargeError):
            await transport.send(request(peer.origin), 10)


async def test_a_response_before_the_end_of_the_request_is_read_and_its_connection_is_not() -> None:
    async def early(line: Line) -> None:
        line.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await line.send(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        await line.peer.over.wait()

    content = b"x" * (8 << 20)  # more than the sockets hold
    async with Peer(early, serve) as peer, open_transport("aiohttp", peer.origin) as transport:
        response = await transport.send(request(peer.origin, content=content), 10)
        assert response.status == 413
        assert (await transport.send(request(peer.origin), 10)).status == 200
        assert peer.accepted == 2
