"""glomo.types: every type of the API under one name, and none of it loaded before it is used."""

from __future__ import annotations

import pickle
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

import glomo.models
from glomo import types
from glomo.resources.base import Resource

MODULES = sorted(module.name for module in pkgutil.iter_modules(glomo.models.__path__))


def public_classes(module: str) -> Iterator[type]:
    """The classes that a module defines, but for its resource and what is its own affair."""
    home = import_module(f"glomo.models.{module}")
    for name, value in vars(home).items():
        at_home = isinstance(value, type) and value.__module__ == home.__name__
        if at_home and not name.startswith("_") and not issubclass(value, Resource):
            yield value


@pytest.mark.parametrize("module", MODULES)
def test_every_public_class_of_a_resource_is_there(module: str) -> None:
    for cls in public_classes(module):
        assert cls.__name__ in types.__all__, "run: python -m glomo_sync.generate"
        assert getattr(types, cls.__name__) is cls


def test_there_is_nothing_else() -> None:
    defined = sorted(cls.__name__ for module in MODULES for cls in public_classes(module))
    assert types.__all__ == defined
    assert set(types.__all__) <= set(dir(types))


def test_a_star_import_brings_them_all() -> None:
    scope: dict[str, object] = {}
    exec("from glomo.types import *", scope)
    assert set(types.__all__) <= scope.keys()


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="Payuot"):
        getattr(types, "Payuot")  # noqa: B009


def test_what_is_found_here_pickles_by_its_home() -> None:
    assert pickle.loads(pickle.dumps(types.Payout)) is types.Payout


def test_only_what_is_asked_for_is_loaded() -> None:
    program = (
        "import sys, glomo\n"
        "assert 'glomo.types' not in sys.modules\n"
        "from glomo.types import RotatedApiKey\n"
        "assert RotatedApiKey.__module__ == 'glomo.models.api_keys'\n"
        "assert 'glomo.models.platform' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)
