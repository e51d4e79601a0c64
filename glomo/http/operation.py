"""What the API can be asked: an operation, and one call of it."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypedDict, TypeVar

from attrs import field, frozen

from glomo.errors import ParameterError

if TYPE_CHECKING:
    from glomo.validation import Checks

T = TypeVar("T")


class Replay(Enum):
    """Whether a request may be sent again after its outcome is unknown."""

    SAFE = "safe"
    """Reads: always."""
    REQUEST_ID = "request_id"
    """Creates with an idempotency key: always, with the same key."""
    NONE = "none"
    """Other creates: only after an answer that says nothing was done."""
    STATE = "state"
    """Calls that set a state: always; setting it twice is setting it once."""
    MOCK = "mock"
    """As `STATE`, and refused with a production key."""


@frozen
class Lookup:
    """How to find what a `request_id` created, and which fields must then be equal.

    `compare` maps a field of the request to the field of the object that must equal it.
    """

    path: str
    compare: Mapping[str, str]


@frozen
class StateProbe:
    """How to tell that a state was reached by an attempt whose answer was lost.

    `path` takes its parameters from the call's path, or else from its body; `query` names the query
    parameters to read it with, as they were in the call. `test` gets the request's body and the
    object as it is now.
    """

    path: str
    test: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
    query: tuple[str, ...] = ()


@frozen
class Operation(Generic[T]):
    """One operation of the API.

    Attributes:
        name: the client method (`"payouts.create"`).
        method, path: as on the wire, with `{id}` where a path parameter goes.
        result: the type of the answer: a model, or a page of models.
        replay: whether it may be sent again.
        find_out: for `Replay.NONE`: how a caller finds out whether a call happened.
        lookup: for `Replay.REQUEST_ID`: how to find what a `request_id` created.
        echoes: for operations without a look-up: the fields of the object that must equal the
            request's, by the request's name; a dot leads into an object inside.
        probe: for `Replay.STATE`: how to tell that a lost attempt has set the state.
        unwrap: the key of an answer's object that holds the result, for envelopes.
        result_in_error: a 422 may carry the result itself.
        check: the API's rules for the call's parameters, path and query and body together.
        amounts: the amounts of the body, each with the parameter that names its currency.
    """

    name: str
    method: str
    path: str
    result: type[T] = field(repr=False)
    replay: Replay = Replay.SAFE
    find_out: str = field(default="", repr=False)
    lookup: Lookup | None = field(default=None, repr=False)
    echoes: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    probe: StateProbe | None = field(default=None, repr=False)
    unwrap: str | None = field(default=None, repr=False)
    result_in_error: bool = field(default=False, repr=False)
    check: Callable[[Checks], None] | None = field(default=None, repr=False)
    amounts: Mapping[str, str] = field(factory=dict[str, str], repr=False)


class CallOptions(TypedDict, total=False):
    """What every method takes besides its own parameters.

    Keys:
        timeout: seconds for the call once it has its turn, retries and pauses included.
        queue_timeout: seconds to wait for a turn (rate limit, place in flight) at most.
        extra_query: query parameters to add, or to put in place of the method's own.
        extra_headers: headers to add.
        extra_body: fields to add to a JSON body, or to put in place of the method's own.
    """

    timeout: float
    queue_timeout: float | None
    extra_query: Mapping[str, Any]
    extra_headers: Mapping[str, str]
    extra_body: Mapping[str, Any]


class Upload(Protocol):
    """A form with a file and text `fields`. `open` is called anew for every attempt."""

    fields: Mapping[str, str]
    content_type: str
    length: int

    def open(self) -> AsyncIterable[bytes]: ...


@frozen
class Call:
    """The variable part of one call. `query` and `body` hold values as the caller gave them."""

    path: Mapping[str, str] = field(factory=dict[str, str])
    query: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    upload: Upload | None = field(default=None, repr=False)
    options: CallOptions = field(factory=CallOptions, repr=False)


def unreadable(op: Operation[Any], error: Exception) -> ParameterError:
    """The error for a parameter that raises by itself when it is looked at, or has no end."""
    return ParameterError(
        f"{op.name}: a parameter cannot be read ({type(error).__name__})",
        parameter="",
        operation=op.name,
    )
