"""Readers of models, compiled: they run for every object of every page.

`compile_reader` writes the source of one function for a model and compiles it. A field costs one
line, in which what nearly every value is (text, a whole number, a known enumeration value, null, an
empty list) is told by its type alone and spared a call. For

    @model
    class Refund(Model):
        id: str
        cause: RefundCause | None = None
        amount: int | None = None
        documents: tuple[AttachedDocument, ...] = ()

it writes

    def read(o, _):
        if o.__class__ is not dict:
            raise StructureError(f'expected an object, got {kind(o)}')
        if len(o) < count:
            o = nulls | o
        obj = new(twin)
        try:
            obj.id = v if (v := o['id']).__class__ is str else read0(v, kind0)
            obj.cause = None if (v := o['cause']) is None else known1[v] if ... else read1(v, kind1)
            obj.amount = v if (v := o['amount']).__class__ is int or v is None else read2(v, kind2)
            obj.documents = () if not (v := o['documents']) else read3(v, kind3)
            obj.extra = nothing if len(o) == count else rest(o)
        except KeyError:
            return read(nulls | o, _)
        obj.__class__ = cls
        return obj

where `...` stands for `v.__class__ is str and v in known1`, shortened here.

`twin` is the model with the same slots, but not frozen: it is filled, and becomes the model. There
is nothing to validate. The API sends every field, null where there is nothing to say, so that an
object whose fields are all there and no more than they has no unknown one. An object without some
of them is given nulls in their place: at once where it is too short, otherwise when one is missed.

A value that fits no line's quick test goes to its hook (`read0`), which reads it or raises
`StructureError`: what happens then is the business of `tolerance.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import attrs

from glomo.serialization.kinds import is_always_sent, is_optional, is_tuple, kind_in, without_none
from glomo.serialization.model import NOTHING, Model, OpenEnum, fields_of, wire_name
from glomo.serialization.values import MAY_BE_ABSENT, StructureError, kind_of

Hook = Callable[[Any, Any], Any]


def compile_reader(cls: type[Model], hook_of: Callable[[Any], Hook]) -> Hook:
    """A reader of a model.

    Args:
        cls: the model.
        hook_of: gives the hook that reads a type.
    """
    source, scope = reader_source(cls, hook_of)
    exec(compile(source, f"<reader of {cls.__name__}>", "exec"), scope)  # noqa: S102 - our own text
    reader: Hook = scope["read"]
    return reader


def reader_source(cls: type[Model], hook_of: Callable[[Any], Hook]) -> tuple[str, dict[str, Any]]:
    """The source of a model's reader, and the names that it needs."""
    attrs.resolve_types(cast("type[attrs.AttrsInstance]", cls))
    fields = [a for a in fields_of(cls) if a.name != "extra"]
    names = frozenset(map(wire_name, fields))
    scope: dict[str, Any] = {
        "cls": cls,
        "twin": _twin_of(cls),
        "new": cls.__new__,
        "StructureError": StructureError,
        "kind": kind_of,
        "nothing": NOTHING,
        "nulls": dict.fromkeys(names),
        "count": len(names),
        "rest": _rest_without(names),
    }
    lines: list[str] = []
    for n, a in enumerate(fields):
        expression, needs = _expression(n, a, hook_of)
        scope.update(needs)
        lines.append(f"        obj.{a.name} = {expression}\n")
    source = (
        "def read(o, _):\n"
        "    if o.__class__ is not dict:\n"
        "        raise StructureError(f'expected an object, got {kind(o)}')\n"
        "    if len(o) < count:\n"
        "        o = nulls | o\n"
        "    obj = new(twin)\n"
        "    try:\n"
        + "".join(lines)
        + "        obj.extra = nothing if len(o) == count else rest(o)\n"
        "    except KeyError:\n"
        "        return read(nulls | o, _)\n"
        "    obj.__class__ = cls\n"
        "    return obj\n"
    )
    return source, scope


def _twin_of(cls: type[Model]) -> type[Model]:
    """A model whose objects can be filled, and made objects of `cls` then."""
    unfrozen = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(cls.__name__, (cls,), {"__slots__": (), "__module__": cls.__module__, **unfrozen})


def _rest_without(names: frozenset[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Gives an object without the fields of these names."""
    return lambda o: {name: value for name, value in o.items() if name not in names}


def _expression(
    n: int, a: attrs.Attribute[Any], hook_of: Callable[[Any], Hook]
) -> tuple[str, dict[str, Any]]:
    """Source that reads one field, and the names that it needs."""
    key = repr(wire_name(a))
    if "variants" in a.metadata:
        return f"read{n}(o[{key}], o)", {f"read{n}": _chosen(a, hook_of)}
    optional = is_optional(a.type) or is_always_sent(a)
    kind: Any = without_none(a.type)
    whole = optional and kind in MAY_BE_ABSENT  # its hook knows how it can be absent
    read = MAY_BE_ABSENT[kind] if whole else hook_of(kind)
    needs: dict[str, Any] = {f"read{n}": read, f"kind{n}": kind}
    get, call = f"(v := o[{key}])", f"read{n}(v, kind{n})"
    if kind in (str, int):
        null = " or v is None" if optional else ""
        return f"v if {get}.__class__ is {kind.__name__}{null} else {call}", needs
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        needs[f"known{n}"] = kind._value2member_map_
        lookup = f"known{n}[v] if {{}}.__class__ is str and v in known{n} else {call}"
        if optional:
            return f"None if {get} is None else {lookup.format('v')}", needs
        return lookup.format(get), needs
    if optional:
        return f"None if {get} is None else {call}", needs
    if is_tuple(kind):
        return f"() if not {get} else {call}", needs
    return f"read{n}(o[{key}], kind{n})", needs


def _chosen(a: attrs.Attribute[Any], hook_of: Callable[[Any], Hook]) -> Hook:
    """A hook that lets a neighbour choose the type; it gets the whole object for that."""

    def read(value: Any, owner: Mapping[str, Any]) -> Any:
        kind = kind_in(owner, a)
        return hook_of(kind)(value, kind)

    return read
