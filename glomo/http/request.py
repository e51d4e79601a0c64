"""From a call to the bytes of its request. All of it happens before anything is sent."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

from glomo._errors_base import shown
from glomo.errors import ParameterError, ProductionKeyError
from glomo.money import Money
from glomo.serialization.model import OMIT, Params, fields_of, wire_name
from glomo.settings import SecretKey

from .headers import TOKEN, Pairs, header_pairs
from .operation import Call, CallOptions, Operation, Replay
from .transport import WireRequest

_OPTIONS = frozenset(CallOptions.__annotations__)
_JSON = (b"content-type", b"application/json")
_PATH = re.compile(r"(/[!$&'()*+,\-.:;=@_~%0-9A-Za-z]+)+/?\Z")
_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


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
        self._key = key
        self._base_url = base_url
        self._max_response_bytes = max_response_bytes
        self._static: Pairs = (
            (b"accept", b"application/json"),
            (b"accept-encoding", b"gzip"),
            (b"user-agent", user_agent.encode()),
        )

    def with_key(self, key: SecretKey) -> RequestBuilder:
        """The same for another key."""
        builder = copy(self)
        builder._key = key
        return builder

    @property
    def server(self) -> tuple[str, int | None]:
        """Host and port that the requests go to."""
        parts = urlsplit(self._base_url)
        return parts.hostname or "", parts.port

    def with_headers(self, headers: Pairs) -> RequestBuilder:
        """The same with headers on every request, some in place of its own."""
        builder = copy(self)
        builder._static = _replaced(self._static, headers)
        return builder

    def check_key(self, op: Operation[Any]) -> None:
        """Reject a key that cannot be used for this operation.

        Raises:
            ProductionKeyError: the operation exists in the sandbox only.
            ConfigurationError: the key has expired.
        """
        if op.replay is Replay.MOCK and self._key.environment == "production":
            raise ProductionKeyError(
                f"{op.name} works in the sandbox only, and this is a production key"
            )
        self._key.refuse_expired()

    def build(self, op: Operation[Any], call: Call) -> WireRequest:
        """The call's request, whole: nothing can turn out to be wrong with it later."""
        path, query = encode_path(op, call), encode_query(op, call)
        headers = [*self._static]
        content: Any = encode_body(op, call)
        if call.upload is not None:
            headers += [
                (b"content-type", call.upload.content_type.encode()),
                (b"content-length", str(call.upload.length).encode()),
            ]
            content = call.upload.open()
        elif content is not None:
            headers.append(_JSON)
        extra = encode_headers(op, call)
        if extra:
            headers = [*_replaced(headers, extra)]
        return WireRequest(
            op.method,
            f"{self._base_url}{path}?{query}" if query else f"{self._base_url}{path}",
            # Nothing after this fails: no traceback finds the key among this frame's variables.
            ((b"authorization", self._key.authorization), *headers),
            content if content is not None else b"",
            self._max_response_bytes,
        )


def _replaced(headers: Sequence[tuple[bytes, bytes]], others: Pairs) -> Pairs:
    names = {name for name, _ in others}
    return (*(header for header in headers if header[0] not in names), *others)


def path_of(request: WireRequest) -> str:
    """The path without its query: what an error may show."""
    rest = request.url.partition("://")[2].partition("?")[0]
    return rest[rest.index("/") :]


def effective_body(call: Call) -> Mapping[str, Any]:
    """The fields that are sent: those of the method, and `extra_body` in their place."""
    body, extra = call.body or {}, call.options.get("extra_body")
    if not extra:
        return body
    return {**body, **{name: value for name, value in extra.items() if value is not OMIT}}


def check_options(op: Operation[Any], options: Mapping[str, Any], signature: Sequence[str]) -> None:
    """Refuse a keyword that is neither a parameter nor an option: most likely a misspelling.

    Raises:
        TypeError: as Python itself would, with the nearest known name.
    """
    if options.keys() <= _OPTIONS:
        return
    unknown = min(options.keys() - _OPTIONS)
    near = difflib.get_close_matches(unknown, [*signature, *_OPTIONS], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise TypeError(f"{op.name}() got an unexpected keyword argument {unknown!r}{hint}")


def check_target(op: Operation[Any]) -> None:
    """Refuse a method or a path of the caller's own that is none.

    Raises:
        ParameterError: not an HTTP method; or a path with a query, or one that leads elsewhere.
    """
    if not TOKEN.match(op.method):
        _refuse(op, "method", "must be an HTTP method, such as POST")
    if not _PATH.match(op.path) or {".", ".."} & set(op.path.split("/")):
        _refuse(op, "path", 'must be a path such as "/v1/things": percent-encoded, without a query')


def encode_path(op: Operation[Any], call: Call) -> str:
    """The path with its parameters in place."""
    path = op.path
    for name, value in call.path.items():
        blank = not isinstance(value, str) or not value.strip()  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        if blank or value in (".", ".."):  # these would lead to another path
            _refuse(op, name, f"must be the text of an id, not {shown(value)}")
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
        _refuse(op, name, f"cannot be {shown(value)}")


def _option(op: Operation[Any], call: Call, name: str) -> Mapping[str, Any]:
    """A mapping among the call's options; empty if it is left out or `None`."""
    options: Mapping[str, Any] = call.options
    value = options.get(name)
    given: object = value
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):  # pyright: ignore[reportUnknownVariableType]
        _refuse(op, name, f"must be a mapping of names to values, not {shown(given)}")
    return value  # pyright: ignore[reportUnknownVariableType]


def _quoted(op: Operation[Any], where: str, text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        _refuse(op, where, "is text that is not Unicode (a lone surrogate)")


def encode_body(op: Operation[Any], call: Call) -> bytes | None:
    """The JSON body, or `None` where the operation has none."""
    extra = _option(op, call, "extra_body")
    if call.body is None and not extra:
        return None
    try:
        plain = encode_value(call.body or {}, "", op, fractions=False)
        if extra:
            plain.update(encode_value(extra, "extra_body", op, fractions=True))
        return _dump(plain).encode()
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
    raise ParameterError(f"{op.name}: {where} {problem}", parameter=where, operation=op.name)
