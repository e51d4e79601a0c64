"""What every resource has: a way to send and a way to list.

A method builds a call out of its parameters; whatever an operation knows of itself (its check, its
amounts) is applied here, once, before anything is sent.
"""

from __future__ import annotations

import difflib
from collections.abc import Coroutine, Iterable, Mapping
from typing import Any, ClassVar, NoReturn, TypeVar

from glomo.errors import GlomoError, ParameterError
from glomo.http.driver import Driver
from glomo.http.operation import Call, CallOptions, Operation, Replay, unreadable
from glomo.idempotency import new_request_id
from glomo.money import Money
from glomo.pagination import ListOperation, Pager
from glomo.serialization.model import OMIT
from glomo.validation import Checks

T = TypeVar("T")
R = TypeVar("R", bound="Resource")

_OPTIONS = frozenset(CallOptions.__annotations__)
_MAX_INTEGER = 10**30
"""More minor units than there are; larger numbers could not even be written."""


class Resource:
    """A group of calls on one client.

    `id_prefixes` are what the ids of its objects start with; the first is the usual one.
    """

    id_prefixes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, driver: Driver, *, validate: bool) -> None:
        self._driver = driver
        self._validate = validate

    def _send(
        self,
        op: Operation[T],
        options: CallOptions,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Coroutine[Any, Any, T]:
        """Check a call, and send it when it is awaited."""
        return self._driver.send(op, self._call(op, options, path or {}, query or {}, body))

    def _sibling(self, kind: type[R]) -> R:
        """Another resource of the same client."""
        return kind(self._driver, validate=self._validate)

    def _list(
        self,
        op: ListOperation[T],
        options: CallOptions,
        filters: Mapping[str, Any],
        *,
        path: Mapping[str, str] | None = None,
    ) -> Pager[T]:
        """Check a list's filters and make its pager, which sends nothing before it is walked."""
        return Pager(
            self._driver.send, op, self._call(op.operation, options, path or {}, filters, None)
        )

    def _call(
        self,
        op: Operation[Any],
        options: CallOptions,
        path: Mapping[str, str],
        query: Mapping[str, Any],
        body: Mapping[str, Any] | None,
    ) -> Call:
        # A misspelt keyword comes first: it may well be the reason why a check would fail.
        if not options.keys() <= _OPTIONS:
            _refuse_unknown(op, options, [*query, *(body or ())])
        if body is not None:
            body = {name: value for name, value in body.items() if value is not OMIT}
            if op.amounts:
                _convert_amounts(op, body)
        if self._validate:
            try:
                self._check(op, path, query, body)
            except (GlomoError, TypeError, ValueError):
                raise
            except Exception as error:
                raise unreadable(op, error) from error
        # An empty one is refused, not replaced: the caller meant to give a key.
        if body is not None and op.replay is Replay.REQUEST_ID and body.get("request_id") is None:
            body["request_id"] = new_request_id()
        return Call(path=path, query=query, body=body, options=options)

    def _check(
        self,
        op: Operation[Any],
        path: Mapping[str, str],
        query: Mapping[str, Any],
        body: Mapping[str, Any] | None,
    ) -> None:
        parameters = {name: value for name, value in query.items() if value is not OMIT}
        checks = Checks(op.name, {**parameters, **(body or {}), **path})
        for name in path:
            self._check_id(checks, name)
        if op.check is not None:
            op.check(checks)

    def _check_id(self, checks: Checks, name: str) -> None:
        """An id in a path is one of this resource's."""
        if self.id_prefixes:
            checks.prefix(name, *self.id_prefixes)


def _refuse_unknown(
    op: Operation[Any], options: Mapping[str, Any], parameters: Iterable[str]
) -> NoReturn:
    """Refuse a keyword that is neither a parameter nor an option: most likely a misspelling."""
    unknown = min(options.keys() - _OPTIONS)
    matches = difflib.get_close_matches(unknown, [*parameters, *_OPTIONS], n=1)
    hint = f"; did you mean {matches[0]!r}?" if matches else ""
    # The error that Python itself would raise.
    raise TypeError(f"{op.name}() got an unexpected keyword argument {unknown!r}{hint}")


def _convert_amounts(op: Operation[Any], body: dict[str, Any]) -> None:
    """Replace amounts that were given as `Money` by minor units of the call's own currency."""
    for name, currency_name in op.amounts.items():
        value = body.get(name)
        if isinstance(value, Money):
            currency = body.get(currency_name)
            if currency is None:
                problem = f"is {value}, and {currency_name} is not given: write minor units"
                _refuse(op, name, problem)
            if value.currency != currency:
                _refuse(op, name, f"is {value}, but {currency_name} is {currency!s}")
            body[name] = value.minor
        elif type(value) is int and abs(value) >= _MAX_INTEGER:
            _refuse(op, name, "is more money than there is")


def _refuse(op: Operation[Any], name: str, problem: str) -> NoReturn:
    raise ParameterError(f"{op.name}: {name} {problem}", parameter=name, operation=op.name)
