"""Writing responses: whole and well, or as a fault wants them."""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import format_datetime
from typing import Any, NamedTuple, Protocol, cast

import anyio
import httpx
from starlette.types import Receive, Scope, Send

from glomo.sandbox.api.endpoint import Response
from glomo.sandbox.engine.clock import Now
from glomo.sandbox.engine.errors import REASONS, ApiError

from .faults import FaultKind, Hit

CONNECTION = "glomo.sandbox.connection"
"""Key in the ASGI scope: the `Connection`. The sandbox's own server sets it."""

_JSON = b"application/json; charset=utf-8"
_PAGE = b"<html><head><title>%d %s</title></head><body><h1>%s</h1></body></html>"
_DROPS = 10


class Connection(Protocol):
    """What a fault can do to a connection, beyond HTTP."""

    def abort(self) -> None:
        """Drop it."""
        ...

    def inject(self, data: bytes) -> None:
        """Write bytes that belong to no response."""
        ...


class Exchange(NamedTuple):
    """The three ends of an ASGI request, and the operation it is for."""

    scope: Scope
    receive: Receive
    send: Send
    operation: str


class Writer:
    """Writes the responses, dated by the sandbox's clock."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._date: tuple[int, bytes] = (0, b"")
        self._latest: dict[str, object] = {}

    @staticmethod
    def status(hit: Hit, response: Response | None) -> int:
        """The status that is sent, or would have been."""
        if hit.kind is FaultKind.LIMIT:
            return 429
        if response is None or hit.kind is FaultKind.FAIL_AFTER:
            return hit.status
        return response.status

    async def write(self, exchange: Exchange, hit: Hit, response: Response | None) -> None:
        """Send a response (None: nothing was done), or what the fault makes of it."""
        status, content_type, body = self._render(exchange.operation, hit, response)
        head = self._head(status, content_type, len(body))
        send = exchange.send
        if hit.kind in (FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER, FaultKind.CUT_MIDWAY):
            await self._cut(exchange, head, body, midway=hit.kind is FaultKind.CUT_MIDWAY)
            return
        await send(head)
        if hit.kind is FaultKind.SLOW_BODY:
            step = -(-len(body) // _DROPS) or 1
            for start in range(0, len(body), step):
                await anyio.sleep(hit.seconds / _DROPS)
                drop = body[start : start + step]
                await send({"type": "http.response.body", "body": drop, "more_body": True})
            body = b""
        await send({"type": "http.response.body", "body": body})
        connection: Connection | None = exchange.scope.get(CONNECTION)
        if hit.kind is FaultKind.STRAY_RESPONSE and connection is not None:
            stray_response = _dumps({"error": "Not Found", "message": "Stray response"})
            connection.inject(
                b"HTTP/1.1 404 Not Found\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b"
                % (_JSON, len(stray_response), stray_response)
            )

    async def _cut(
        self, exchange: Exchange, head: dict[str, object], body: bytes, *, midway: bool
    ) -> None:
        connection: Connection | None = exchange.scope.get(CONNECTION)
        if connection is None:
            # In process there is no connection to drop: show the caller what httpx makes of one.
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body"
                if midway
                else "Server disconnected without sending a response."
            )
        if midway:
            half = body[: len(body) // 2]
            await exchange.send(head)
            await exchange.send({"type": "http.response.body", "body": half, "more_body": True})
        connection.abort()
        while (await exchange.receive())["type"] != "http.disconnect":
            pass

    def _render(
        self, operation: str, hit: Hit, response: Response | None
    ) -> tuple[int, bytes, bytes]:
        """Status, content type and body of what is sent, or would have been."""
        status = self.status(hit, response)
        if hit.kind is FaultKind.LIMIT:
            return 429, _JSON, _dumps(ApiError(429, REASONS[429]).body())
        if response is None or hit.kind is FaultKind.FAIL_AFTER:
            reason = REASONS.get(status, "Server Error")
            if status in (502, 504):  # these come from the proxy in front, which speaks HTML
                return status, b"text/html", _page(status, reason)
            return status, _JSON, _dumps({"error": reason, "message": reason})
        if hit.kind is FaultKind.HTML:
            return status, b"text/html", _page(status, "Welcome")
        content = response.body
        if hit.kind is FaultKind.WRONG_OBJECT:
            content = self._wrong_object(operation, content)
        elif 200 <= status < 300 and operation:
            self._latest[operation] = content
        body = _dumps(content)
        if hit.kind is FaultKind.TRUNCATED:
            body = body[: len(body) // 2]
        return status, _JSON, body

    def _wrong_object(self, operation: str, content: object) -> object:
        """An object of the same kind that is not the one asked for."""
        latest = self._latest.get(operation)
        if latest is not None and latest != content:
            return latest
        if not isinstance(content, dict):
            return content
        wrong_object = dict(cast("dict[str, Any]", content))
        for name in ("id", "request_id"):
            if isinstance(wrong_object.get(name), str):
                wrong_object[name] = (
                    f"{wrong_object[name][:-1]}{'0' if wrong_object[name][-1:] != '0' else '1'}"
                )
        return wrong_object

    def _head(self, status: int, content_type: bytes, length: int) -> dict[str, object]:
        return {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"date", self._dated()),
                (b"content-type", content_type),
                (b"content-length", b"%d" % length),
            ],
        }

    def _dated(self) -> bytes:
        now = self._now()
        second = int(now.timestamp())
        if self._date[0] != second:
            self._date = (second, format_datetime(now.astimezone(UTC), usegmt=True).encode())
        return self._date[1]


def _dumps(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _page(status: int, reason: str) -> bytes:
    return _PAGE % (status, reason.encode(), reason.encode())
