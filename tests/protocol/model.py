"""A model of the API for one call, and every way in which an attempt at it can end.

The server carries a request out or not, and whatever it did, any response may come: the call's
protocol sees the response only. `walk` drives the protocol through one sequence of outcomes and
says what became of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field, frozen

from glomo.errors import GlomoError
from glomo.http.operation import Call, Lookup, Operation, Replay, StateProbe
from glomo.http.protocol import CallProtocol
from glomo.http.steps import SEND, DiscardConnections, Outcome, OutOfTimeError, Read, Send
from glomo.http.transport import LostError, NotSentError, TooLargeError, WireResponse
from glomo.idempotency import new_request_id
from glomo.models.payouts import Payout

KEY = "r-1"
PARAMETERS = {"source_amount": 1250, "source_currency": "USD", "beneficiary_id": "bene_1"}
COMPARED = {name: name for name in PARAMETERS}
OTHER_PAYOUT = {
    "id": "payout_9",
    "status": "success",
    "request_id": "r-9",
    **PARAMETERS,
    "source_amount": 9,
}


def _cancelled(_: Any, now: Any) -> bool:
    return bool(now.get("status") == "cancelled")


OPERATIONS: dict[Replay, Operation[Any]] = {
    Replay.SAFE: Operation("payouts.retrieve", "GET", "/v1/payouts/{id}", Payout),
    Replay.REQUEST_ID: Operation(
        "payouts.create",
        "POST",
        "/v1/payouts",
        Payout,
        Replay.REQUEST_ID,
        lookup=Lookup("/v1/payouts", COMPARED),
    ),
    Replay.NONE: Operation(
        "links.create", "POST", "/v1/payin", Payout, Replay.NONE, echoes=COMPARED
    ),
    Replay.STATE: Operation(
        "payouts.cancel",
        "PATCH",
        "/v1/payouts/{id}/cancel",
        Payout,
        Replay.STATE,
        probe=StateProbe("/v1/payouts/{id}", _cancelled),
    ),
    Replay.MOCK: Operation(
        "payouts.mock",
        "PATCH",
        "/v1/payouts/{id}/mock",
        Payout,
        Replay.MOCK,
        probe=StateProbe("/v1/payouts/{id}", _cancelled),
    ),
}


@define
class Server:
    """What the API holds. `carried_out` counts how often this call's request took effect."""

    replay: Replay
    request_id: str | None
    given_key: bool = False
    used_before: bool = False
    """An earlier call with the same key has created the object."""
    different: bool = False
    """... for another amount."""
    ended: bool = False
    """The object has come to another end, so that its state cannot be set any more."""
    carried_out: int = 0

    @property
    def exists(self) -> bool:
        return self.used_before or self.carried_out > 0

    @property
    def object(self) -> dict[str, Any]:
        amount = {"source_amount": 77} if self.used_before and self.different else {}
        status = "success"
        if self.replay in (Replay.STATE, Replay.MOCK):
            status = "cancelled" if self.carried_out else "success" if self.ended else "in_progress"
        return {
            "id": "payout_1",
            "status": status,
            "request_id": self.request_id,
            **PARAMETERS,
            **amount,
        }

    def carry_out(self) -> bool:
        """Do what is asked, if the API would. Whether it was done now."""
        match self.replay:
            case Replay.REQUEST_ID if self.exists:
                return False  # the key is unique
            case Replay.STATE | Replay.MOCK if self.ended:
                return False
            case Replay.STATE | Replay.MOCK:
                self.carried_out = 1  # setting it twice is setting it once
            case Replay.REQUEST_ID | Replay.NONE:
                self.carried_out += 1
        return True


def response(status: int, body: Any) -> WireResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return WireResponse(status, {}, raw)


def refusal(status: int, message: str) -> WireResponse:
    return response(status, {"error": "no", "message": message})


Reply = Callable[[Server], Outcome]


class Cancelled(BaseException):
    """The caller goes away while the attempt is under way."""


@frozen
class End:
    """How an attempt at the call's own request ends.

    Attributes:
        name: for messages.
        reply: what comes back.
        takes_effect: the server carries the request out before that.
        late: it carries it out only after the call has ended.
        doubtful: nobody can tell from the reply whether it was carried out.
    """

    name: str
    reply: Reply
    takes_effect: bool = False
    late: bool = False
    doubtful: bool = False


def _processed(repeated: WireResponse) -> Reply:
    """The server does its work: a 201, or its refusal of a key that was used before."""

    def reply(server: Server) -> Outcome:
        done = server.carry_out()
        if server.replay is Replay.SAFE or done:
            return response(200, server.object)
        if server.replay in (Replay.STATE, Replay.MOCK):
            return refusal(400, "cannot be changed in its current state")
        return repeated

    return reply


def _unfit(server: Server) -> Outcome:
    """The server does its work, and what it sends has an amount that is none."""
    reply = _REPEATED(server)
    if isinstance(reply, WireResponse) and reply.status == 200:
        return response(201, {**server.object, "destination_amount": 1.5})
    return reply


_REPEATED = _processed(refusal(409, "Record already exists"))


def _both(name: str, reply: Reply, *, late: bool = False) -> list[End]:
    """An end that may come before or after the request took effect, or long before."""
    ends = [
        End(f"{name}, not done", reply, doubtful=True),
        End(f"{name}, done", reply, takes_effect=True, doubtful=True),
    ]
    return [*ends, End(f"{name}, done later", reply, late=True, doubtful=True)] if late else ends


def _cancel(_: Server) -> Outcome:
    raise Cancelled


ENDS: Sequence[End] = (
    End("never sent", lambda _: NotSentError("refused")),
    End("processed (409)", _processed(refusal(409, "Record already exists"))),
    End("processed (400)", _processed(refusal(400, "Payout already exists for this request_id"))),
    End("processed (quote)", _processed(refusal(400, "quote_id has already been used"))),
    End("400", lambda _: refusal(400, "short of money")),
    End("401", lambda _: refusal(401, "bad key")),
    End("404", lambda _: refusal(404, "no such thing")),
    End("409 lock", lambda _: refusal(409, "Refund is being processed")),
    End("422", lambda _: refusal(422, "no")),
    End("429", lambda _: refusal(429, "slow down")),
    *_both("lost", lambda _: LostError("reset"), late=True),
    *_both("another's object", lambda _: response(201, OTHER_PAYOUT)),
    *_both("unreadable", lambda _: response(200, b"<html>")),
    *_both("408", lambda _: refusal(408, "too slow")),
    *_both("500", lambda _: refusal(500, "oops"), late=True),
    *_both("too large", lambda _: TooLargeError(200)),
    *_both("cancelled", _cancel, late=True),
    End("processed (unfit)", _unfit, doubtful=True),
)

LOOKS: dict[str, Reply] = {
    "as it is": lambda server: response(200, _lookup_result(server)),
    "lagging": lambda server: response(
        200, {"data": []} if server.replay is Replay.REQUEST_ID else b""
    ),
    "not filtered": lambda _: response(200, {"data": [OTHER_PAYOUT]}),
    "unreadable": lambda _: response(200, b"<html>"),
    "401": lambda _: refusal(401, "bad key"),
    "lost": lambda _: LostError("reset"),
    "never sent": lambda _: NotSentError("refused"),
}


def _lookup_result(server: Server) -> Any:
    if server.replay is not Replay.REQUEST_ID:
        return server.object
    return {"data": [server.object] if server.exists else []}


@define
class Walk:
    """One call through one sequence: what was tried, and how it ended."""

    server: Server
    tried: list[str] = field(factory=list[str])
    result: Payout | None = None
    error: BaseException | None = None
    doubtful: bool = False
    distrusted: int = 0
    discarded: int = 0
    late: bool = False
    lagged: bool = False
    """A list did not show what is there."""
    open_end: bool = False
    """The sequence was used up before the call had ended."""
    notes: list[str] = field(factory=list[str])

    @property
    def done(self) -> bool:
        """Whether this call's request takes effect, now or later."""
        return self.server.carried_out > 0


def walk(
    replay: Replay,
    choose: Callable[[Sequence[Any]], Any],
    *,
    given_key: bool = True,
    **state: bool,
) -> Walk:
    """Drive one call. `choose` picks each outcome, or returns `None` when time has run out."""
    request_id = (KEY if given_key else new_request_id()) if replay is Replay.REQUEST_ID else None
    server = Server(replay, request_id, given_key, **state)
    at = Walk(server)
    body = {**PARAMETERS, "request_id": request_id} if replay is Replay.REQUEST_ID else PARAMETERS
    in_path = replay in (Replay.SAFE, Replay.STATE, Replay.MOCK)
    protocol = CallProtocol(
        OPERATIONS[replay],
        Call(path={"id": "payout_1"} if in_path else {}, body=body),
        body,
        request_id,
        "/x",
        max_retries=4,
        throttle_budget=60,
        rng=lambda: 0.1,
    )
    steps = protocol.steps()
    try:
        step = next(steps)
        while True:
            outcome: Outcome = None
            if isinstance(step, (Send, Read)):
                outcome = _attempt(step, at, choose, protocol)
            elif isinstance(step, DiscardConnections):
                at.discarded += 1
            step = steps.send(outcome)
    except StopIteration as end:
        at.result = end.value
    except Cancelled as cancelled:
        at.error = cancelled
        at.notes = list(getattr(cancelled, "__notes__", []))
    except GlomoError as error:
        at.error = error
    if at.late:
        server.carry_out()
    return at


def _attempt(
    step: Send | Read, at: Walk, choose: Callable[[Sequence[Any]], Any], protocol: CallProtocol
) -> Outcome:
    if isinstance(step, Read):
        look = choose(tuple(LOOKS))
        at.tried.append(f"look: {look}")
        at.lagged |= look == "lagging"
        return OutOfTimeError("over") if look is None else LOOKS[look](at.server)
    end = choose(ENDS)
    if end is None:
        at.open_end = True
        return OutOfTimeError("over")
    at.tried.append(end.name)
    protocol.attempts += 1
    at.doubtful |= end.doubtful
    at.late |= end.late
    at.distrusted += end.name.startswith("another's")
    if end.takes_effect:
        at.server.carry_out()
    try:
        return end.reply(at.server)
    except Cancelled as cancelled:
        protocol.interrupted(cancelled, sending=step is SEND)
        raise
