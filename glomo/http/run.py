"""One call under way: what each outcome means, and whether to try again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, Protocol

import anyio
from attrs import frozen

from glomo.errors import (
    ConnectError,
    DeadlineError,
    DecodingError,
    GlomoError,
    IdempotencyConflictError,
    InsufficientBalanceError,
    OutcomeUnknownError,
    ParameterError,
    ResponseLostError,
    ResponseTooLargeError,
    StatusError,
)
from glomo.http.response import read_error, read_result, shortfall, value_of
from glomo.serialization.json import parse_json
from glomo.serialization.values import is_object

from .attempt import Attempts, OutOfTimeError, Progress
from .capture import record
from .limiter import WINDOW
from .operation import Call, Lookup, Operation, Replay
from .replay import (
    describe,
    differences,
    effective_body,
    how_to_find_out,
    is_duplicate,
    is_lock,
    pick,
    request_id_of,
    rows_of,
)
from .retry import backoff, retry_after
from .transport import LostError, NotSentError, TooLargeError, WireRequest, WireResponse

log = logging.getLogger("glomo")

Jitter = Callable[[], float]

_ABOUT_THE_OBJECT = frozenset({400, 402, 404, 409, 410, 412, 422})
"""Refusals that tell of the object's state. Others (401, 403, 3xx) come from before the API looked:
after an attempt of unknown outcome they say nothing about it."""


class Sender(Protocol):
    """What a run needs of its pipeline."""

    attempts: Attempts
    max_retries: int
    rng: Jitter

    def request(self, op: Operation[Any], call: Call) -> WireRequest: ...
    def timeout(self, op: Operation[Any], call: Call) -> float: ...


class Run:
    """One call under way."""

    def __init__(self, sender: Sender, op: Operation[Any], call: Call) -> None:
        self._sender = sender
        self._attempts = sender.attempts
        self._op = op
        self._call = call
        timeout = sender.timeout(op, call)
        self._request = sender.request(op, call)
        now = self._attempts.clock()
        self._progress = Progress(now, now + timeout)
        # A retry needs time of its own; a call that is never retried may use it all.
        self._share = timeout if op.replay is Replay.NONE else timeout / 2
        self._body = effective_body(call)
        self._request_id = request_id_of(op, self._body)
        self._failure: GlomoError | None = None
        self._failures = 0
        self._too_large = False

    async def result(self) -> Any:
        """The result, after as many attempts as it takes and the deadline allows."""
        try:
            while True:
                settled = await self._once()
                if settled is not None:
                    return settled.value
        except anyio.get_cancelled_exc_class() as cancelled:
            if self._progress.unsure and self._op.replay is not Replay.SAFE:
                name, request_id = self._op.name, self._request_id
                log.warning("%s cancelled, outcome unknown; request_id=%s", name, request_id)
                cancelled.add_note(f"{name} may have happened; its request_id is {request_id!r}")
            raise

    async def _once(self) -> _Settled | None:
        """One attempt and what follows from it: the result, or `None` after the pause."""
        answer = await self._attempt(self._op, self._request)
        wait = 0.0
        if answer is not None:
            if 200 <= answer.status < 300:
                try:
                    value = value_of(self._op, answer)
                except ValueError as unreadable:
                    # A proxy's page or a cut body: whether the API did it is anyone's guess.
                    self._unsure(
                        DecodingError(
                            f"{self._op.name}: the answer ({answer.status}) {unreadable}",
                            path="",
                            status=answer.status,
                            body=answer.body,
                        )
                    )
                else:
                    return _Settled(self._read_result(answer, value))
            else:
                error = self._error(answer)
                settled = await self._settle(error, answer)
                if settled is not None:
                    return settled
                self._failure = error
                wait = self._throttle(answer)
        throttled = answer is not None and answer.status == 429
        if not self._may_go_on(throttled=throttled):
            if self._progress.unsure and self._op.lookup is not None:
                return await self._find(self._failure, must_exist=True)
            raise self._final()
        await self._pause(wait, throttled=throttled)
        return None

    # -------------------------------------------------------------- one attempt

    async def _attempt(self, op: Operation[Any], request: WireRequest) -> WireResponse | None:
        """The answer, or `None` with the failure noted. Raises once there is no time left."""
        progress = self._progress
        if self._call.upload is not None and progress.attempts and request is self._request:
            request = self._request = self._sender.request(op, self._call)
        sent = progress.attempts
        try:
            answer = await self._attempts.once(request, progress, share=self._share)
        except OutOfTimeError as error:
            raise self._gave_up(str(error)) from None
        except NotSentError as error:
            self._failure = self._transport_error(ConnectError, f"could not connect: {error}")
            return None
        except LostError as error:
            self._unsure(self._transport_error(ResponseLostError, f"the answer was lost: {error}"))
            return None
        except TooLargeError as error:
            cap = request.max_response_bytes
            self._unsure(
                self._transport_error(
                    ResponseTooLargeError, f"the answer ({error.status}) is longer than {cap} bytes"
                )
            )
            self._too_large = True  # another attempt would bring it again
            return None
        except anyio.get_cancelled_exc_class():
            if progress.attempts > sent and op.replay is not Replay.SAFE:
                progress.unsure = True
            raise
        elapsed = self._attempts.clock() - progress.started
        log.debug(
            "%s %s attempt %d: %d after %.3f s",
            op.name,
            op.method,
            progress.attempts,
            answer.status,
            elapsed,
        )
        record(op, request.url, answer, elapsed=elapsed, attempts=progress.attempts)
        return answer

    def _unsure(self, failure: GlomoError) -> None:
        self._progress.unsure = True
        self._failure = failure

    def _error(self, answer: WireResponse) -> StatusError:
        error = read_error(
            self._op,
            answer,
            path=_path_of(self._request),
            attempts=self._progress.attempts,
            request_id=self._request_id,
        )
        if isinstance(error, InsufficientBalanceError):
            error.additional_required = shortfall(error, self._body.get("source_currency"))
        return error

    # -------------------------------------------------------------- what an error answer means

    async def _settle(self, error: StatusError, answer: WireResponse) -> _Settled | None:
        """A result after all, or `None` to try again. Raises what cannot be mended."""
        op = self._op
        if answer.status == 429 or is_lock(error):
            return None
        if answer.status >= 500 or answer.status == 408:
            self._progress.unsure = True
            if op.replay is Replay.NONE:
                self._failure = error
                raise self._final()
            return None
        if op.lookup is not None and (is_duplicate(error) or error.status == 409):
            return await self._find(error, must_exist=is_duplicate(error))
        if self._progress.unsure and op.replay is not Replay.SAFE:
            # The refusal may be of the second attempt only because the first one succeeded.
            self._failure = error
            if op.lookup is not None:
                return await self._find(error, must_exist=False)
            if error.status not in _ABOUT_THE_OBJECT:
                raise self._final()
            if op.probe is not None:
                settled = await self._look_at_state()
                if settled is not None:
                    return settled
        raise error

    async def _find(self, error: GlomoError | None, *, must_exist: bool) -> _Settled:
        """What the request_id created, if it is what was asked."""
        lookup = self._op.lookup
        assert lookup is not None
        assert self._request_id is not None
        assert error is not None
        self._progress.unsure = True  # until the list has said
        self._failure = error
        rows: list[dict[str, Any]] | None = None
        for look in range(1, 4):
            value = await self._read(lookup.path, Call(query={"request_id": self._request_id}))
            self._failure = error
            rows = rows_of(value)
            existing = pick(rows or [], self._request_id)
            if existing is not None:
                return self._compared(lookup, existing)
            if rows != []:
                break
            # The first attempt may still be on its way into the list.
            if look < 3:
                await self._sleep(backoff(look + 1, rng=self._sender.rng))
        if must_exist or rows != []:  # a list that was not filtered proves nothing
            raise self._final()
        raise error

    def _compared(self, lookup: Lookup, existing: dict[str, Any]) -> _Settled:
        found = differences(lookup, self._body, existing)
        result = read_result(self._op, WireResponse(200, {}, b""), existing)
        if not found:
            return _Settled(result)
        raise IdempotencyConflictError(
            f"{self._op.name}: request_id {self._request_id!r} belongs to a different request: "
            f"{describe(found)}",
            operation=self._op.name,
            request_id=str(self._request_id),
            differences=found,
            existing=result,
        )

    async def _look_at_state(self) -> _Settled | None:
        probe = self._op.probe
        assert probe is not None
        query = {name: self._call.query.get(name) for name in probe.query}
        path = self._call.path or self._path_from_body(probe.path)
        value = await self._read(probe.path, Call(path=path, query=query))
        if is_object(value) and probe.test(self._body, value):
            return _Settled(read_result(self._op, WireResponse(200, {}, b""), value))
        return None

    def _path_from_body(self, path: str) -> dict[str, str]:
        return {name: str(self._body.get(name, "")) for name in re.findall(r"{(\w+)}", path)}

    async def _read(self, path: str, call: Call) -> Any:
        """GET, within this call's deadline. Failing to find out is not knowing."""
        op: Operation[Any] = Operation(f"{self._op.name}.lookup", "GET", path, object)
        try:
            request = self._sender.request(op, call)
        except ParameterError as error:
            raise self._final() from error
        failures = 0
        self._too_large = False
        while True:
            answer = await self._attempt(op, request)
            wait = 0.0
            if answer is not None:
                if answer.status == 200:
                    try:
                        return parse_json(answer.body)
                    except ValueError:
                        pass
                elif answer.status < 500 and answer.status not in (408, 429):
                    raise self._final()
                wait = self._throttle(answer)
            throttled = answer is not None and answer.status == 429
            failures += 0 if throttled else 1
            if failures > self._sender.max_retries or self._too_large:
                raise self._final()
            await self._pause(wait, throttled=throttled)

    def _read_result(self, answer: WireResponse, value: Any) -> Any:
        try:
            return read_result(self._op, answer, value)
        except DecodingError as error:
            error.request_id = self._request_id
            raise

    # -------------------------------------------------------------- waiting and giving up

    def _throttle(self, answer: WireResponse) -> float:
        wait = retry_after(answer) or 0.0
        if answer.status == 429:
            pause = wait or backoff(1, throttled=True, rng=self._sender.rng)
            # The limit is one a minute: no answer, however odd, may stop all calls for longer.
            self._attempts.hold(min(pause, WINDOW))
        return wait

    def _may_go_on(self, *, throttled: bool) -> bool:
        """Whether the rules allow another attempt, time permitting."""
        if not throttled:  # being told to slow down is no failure
            self._failures += 1
        if self._too_large or (self._progress.unsure and self._op.replay is Replay.NONE):
            return False
        return self._failures <= self._sender.max_retries

    async def _pause(self, wait: float, *, throttled: bool) -> None:
        n = self._progress.attempts if throttled else max(1, self._failures)
        await self._sleep(max(wait, backoff(n, throttled=throttled, rng=self._sender.rng)))

    async def _sleep(self, seconds: float) -> None:
        if self._attempts.clock() + seconds >= self._progress.deadline:
            raise self._final()
        await self._attempts.sleep(seconds)

    def _gave_up(self, reason: str) -> GlomoError:
        if self._failure is not None:
            return self._final()
        return self._transport_error(DeadlineError, f"not sent: {reason}")

    def _final(self) -> GlomoError:
        """What to raise now that there is no further attempt."""
        op, failure = self._op, self._failure
        assert failure is not None
        if not self._progress.unsure or op.replay is Replay.SAFE:
            return failure
        how = how_to_find_out(op, self._request_id)
        return _caused(
            OutcomeUnknownError(
                f"{op.name} may or may not have happened ({failure}). {how}",
                operation=op.name,
                how_to_find_out=how,
                request_id=self._request_id,
                status=getattr(failure, "status", None),
                attempts=self._progress.attempts,
            ),
            failure,
        )

    def _transport_error(self, kind: type[Any], message: str) -> GlomoError:
        made: GlomoError = kind(
            f"{self._op.name}: {message}",
            operation=self._op.name,
            method=self._op.method,
            path=_path_of(self._request),
            attempts=self._progress.attempts,
        )
        return made


@frozen
class _Settled:
    """A result that may itself be `None`."""

    value: Any


def _caused(error: GlomoError, cause: GlomoError) -> GlomoError:
    error.__cause__ = cause
    return error


def _path_of(request: WireRequest) -> str:
    path = request.url.split("://", 1)[1].partition("?")[0]
    return path[path.index("/") :]
