"""What must hold of every call, whatever happens on the way."""

from __future__ import annotations

from glomo.errors import IdempotencyConflictError, OutcomeUnknownError, StatusError
from glomo.http.operation import Replay

from .model import PARAMETERS, Cancelled, Walk


def violation(at: Walk) -> str:
    """Which invariant a walk breaks; `""` if none."""
    server = at.server
    if server.replay is not Replay.SAFE and server.carried_out > 1:
        return "it was carried out twice"
    if at.result is not None:
        return _of_result(at)
    if isinstance(at.error, Cancelled):
        if server.replay is not Replay.SAFE and not at.notes:
            return "a cancelled call does not say that it may have happened"
        return ""
    if at.distrusted != at.discarded:
        return "a connection that brought another's response is used again"
    if isinstance(at.error, OutcomeUnknownError):
        if server.replay is Replay.SAFE:
            return "a read has no outcome"
        if at.error.carried_out and not at.server.exists:
            return "it says that it was carried out, and it was not"
        # A key that the caller chose may have been used by an earlier call.
        certain = not at.doubtful and not (server.given_key and server.request_id)
        return "it cries wolf: nothing can have happened" if certain else ""
    if isinstance(at.error, IdempotencyConflictError):
        return "" if server.used_before and server.different else "a conflict with itself"
    if server.replay is Replay.SAFE:
        return ""
    if at.done:
        return f"a definite error, and it was carried out: {at.error!r}"
    # A list that lags behind for as long as it is read hides what an earlier call has created.
    seen = server.used_before and not server.different and not at.lagged
    if seen and _speaks_of_the_object(at):
        return f"a definite error, and the object of this request_id exists: {at.error!r}"
    return ""


def _of_result(at: Walk) -> str:
    server, result = at.server, at.result
    assert result is not None
    if result.id != "payout_1":
        return "the result is another's object"
    if server.replay is Replay.SAFE:
        return ""
    if not server.exists:
        return "a result of what was not done"
    if result.source_amount != PARAMETERS["source_amount"]:
        return "the result is not what was asked for"
    in_state = server.replay not in (Replay.STATE, Replay.MOCK) or result.status == "cancelled"
    return "" if in_state else "the state that was to be set is not set"


def _speaks_of_the_object(at: Walk) -> bool:
    """Whether the error is a refusal of this call's content, not of its sender or its moment."""
    return isinstance(at.error, StatusError) and at.error.status in (400, 404, 409, 422)
