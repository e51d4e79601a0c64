"""Pieces of source text: signatures, docstrings, imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

WIDTH = 100
NOTICE = "# Generated from {source} by glomo_sync.generate. Do not edit.\n"

_PROSE = (
    (r"\basync (with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsyncGlomo\b", "Glomo"),
    (r"\baclose\b", "close"),
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """A module's text and its syntax tree."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.tree = ast.parse(text)

    def between(self, first: int, last: int) -> str:
        """Lines `first` to `last`, counted from 1, both included."""
        return "\n".join(self.lines[first - 1 : last])

    def class_named(self, ending: str) -> ast.ClassDef | None:
        """The first class whose name ends so."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name.endswith(ending):
                return node
        return None

    def type_checking_block(self) -> ast.Module:
        """What the module imports for type checkers only."""
        for node in self.tree.body:
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                return ast.Module(node.body, type_ignores=[])
        return ast.Module([], type_ignores=[])

    def signature(self, function: Function) -> str:
        """From the decorators to the colon, made synchronous."""
        first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        text = self.between(first, self._colon(function))
        text = text.replace("async def ", "def ")
        return _fitted(re.sub(r"\bPager\[", "SyncPager[", text))

    def docstring(self, node: Function | ast.ClassDef) -> str | None:
        """The docstring with its quotes and indentation, made synchronous."""
        statement = node.body[0]
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Constant):
            return None
        if not isinstance(statement.value.value, str):
            return None
        assert statement.end_lineno is not None
        return synchronous(self.between(statement.lineno, statement.end_lineno))

    def _colon(self, function: Function) -> int:
        """The line on which the signature ends."""
        for number in range(function.lineno, function.body[0].lineno + 1):
            if re.search(r"\) -> .*:( \.\.\.)?$", self.lines[number - 1]):
                return number
        raise ValueError(f"{function.name}: the signature does not end with '-> ...:'")


def _fitted(signature: str) -> str:
    """Wrapped anew: without `async`, or with a longer pager, it fits elsewhere."""
    wrapped = re.fullmatch(r"( *def \w+\()\n +(.*[^,\n])\n *(\) -> .*)", signature)
    if wrapped:
        line = "".join(wrapped.groups())
        return line if len(line) <= WIDTH else signature
    single = re.fullmatch(r"( *)(def \w+\()(.+)(\) -> .*)", signature)
    if single and len(signature) > WIDTH:
        margin, head, parameters, tail = single.groups()
        return f"{margin}{head}\n{margin}    {parameters}\n{margin}{tail}"
    return signature


def synchronous(prose: str) -> str:
    """Prose and examples for code without await."""
    for pattern, replacement in _PROSE:
        prose = re.sub(pattern, replacement, prose)
    return prose


def is_overload(function: Function) -> bool:
    """Whether this is one of several signatures of a method."""
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in function.decorator_list)


def arguments(function: Function) -> list[str]:
    """How to pass every parameter on, `self` left out."""
    a = function.args
    plain = [*a.posonlyargs, *a.args][1:]
    names = [arg.arg for arg in plain] + [f"{arg.arg}={arg.arg}" for arg in a.kwonlyargs]
    if a.vararg:
        names.insert(len(plain), f"*{a.vararg.arg}")
    if a.kwarg:
        names.append(f"**{a.kwarg.arg}")
    return names


def call(head: str, values: Iterable[str], indent: int, tail: str = "") -> str:
    """A call on one line if it fits, else one argument a line."""
    values = list(values)
    line = f"{' ' * indent}{head}({', '.join(values)}){tail}"
    if len(line) <= WIDTH:
        return line
    inner = "".join(f"{' ' * (indent + 4)}{value},\n" for value in values)
    return f"{' ' * indent}{head}(\n{inner}{' ' * indent}){tail}"


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Every name that these nodes mention."""
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def signature_names(functions: Iterable[Function]) -> set[str]:
    """Every name in annotations, defaults and decorators."""
    nodes: list[ast.AST] = []
    for f in functions:
        nodes += [f.args, *f.decorator_list]
        nodes += [f.returns] if f.returns is not None else []
    return names_in(nodes)


def imports_of(tree: ast.AST) -> dict[str, tuple[str, str]]:
    """Where each imported name comes from: local name -> (module with dots, name there)."""
    origins: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            origins.update({a.asname or a.name: (module, a.name) for a in node.names})
        elif isinstance(node, ast.Import):
            origins.update({a.asname or a.name: (a.name, "") for a in node.names})
    return origins


def import_block(imports: Iterable[tuple[str, str]], indent: int = 0) -> str:
    """Import statements, sorted: the standard library, others, glomo, then relative ones.

    Args:
        imports: pairs of a module and a name in it, `""` for the module itself.
        indent: spaces before each line.
    """
    by_module: dict[str, set[str]] = {}
    for module, name in imports:
        by_module.setdefault(module, set()).add(name)
    groups: dict[int, list[str]] = {}
    for module in sorted(by_module, key=lambda m: (m.startswith("."), m)):
        groups.setdefault(_group(module), []).append(_statement(module, by_module[module], indent))
    return "\n\n".join("\n".join(groups[number]) for number in sorted(groups))


def _group(module: str) -> int:
    if module.startswith("."):
        return 3
    top = module.split(".", maxsplit=1)[0]
    if top in ("glomo", "glomo_sync"):
        return 2
    return 0 if top in ("collections", "contextlib", "datetime", "decimal", "os", "pathlib",
                        "types", "typing", "importlib") else 1  # fmt: skip


def _statement(module: str, names: set[str], indent: int) -> str:
    margin = " " * indent
    if names == {""}:
        return f"{margin}import {module}"
    ordered = sorted(names, key=_member_key)
    line = f"{margin}from {module} import {', '.join(ordered)}"
    if len(line) <= WIDTH:
        return line
    inner = "".join(f"{margin}    {name},\n" for name in ordered)
    return f"{margin}from {module} import (\n{inner}{margin})"


def _member_key(name: str) -> tuple[int, str]:
    """The order in which ruff wants imported names: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name.lower())
