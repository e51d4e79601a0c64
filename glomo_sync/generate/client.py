"""The client of the twin."""

from __future__ import annotations

import ast
import re

from .text import (
    NOTICE,
    Function,
    Source,
    arguments,
    call,
    import_block,
    imports_of,
    signature_names,
)

_OWN_IMPORTS = {
    ("glomo.client", "AsyncGlomo"),
    ("glomo.lazy", "LazyResource"),
    ("glomo_sync._bridge", "Bridge"),
    ("glomo_sync._hooks", "this_process"),
    ("glomo.lazy", "resource_class"),
    ("types", "TracebackType"),
    ("typing", "TYPE_CHECKING"),
    ("typing", "Any"),
    ("typing", "Self"),
}

_TAIL = '''
    def resource(self, module: str, name: str) -> Any:
        """Make a resource of this client."""
        with this_process().lock:  # a fork waits until everything is imported
            cls = resource_class(f"glomo_sync.resources.{module}", name)
            return cls(self._bridge, getattr(self._async, module))

    def close(self) -> None:
        """Let calls in flight finish and close the connections. Later calls raise `ClosedError`."""
        if not self._shared:
            self._bridge.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
'''

_REPR = """\
        if not hasattr(self, "_async"):  # an error in __init__ may be reported with this client
            return f"<{type(self).__name__} not set up>"
        return repr(self._async).replace("AsyncGlomo", type(self).__name__, 1)"""

_SHARED = "_shared = False  # whether the connections are another client's, which closes them"
_SHARING = """\
        # Without the resources that were made already: they act as this client.
        own = {name: value for name, value in dict(vars(self)).items() if name.startswith("_")}
        acting = object.__new__(type(self))
        acting.__dict__.update(own, _shared=True)
        try:
            acting._async = self._async.as_merchant(merchant)
        finally:
            del merchant  # a refusal may be reported with the variables of every frame
        return acting"""

_DERIVING = """\
        # Without the resources that were made already: they act as this client.
        own = {name: value for name, value in dict(vars(self)).items() if name.startswith("_")}
        derived = object.__new__(type(self))
        derived.__dict__.update(own, _shared=True)"""

_NOT_TAKEN_OVER = {"observers", "resource", "reset", "aclose", "__aenter__", "__aexit__"}


def client_module(text: str) -> str:
    """The twin's text of `glomo/client.py`."""
    source = Source(text)
    cls = source.class_named("AsyncGlomo")
    assert cls is not None
    resources = [
        source.between(node.lineno, node.end_lineno or node.lineno)
        for node in cls.body
        if isinstance(node, ast.AnnAssign)
    ]
    functions = [
        node for node in cls.body if isinstance(node, Function) and node.name not in _NOT_TAKEN_OVER
    ]
    doc = source.docstring(cls) or ""
    return (
        NOTICE.format(source="glomo/client.py")
        + '"""The synchronous client: the asynchronous one behind a bridge."""\n\n'
        + "from __future__ import annotations\n\n"
        + _imports(source, functions, "\n".join(resources))
        + f"\n\n\nclass Glomo:\n{doc}\n\n"
        + "\n".join(resources)
        + "\n\n"
        + f"    {_SHARED}\n\n"
        + "\n".join(_method(source, function) for function in functions)
        + _TAIL
    )


def _imports(source: Source, functions: list[Function], resources: str) -> str:
    for_types = imports_of(source.type_checking_block())
    always = set(_OWN_IMPORTS)
    deferred: set[tuple[str, str]] = set()
    for name, (module, original) in imports_of(source.tree).items():
        if name in signature_names(functions):
            absolute = f"glomo.{module[1:]}" if module.startswith(".") else module
            (deferred if name in for_types else always).add((absolute, original))
    deferred |= {
        (f".resources.{module}", name)
        for module, name in re.findall(r'LazyResource\(\s*"(\w+)", "(\w+)"\s*\)', resources)
    }
    return f"{import_block(always)}\n\nif TYPE_CHECKING:\n{import_block(deferred, indent=4)}"


def _method(source: Source, function: Function) -> str:
    lines = [source.signature(function)]
    doc = source.docstring(function)
    lines += [doc] if doc else []
    if function.name == "__init__":
        # A refusal may be reported with the variables of every frame: without the key, then.
        lines.append("        try:")
        lines.append("            with this_process().lock:  # a fork waits until it is made")
        lines.append(call("self._async = AsyncGlomo", arguments(function), 16))
        lines.append("        finally:\n            del api_key")
        hooks = "reset=self._async.reset, aclose=self._async.aclose"
        lines.append(f"        self._bridge = Bridge({hooks})")
    elif function.name == "as_merchant":
        lines.append(_SHARING)
    elif function.name == "with_options":
        lines.append(_DERIVING)
        lines.append(call("derived._async = self._async.with_options", arguments(function), 8))
        lines.append("        return derived")
    elif function.name == "__repr__":
        lines.append(_REPR)
    elif any(isinstance(d, ast.Name) and d.id == "property" for d in function.decorator_list):
        lines.append(f"        return self._async.{function.name}")
    elif isinstance(function, ast.FunctionDef):
        lines.append(call(f"return self._async.{function.name}", arguments(function), 8))
    else:
        inner = call(f"lambda: self._async.{function.name}", arguments(function), 12)
        lines.append(f"        return self._bridge.call(\n{inner}\n        )")
    return "\n".join(lines) + "\n"
