"""A transport that answers by script, and clients on it that live in virtual time."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import anyio

from glomo import AsyncGlomo, RateLimiter
from glomo.http.transport import LostError, NotSentError, TooLargeError, WireRequest, WireResponse

from .virtual_time import now

KEY = "sk-unit"
BASE = "https://api.test/api"

Outcome = WireResponse | BaseException | Callable[[WireRequest], Any]


def wire_response(status: int, body: Any = None, **headers: str) -> WireResponse:
    """An answer: a body of bytes goes as it is, anything else as JSON; `None` is empty."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return WireResponse(status, {k.replace("_", "-"): v for k, v in headers.items()}, raw)


def refused() -> NotSentError:
    return NotSentError("connection refused")


def lost() -> LostError:
    return LostError("connection reset")


def too_large() -> TooLargeError:
    return TooLargeError(200)


async def silence(_: WireRequest) -> WireResponse:
    """The server never answers."""
    await anyio.sleep_forever()
    raise AssertionError


async def echo(request: WireRequest) -> WireResponse:
    """The payout that the request's path asks for."""
    return wire_response(200, payout(id=unquote(request.url.rpartition("/")[2])))


class ScriptedTransport:
    """Answers attempts in the order of a script, which must suffice."""

    def __init__(self, *script: Outcome) -> None:
        self.script = list(script)
        self.sent: list[WireRequest] = []
        self.at: list[float] = []
        self.discards = 0
        self.resets = 0
        self.closed = 0

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        self.sent.append(request)
        self.at.append(now())
        if not self.script:
            raise AssertionError(f"one attempt more than expected: {request}")
        outcome = self.script.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        if isinstance(outcome, WireResponse):
            return outcome
        result = outcome(request)
        if isinstance(result, Awaitable):
            with anyio.move_on_after(timeout) as scope:
                result = await result
            if scope.cancelled_caught:
                raise LostError(f"no response within {timeout:.3g} s")
        assert isinstance(result, WireResponse)
        return result

    def discard_connections(self) -> None:
        self.discards += 1

    def reset(self) -> None:
        self.resets += 1

    async def aclose(self) -> None:
        self.closed += 1

    @property
    def methods(self) -> list[str]:
        """What was sent: `POST /v1/payouts`, `GET /v1/payouts?request_id=r`."""
        return [f"{request.method} {request.url.removeprefix(BASE)}" for request in self.sent]


def body_of(request: WireRequest) -> Any:
    assert isinstance(request.content, bytes)
    return json.loads(request.content)


def query_of(request: WireRequest) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))


def headers_of(request: WireRequest) -> Mapping[str, str]:
    return {name.decode(): value.decode() for name, value in request.headers}


def client(
    transport: Any, *, rng: Callable[[], float] = lambda: 1.0, **settings: Any
) -> AsyncGlomo:
    """A client in virtual time. Without a rate limit unless one is given; no jitter."""
    limit = settings.pop("rate_limit", None)
    if isinstance(limit, int):
        limit = RateLimiter(limit, clock=now)
    settings.setdefault("base_url", BASE)
    glomo = AsyncGlomo(
        settings.pop("api_key", KEY), transport=transport, rate_limit=limit, **settings
    )
    glomo._driver.clock = now
    glomo._driver.rng = rng
    glomo._driver.connections._clock = now
    return glomo


def payout(**fields: Any) -> dict[str, Any]:
    """A payout as the API shows it."""
    return {
        "id": "payout_1",
        "status": "in_progress",
        "source_amount": 125000,
        "source_currency": "USD",
        "destination_currency": "INR",
        "beneficiary_id": "bene_1",
        "purpose_code": "S1005",
        "payment_rail": "neft",
        "request_id": "r-1",
        **fields,
    }


PAYOUT_PARAMS: dict[str, Any] = {
    "beneficiary_id": "bene_1",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": 125000,
    "payment_rail": "neft",
    "purpose_code": "S1005",
    "request_id": "r-1",
}
"""The parameters of `payouts.create` that make `payout()`."""


NEW: dict[str, Any] = {name: value for name, value in PAYOUT_PARAMS.items() if name != "request_id"}
"""The same without a `request_id`, so that no earlier call can have used it."""


def page(*rows: Any, next: int | None = None, current: int = 1) -> dict[str, Any]:
    """A page of a list."""
    meta = {"current": current, "previous": None, "next": next, "per_page": 100}
    return {"data": list(rows), "page_meta": meta}
