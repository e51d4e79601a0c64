"""Between the API's JSON and the models: the one cattrs converter.

JSON numbers with a point are read as `Decimal`, never as a binary float. Decoding is tolerant of
what the API adds (unknown fields, unknown enumeration values, nulls) and strict about what would
change a meaning: an amount with a fraction of a minor unit is an error, not a rounding.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

import attrs
from cattrs import Converter

from glomo.errors import DecodingError
from glomo.money import Money
from glomo.serialization.model import NOTHING, Model, OpenEnum, fields_of, wire_name
from glomo.serialization.values import (
    MAY_BE_ABSENT,
    StructureError,
    is_list,
    is_object,
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
    slot_of,
)

T = TypeVar("T")
_Hook = Callable[[Any, Any], Any]


def _enum(value: Any, cls: type[OpenEnum]) -> Any:
    if type(value) is not str:
        raise StructureError(f"expected text, got {kind_of(value)}")
    return cls._value2member_map_.get(value) or cls(value)


def _is_optional(kind: Any) -> bool:
    if not isinstance(kind, types.UnionType) and typing.get_origin(kind) is not typing.Union:
        return False
    members = typing.get_args(kind)
    return len(members) == 2 and type(None) in members


def _optional_hook(kind: Any) -> _Hook:
    (inner,) = (member for member in typing.get_args(kind) if member is not type(None))
    absent = MAY_BE_ABSENT.get(inner)
    if absent is not None:
        return absent
    read = converter.get_structure_hook(inner)
    return lambda value, _: None if value is None else read(value, inner)


def _is_tuple(kind: Any) -> bool:
    return typing.get_origin(kind) is tuple and typing.get_args(kind)[-1] is Ellipsis


def _tuple_hook(kind: Any) -> _Hook:
    inner = typing.get_args(kind)[0]
    read = converter.get_structure_hook(inner)

    def read_tuple(value: Any, _: Any) -> tuple[Any, ...]:
        if is_list(value):
            return tuple([read(entry, inner) for entry in value])
        if value is None:
            return ()
        # Some webhook samples send one entry bare where the API sends a list.
        return (read(value, inner),)

    return read_tuple


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _kind_in(owner: Mapping[str, Any], a: attrs.Attribute[Any]) -> Any:
    """The type of a field, which a neighbour of the field may choose."""
    variants = a.metadata.get("variants")
    if variants is None:
        return a.type
    tag = owner.get(a.metadata["tag"])
    return variants.get(tag if type(tag) is str else None, Mapping[str, Any]) | None


def _chosen_hook(a: attrs.Attribute[Any]) -> _Hook:
    return lambda value, owner: _reader(_kind_in(owner, a))(value)


def _expression(n: int, a: attrs.Attribute[Any]) -> tuple[str, dict[str, Any]]:
    """Source that reads one field, and the names it needs.

    What nearly every value is (text, a whole number, a known enumeration value, null, an empty
    list) is told by its type alone and spared the call.
    """
    if "variants" in a.metadata:
        return f"read{n}(get({wire_name(a)!r}), o)", {f"read{n}": _chosen_hook(a)}
    kind: Any = a.type
    optional = _is_optional(kind)
    inner = next(m for m in typing.get_args(kind) if m is not type(None)) if optional else kind
    whole = inner in MAY_BE_ABSENT  # its optional hook knows how
    read, kind_name = f"read{n}", f"kind{n}"
    needs = {read: converter.get_structure_hook(kind if whole else inner), kind_name: inner}
    get, call = f"(v := get({wire_name(a)!r}))", f"{read}(v, {kind_name})"
    null = " or v is None" if optional else ""
    if inner in (str, int):
        return f"v if {get}.__class__ is {inner.__name__}{null} else {call}", needs
    if isinstance(inner, type) and issubclass(inner, OpenEnum):
        needs[f"known{n}"] = inner._value2member_map_
        known = f"known{n}[v] if {{}}.__class__ is str and v in known{n} else {call}"
        if optional:
            return f"None if {get} is None else {known.format('v')}", needs
        return known.format(get), needs
    if optional:
        return f"None if {get} is None else {call}", needs
    if _is_tuple(inner):
        return f"() if not {get} else {call}", needs
    return f"{read}(get({wire_name(a)!r}), {kind_name})", needs


def _model_hook(cls: type[Model]) -> _Hook:
    """A reader of one model, compiled once: it runs for every object of every page."""
    attrs.resolve_types(cast("type[attrs.AttrsInstance]", cls))
    scope: dict[str, Any] = {
        "cls": cls,
        "new": cls.__new__,
        "StructureError": StructureError,
        "kind": kind_of,
    }
    scope["set_extra"], scope["nothing"] = slot_of(cls, "extra"), NOTHING
    settings: list[str] = []
    fields = [a for a in fields_of(cls) if a.name != "extra"]
    for n, a in enumerate(fields):
        expression, needs = _expression(n, a)
        scope.update(needs)
        # Straight into the slots: models have nothing to validate, and are frozen to everyone else.
        scope[f"set{n}"] = slot_of(cls, a.name)
        settings.append(f"set{n}(made, {expression})")
    scope["known"] = frozenset(wire_name(a) for a in fields)
    source = (
        "def read(o, _):\n"
        "    if o.__class__ is not dict:\n"
        "        raise StructureError(f'expected an object, got {kind(o)}')\n"
        "    get = o.get\n"
        "    made = new(cls)\n"
        "    unknown = nothing if o.keys() <= known else {k: o[k] for k in o.keys() - known}\n"
        "    set_extra(made, unknown)\n"
        f"    {'; '.join(settings)}\n"
        "    return made\n"
    )
    exec(compile(source, f"<reader of {cls.__name__}>", "exec"), scope)  # noqa: S102 - our own text
    read: _Hook = scope["read"]
    return read


def _make_converter() -> Converter:
    made = Converter(detailed_validation=False)
    leaves: dict[Any, _Hook] = {
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
        made.register_structure_hook(kind, hook)
    made.register_structure_hook_func(lambda k: k == Mapping[str, Any], read_mapping)
    made.register_structure_hook_func(lambda k: k == Mapping[str, str], read_str_mapping)
    made.register_structure_hook_func(lambda k: k == Mapping[str, Money], read_by_currency)
    made.register_structure_hook_func(lambda k: k is Any or k is object, lambda value, _: value)
    made.register_structure_hook_factory(_is_optional, _optional_hook)
    made.register_structure_hook_factory(_is_tuple, _tuple_hook)
    made.register_structure_hook_factory(_is_model, _model_hook)
    return made


converter = _make_converter()
"""The one converter. Hooks registered here hold for every model."""


# ------------------------------------------------------------------ reading


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    hook = converter.get_structure_hook(kind)
    return lambda value: hook(value, kind)


def structure(value: Any, kind: type[T], *, root: str = "") -> T:
    """Read a JSON value as a model.

    Args:
        value: what `parse_json` gave, or a plain mapping.
        kind: the model's class, or a type made of models.
        root: what to call the value in an error's path.

    Raises:
        DecodingError: the value does not fit; its path names the field.
    """
    try:
        return cast("T", _reader(cast("Any", kind))(value))
    except (StructureError, RecursionError) as error:
        path, reason = _locate(value, kind, root or _root_name(kind), str(error))
    raise DecodingError(f"{path}: {reason}", path=path)


def structure_all(values: list[Any], kind: type[T], *, root: str) -> tuple[T, ...]:
    """Read each of a list's values, which is used up: no page is held twice.

    Raises:
        DecodingError: a value does not fit; its path names its place and field.
    """
    read = _reader(cast("Any", kind))
    at = 0
    try:
        for at, value in enumerate(values):
            values[at] = read(value)
        return tuple(values)
    except (StructureError, RecursionError) as error:
        path, reason = _locate(values[at], kind, f"{root}[{at}]", str(error))
    raise DecodingError(f"{path}: {reason}", path=path)


def _root_name(kind: Any) -> str:
    name = getattr(kind, "__name__", "answer")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _locate(value: Any, kind: Any, path: str, reason: str) -> tuple[str, str]:
    """Walk to the field that does not fit: only done once something did not."""
    if _is_optional(kind):
        (kind,) = (member for member in typing.get_args(kind) if member is not type(None))
    inner: list[tuple[Any, Any, str]] = []
    if _is_model(kind) and is_object(value):
        inner = [
            (value.get(wire_name(a)), _kind_in(value, a), f"{path}.{wire_name(a)}")
            for a in fields_of(kind)
            if a.name != "extra"
        ]
    elif _is_tuple(kind) and is_list(value):
        entry_kind = typing.get_args(kind)[0]
        inner = [(e, entry_kind, f"{path}[{n}]") for n, e in enumerate(value)]
    elif kind == Mapping[str, Money] and is_list(value):
        inner = [(e, Money, f"{path}[{n}]") for n, e in enumerate(value)]
    elif kind is Money and is_object(value):
        inner = [
            (value.get("amount"), int, f"{path}.amount"),
            (value.get("currency"), str, f"{path}.currency"),
        ]
    for part, part_kind, part_path in inner:
        try:
            _reader(part_kind)(part)
        except (StructureError, RecursionError) as error:
            return _locate(part, part_kind, part_path, str(error))
    return path, reason
