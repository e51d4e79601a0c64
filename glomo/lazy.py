"""How a client holds its resources: one line each, imported and built at first use."""

from __future__ import annotations

from typing import Any, Generic, Protocol, Self, TypeVar, overload

R = TypeVar("R")


class HasResources(Protocol):
    """A client: it makes its own resources."""

    def resource(self, module: str, name: str) -> Any: ...


class LazyResource(Generic[R]):
    """A resource of a client. `module` and `name` say which class of `resources/` it is."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: HasResources, owner: type) -> R: ...
    def __get__(self, client: HasResources | None, owner: type) -> R | Self:
        if client is None:
            return self
        resource: R = client.resource(self._module, self._name)
        # The next access finds it in the instance and does not come here.
        client.__dict__[self._attribute] = resource
        return resource
