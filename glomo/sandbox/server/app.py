"""The sandbox over HTTP: from the bytes of a request to the bytes of a response, or to none."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import anyio
from starlette.datastructures import QueryParams
from starlette.routing import BaseRoute, Router
from starlette.routing import Route as StarletteRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from glomo.sandbox.api.endpoint import Request, Resource, Response, Route
from glomo.sandbox.engine.engine import Engine
from glomo.sandbox.engine.errors import REASONS, ApiError, not_found

from .auth import Caller, Gate
from .faults import BEFORE_COMMIT, FaultKind, Faults, Hit
from .limiter import RateLimit
from .responses import Exchange, Writer

log = logging.getLogger("glomo.sandbox")

_LARGEST_BODY = 12 << 20
"""A document has at most 10 MB; around it stands some multipart."""


class RequestRecord(NamedTuple):
    """A request that the API saw. `status` is 0 if no response left the house whole."""

    method: str
    path: str
    status: int
    request_id: str | None


class RequestLog(deque[RequestRecord]):
    """The last requests, oldest first. `listeners` are called with each new one."""

    def __init__(self, maxlen: int) -> None:
        super().__init__(maxlen=maxlen)
        self.listeners: list[Callable[[RequestRecord], object]] = []

    def append(self, record: RequestRecord, /) -> None:
        """Take note of a request."""
        super().append(record)
        for listener in self.listeners:
            listener(record)


@dataclass
class Gateway:
    """What stands before every operation: limit, key, faults; and what writes the responses."""

    engine: Engine
    gate: Gate
    limit: RateLimit
    faults: Faults
    requests: RequestLog
    writer: Writer

    def routes(self, resources: Iterable[Resource], control: Iterable[BaseRoute]) -> ASGIApp:
        """The whole application. What no route knows is not served, nor a known path's wrong
        method."""
        api_routes = [
            StarletteRoute(route.full_path, Operation(self, route), methods=[route.method])
            for resource in resources
            for route in resource.routes
        ]
        fallback = StarletteRoute("/{rest:path}", Operation(self, Route("", "", "", _not_served)))
        return Router([*control, *api_routes, fallback], redirect_slashes=False)


class Operation:
    """One route as an ASGI application."""

    def __init__(self, gateway: Gateway, route: Route) -> None:
        self._gateway = gateway
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await _read(receive)
        if raw is None:
            return
        gateway = self._gateway
        hit, response, request_id = Hit(), None, None
        try:
            caller = self._admit(scope, raw)
            request = self._request(scope, raw, caller)
            request_id = request.request_id
            hit = gateway.faults.draw(self._route.operation)
            if hit.delay:
                await anyio.sleep(hit.delay)
            if hit.kind not in BEFORE_COMMIT:
                response = self._handle(request, hit)
        except ApiError as error:
            response = Response(error.body(), error.status)
        exchange = Exchange(scope, receive, send, self._route.operation)
        response_lost = hit.kind in (
            FaultKind.CUT_BEFORE,
            FaultKind.CUT_AFTER,
            FaultKind.CUT_MIDWAY,
        )
        status = 0 if response_lost else gateway.writer.status(hit, response)
        gateway.requests.append(RequestRecord(scope["method"], scope["path"], status, request_id))
        try:
            await gateway.writer.write(exchange, hit, response)
        finally:
            gateway.engine.tick()  # what the request caused, its webhooks above all

    def _admit(self, scope: Scope, raw: bytes) -> Caller:
        gateway = self._gateway
        source = scope.get("client")
        if not gateway.limit.admits(source[0] if source else ""):
            raise ApiError(429, REASONS[429])
        if len(raw) > _LARGEST_BODY:
            raise ApiError(413, "Request body is too large")
        caller = gateway.gate.admit(_header(scope, b"authorization"))
        if caller.production and self._route.mock:
            raise not_found("Resource")
        return caller

    @staticmethod
    def _request(scope: Scope, raw: bytes, caller: Caller) -> Request:
        return Request(
            account=caller.account,
            method=scope["method"],
            path=scope.get("path_params", {}),
            query=QueryParams(scope.get("query_string", b"")),
            raw=raw,
            content_type=_header(scope, b"content-type"),
            key=caller.key,
        )

    def _handle(self, request: Request, hit: Hit) -> Response:
        """Do what the request wants. Nothing is awaited in here, so nobody sees a half-done
        operation."""
        engine = self._gateway.engine
        engine.tick()
        with engine.store.lock:
            if hit.kind is FaultKind.LAG:
                request.seen_until = engine.ago(hit.seconds)
            try:
                return self._route.handler(request)
            except ApiError as error:
                return Response(error.body(), error.status)
            except Exception:
                log.exception("the sandbox itself failed in %s", self._route.operation)
                return Response(ApiError(500, "Something went wrong").body(), 500)


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


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


def _not_served(request: Request) -> Response:
    raise ApiError(
        404,
        f"The sandbox does not serve {request.method} /{request.path['rest']}",
        "NOT_SERVED_BY_SANDBOX",
        reason="Not Served",
    )
