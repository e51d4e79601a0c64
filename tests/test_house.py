"""The house keeps its order by itself: which way imports run, and how long a file may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 350
PACKAGE = ROOT / "glomo"

LAYERS = (
    {"cli"},
    {"testing", "distributed"},
    {"batch", "sandbox", "webhooks"},
    {"client"},
    {"client_arguments", "lazy", "resources"},
    {"bank_details", "bulk_reads", "pages", "pagination", "polling", "validation"},
    {"http"},
    {"instrumentation", "models"},
    {"settings", "idempotency", "purpose_codes", "deprecation"},
    {"serialization"},
    {"errors"},
    {"_status_errors"},
    {"diagnosis", "money"},
    {"_errors_base", "_version", "currencies", "id_prefixes", "retry_after"},
)
"""From the top down. A module imports from its own layer and from those below it."""

UPWARDS = {
    # Money tells pydantic its schema when pydantic asks; models, which have money, know how.
    ("money", "glomo.serialization.plain"),
}
"""Imports against the direction, each for a reason."""

APART = {
    # The sandbox plays the API: built on the client, it would repeat the client's mistakes.
    "sandbox": {"client", "resources", "models", "http", "validation", "pagination", "batch"},
    "resources": {"httpx", "aiohttp"},
    "models": {"httpx", "anyio", "http"},
    "http.protocol": {"anyio", "asyncio", "time", "httpx"},
    "http.meaning": {"anyio", "asyncio", "time", "httpx"},
    "http.matching": {"anyio", "asyncio", "time", "httpx"},
}
"""What a part must not import, whatever the layers allow."""


def modules() -> Iterator[tuple[str, Path]]:
    """Every module under its name inside the package, `http.driver`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


def imports(module: str, path: Path) -> Iterator[str]:
    """What a module imports when it is loaded or run: `glomo.x.y`, or another package's name."""
    package = ["glomo", *module.split(".")] if module else ["glomo"]
    if path.stem != "__init__":
        package = package[:-1]
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            if origin == "glomo":
                yield from (f"glomo.{alias.name}" for alias in node.names)
            else:
                yield origin


def layer(name: str) -> int | None:
    """The layer of a part of the package; `None` for what is none (`types`, `__init__`)."""
    return next((n for n, parts in enumerate(LAYERS) if name in parts), None)


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=[name for name, _ in modules()])
def test_imports_run_downwards(module: str, path: Path) -> None:
    own = layer(module.partition(".")[0])
    if own is None:
        return  # the package itself puts everything together
    for imported in imports(module, path):
        if imported.startswith("glomo.") and (module, imported) not in UPWARDS:
            other = layer(imported.split(".")[1])
            assert other is None or other >= own, f"{module} imports {imported} from above"


@pytest.mark.parametrize("part", APART)
def test_some_parts_stay_apart(part: str) -> None:
    for module, path in modules():
        if module != part and not module.startswith(f"{part}."):
            continue
        for imported in imports(module, path):
            name = imported.removeprefix("glomo.").split(".")[0]
            assert name not in APART[part], f"{module} imports {imported}"


def test_every_part_has_its_layer() -> None:
    parts = {name.partition(".")[0] for name, _ in modules()} - {"", "types", "__main__"}
    assert parts <= set().union(*LAYERS)


@pytest.mark.parametrize("folder", ["glomo", "glomo_sync", "benchmarks"])
def test_files_have_one_reason_to_change(folder: str) -> None:
    # Written by the generator, or a list of the API's values that has no seam to cut it at.
    generated = {
        ROOT / "glomo" / "types.py",
        PACKAGE / "models" / "merchant_categories.py",
        ROOT / "glomo_sync" / "client.py",
    }
    generated |= set((ROOT / "glomo_sync" / "resources").glob("*.py"))
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / folder).rglob("*.py")
        if path not in generated and (lines := path.read_text("utf-8").count("\n")) > LONGEST
    }
    assert long == {}


REFUSED_NAMES = {"answer", "answers", "beside", "found", "known", "made", "said"}
"""Participles that say nothing of what a value is: a `cursor`, a `payout`, a `message`."""

VERBS = {("resources/rfis.py", "answer"), ("serialization/model.py", "known")}
"""The public method that answers a request for information, and whether a value is known."""


def bound_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that a module gives to something, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case _:
                pass


@pytest.mark.parametrize("folder", ["glomo", "glomo_sync", "benchmarks", "tests"])
def test_names_say_what_a_value_is(folder: str) -> None:
    refused = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, name in bound_names(ast.parse(path.read_text("utf-8")))
        if name.strip("_").lower() in REFUSED_NAMES
        and ("/".join(path.parts[-2:]), name) not in VERBS
    ]
    assert refused == []


def test_a_refused_name_is_seen_wherever_it_is_bound() -> None:
    code = "def made(found, *, said=1):\n    for known in found:\n        self.answer = known"
    names = {name for _, name in bound_names(ast.parse(code))}
    assert names >= {"made", "found", "said", "known", "answer"}
