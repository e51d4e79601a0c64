"""Between the API's JSON and the models: the one cattrs converter.

JSON numbers with a point are read as `Decimal`, never as a binary float. Decoding is tolerant of
what the API adds (unknown fields, unknown enumeration values, nulls) and of odd fields that nothing
depends on (`tolerance.py`), and strict about what would change a meaning: an amount with a fraction
of a minor unit is an error, not a rounding.

A value is read by a compiled reader (`_compiler.py`), at full speed. Only what that refuses is
walked a second time, field by field.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from glomo.money import Money
from glomo.serialization._compiler import Hook, compile_reader
from glomo.serialization.kinds import is_model, is_optional, is_tuple, without_none
from glomo.serialization.model import Model, OpenEnum
from glomo.serialization.tolerance import Walk
from glomo.serialization.values import (
    MAY_BE_ABSENT,
    StructureError,
    kind_of,
    read_bool,
    read_by_currency,
    read_date,
    read_datetime,
    read_decimal,
    read_int,
    read_mapping,
    read_money,
    read_str,
    read_str_mapping,
)

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")


def _enum(value: Any, cls: type[OpenEnum]) -> Any:
    if type(value) is not str:
        raise StructureError(f"expected text, got {kind_of(value)}")
    return cls._value2member_map_.get(value) or cls(value)


def _optional_hook(kind: Any) -> Hook:
    inner = without_none(kind)
    absent = MAY_BE_ABSENT.get(inner)
    if absent is not None:
        return absent
    read = converter().get_structure_hook(inner)
    return lambda value, _: None if value is None else read(value, inner)


def _tuple_hook(kind: Any) -> Hook:
    inner = typing.get_args(kind)[0]
    read = converter().get_structure_hook(inner)

    def read_tuple(value: Any, _: Any) -> tuple[Any, ...]:
        if value.__class__ is list:
            return tuple([read(entry, inner) for entry in value])
        if value is None:
            return ()
        # Some webhook samples send one entry bare where the API sends a list.
        return (read(value, inner),)

    return read_tuple


_compiled: dict[type[Model], Hook] = {}


def _model_hook(cls: type[Model]) -> Hook:
    # Through `_hook`, and not at once: a model may hold itself.
    reader = _compiled[cls] = compile_reader(cls, _hook)
    return reader


def _has_compiled_reader(kind: Any) -> bool:
    return is_model(kind) and _hook(kind) is _compiled.get(kind)


@cache
def converter() -> Converter:
    """The one converter, made when the first model is read. Its hooks hold for every model."""
    from cattrs import Converter  # noqa: PLC0415 - a tenth of the time that importing takes

    result = Converter(detailed_validation=False)
    leaves: dict[Any, Hook] = {
        str: read_str,
        int: read_int,
        Decimal: read_decimal,
        bool: read_bool,
        datetime: read_datetime,
        date: read_date,
        Money: read_money,
        # By class, as `str` is: a predicate would come after it, and every member is a str.
        OpenEnum: _enum,
    }
    for kind, hook in leaves.items():
        result.register_structure_hook(kind, hook)
    result.register_structure_hook_func(lambda k: k == Mapping[str, Any], read_mapping)
    result.register_structure_hook_func(lambda k: k == Mapping[str, str], read_str_mapping)
    result.register_structure_hook_func(lambda k: k == Mapping[str, Money], read_by_currency)
    result.register_structure_hook_func(lambda k: k is Any or k is object, lambda value, _: value)
    result.register_structure_hook_factory(is_optional, _optional_hook)
    result.register_structure_hook_factory(is_tuple, _tuple_hook)
    result.register_structure_hook_factory(is_model, _model_hook)
    return result


def _hook(kind: Any) -> Hook:
    return converter().get_structure_hook(kind)


# ------------------------------------------------------------------ reading

_strict = False


@contextmanager
def strict() -> Generator[None]:
    """Inside the block no field is passed over, in all threads: for tests that compare with the
    API's description. A field that does not fit, or that is always sent and missing, is an error.
    """
    global _strict  # noqa: PLW0603 - a switch of the process: the twin reads in another thread
    before, _strict = _strict, True
    try:
        yield
    finally:
        _strict = before


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    hook = _hook(kind)
    return lambda value: hook(value, kind)


def _walk(value: Any, kind: Any, path: str, *, tolerant: bool = True) -> Any:
    strict = _strict or not tolerant
    walk = Walk(lambda v, k: _reader(k)(v), _has_compiled_reader, strict=strict)
    return walk.value(value, kind, path)


def structure(value: Any, kind: type[T], *, root: str = "", tolerant: bool = True) -> T:
    """Read a JSON value as a model.

    Args:
        value: what `parse_json` gave, or a plain mapping.
        kind: the model's class, or a type made of models.
        root: what to call the value in an error's path.
        tolerant: whether odd fields are passed over. The place in a list is not: it would end.

    Raises:
        DecodingError: the value does not fit; its path names the field.
    """
    if not _strict:
        try:
            return cast("T", _reader(cast("Any", kind))(value))
        except (StructureError, RecursionError):
            pass
    return cast("T", _walk(value, kind, root or _root_name(kind), tolerant=tolerant))


def structure_all(values: list[Any], kind: type[T], *, root: str) -> tuple[T, ...]:
    """Read each of a list's values, which is used up: no page is held twice.

    Raises:
        DecodingError: a value does not fit; its path names its place and field.
    """
    read = _hook(kind)
    for at, value in enumerate(values):
        if not _strict:
            try:
                values[at] = read(value, kind)
                continue
            except (StructureError, RecursionError):
                pass
        values[at] = _walk(value, kind, f"{root}[{at}]")
    return tuple(values)


def _root_name(kind: Any) -> str:
    name = getattr(kind, "__name__", "response")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
