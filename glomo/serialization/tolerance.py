"""The second look: a slow walk over what a compiled reader refused.

It finds where a value does not fit, and decides what follows. Identity, status and money are read
as they are or not at all: the object is refused, by the path of the field. Any other field that
does not fit reads as `None` (a list as empty), keeps its raw value in `extra`, and is said once in
the log: one odd field never hides an object, nor a page of a hundred.

In strict mode (`codec.strict`, for tests) every field is read as it is or not at all.
"""

from __future__ import annotations

import logging
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from glomo.errors import DecodingError
from glomo.money import Money
from glomo.serialization.kinds import (
    is_always_sent,
    is_tuple,
    kind_in,
    strict_fields,
    without_none,
)
from glomo.serialization.model import NOTHING, Model, fields_of, wire_name
from glomo.serialization.values import StructureError, is_list, is_object, slot_of

log = logging.getLogger("glomo")
_logged: set[tuple[type, str]] = set()

Reader = Callable[[Any, Any], Any]
"""Reads a value as a type, or raises `StructureError`."""


class Walk:
    """One walk. `read` reads what holds no fields, `compiled` says which models have their own."""

    def __init__(self, read: Reader, compiled: Callable[[Any], bool], *, strict: bool) -> None:
        self._read = read
        self._compiled = compiled
        self._strict = strict

    def value(self, value: Any, kind: Any, path: str) -> Any:
        """Read a value.

        Raises:
            DecodingError: it does not fit, and is not passed over; its path names the field.
        """
        inner = without_none(kind)
        if self._compiled(inner) and is_object(value):
            return self._object(value, inner, path)
        if is_tuple(inner) and is_list(value):
            entry = typing.get_args(inner)[0]
            return tuple(self.value(e, entry, f"{path}[{n}]") for n, e in enumerate(value))
        try:
            return self._read(value, kind)
        except (StructureError, RecursionError) as error:
            where, reason = self._inside(value, inner, path, str(error))
        raise DecodingError(f"{where}: {reason}", path=where)

    def _object(self, value: Mapping[str, Any], cls: type[Model], path: str) -> Model:
        fields = {wire_name(a): a for a in fields_of(cls) if a.name != "extra"}
        extra = {name: entry for name, entry in value.items() if name not in fields}
        strict = fields.keys() if self._strict else strict_fields(cast("Any", cls))
        obj = cls.__new__(cls)
        for name, a in fields.items():
            raw, kind, where = value.get(name), kind_in(value, a), f"{path}.{name}"
            try:
                result = self.value(raw, kind, where)
            except DecodingError as error:
                if name in strict:
                    raise
                _log_once(cls, name, error)
                result, extra[name] = () if is_tuple(kind) else None, raw
            if self._strict and result is None and is_always_sent(a):
                raise DecodingError(f"{where}: is missing", path=where)
            slot_of(cls, a.name)(obj, result)
        slot_of(cls, "extra")(obj, extra or NOTHING)
        return obj

    def _inside(self, value: Any, kind: Any, path: str, reason: str) -> tuple[str, str]:
        """The part of an amount, or of a list of them, that does not fit."""
        for part, part_kind, where in _parts(value, kind, path):
            try:
                self._read(part, part_kind)
            except (StructureError, RecursionError) as error:
                return self._inside(part, part_kind, where, str(error))
        return path, reason


def _parts(value: Any, kind: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    if kind == Mapping[str, Money] and is_list(value):
        for n, entry in enumerate(value):
            yield entry, Money, f"{path}[{n}]"
    elif kind is Money and is_object(value):
        yield value.get("amount"), int, f"{path}.amount"
        yield value.get("currency"), str, f"{path}.currency"


def _log_once(cls: type, name: str, error: DecodingError) -> None:
    if (cls, name) not in _logged:
        _logged.add((cls, name))
        log.warning("%s; the field reads as None and is in .extra as it came", error)
