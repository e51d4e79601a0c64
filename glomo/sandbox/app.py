"""The sandbox over HTTP: from the bytes of a request to the bytes of an answer, or to none."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import NamedTuple

import anyio
import httpx
from starlette.datastructures import Headers, QueryParams
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from .auth import Gate
from .environment import Environment
from .faults import BEFORE_COMMIT, FaultKind, Faults, Hit
from .limiter import RateLimit
from .refusals import REASONS, RefusalError, not_found
from .wire import Answer, Call, Endpoint

log = logging.getLogger("glomo.sandbox")

ABORT = "glomo.sandbox.abort"
"""Key in the ASGI scope: a callable that drops the connection. The sandbox's own server sets it."""

_LARGEST_BODY = 1 << 20
_JSON = b"application/json; charset=utf-8"
_PAGE = b"<html><head><title>%d %s</title></head><body><h1>%s</h1></body></html>"


class RequestRecord(NamedTuple):
    """A request that the API saw. `status` is 0 if no answer left the house whole."""

    method: str
    path: str
    status: int
    request_id: str | None


@dataclass
class Gateway:
    """What stands before every operation: limit, key, faults; and what writes the answers."""

    env: Environment
    gate: Gate
    limit: RateLimit
    faults: Faults
    requests: deque[RequestRecord]
    tick: Callable[[], None]
    _date: tuple[int, bytes] = (0, b"")

    def routes(self, endpoints: Iterable[Endpoint], control: Iterable[Route]) -> ASGIApp:
        """The whole application. What no route knows is a 404, as is a known path's wrong verb."""
        known = [Route(one.path, Operation(self, one), methods=[one.method]) for one in endpoints]
        unknown = Endpoint("", "", "/{rest:path}", _unknown)
        return Router(
            [*control, *known, Route(unknown.path, Operation(self, unknown))],
            redirect_slashes=False,
        )

    def head(self, status: int, content_type: bytes, length: int) -> dict[str, object]:
        """The start of an answer, dated by the sandbox's clock."""
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
        now = self.env.clock()
        second = int(now.timestamp())
        if self._date[0] != second:
            self._date = (second, format_datetime(now.astimezone(UTC), usegmt=True).encode())
        return self._date[1]


class Exchange(NamedTuple):
    """The three ends of an ASGI request."""

    scope: Scope
    receive: Receive
    send: Send


class Operation:
    """One endpoint as an ASGI application."""

    def __init__(self, gateway: Gateway, endpoint: Endpoint) -> None:
        self._gateway = gateway
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await _read(receive)
        if raw is None:
            return
        headers = Headers(scope=scope)
        call = Call(
            env=self._gateway.env,
            path=scope.get("path_params", {}),
            query=QueryParams(scope.get("query_string", b"")),
            raw=raw,
            content_type=headers.get("content-type", ""),
        )
        hit = Hit()
        try:
            self._admit(scope, headers, call)
            hit = self._gateway.faults.draw(self._endpoint.operation)
            if hit.delay:
                await anyio.sleep(hit.delay)
            answer = None if hit.kind in BEFORE_COMMIT else self._handle(call)
        except RefusalError as refusal:
            answer = Answer(refusal.body(), refusal.status)
        await self._respond(Exchange(scope, receive, send), call, hit, answer)

    def _admit(self, scope: Scope, headers: Headers, call: Call) -> None:
        gateway = self._gateway
        source = scope.get("client")
        if not gateway.limit.admits(source[0] if source else ""):
            raise RefusalError(429, REASONS[429])
        if len(call.raw) > _LARGEST_BODY:
            raise RefusalError(413, "Request body is too large")
        caller = gateway.gate.admit(headers.get("authorization", ""), gateway.env.clock())
        if caller.production and self._endpoint.mock:
            raise not_found("Resource")

    def _handle(self, call: Call) -> Answer:
        """Do what was asked. Nothing is awaited in here, so nobody sees a half-done operation."""
        with self._gateway.env.store.lock:
            self._gateway.tick()
            try:
                return self._endpoint.handler(call)
            except RefusalError as refusal:
                return Answer(refusal.body(), refusal.status)
            except Exception:
                log.exception("the sandbox itself failed in %s", self._endpoint.operation)
                return Answer(RefusalError(500, "Something went wrong").body(), 500)

    async def _respond(
        self, exchange: Exchange, call: Call, hit: Hit, answer: Answer | None
    ) -> None:
        scope, receive, send = exchange
        status, content_type, body = _rendered(hit, answer)
        lost = hit.kind in (FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER, FaultKind.CUT_MIDWAY)
        self._gateway.requests.append(
            RequestRecord(scope["method"], scope["path"], 0 if lost else status, call.request_id)
        )
        if not lost:
            await send(self._gateway.head(status, content_type, len(body)))
            await send({"type": "http.response.body", "body": body})
            return
        abort = scope.get(ABORT)
        midway = hit.kind is FaultKind.CUT_MIDWAY
        if abort is None:
            # In process there is no connection to drop: show the caller what httpx makes of one.
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body"
                if midway
                else "Server disconnected without sending a response."
            )
        if midway:
            half = body[: len(body) // 2]
            await send(self._gateway.head(status, content_type, len(body)))
            await send({"type": "http.response.body", "body": half, "more_body": True})
        abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def _rendered(hit: Hit, answer: Answer | None) -> tuple[int, bytes, bytes]:
    """Status, content type and body of what is sent, or would have been."""
    if hit.kind is FaultKind.LIMIT:
        return 429, _JSON, _dumps(RefusalError(429, REASONS[429]).body())
    if answer is None or hit.kind is FaultKind.FAIL_AFTER:
        reason = REASONS.get(hit.status, "Server Error")
        if hit.status in (502, 504):  # these come from the proxy in front, which speaks HTML
            return hit.status, b"text/html", _page(hit.status, reason)
        return hit.status, _JSON, _dumps({"error": reason, "message": reason})
    if hit.kind is FaultKind.HTML:
        return answer.status, b"text/html", _page(answer.status, "Welcome")
    body = _dumps(answer.body)
    if hit.kind is FaultKind.TRUNCATED:
        body = body[: len(body) // 2]
    return answer.status, _JSON, body


def _dumps(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _page(status: int, reason: str) -> bytes:
    return _PAGE % (status, reason.encode(), reason.encode())


async def _read(receive: Receive) -> bytes | None:
    """The body, of a huge one the beginning; None if the caller went away while sending it."""
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk: bytes = message.get("body", b"")
        if size <= _LARGEST_BODY:
            chunks.append(chunk)
            size += len(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def _unknown(_: Call) -> Answer:
    raise not_found("Resource")
