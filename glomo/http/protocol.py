"""The protocol of a call: what follows from what became of an attempt. Free of I/O.

`CallProtocol.steps()` is a generator. It yields steps (send this, wait so long, distrust the
connections) and is sent the outcome of each; it returns the call's result or raises its error.
It has no clock, no socket and no event loop: `driver.py` carries the steps out, and the tests try
every sequence of outcomes.

Four sentences hold for every call and decide every line below:

- What may have been carried out is sent again only if that cannot carry it out twice.
- A definite error is raised only if nothing was carried out.
- A result is returned only if it is the result of this request.
- Everything else is unknown: `OutcomeUnknownError`, which says how to find out.

    Send ── the response to this request ──────────────────────────────────> return it
      ├──── never sent, 429, a lock ── Wait, Send again ── no more of them ─> raise it
      ├──── a refusal, and nothing before it is unknown ───────────────────> raise it
      └──── lost, 5xx, unreadable, another request's: the outcome is unknown
              safe         Wait, Send again
              state        Wait, Send again; a refusal then: Read the object
              request_id   Wait, Send again, same key; a refusal then: Read the list
              none         ────────────────────────────────────────────────> OutcomeUnknownError
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeVar

from attrs import define

from glomo._errors_base import preview
from glomo.errors import (
    DeadlineError,
    GlomoError,
    IdempotencyConflictError,
    OutcomeUnknownError,
    StatusError,
    UnprocessableError,
)
from glomo.idempotency import is_generated

from .error_response import ErrorResponse
from .matching import describe
from .meaning import Absent, Accepted, Different, Failed, Finding, Interpreter, Meaning
from .operation import Call, Lookup, Operation, Replay, StateProbe
from .steps import (
    DISCARD_CONNECTIONS,
    SEND,
    Hold,
    Outcome,
    OutOfTimeError,
    Read,
    Send,
    Step,
    Steps,
    Wait,
)

M = TypeVar("M", bound=Meaning | Finding)

ABOUT_THE_OBJECT = frozenset({400, 402, 404, 409, 410, 412, 422})
"""Refusals that tell of the object. Others (401, 403, 3xx) come from before the API looked at it:
after an attempt of unknown outcome they say nothing about that."""

LOOKS = 3
"""How often a list is read for an object that may still be on its way into it."""

ATTEMPT_SHARE = 0.5
"""The part of a call's time that one attempt may take: another one needs time of its own. A call
that is never sent again has all of it."""

FIRST_PAUSE = 0.25
FIRST_PAUSE_WHEN_THROTTLED = 1.0
LONGEST_PAUSE = 8.0
"""Seconds between two attempts: each pause is up to twice as long as the one before."""


@define(eq=False)
class CallProtocol(Interpreter):
    """One call. What an attempt's outcome means by itself, its base class says.

    Attributes:
        max_retries: failures that may be followed by another attempt.
        throttle_budget: seconds that the call may spend waiting because of 429 responses.
        rng: where jitter comes from.
        attempts: requests handed to the transport; the driver counts them.
        outcome_unknown: set, for good, once an attempt may have been carried out unseen.
    """

    max_retries: int
    throttle_budget: float
    rng: Callable[[], float] = random.random
    attempts: int = 0
    outcome_unknown: bool = False

    def steps(self) -> Steps:
        """The call, step by step.

        Raises:
            StatusError, TransportError: nothing was carried out.
            OutcomeUnknownError: something was, or may have been.
            IdempotencyConflictError: the request_id belongs to another request.
            DecodingError: a read whose response does not fit the model.
        """
        meaning = yield from self._request(SEND, self.of_call)
        if isinstance(meaning, Accepted):
            return meaning.value
        if isinstance(meaning, Failed) and meaning.carried_out:
            raise self._carried_out(meaning.error)
        refusal = meaning.response
        if self.op.lookup is not None and self._wants_lookup(refusal):
            return (yield from self._find(self.op.lookup, meaning.error, refusal))
        if self.op.probe is not None and self.outcome_unknown and refusal is not None:
            return (yield from self._probe(self.op.probe, refusal.error))
        raise self._final(meaning.error)

    def interrupted(self, interruption: BaseException, *, sending: bool) -> None:
        """Note that the call was cut off: cancelled, or by Ctrl-C.

        Args:
            interruption: gets a note if the call may have been carried out.
            sending: the call's own request was under way.
        """
        if sending:
            self._maybe_done()
        if self.outcome_unknown:
            interruption.add_note(
                f"{self.op.name} may have happened; its request_id is {self.request_id!r}"
            )

    # -------------------------------------------------------------- the one retry loop

    def _request(
        self, step: Send | Read, read: Callable[[Outcome, int], M]
    ) -> Generator[Step, Outcome, M | Failed]:
        """Send until something settles it, or until the retries or the time are used up."""
        failures = 0
        throttled_for = 0.0
        failed: Failed | None = None
        while True:
            outcome = yield step
            if isinstance(outcome, OutOfTimeError):
                return failed or self._out_of_time(outcome)
            meaning = read(outcome, self.attempts)
            if not isinstance(meaning, Failed):
                return meaning
            failed = meaning
            if failed.maybe_done and step is SEND:
                self._maybe_done()
            if failed.distrust:
                yield DISCARD_CONNECTIONS
            failures += not failed.throttled
            pause = self._pause(failed, failures)
            if failed.throttled:
                throttled_for += pause
                yield Hold(pause)
            if (
                not self._may_send_again(failed)
                or failures > self.max_retries
                or throttled_for >= self.throttle_budget
                or (yield Wait(pause)) is not None
            ):
                return failed

    def _may_send_again(self, failed: Failed) -> bool:
        """What may have been carried out, only if that cannot carry it out twice."""
        once = self.outcome_unknown and self.op.replay is Replay.NONE
        return failed.again and not once

    def _pause(self, failed: Failed, failures: int) -> float:
        """Seconds until the next attempt: what the server asked for, or more."""
        if failed.throttled:
            return max(failed.wait, self._backoff(FIRST_PAUSE_WHEN_THROTTLED, self.attempts))
        return max(failed.wait, self._backoff(FIRST_PAUSE, failures))

    def _backoff(self, first: float, attempt: int) -> float:
        """Exponential, with full jitter."""
        return float(self.rng() * min(LONGEST_PAUSE, first * 2 ** (attempt - 1)))

    def _out_of_time(self, outcome: OutOfTimeError) -> Failed:
        text = f"not sent: {outcome}"
        return Failed(self.transport_error(DeadlineError, text, self.attempts))

    def _maybe_done(self) -> None:
        self.outcome_unknown = self.outcome_unknown or self.op.replay is not Replay.SAFE

    # -------------------------------------------------------------- finding out

    def _wants_lookup(self, refusal: ErrorResponse | None) -> bool:
        """Whether the list must be asked before anything is raised."""
        if self.outcome_unknown or refusal is None:
            return self.outcome_unknown
        error = refusal.error
        if isinstance(error, UnprocessableError) and error.object is not None:
            return False  # it brought the object itself
        if refusal.is_duplicate:
            return True
        # A key of the caller's may have been used before. Then this refusal may come from what it
        # created, whatever the text ("quote_id has already been used").
        repeated = self.request_id is not None and not is_generated(self.request_id)
        return repeated and error.status in ABOUT_THE_OBJECT

    def _find(self, lookup: Lookup, error: GlomoError, refusal: ErrorResponse | None) -> Steps:
        """What the request_id has created, if it is what was asked for."""
        if refusal is not None and refusal.is_duplicate:
            self._maybe_done()  # by an earlier call, if not by this one
        on_its_way = self.outcome_unknown or (refusal is not None and refusal.speaks_of_use)
        op = Operation[Any](f"{self.op.name}.lookup", "GET", lookup.path, object)
        read = Read(op, Call(query={"request_id": self.request_id}))
        for look in range(1, (LOOKS if on_its_way else 1) + 1):
            if look > 1:
                pause = Wait(self._backoff(FIRST_PAUSE, look))
                if (yield pause) is not None:
                    break
            finding = yield from self._request(read, self.of_list)
            match finding:
                case Accepted():
                    return finding.value
                case Different():
                    raise self._conflict(finding)
                case Failed(carried_out=True):
                    raise self._carried_out(finding.error) from finding.error
                case Absent():
                    pass
                case _:
                    raise self._unknown(error)
        raise self._final(error)

    def _probe(self, probe: StateProbe, refusal: StatusError) -> Steps:
        """Whether the state that a refused attempt was to set is there already."""
        if refusal.status not in ABOUT_THE_OBJECT:
            raise self._unknown(refusal)
        path = self.call.path or {
            name: str(self.body.get(name, "")) for name in re.findall(r"{(\w+)}", probe.path)
        }
        query = {name: self.call.query.get(name) for name in probe.query}
        op = Operation[Any](f"{self.op.name}.lookup", "GET", probe.path, object)
        read = Read(op, Call(path=path, query=query))
        finding = yield from self._request(read, partial(self.of_state, read))
        if isinstance(finding, Accepted):
            return finding.value
        if isinstance(finding, Absent) and finding.final:
            raise refusal
        raise self._unknown(refusal)

    # -------------------------------------------------------------- what to raise

    def _final(self, error: GlomoError) -> GlomoError:
        return self._unknown(error) if self.outcome_unknown else error

    def _unknown(self, cause: GlomoError) -> OutcomeUnknownError:
        return self._outcome_error(f"may or may not have happened ({cause}).", cause)

    def _carried_out(self, cause: GlomoError) -> GlomoError:
        """The error of a 2xx that does not fit the model."""
        if self.op.replay is Replay.SAFE:
            return cause
        text = f"was carried out, but its response cannot be read ({cause})."
        return self._outcome_error(text, cause, carried_out=True)

    def _conflict(self, different: Different) -> IdempotencyConflictError:
        return IdempotencyConflictError(
            f"{self.op.name}: request_id {preview(self.request_id)} belongs to a different "
            f"request: {describe(different.differing)}",
            operation=self.op.name,
            request_id=str(self.request_id),
            differences=different.differing,
            existing=different.existing,
        )

    def _outcome_error(
        self, text: str, cause: GlomoError, *, carried_out: bool = False
    ) -> OutcomeUnknownError:
        how = self._how_to_find_out()
        error = OutcomeUnknownError(
            f"{self.op.name} {text} {how}",
            operation=self.op.name,
            how_to_find_out=how,
            request_id=self.request_id,
            status=getattr(cause, "status", None),
            attempts=self.attempts,
            carried_out=carried_out,
        )
        error.__cause__ = cause
        return error

    def _how_to_find_out(self) -> str:
        if self.request_id is not None:
            return (
                f"Call it again with request_id={preview(str(self.request_id))}: it will not be "
                "done twice. Or look for that request_id in the list."
            )
        return self.op.find_out or "Read the object, or the list, before calling it again."
