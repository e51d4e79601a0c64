"""What every resource has: a way to send and a way to list.

A method builds a call out of its parameters; whatever an operation knows of itself (its check, its
amounts) is applied here, once, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from glomo.errors import ParameterError
from glomo.http.driver import Driver
from glomo.http.operation import Call, CallOptions, Operation
from glomo.http.request import check_options
from glomo.money import Money
from glomo.pagination import ListOperation, Pager
from glomo.serialization.model import OMIT
from glomo.validation import Checks

T = TypeVar("T")
R = TypeVar("R", bound="Resource")

_MOST = 10**30
"""More minor units than there are; larger numbers could not even be written."""


class Resource:
    """A group of calls on one client.

    `id_prefixes` are what the ids of its objects start with; the first is the usual one.
    """

    id_prefixes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, driver: Driver, *, validate: bool) -> None:
        self._driver = driver
        self._validate = validate

    async def _send(
        self,
        op: Operation[T],
        options: CallOptions,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> T:
        """Check a call and send it."""
        return await self._driver.send(op, self._call(op, options, path or {}, query or {}, body))

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
        check_options(op, options, [*query, *(body or ())])
        if body is not None:
            body = {name: value for name, value in body.items() if value is not OMIT}
            body = {**body, **_minor_units(op, body)}
        self._check(op, {**query, **(body or {}), **path}, path)
        return Call(path=path, query=query, body=body, options=options)

    def _check(
        self, op: Operation[Any], parameters: Mapping[str, Any], path: Mapping[str, str]
    ) -> None:
        if not self._validate:
            return
        checks = Checks(op.name, parameters)
        for name in path:
            self._check_id(checks, name)
        if op.check is not None:
            op.check(checks)

    def _check_id(self, checks: Checks, name: str) -> None:
        """An id in a path is one of this resource's."""
        if self.id_prefixes:
            checks.prefix(name, *self.id_prefixes)


def _minor_units(op: Operation[Any], body: Mapping[str, Any]) -> dict[str, int]:
    """The amounts that were given as `Money`, in minor units of the call's own currency."""
    amounts: dict[str, int] = {}
    for name, currency_name in op.amounts.items():
        value = body.get(name)
        if isinstance(value, Money):
            currency = body.get(currency_name)
            if currency is None:
                problem = f"is {value}, and {currency_name} is not given: write minor units"
                _refuse(op, name, problem)
            if value.currency != currency:
                _refuse(op, name, f"is {value}, but {currency_name} is {currency!s}")
            amounts[name] = value.minor
        elif type(value) is int and abs(value) >= _MOST:
            _refuse(op, name, "is more money than there is")
    return amounts


def _refuse(op: Operation[Any], name: str, problem: str) -> None:
    raise ParameterError(f"{op.name}: {name} {problem}", parameter=name, operation=op.name)
