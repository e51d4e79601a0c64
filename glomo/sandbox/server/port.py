"""The sandbox on a port of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from glomo.sandbox.engine.engine import Engine
from glomo.sandbox.engine.ticker import Ticker

from .responses import CONNECTION

Ready = Callable[[str], Awaitable[None] | None]
"""Called with the base URL once the port accepts connections."""

_START_SECONDS = 30.0


class SandboxServer:
    """A sandbox that listens on a local port, in a thread of its own, until `close()`."""

    def __init__(
        self, app: ASGIApp, engine: Engine, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self._engine = engine
        self._socket = _bound(host, port)
        self.origin = _origin(self._socket)
        self.base_url = f"{self.origin}/api"
        """What a client takes as its base URL."""
        started = threading.Event()
        self._server = _Server(_config(app), started.set)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=(started,), name="glomo-sandbox", daemon=True
        )
        self._thread.start()
        if not started.wait(_START_SECONDS) or self._failure is not None:
            self.close()
            raise RuntimeError(f"the sandbox did not start on {self.origin}") from self._failure

    def close(self) -> None:
        """Stop listening and drop the connections; the sandbox and its records stay."""
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<SandboxServer {self.base_url}>"

    def _run(self, started: threading.Event) -> None:
        try:
            with Ticker(self._engine):
                self._server.run(sockets=[self._socket])
        except BaseException as error:
            self._failure = error
        finally:
            started.set()


async def serve_forever(
    app: ASGIApp, engine: Engine, host: str, port: int, on_ready: Ready | None = None
) -> None:
    """Serve until cancelled or, in the main thread, until SIGINT or SIGTERM."""
    listening = _bound(host, port)
    try:
        ready = asyncio.Event()
        server = _Server(_config(app), ready.set)
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        waiter = asyncio.ensure_future(ready.wait())
        try:
            await asyncio.wait((serving, waiter), return_when=asyncio.FIRST_COMPLETED)
            if ready.is_set() and on_ready is not None:
                pending = on_ready(f"{_origin(listening)}/api")
                if pending is not None:
                    await pending
            with Ticker(engine):
                await asyncio.shield(serving)
        finally:
            waiter.cancel()
            server.should_exit = True
            await serving
    finally:
        listening.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


class _Connection:
    """What a fault does below HTTP."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.abort = transport.abort
        self.inject = transport.write


class _Protocol(H11Protocol):
    """Lets the application drop the connection: a lost response is lost on the wire."""

    def connection_made(  # type: ignore[override]  # as in every asyncio.Protocol
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        inner, connection = self.app, _Connection(transport)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope[CONNECTION] = connection
            await inner(scope, receive, send)

        self.app = app


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # the application dates its responses by the sandbox's clock
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio switches Nagle's algorithm off only where it is;
    # with it, every response waits some 40 ms for an acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except BaseException:
        listening.close()
        raise
    return listening


def _origin(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
