"""What the client's methods are given, as what the client needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ._errors_base import preview, printable
from .errors import ConfigurationError, ParameterError
from .http.driver import Driver
from .http.headers import TOKEN
from .http.limiter import Limiter, RateLimiter
from .http.operation import Operation, Replay
from .settings import check_integer

if TYPE_CHECKING:
    from .models.platform import Merchant

C = TypeVar("C")

_PATH = re.compile(r"(/[!$&'()*+,\-.:;=@_~%0-9A-Za-z]+)+/?\Z")


def untyped_operation(
    method: object, path: object, query: object, body: object, replay: object
) -> Operation[Any]:
    """The operation of a `request` of the caller's own.

    Raises:
        ParameterError, ConfigurationError: an argument of another kind, or none that can be used.
    """
    for name, value, kind in (
        ("method", method, str),
        ("path", path, str),
        ("query", query, Mapping),
        ("body", body, Mapping),
        ("replay", replay, Replay),
    ):
        if not isinstance(value, kind) and (value is not None or kind is str):
            text = f"request(): {name} cannot be {preview(value)}"
            raise ParameterError(text, parameter=name, operation="request")
    assert isinstance(method, str)
    assert isinstance(path, str)
    method = method.upper()
    if not path.startswith("/"):
        raise ConfigurationError(f'path must start with its version, as "/v1/{printable(path)}"')
    rule = replay or (Replay.SAFE if method in ("GET", "HEAD") else Replay.NONE)
    assert isinstance(rule, Replay)
    if rule is Replay.REQUEST_ID:
        raise ConfigurationError(
            "replay=REQUEST_ID needs to know how to look a request_id up: use Replay.NONE"
        )
    op = Operation[Any](
        f"request {printable(method)} {printable(path)}", method, path, object, rule
    )
    _check_target(op)
    return op


def _check_target(op: Operation[Any]) -> None:
    """Refuse a method or a path of the caller's own that is none.

    Raises:
        ParameterError: not an HTTP method; or a path with a query, or one that leads elsewhere.
    """
    if not TOKEN.match(op.method):
        raise _unusable(op, "method", "must be an HTTP method, such as POST")
    if not _PATH.match(op.path) or {".", ".."} & set(op.path.split("/")):
        text = 'must be a path such as "/v1/things": percent-encoded, without a query'
        raise _unusable(op, "path", text)


def _unusable(op: Operation[Any], name: str, problem: str) -> ParameterError:
    return ParameterError(f"{op.name}: {name} {problem}", parameter=name, operation=op.name)


def derived(client: C, driver: Driver) -> C:
    """A client like another one, over the same connections, which the other one closes."""
    # Without the resources that were made already: they act as that client.
    attributes = {name: value for name, value in dict(vars(client)).items() if name.startswith("_")}
    copy = object.__new__(type(client))
    copy.__dict__.update(attributes, _shared=True, _driver=driver)
    return copy


def token_of(merchant: Merchant | str) -> str:
    """A merchant's credential.

    Raises:
        ConfigurationError: the merchant comes without it.
    """
    if isinstance(merchant, str):
        return merchant
    token = getattr(merchant, "jwt_token", None)
    if not isinstance(token, str):
        description = getattr(merchant, "merchant_id", None) or f"a {type(merchant).__name__}"
        raise ConfigurationError(
            f"{description} comes without a jwt_token: platform.onboard_merchant shows it once, so "
            "store it there, and pass it here"
        )
    return token


def limiter_of(rate_limit: int | Limiter | None) -> Limiter | None:
    """What gives requests their places.

    Raises:
        ConfigurationError: the limit is none.
    """
    if rate_limit is None or not isinstance(rate_limit, (int, float, str)):
        return rate_limit
    check_integer("rate_limit", rate_limit, 1, "attempts a minute, or None for no limit")
    return RateLimiter(rate_limit)
