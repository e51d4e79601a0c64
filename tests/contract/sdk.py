"""What the two packages have: operations, resources, methods, types."""

from __future__ import annotations

import inspect
import pkgutil
import typing
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import attrs

import glomo.resources
from glomo import AsyncGlomo
from glomo.http.operation import Operation
from glomo.lazy import LazyResource
from glomo.pagination import ListOperation
from glomo.serialization.model import Model, Omit, Params, wire_name
from glomo_sync import Glomo

CLIENTS: Mapping[str, Any] = {"glomo": AsyncGlomo("sk-unit"), "glomo_sync": Glomo("sk-unit")}
Method = Callable[..., Any]


@cache
def operations() -> Mapping[str, Operation[Any] | ListOperation[Any]]:
    """Every operation of the SDK by the name of its method."""
    by_name: dict[str, Operation[Any] | ListOperation[Any]] = {}
    for info in pkgutil.iter_modules(glomo.resources.__path__):
        for value in vars(import_module(f"glomo.resources.{info.name}")).values():
            if isinstance(value, (Operation, ListOperation)):
                assert by_name.setdefault(value.name, value) is value, (
                    f"{value.name} is there twice"
                )
    return by_name


def resources() -> list[str]:
    """The names of the resources of the asynchronous client."""
    return [name for name, part in vars(AsyncGlomo).items() if isinstance(part, LazyResource)]


def resource(package: str, name: str) -> type | None:
    """The class of a resource of one of the two clients."""
    attribute = getattr(CLIENTS[package], name, None)
    return None if attribute is None else type(attribute)


def method(package: str, name: str) -> Method | None:
    """A method by its name, such as `payouts.create`."""
    of, _, called = name.partition(".")
    function: Method | None = getattr(resource(package, of), called, None)
    return function


def public_methods(cls: type) -> list[str]:
    """The names of the methods that a resource is made for."""
    return [n for n, m in vars(cls).items() if inspect.isfunction(m) and not n.startswith("_")]


def parameters(of: Method) -> dict[str, inspect.Parameter]:
    """The parameters of a method, without `self` and the options that all have."""
    signature = dict(inspect.signature(of).parameters)
    del signature["self"]
    signature.pop("options", None)
    return signature


@cache
def hints(of: Any) -> Mapping[str, Any]:
    """The types of a method's parameters, or of a model's fields."""
    return typing.get_type_hints(of)


def alternatives(hint: Any) -> tuple[Any, ...]:
    """The types of a union, apart from `None` and being left out."""
    members = typing.get_args(hint) if is_union(hint) else (hint,)
    flat: list[Any] = []
    for member in members:
        flat += alternatives(member) if is_union(member) else [member]
    return tuple(m for m in flat if m is not type(None) and m != Omit)


def is_union(hint: Any) -> bool:
    return str(typing.get_origin(hint)) in ("typing.Union", "<class 'types.UnionType'>")


def is_a(hint: Any, base: type) -> bool:
    """Whether a type is a class of this kind."""
    return isinstance(hint, type) and issubclass(hint, base)


def fields(of: type[Model] | type[Params]) -> dict[str, attrs.Attribute[Any]]:
    """The fields of a model by their names in JSON."""
    return {wire_name(a): a for a in attrs.fields(of) if a.name != "extra"}
