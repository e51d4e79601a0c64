"""One call under way: what each outcome means, and whether to try again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import anyio
from attrs import frozen

from glomo.codec import is_object
from glomo.errors import (
    AnswerLostError,
    AnswerTooLargeError,
    ConnectError,
    DeadlineError,
    DecodingError,
    GlomoError,
    IdempotencyConflictError,
    InsufficientBalanceError,
    OutcomeUnknownError,
    StatusError,
)
from glomo.parsing import parse_json

from .attempt import Attempts, OutOfTimeError, Progress
from .capture import RawAnswer, recorder
from .operation import Call, Operation, Replay
from .reading import read_error, read_result, shortfall
from .replay import describe, differences, is_duplicate, is_lock, pick
from .retry import backoff, retry_after
from .transport import LostError, NotSentError, TooLargeError, WireAnswer, WireRequest

log = logging.getLogger("glomo")

Jitter = Callable[[], float]


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
        self._body: Mapping[str, Any] = call.body or {}
        given = self._body.get("request_id")
        self._request_id = given if op.replay is Replay.REQUEST_ID else None
        self._failure: GlomoError | None = None
        self._failures = 0

    async def result(self) -> Any:
        """The result, after as many attempts as it takes and the deadline allows."""
        while True:
            answer = await self._attempt(self._op, self._request)
            wait = 0.0
            if answer is not None:
                if 200 <= answer.status < 300:
                    try:
                        value = parse_json(answer.body) if answer.body else None
                    except ValueError:
                        # A proxy's page or a cut body: whether the API did it is anyone's guess.
                        self._unsure(
                            DecodingError(
                                f"{self._op.name}: the answer is not JSON",
                                path="",
                                status=answer.status,
                                body=answer.body,
                            )
                        )
                    else:
                        return read_result(self._op, answer, value)
                else:
                    error = self._error(answer)
                    settled = await self._settle(error, answer)
                    if settled is not None:
                        return settled.value
                    self._failure = error
                    wait = self._throttle(answer)
            throttled = answer is not None and answer.status == 429
            if not self._may_go_on(throttled=throttled):
                if self._progress.unsure and self._op.lookup is not None:
                    return (await self._find(self._failure, must_exist=True)).value
                raise self._final()
            await self._pause(wait, throttled=throttled)

    # -------------------------------------------------------------- one attempt

    async def _attempt(self, op: Operation[Any], request: WireRequest) -> WireAnswer | None:
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
            self._unsure(self._transport_error(AnswerLostError, f"the answer was lost: {error}"))
            return None
        except TooLargeError as error:
            cap = request.max_answer_bytes
            self._unsure(
                self._transport_error(
                    AnswerTooLargeError, f"the answer ({error.status}) is longer than {cap} bytes"
                )
            )
            raise self._final() from None
        except anyio.get_cancelled_exc_class():
            if progress.attempts > sent and op.replay is not Replay.SAFE:
                log.warning(
                    "%s cancelled in flight, outcome unknown; request_id=%s",
                    op.name,
                    self._request_id,
                )
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
        answers = recorder()
        if answers is not None:
            answers.append(
                RawAnswer(
                    op.name,
                    op.method,
                    request.url,
                    answer.status,
                    answer.headers,
                    answer.body,
                    elapsed,
                    progress.attempts,
                )
            )
        return answer

    def _unsure(self, failure: GlomoError) -> None:
        self._progress.unsure = True
        self._failure = failure

    def _error(self, answer: WireAnswer) -> StatusError:
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

    async def _settle(self, error: StatusError, answer: WireAnswer) -> _Settled | None:
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
            if op.reached is not None and error.status in (400, 404, 409, 422):
                settled = await self._look_at_state()
                if settled is not None:
                    return settled
        raise error

    async def _find(self, error: GlomoError | None, *, must_exist: bool) -> _Settled:
        """What the request_id created, if it is what was asked."""
        op, lookup = self._op, self._op.lookup
        assert lookup is not None
        assert self._request_id is not None
        assert error is not None
        self._failure = error
        query = {"request_id": self._request_id}
        for look in range(1, 4):
            value = await self._read(lookup.path, Call(query=query))
            existing = pick(value, self._request_id)
            if existing is not None:
                found = differences(lookup, self._body, existing)
                result = self._decode(existing)
                if not found:
                    return _Settled(result)
                raise IdempotencyConflictError(
                    f"{op.name}: request_id {self._request_id!r} belongs to a different request: "
                    f"{describe(found)}",
                    operation=op.name,
                    request_id=self._request_id,
                    differences=found,
                    existing=result,
                ) from None
            # The first attempt may still be on its way into the list.
            if look < 3:
                await self._sleep(backoff(look + 1, rng=self._sender.rng))
        if must_exist:
            self._progress.unsure = True
            raise self._final()
        raise error

    async def _look_at_state(self) -> _Settled | None:
        reached = self._op.reached
        assert reached is not None
        query = {name: self._call.query.get(name) for name in reached.query}
        path = self._call.path or self._path_from_body(reached.path)
        value = await self._read(reached.path, Call(path=path, query=query))
        if is_object(value) and reached.test(self._body, value):
            return _Settled(self._decode(value))
        return None

    def _path_from_body(self, path: str) -> dict[str, str]:
        return {name: str(self._body.get(name, "")) for name in re.findall(r"{(\w+)}", path)}

    async def _read(self, path: str, call: Call) -> Any:
        """GET, within this call's deadline. Failing to find out is not knowing."""
        op: Operation[Any] = Operation(f"{self._op.name}.lookup", "GET", path, object)
        request = self._sender.request(op, call)
        failures = 0
        while True:
            answer = await self._attempt(op, request)
            wait = 0.0
            if answer is not None:
                if answer.status == 200:
                    try:
                        return parse_json(answer.body)
                    except ValueError:
                        pass
                elif answer.status < 500 and answer.status != 429:
                    self._progress.unsure = True
                    raise self._final()
                wait = self._throttle(answer)
            throttled = answer is not None and answer.status == 429
            failures += 0 if throttled else 1
            if failures > self._sender.max_retries:
                self._progress.unsure = True
                raise self._final()
            await self._pause(wait, throttled=throttled)

    def _decode(self, value: dict[str, Any]) -> Any:
        return read_result(self._op, WireAnswer(200, {}, b""), value)

    # -------------------------------------------------------------- waiting and giving up

    def _throttle(self, answer: WireAnswer) -> float:
        wait = retry_after(answer) or 0.0
        if answer.status == 429:
            self._attempts.hold(wait or backoff(1, throttled=True, rng=self._sender.rng))
        return wait

    def _may_go_on(self, *, throttled: bool) -> bool:
        """Whether the rules allow another attempt, time permitting."""
        if not throttled:  # being told to slow down is no failure
            self._failures += 1
        if self._progress.unsure and self._op.replay is Replay.NONE:
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
        how = _how_to_find_out(op, self._request_id)
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


def _how_to_find_out(op: Operation[Any], request_id: str | None) -> str:
    if request_id is not None:
        return (
            f"Call it again with request_id={request_id!r}: it will not be done twice. "
            "Or look for that request_id in the list."
        )
    return op.find_out or "Read the object, or the list, before calling it again."
