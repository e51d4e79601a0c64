"""One resource of the twin."""

from __future__ import annotations

import ast
import builtins

from .text import (
    NOTICE,
    WIDTH,
    Function,
    Source,
    arguments,
    call,
    import_block,
    imports_of,
    is_overload,
    signature_names,
    synchronous,
)


def resource_module(stem: str, text: str) -> str | None:
    """The twin's text of a module of `glomo/resources/`, or `None` if it holds no resource."""
    source = Source(text)
    cls = source.class_named("Resource")
    if stem.startswith("_") or stem == "base" or cls is None:
        return None
    functions = [n for n in cls.body if isinstance(n, Function) and not n.name.startswith("_")]
    overloaded = {f.name for f in functions if is_overload(f)}
    methods: list[str] = []
    for function in functions:
        methods.append(source.signature(function))
        if not is_overload(function):
            methods[-1] += "\n" + "\n".join(_body(source, function, function.name in overloaded))
            methods[-1] += "\n"
    doc = synchronous(ast.get_docstring(source.tree, clean=False) or "")
    return (
        f"{NOTICE.format(source=f'glomo/resources/{stem}.py')}"
        f'"""{doc}"""\n\n'
        "from __future__ import annotations\n\n"
        f"{_imports(stem, source, functions)}\n\n\n"
        f"class {cls.name}:\n"
        f"{source.docstring(cls)}\n\n"
        f"    def __init__(self, bridge: Bridge, resource: _resource.{cls.name}) -> None:\n"
        "        self._bridge = bridge\n"
        "        self._async = resource\n\n" + "\n".join(methods)
    )


def _body(source: Source, function: Function, overloaded: bool) -> list[str]:
    doc = source.docstring(function)
    lines = [doc] if doc else []
    warning = _warning(source, function)
    lines += [warning] if warning else []
    target = f"self._async.{function.name}"
    if isinstance(function, ast.FunctionDef):
        lines.append(_wrapped("return SyncPager", ["self._bridge"], target, function))
    elif overloaded:
        # The overloads are for callers; here all parameters go through at once.
        assert function.returns is not None
        result = f"result: {ast.unparse(function.returns)} = self._bridge.call"
        lines.append(f"        {function.name}: Any = {target}")
        lines.append(_wrapped(result, [], f"lambda: {function.name}", function))
        lines.append("        return result")
    else:
        lines.append(_wrapped("return self._bridge.call", [], f"lambda: {target}", function))
    return lines


def _warning(source: Source, function: Function) -> str | None:
    """The warning that a deprecated operation begins with: given in the loop's thread, it could
    not name the caller's line.
    """
    for node in function.body[:2]:
        text = ast.unparse(node)
        if text.startswith("warn_deprecated("):
            return source.between(node.lineno, node.end_lineno or node.lineno)
    return None


def _wrapped(outer: str, first: list[str], inner: str, function: Function) -> str:
    """`outer(first, inner(arguments))`, in as many lines as it takes."""
    call_arguments = arguments(function)
    line = call(outer, [*first, f"{inner}({', '.join(call_arguments)})"], 8)
    if "\n" not in line:
        return line
    lead = "".join(f"            {argument},\n" for argument in first)
    comma = "," if first else ""
    one_line = f"            {inner}({', '.join(call_arguments)}){comma}"
    nested = one_line if len(one_line) <= WIDTH else call(inner, call_arguments, 12) + comma
    return f"        {outer}(\n{lead}{nested}\n        )"


def _imports(stem: str, source: Source, functions: list[Function]) -> str:
    origins = imports_of(source.tree)
    needed = {("glomo_sync._bridge", "Bridge"), ("glomo.resources", f"{stem} as _resource")}
    mentioned = signature_names(functions)
    if any(_warning(source, function) for function in functions):
        needed.add(("glomo.deprecation", "warn_deprecated"))
    if "overload" in mentioned:
        needed.add(("typing", "Any"))
    for name in mentioned - {"Pager"}:
        if name in origins:
            module, original = origins[name]
            module = f"glomo.resources.{module[1:]}" if module.startswith(".") else module
            needed.add((module, original))
        elif not hasattr(builtins, name):
            needed.add((f"glomo.resources.{stem}", name))
    if "Pager" in mentioned:
        needed.add(("glomo_sync._pager", "SyncPager"))
    return import_block(needed)
