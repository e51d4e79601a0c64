"""Other ground: trio, and an ASGI application in place of a server."""

import gzip
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import httpx
import pytest

from glomo import errors
from glomo.http.transport import LostError, NotSentError, TooLargeError
from glomo.http.transports.aiohttp import AiohttpTransport
from glomo.http.transports.caller import ClientTransport
from glomo.http.transports.httpx import default_transport

from .kinds import request

TRIO = pytest.mark.parametrize("anyio_backend", ["trio"])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/silent":
            self.server.over.wait(10)  # type: ignore[attr-defined]
        body = b'{"id": "a"}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def origin() -> Iterator[str]:
    """A server in a thread: it serves whichever event loop the test has."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.over = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.over.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@TRIO
async def test_the_default_transport_works_on_trio(origin: str) -> None:
    transport = default_transport(origin)
    for _ in range(3):
        assert (await transport.send(request(origin), 10)).body == b'{"id": "a"}'
    with pytest.raises(LostError, match="no response within"):
        await transport.send(request(origin, path="/silent"), 0.1)
    with anyio.move_on_after(0.1) as scope:
        await transport.send(request(origin, path="/silent"), 10)
    assert scope.cancelled_caught
    assert (await transport.send(request(origin), 10)).status == 200
    await transport.aclose()


@TRIO
async def test_on_trio_a_refused_connection_is_not_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
        transport = default_transport(origin)
        with pytest.raises(NotSentError):
            await transport.send(request(origin), 10)
        await transport.aclose()


@TRIO
async def test_aiohttp_on_trio_is_explained(origin: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="needs asyncio"):
        await AiohttpTransport(origin).send(request(origin), 10)


# ------------------------------------------------------------------ ASGI


async def application(scope: Any, receive: Any, send: Any) -> None:
    assert scope["headers"][0]
    while (await receive()).get("more_body"):
        pass
    path = scope["path"]
    if path == "/silent":
        await anyio.sleep_forever()
    headers = {
        "/gzip": [(b"content-encoding", b"gzip")],
        "/twice": [(b"content-encoding", b"gzip, gzip")],
    }
    body = gzip.compress(b"[1]") if path == "/gzip" else b"x" * 5000
    await send({"type": "http.response.start", "status": 201, "headers": headers.get(path, [])})
    await send({"type": "http.response.body", "body": body})


ASGI = "http://asgi.test"


async def test_an_asgi_application_is_a_server_like_any_other() -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application)) as client:
        transport = ClientTransport(client)
        assert (await transport.send(request(ASGI, path="/gzip"), 10)).body == b"[1]"
        assert (await transport.send(request(ASGI), 10)).status == 201
        with pytest.raises(LostError, match="not asked for"):
            await transport.send(request(ASGI, path="/twice"), 10)
        with pytest.raises(TooLargeError):
            await transport.send(request(ASGI, cap=4000), 10)
        # It has had the request: whatever it did with it is not known.
        with pytest.raises(LostError, match="no response within"):
            await transport.send(request(ASGI, path="/silent"), 0.1)
        with anyio.move_on_after(0.1) as scope:
            await transport.send(request(ASGI, path="/silent"), 10)
        assert scope.cancelled_caught
