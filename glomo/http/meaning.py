"""What the outcome of one request means for a call, by itself. `protocol.py` says what follows.

Each outcome of the call's own request goes to `Interpreter.of_call`, each of a request that finds
out to `of_list` or `of_state`. What comes back is data: the protocol asks no response anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from glomo.errors import (
    ConnectError,
    DecodingError,
    GlomoError,
    ResponseLostError,
    ResponseMismatchError,
    ResponseTooLargeError,
)
from glomo.retry_after import seconds
from glomo.serialization.codec import structure
from glomo.serialization.json import parse_json

from .error_response import ErrorResponse, read_error
from .matching import Differences, differences, mismatch, pick, rows_of, shows_identity
from .operation import Call, Operation, Replay
from .steps import Outcome, Read
from .transport import LostError, NotSentError, TooLargeError, WireResponse


@frozen
class Accepted:
    """A 2xx response to this very request, and what was read from it."""

    value: Any


@frozen
class Refused:
    """The API looked at the request and said no.

    Attributes:
        error: what to raise if it stays so.
        response: what it was read from.
    """

    error: GlomoError
    response: ErrorResponse


@frozen
class Failed:
    """No usable response.

    Attributes:
        error: what to raise if it stays so.
        response: what it was read from, if the API responded.
        again: whether another attempt may end in another way.
        maybe_done: the request may have been carried out.
        carried_out: it was carried out, and the response cannot be read.
        distrust: the connections are out of step.
        wait: seconds that the server asked for.
        throttled: a 429, which counts as no failure.
    """

    error: GlomoError
    response: ErrorResponse | None = None
    again: bool = True
    maybe_done: bool = False
    carried_out: bool = False
    distrust: bool = False
    wait: float = 0.0
    throttled: bool = False


@frozen
class Absent:
    """What was looked for is not there.

    Attributes:
        final: nor can it come any more.
    """

    final: bool = False


@frozen
class Different:
    """The request_id has created something else than what was asked for."""

    differing: Differences
    existing: Any


Meaning = Accepted | Refused | Failed
"""Of the call's own request."""
Finding = Accepted | Absent | Different | Refused | Failed
"""Of a request that finds out; accepted, it holds the call's result."""


@define(eq=False)
class Interpreter:
    """Reads the outcomes of one call's attempts.

    Attributes:
        op, call: what was asked.
        body: the fields that were sent.
        request_id: the idempotency key among them, if the operation has one.
        url_path: for messages.
    """

    op: Operation[Any]
    call: Call
    body: Mapping[str, Any] = field(repr=False)
    request_id: str | None
    url_path: str

    def of_call(self, outcome: Outcome, attempts: int) -> Meaning:
        """What became of the call's own request."""
        if not isinstance(outcome, WireResponse):
            return self._of_no_response(outcome, attempts)
        if not 200 <= outcome.status < 300:
            return self._of_error(outcome, attempts)
        try:
            value = self._json(outcome)
        except ValueError as reason:
            # A proxy's page or a cut body: whether the API did it is anyone's guess.
            return Failed(self._unreadable(outcome, reason), maybe_done=True)
        op = self.op
        if op.unwrap is not None and value.__class__ is dict and op.unwrap in value:
            value = value[op.unwrap]
        wrong = mismatch(op, self.call.path, self.body, self.request_id, value)
        if wrong:
            text = f"the response is not that of this request: {wrong}"
            mismatched = self.transport_error(ResponseMismatchError, text, attempts)
            return Failed(mismatched, maybe_done=True, distrust=True)
        try:
            return Accepted(structure(value, op.result))
        except DecodingError as unfit:
            unfit.status, unfit.body = outcome.status, outcome.body
            unfit.request_id = self.request_id
            if op.replay is not Replay.SAFE and not shows_identity(op.result, value):
                # No object: another request's response.
                return Failed(unfit, maybe_done=True, distrust=True)
            return Failed(unfit, again=False, maybe_done=True, carried_out=True)

    def of_list(self, outcome: Outcome, attempts: int) -> Finding:
        """What a list, asked for the `request_id`, shows of what that has created."""
        lookup, meaning = self.op.lookup, self._of_read(outcome, attempts)
        if not isinstance(meaning, Accepted):
            return meaning
        assert isinstance(outcome, WireResponse)
        assert lookup is not None
        assert self.request_id is not None
        rows = rows_of(meaning.value)
        row = pick(rows or [], self.request_id)
        if row is None:
            # No list, or one that was not filtered, proves nothing.
            return Absent() if rows == [] else self._useless(outcome)
        differing = differences(lookup.compare, self.body, row)
        if differing and "request_id" not in row:
            return self._useless(outcome)  # somebody else's, for all that can be told
        try:
            existing = structure(row, self.op.result)
        except DecodingError as unfit:
            unfit.request_id = self.request_id
            return Failed(unfit, again=False, carried_out=True)
        return Different(differing, existing) if differing else Accepted(existing)

    def of_state(self, read: Read, outcome: Outcome, attempts: int) -> Finding:
        """Whether an object, read by `read`, has the state that the call was to set."""
        probe, meaning = self.op.probe, self._of_read(outcome, attempts)
        if not isinstance(meaning, Accepted):
            return meaning
        assert isinstance(outcome, WireResponse)
        assert probe is not None
        value = meaning.value
        if value.__class__ is not dict or mismatch(read.op, read.call.path, {}, None, value):
            return self._useless(outcome)
        try:
            now = structure(value, self.op.result)
        except DecodingError as unfit:
            return Failed(unfit, again=False)
        if probe.test(self.body, value):
            return Accepted(now)
        # What has ended in another way was not changed, and no attempt can change it any more.
        return Absent(final=getattr(getattr(now, "status", None), "terminal", False))

    def _of_read(self, outcome: Outcome, attempts: int) -> Meaning:
        """What became of a GET that finds out: accepted, it holds the response's JSON value."""
        if not isinstance(outcome, WireResponse):
            return self._of_no_response(outcome, attempts)
        if outcome.status != 200:
            return self._of_error(outcome, attempts, of_read=True)
        try:
            return Accepted(_parsed(outcome))
        except ValueError as reason:
            return Failed(self._unreadable(outcome, reason))

    def _useless(self, response: WireResponse) -> Failed:
        """A look-up's response that says nothing, and will not if it is asked again."""
        return Failed(self._unreadable(response, "shows other objects"), again=False)

    def transport_error(self, kind: type[Any], message: str, attempts: int) -> GlomoError:
        """An error that names the call."""
        error: GlomoError = kind(
            f"{self.op.name}: {message}",
            operation=self.op.name,
            method=self.op.method,
            path=self.url_path,
            attempts=attempts,
        )
        return error

    def _of_no_response(self, outcome: Outcome, attempts: int) -> Failed:
        match outcome:
            case NotSentError():
                text = f"could not connect: {outcome}"
                return Failed(self.transport_error(ConnectError, text, attempts))
            case LostError():
                text = f"the response was lost: {outcome}"
                error = self.transport_error(ResponseLostError, text, attempts)
                return Failed(error, maybe_done=True)
            case TooLargeError():
                text = f"the response ({outcome.status}) is longer than max_response_bytes"
                error = self.transport_error(ResponseTooLargeError, text, attempts)
                # Another attempt would bring it again.
                return Failed(error, again=False, maybe_done=True)
            case _:
                pass
        raise AssertionError(f"nothing that becomes of a request: {outcome!r}")

    def _of_error(self, response: WireResponse, attempts: int, *, of_read: bool = False) -> Meaning:
        """What a response means that is no 2xx."""
        try:
            value = parse_json(response.body)
        except ValueError:
            value = None
        read = read_error(
            self.op,
            response,
            value,
            path=self.url_path,
            attempts=attempts,
            request_id=self.request_id,
            currency=self.body.get("source_currency"),
        )
        error = read.error
        header = response.headers.get("retry-after")
        wait = (seconds(header) or 0.0) if header else 0.0
        match response.status:
            case 429:
                return Failed(error, read, wait=wait, throttled=True)
            case 409 if read.is_lock and not of_read:
                return Failed(error, read, wait=wait)
            case status if status == 408 or status >= 500 or status < 200:
                return Failed(error, read, maybe_done=True, wait=wait)
            case 303 if not of_read and self.op.replay is not Replay.SAFE:
                # What a POST has carried out is to be seen elsewhere, it says.
                return Failed(error, read, maybe_done=True, wait=wait)
            case _:
                return Failed(error, read, again=False) if of_read else Refused(error, read)

    def _json(self, response: WireResponse) -> Any:
        """The JSON value of a 2xx response.

        Raises:
            ValueError: not JSON, or nothing at all where there must be something.
        """
        if response.body:
            return _parsed(response)
        if response.status not in (204, 205):
            try:
                structure(None, self.op.result)  # some results are read from nothing
            except DecodingError:
                raise ValueError("is empty") from None
        return None

    def _unreadable(self, response: WireResponse, reason: object) -> DecodingError:
        return DecodingError(
            f"{self.op.name}: the response ({response.status}) {reason}",
            path="",
            status=response.status,
            body=response.body,
        )


def _parsed(response: WireResponse) -> Any:
    if not response.body:
        raise ValueError("is empty")
    try:
        return parse_json(response.body)
    except ValueError:
        raise ValueError("is not JSON") from None
