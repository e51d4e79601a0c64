"""A request as the resources see it, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn, cast

from .environment import Environment
from .refusals import RefusalError, bad_request

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body."""

    body: object
    status: int = 200


@dataclass
class Call:
    """One request, read but not yet understood."""

    env: Environment
    path: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes = field(repr=False)
    content_type: str = ""

    def json(self) -> Json:
        """The body as a JSON object; raises a 400 or 415."""
        if not self.raw.strip():
            raise bad_request("Request body is required")
        if "json" not in self.content_type.lower():
            raise RefusalError(415, "Content-Type must be application/json")
        body = self._body
        if not isinstance(body, dict):
            raise bad_request("Request body must be a JSON object")
        return cast("Json", body)

    def id(self, prefix: str, *older: str) -> str:
        """The `{id}` of the path; raises a 400 if it is an id of something else."""
        value = self.path["id"]
        if not value.startswith(tuple(f"{one}_" for one in (prefix, *older))):
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


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route of the API.

    `operation` is the name of the client's method (`payouts.create`), by which faults find it.
    A `mock` endpoint does not exist for a production key.
    """

    operation: str
    method: str
    path: str
    handler: Handler
    mock: bool = False
