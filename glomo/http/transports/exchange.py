"""One request and its response through an httpx client or transport, of httpx or of httpx2."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from contextvars import Context
from functools import cache
from importlib import import_module
from typing import Any

import anyio
from attrs import frozen

from glomo.http.transport import LostError, NotSentError, WireResponse

from .body import BodyReader

CLOSE_SECONDS = 1.0
_DEEPEST = 8
_LAYERS = ("_stream", "_httpcore_stream", "_connection")


@frozen
class Failures:
    """The exceptions of a library that mean not sent, and those that mean lost."""

    not_sent: tuple[type[Exception], ...]
    lost: tuple[type[Exception], ...]


@cache
def failures_of(library: str) -> Failures:
    """The exceptions of `httpx` or of `httpx2`."""
    module = import_module(library)
    return Failures(
        (
            module.ConnectError,
            module.ConnectTimeout,
            module.PoolTimeout,
            module.ProxyError,
            module.UnsupportedProtocol,
        ),
        (module.RequestError, module.StreamError, ssl.SSLError),
    )


class Progress:
    """How far a request came, by httpcore's trace events.

    Only what is seen to be connecting has surely not been sent.
    """

    def __init__(self) -> None:
        self.connecting = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Note an event. httpcore calls this."""
        if event.endswith("connect_tcp.started"):
            self.connecting = True
        elif event.endswith("send_request_headers.started"):
            request = info.get("request")
            # To a proxy, CONNECT is still on the way to the server.
            self.connecting = getattr(request, "method", b"") == b"CONNECT"


async def exchange(
    send: Callable[[], Awaitable[Any]],
    *,
    library: str,
    max_bytes: int,
    timeout: float,
    is_connecting: Callable[[], bool],
    on_asyncio: bool = False,
) -> tuple[WireResponse, bool]:
    """Send, and read the response whole.

    Args:
        send: sends the request and returns the response with its body still to be read.
        library: `httpx` or `httpx2`.
        max_bytes: how long the body may be.
        timeout: seconds for all of it.
        is_connecting: whether nothing has been sent yet, should time run out.
        on_asyncio: asyncio's own time limit will do, which costs a third of anyio's.

    Returns:
        The response, and whether its connection may be used for another.

    Raises:
        NotSentError, LostError, TooLargeError: as `Transport.send` says.
    """
    failures = failures_of(library)
    try:
        if on_asyncio:
            async with asyncio.timeout(None) as limit:
                # A cancelled timer stays with the loop for its time: not with the call's context.
                Context().run(limit.reschedule, asyncio.get_running_loop().time() + timeout)
                response, body, reusable = await _received(send, max_bytes)
        else:
            with anyio.fail_after(timeout):
                response, body, reusable = await _received(send, max_bytes)
    except TimeoutError:
        if is_connecting():
            raise NotSentError(f"no connection within {timeout:.3g} s") from None
        raise LostError(f"no response within {timeout:.3g} s") from None
    except failures.not_sent as error:
        raise NotSentError(describe(error)) from error
    except failures.lost as error:
        problem = NotSentError if is_connecting() else LostError
        raise problem(describe(error)) from error
    headers = {k.lower().decode("latin-1"): v.decode("latin-1") for k, v in response.headers.raw}
    return WireResponse(response.status_code, headers, body), reusable


async def _received(send: Callable[[], Awaitable[Any]], max_bytes: int) -> tuple[Any, bytes, bool]:
    response = await send()
    try:
        body = await _read(response, max_bytes)
        reusable = distrust_leftovers(response)
    except BaseException:
        await close(response)
        raise
    await response.aclose()
    return response, body, reusable


async def _read(response: Any, max_bytes: int) -> bytes:
    encoding = response.headers.get("content-encoding", "")
    if response.is_stream_consumed:  # an event hook of the caller's client has read it
        reader = BodyReader(response.status_code, "", max_bytes)
        reader.feed(response.content)
        return reader.finish()
    reader = BodyReader(response.status_code, encoding, max_bytes)
    # Not aiter_bytes(): it would inflate a whole chunk before it could be measured.
    stream: AsyncIterable[bytes] = response.stream
    async for chunk in stream:
        reader.feed(chunk)
    return reader.finish()


def distrust_leftovers(response: Any) -> bool:
    """Have a connection closed on which more has arrived than the response.

    httpcore would take what is left for the response to the next request. It offers no way to ask,
    so this looks for the h11 connection below the response. Without one (a mock, HTTP/2) nothing is
    done.

    Returns:
        Whether the connection may be used again.
    """
    node: Any = response.stream
    for _ in range(_DEEPEST):
        parser = getattr(node, "_h11_state", None)
        if parser is not None:
            if parser.trailing_data[0]:
                parser.send_failed()  # closing the response then closes the connection
                return False
            return True
        below = (getattr(node, name, None) for name in _LAYERS)
        node = next((layer for layer in below if layer is not None), None)
    return False


async def close(resource: Any) -> None:
    """Close, though the call was cancelled; a connection that will not close is not waited for."""
    with anyio.move_on_after(CLOSE_SECONDS, shield=True):
        await resource.aclose()


def describe(error: Exception) -> str:
    """An exception in a line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
