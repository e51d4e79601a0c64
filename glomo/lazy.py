"""How a client holds its resources: one line each, imported and built at first use."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import Any, Generic, Protocol, Self, TypeVar, overload

from glomo.errors import ConfigurationError

R = TypeVar("R")


class _Imports(threading.local):
    """How many imports of resources are under way in this thread: each interrupts the one before.

    More than one: a signal handler makes a call while the first use of a resource is importing it.
    """

    count = 0


_imports = _Imports()


def resource_class(module: str, name: str) -> Any:
    """A class of a module, which is imported if need be.

    Raises:
        ConfigurationError: this interrupts an import that has to be finished first.
    """
    _imports.count += 1
    try:
        return getattr(import_module(module), name)
    except (AttributeError, ImportError) as error:
        if _imports.count == 1:
            raise
        resource = module.rpartition(".")[2]
        raise ConfigurationError(
            f"the first use of a resource was interrupted by a call of {resource!r}, from a signal "
            "handler: its modules are half imported, and nothing was sent. Use the resources that "
            f"a handler needs once before signals can come: a line `client.{resource}` is enough"
        ) from error
    finally:
        _imports.count -= 1


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
