"""What every resource has: a way to send, a way to list, and whether to check first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from glomo.http.driver import Driver
from glomo.http.operation import Call, CallOptions, Operation, Upload
from glomo.http.request import check_options
from glomo.pagination import ListOperation, Pager
from glomo.serialization.model import OMIT
from glomo.validation import Checks

T = TypeVar("T")
R = TypeVar("R", bound="Resource")


class Resource:
    """A group of calls on one client.

    `id_prefixes` are what the ids of its objects start with; the first is the usual one.
    """

    id_prefixes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, driver: Driver, *, validate: bool) -> None:
        self._driver = driver
        self._validate = validate

    def _check(
        self,
        op: Operation[Any],
        parameters: Mapping[str, Any],
        options: Mapping[str, Any] | None = None,
    ) -> Checks | None:
        """The checks to apply to a call, or `None` if the client is not to check.

        A misspelt keyword lands in `options`; it is refused first, as it may well be the reason
        why a check would fail.
        """
        if options:
            check_options(op, options, list(parameters))
        return Checks(op.name, parameters) if self._validate else None

    def _check_id(self, op: Operation[Any], id: str, name: str = "id") -> None:
        checks = self._check(op, {})
        if checks is not None:
            checks.prefix(name, *self.id_prefixes, value=id)

    async def _send(
        self,
        op: Operation[T],
        options: CallOptions,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
    ) -> T:
        check_options(op, options, [*(query or ()), *(body or ())])
        if body is not None:
            body = {name: value for name, value in body.items() if value is not OMIT}
        call = Call(path=path or {}, query=query or {}, body=body, upload=upload, options=options)
        return await self._driver.send(op, call)

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
        check_options(op.operation, options, list(filters))
        call = Call(path=path or {}, query=filters, options=options)
        return Pager(self._driver.send, op, call)
