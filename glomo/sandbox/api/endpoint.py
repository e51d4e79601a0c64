"""A request as the resources see it, what they return, and how a resource registers itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn, cast

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import ApiError, bad_request
from glomo.sandbox.engine.scheduler import Handler as Timer
from glomo.sandbox.engine.store import Index

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Response:
    """A status and a JSON body."""

    body: object
    status: int = 200


@dataclass
class Request:
    """One request, read but not yet understood.

    Parameters:
        account: of the merchant whose key it bears.
        method: of HTTP.
        path: the parameters of the path.
        query: the parameters of the query.
        raw: the body.
        content_type: of the body.
        key: the secret key.
        seen_until: what was created later is not in a list yet (a lagging read replica).
    """

    account: Account
    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes = field(repr=False)
    content_type: str = ""
    key: str = field(default="", repr=False)
    seen_until: datetime | None = None

    def json(self, problem: str = "Request body must be a JSON object") -> Json:
        """The body as a JSON object; raises a 400 (`problem` if it is another value) or 415."""
        if not self.raw.strip():
            raise bad_request("Request body is required")
        if "json" not in self.content_type.lower():
            raise ApiError(415, "Content-Type must be application/json")
        body = self._body
        if not isinstance(body, dict):
            raise bad_request(problem)
        return cast("Json", body)

    def id(self, prefix: str, *older: str, name: str = "id") -> str:
        """The `{id}` of the path; raises a 400 if it is an id of something else."""
        value = self.path[name]
        if not value.startswith(tuple(f"{allowed}_" for allowed in (prefix, *older))):
            raise bad_request(f"Id must start with '{prefix}_'")
        return value

    @property
    def request_id(self) -> str | None:
        """The `request_id` of body or query, if the request bears one."""
        value: object = self.query.get("request_id")
        if value is None and b"request_id" in self.raw:
            body = self._body
            value = cast("Json", body).get("request_id") if isinstance(body, dict) else None
        return value if isinstance(value, str) else None

    @cached_property
    def _body(self) -> object:
        try:
            return json.loads(self.raw, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            # An object() is no JSON type at all, so no reader takes it for a body.
            return object()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


Handler = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """An operation of the API.

    Parameters:
        operation: the name of the client's method (`payouts.create`), by which faults find it.
        method: of HTTP.
        path: as the API's description writes it: `/payouts/{id}`, `/v2/beneficiaries`.
        handler: does it, inside the store's lock and outside of any transaction.
        mock: a mock operation, which does not exist for a production key.
    """

    operation: str
    method: str
    path: str
    handler: Handler
    mock: bool = False

    @property
    def full_path(self) -> str:
        """The path from the root of the host: a `/v2/` of its own replaces the `/v1`."""
        return f"/api{self.path}" if self.path.startswith("/v2/") else f"/api/v1{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What a module of the API brings along.

    Parameters:
        routes: its operations.
        indexes: the fields by which it finds records with `Tables.find`.
        timers: what `Account.schedule` may plan, by name (`payout.settle`).
        setup: gives a new account what it has from the start; runs inside a transaction.
    """

    routes: tuple[Route, ...] = ()
    indexes: tuple[Index, ...] = ()
    timers: Mapping[str, Timer] = field(default_factory=dict[str, Timer])
    setup: Callable[[Account], None] | None = None
