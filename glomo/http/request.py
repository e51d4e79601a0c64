"""From a call to the bytes of its request. All of it happens before anything is sent.

`RequestBuilder.prepare` makes the request of a call, `build` that of a look-up. What is the same
for every call of a client (address, key, headers) is put together once, in `_set_headers`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from json.encoder import encode_basestring as _quoted_json
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

from attrs import define, field

from glomo._errors_base import preview, printable
from glomo.errors import GlomoError, ParameterError, ProductionKeyError
from glomo.money import Money
from glomo.serialization.model import OMIT, Params, fields_of, wire_name
from glomo.settings import SecretKey

from .headers import Pairs, header_pairs
from .operation import Call, Operation, Replay, unreadable
from .transport import WireRequest

_JSON = (b"content-type", b"application/json")
_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@define(eq=False)
class PreparedRequest:
    """A call's request, and what the protocol of the call has to know of it.

    Attributes:
        wire: as it goes to the transport.
        body: the fields that are sent: those of the method, and `extra_body` in their place.
        request_id: the idempotency key among them, for operations that have one.
        path: of the URL, without the query: what an error may show.
    """

    wire: WireRequest
    body: Mapping[str, Any] = field(repr=False)
    request_id: str | None
    path: str


class RequestBuilder:
    """Makes the requests of one client: its address, its key and its own headers on every one."""

    def __init__(
        self,
        *,
        key: SecretKey,
        base_url: str,
        user_agent: str,
        max_response_bytes: int,
    ) -> None:
        parts = urlsplit(base_url)
        self.server: tuple[str, int | None] = (parts.hostname or "", parts.port)
        self._base_url = base_url
        self._base_path = parts.path
        self._max_response_bytes = max_response_bytes
        self._set_headers(
            key,
            (
                (b"accept", b"application/json"),
                (b"accept-encoding", b"gzip"),
                (b"user-agent", user_agent.encode()),
            ),
        )

    def with_key(self, key: SecretKey) -> RequestBuilder:
        """The same for another key."""
        builder = copy(self)
        builder._set_headers(key, self._own_headers)
        return builder

    def with_headers(self, headers: Pairs) -> RequestBuilder:
        """The same with headers on every request, some in place of its own."""
        builder = copy(self)
        builder._set_headers(self._key, _replaced(self._own_headers, headers))
        return builder

    def _set_headers(self, key: SecretKey, own: Pairs) -> None:
        self._key = key
        self._own_headers = own
        # Never in a local variable: no traceback finds the key among those of a frame.
        self._headers: Pairs = ((b"authorization", key.authorization), *own)
        self._json_headers: Pairs = (*self._headers, _JSON)

    def prepare(self, op: Operation[Any], call: Call) -> PreparedRequest:
        """The call's request, whole: nothing can turn out to be wrong with it later.

        Raises:
            ProductionKeyError: the operation exists in the sandbox only.
            ConfigurationError: the key has expired.
            ParameterError: something of the call cannot be sent.
        """
        if op.replay is Replay.MOCK and self._key.environment == "production":
            raise ProductionKeyError(
                f"{op.name} works in the sandbox only, and this is a production key"
            )
        if self._key.expires_at is not None:
            self._key.refuse_expired()
        try:
            path = encode_path(op, call) if call.path else op.path
            body = effective_body(op, call)
            wire = self._wire(op, call, path, body)
        except (GlomoError, TypeError, ValueError):
            raise
        except Exception as error:
            raise unreadable(op, error) from error
        fields = body or (call.upload.fields if call.upload is not None else {})
        return PreparedRequest(wire, fields, request_id_of(op, fields), self._base_path + path)

    def build(self, op: Operation[Any], call: Call) -> WireRequest:
        """The request alone.

        Raises:
            ParameterError: something of the call cannot be sent.
        """
        return self._wire(op, call, encode_path(op, call), effective_body(op, call))

    def _wire(
        self, op: Operation[Any], call: Call, path: str, body: Mapping[str, Any] | None
    ) -> WireRequest:
        url = self._base_url + path
        options = call.options
        if call.query or "extra_query" in options:
            query = encode_query(op, call)
            url = f"{url}?{query}" if query else url
        content: Any = b"" if body is None else encode_body(op, call, body)
        if call.upload is None and "extra_headers" not in options:
            return WireRequest(
                op.method,
                url,
                self._headers if body is None else self._json_headers,
                content,
                self._max_response_bytes,
            )
        own = self._own_headers
        if call.upload is not None:
            own += (
                (b"content-type", call.upload.content_type.encode()),
                (b"content-length", str(call.upload.length).encode()),
            )
            content = call.upload.open()
        elif body is not None:
            own += (_JSON,)
        own = _replaced(own, encode_headers(op, call))
        return WireRequest(
            op.method,
            url,
            ((b"authorization", self._key.authorization), *own),
            content,
            self._max_response_bytes,
        )


def _replaced(headers: Pairs, others: Pairs) -> Pairs:
    names = {name for name, _ in others}
    return (*(header for header in headers if header[0] not in names), *others)


def effective_body(op: Operation[Any], call: Call) -> Mapping[str, Any] | None:
    """The fields that are sent: those of the method, and `extra_body` in their place.

    `None` where the call has no JSON body.
    """
    if "extra_body" not in call.options:
        return call.body
    extra = _option(op, call, "extra_body")
    if not extra:
        return call.body
    return {**(call.body or {}), **{name: v for name, v in extra.items() if v is not OMIT}}


def request_id_of(op: Operation[Any], body: Mapping[str, Any]) -> str | None:
    """The idempotency key that is sent, for operations that have one.

    Raises:
        ParameterError: there is none, so that a second attempt could create a second object.
    """
    if op.replay is not Replay.REQUEST_ID:
        return None
    given = body.get("request_id")
    if isinstance(given, str) and given.strip():
        return given
    raise ParameterError(
        f"{op.name}: request_id must be text that is not empty, not {preview(given)}; "
        "leave it out to have one generated",
        parameter="request_id",
        operation=op.name,
    )


def encode_path(op: Operation[Any], call: Call) -> str:
    """The path with its parameters in place."""
    path = op.path
    for name, value in call.path.items():
        blank = not isinstance(value, str) or not value.strip()  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        if blank or value in (".", ".."):  # these would lead to another path
            _refuse(op, name, f"must be the text of an id, not {preview(value)}")
        path = path.replace(f"{{{name}}}", _quoted(op, name, value))
    return path


def encode_query(op: Operation[Any], call: Call) -> str:
    """The query string, without `?`. Left-out and null parameters are not in it."""
    given = {**call.query, **_option(op, call, "extra_query")}
    pairs: list[str] = []
    for name, value in given.items():
        if value is OMIT or value is None:
            continue
        plain = encode_value(value, name, op, fractions=False)
        entries: list[Any] = plain if isinstance(plain, list) else [plain]  # pyright: ignore[reportUnknownVariableType]
        for entry in entries:
            if isinstance(entry, (dict, list)):
                _refuse(op, name, "must be a single value, or a list of them")
            text = _text(op, name, entry)
            pairs.append(f"{_quoted(op, name, name)}={_quoted(op, name, text)}")
    return "&".join(pairs)


def _text(op: Operation[Any], name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return str(value)
    except ValueError:
        _refuse(op, name, f"cannot be {preview(value)}")


def _option(op: Operation[Any], call: Call, name: str) -> Mapping[str, Any]:
    """A mapping among the call's options; empty if it is left out or `None`."""
    options: Mapping[str, Any] = call.options
    value = options.get(name)
    given: object = value
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):  # pyright: ignore[reportUnknownVariableType]
        _refuse(op, name, f"must be a mapping of names to values, not {preview(given)}")
    return value  # pyright: ignore[reportUnknownVariableType]


def _quoted(op: Operation[Any], where: str, text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        _refuse(op, where, "is text that is not Unicode (a lone surrogate)")


def encode_body(op: Operation[Any], call: Call, body: Mapping[str, Any]) -> bytes:
    """The JSON body."""
    extra: Mapping[str, Any] = call.options.get("extra_body") or {}
    fields: list[str] = []
    try:
        for name, value in body.items():
            # Nearly every field is text or a whole number: these need no look at what is inside.
            if isinstance(value, str):
                text = _quoted_json(value)
            elif value.__class__ is int:
                text = str(value)
            elif value is OMIT:
                continue
            else:
                where = f"extra_body.{name}" if name in extra else str(name)
                text = _dump(encode_value(value, where, op, fractions=name in extra))
            fields.append(f"{_quoted_json(str(name))}:{text}")
        return f"{{{','.join(fields)}}}".encode()
    except ParameterError:
        raise
    except UnicodeEncodeError:
        raise ParameterError(
            f"{op.name}: the request holds text that is not Unicode (a lone surrogate)",
            parameter="",
            operation=op.name,
        ) from None
    except (ValueError, RecursionError) as error:
        raise ParameterError(
            f"{op.name}: the request cannot be written as JSON: {error}",
            parameter="",
            operation=op.name,
        ) from None


def encode_headers(op: Operation[Any], call: Call) -> Pairs:
    """The caller's `extra_headers`.

    Raises:
        ParameterError: a header that only the SDK sets, or one that HTTP does not allow.
    """
    headers = _option(op, call, "extra_headers")
    return header_pairs(headers, "extra_headers", partial(_refuse, op)) if headers else ()


def encode_value(value: Any, where: str, op: Operation[Any], *, fractions: bool) -> Any:
    """Turn a parameter into plain JSON: left-out fields dropped, times in UTC.

    Raises:
        ParameterError: a float, `Decimal` or `Money` where the API takes minor units; a time
            without a zone; an object that has no JSON form.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Params):
        value = {wire_name(a): getattr(value, a.name) for a in fields_of(type(value))}
    if isinstance(value, Mapping):
        inner: dict[str, Any] = {}
        for key, entry in value.items():  # pyright: ignore[reportUnknownVariableType]
            if entry is not OMIT:
                name = f"{where}.{key}" if where else str(key)  # pyright: ignore[reportUnknownArgumentType]
                inner[str(key)] = encode_value(entry, name, op, fractions=fractions)  # pyright: ignore[reportUnknownArgumentType]
        return inner
    if isinstance(value, datetime):
        if value.tzinfo is None:
            _refuse(op, where, f"{value!r} has no time zone: write datetime(..., tzinfo=UTC)")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        entries: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        return [
            encode_value(entry, f"{where}[{n}]", op, fractions=fractions)
            for n, entry in enumerate(entries)
        ]
    if isinstance(value, Money):
        _refuse(op, where, f"takes minor units: write .minor ({value.minor}) instead of {value!r}")
    if isinstance(value, (float, Decimal)):
        if fractions and isinstance(value, float) and math.isfinite(value):
            return value
        kind = type(value).__name__
        _refuse(op, where, f"cannot be a {kind}: amounts are whole numbers of minor units")
    # The value itself may be an account number, and an error is shown to many.
    return _refuse(op, where, f"cannot be sent as JSON: it is a {type(value).__name__}")


def _refuse(op: Operation[Any], where: str, problem: str) -> NoReturn:
    where = printable(where)
    raise ParameterError(f"{op.name}: {where} {problem}", parameter=where, operation=op.name)
