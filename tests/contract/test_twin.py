"""The synchronous client is the asynchronous one, signature by signature."""

from __future__ import annotations

import ast
import inspect
import re
import typing
from pathlib import Path
from typing import Any

import pytest

import glomo_sync.resources
from glomo import AsyncGlomo
from glomo.pagination import Pager
from glomo_sync import Glomo
from glomo_sync._pager import SyncPager
from glomo_sync.generate import __main__ as generation
from glomo_sync.generate.routing import routing_module
from glomo_sync.generate.types import types_module

from .description import Described, operations
from .sdk import Method, hints, method, parameters, public_methods, resource, resources

METHODS = [
    f"{name}.{called}"
    for name in resources()
    for called in public_methods(resource("glomo", name) or object)
]
EVERY_METHOD = pytest.mark.parametrize("name", METHODS)
EVERY_OPERATION = pytest.mark.parametrize("described", operations(), ids=lambda d: d.name)


def _pair(name: str) -> tuple[Method, Method]:
    one, other = method("glomo", name), method("glomo_sync", name)
    assert one is not None
    assert other is not None
    return one, other


def _signature(of: Method) -> list[tuple[str, Any, Any, Any]]:
    types = hints(of)
    return [
        (p.name, p.kind, p.default, types[p.name])
        for p in inspect.signature(of).parameters.values()
        if p.name != "self"
    ]


def _result(of: Method) -> Any:
    """What a caller gets, once it is awaited, with the pager named the same for both."""
    hint = hints(of)["return"]
    if typing.get_origin(hint) in (Pager, SyncPager):
        return ("pager", typing.get_args(hint))
    return hint


def test_both_clients_have_the_same_resources() -> None:
    for name in resources():
        one, other = resource("glomo", name), resource("glomo_sync", name)
        assert one is not None
        assert other is not None
        assert public_methods(one) == public_methods(other)


@EVERY_METHOD
def test_a_method_takes_and_gives_the_same_in_both(name: str) -> None:
    one, other = _pair(name)
    assert _signature(one) == _signature(other)
    assert _result(one) == _result(other)
    assert not inspect.iscoroutinefunction(other)


@EVERY_METHOD
def test_a_method_has_the_same_overloads_in_both(name: str) -> None:
    one, other = (typing.get_overloads(of) for of in _pair(name))
    assert [_signature(o) for o in one] == [_signature(o) for o in other]
    assert [_result(o) for o in one] == [_result(o) for o in other]


@EVERY_METHOD
def test_overloads_offer_every_parameter(name: str) -> None:
    of, _ = _pair(name)
    overloads = typing.get_overloads(of)
    offered = {parameter for overload in overloads for parameter in parameters(overload)}
    assert not overloads or offered == set(parameters(of))


@pytest.mark.parametrize("name", ["__init__", "request", "capture"])
def test_the_clients_own_methods_take_the_same(name: str) -> None:
    one, other = (inspect.signature(getattr(cls, name)) for cls in (AsyncGlomo, Glomo))
    assert one == other


@EVERY_METHOD
def test_every_parameter_is_described(name: str) -> None:
    for of in _pair(name):
        doc = inspect.getdoc(of)
        assert doc
        described = doc.partition("Args:")[2].partition("Returns:")[0].partition("Raises:")[0]
        for parameter in parameters(of):
            assert re.search(rf"^    {parameter}: \S", described, re.MULTILINE), parameter


@EVERY_OPERATION
def test_a_docstring_names_its_operation(described: Described) -> None:
    path = described.path.removeprefix("/v1")
    for of in _pair(described.name):
        doc = " ".join((inspect.getdoc(of) or "").split())
        assert f"API operation: `{described.id}` (`{described.method} {path}`)" in doc


@EVERY_OPERATION
def test_a_docstring_says_how_much_is_known(described: Described) -> None:
    if described.documented == "partly" and described.response is None:
        for of in _pair(described.name):
            doc = " ".join((inspect.getdoc(of) or "").split())
            assert "documented" in doc or "known in part" in doc


def test_the_prose_of_the_twin_is_synchronous() -> None:
    for path in glomo_sync.resources.__path__:
        for file in Path(path).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                    doc = ast.get_docstring(node) or ""
                    assert not re.search(r"\bawait |\basync (for|with)\b|AsyncGlomo", doc), file


def test_the_twin_is_up_to_date() -> None:
    assert generation.main(["--check"]) == 0


def test_a_class_that_two_modules_define_has_no_place_in_types() -> None:
    with pytest.raises(ValueError, match=r"Fees is defined in payments\.py and in shared\.py"):
        types_module({"payments": "class Fees: ...", "shared": "class Fees: ..."})


def test_check_tells_what_is_not_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = {**generation.generated(), generation.SOURCE / "types.py": "something else"}
    monkeypatch.setattr(generation, "generated", lambda: wanted)
    assert generation.main(["--check"]) == 1
    assert "not up to date: glomo/types.py" in capsys.readouterr().err


def test_the_router_that_no_longer_fits_the_generator_is_refused() -> None:
    source = (generation.SOURCE / "webhooks" / "routing.py").read_text("utf-8")
    assert "await" not in routing_module(source)
    with pytest.raises(ValueError, match="CancelScope"):
        routing_module(source.replace("anyio.CancelScope(shield=True)", "shielded()"))
