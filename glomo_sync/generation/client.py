"""The client of the twin."""

from __future__ import annotations

import ast
import re

from .text import NOTICE, Function, Source, arguments, call, synchronous

_HEAD = '''"""The synchronous client: the asynchronous one behind a bridge."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from glomo.client import AsyncGlomo
from glomo.http.capture import RawResponse
from glomo.http.limiter import RateLimiter
from glomo.http.operation import CallOptions, Replay
from glomo.http.transport import Transport
from glomo.http.transports import TransportName
from glomo.lazy import LazyResource
from glomo.settings import Environment
from glomo_sync._bridge import Bridge

if TYPE_CHECKING:
    import httpx
    import httpx2

'''

_TAIL = '''
    def resource(self, module: str, name: str) -> Any:
        """Make a resource of this client."""
        made = getattr(import_module(f"glomo_sync.resources.{module}"), name)
        return made(self._bridge, getattr(self._async, module))

    def close(self) -> None:
        """Let calls in flight finish and close the connections. Later calls raise `ClosedError`."""
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

_OWN = {"resource", "reset", "aclose", "__aenter__", "__aexit__"}


def client_module(text: str) -> str:
    """The twin's text of `glomo/client.py`."""
    source = Source(text)
    cls = source.class_named("AsyncGlomo")
    assert cls is not None
    parts: list[str] = []
    methods: list[str] = []
    for node in cls.body:
        if isinstance(node, ast.AnnAssign):
            parts.append(source.between(node.lineno, node.end_lineno or node.lineno))
        elif isinstance(node, Function) and node.name not in _OWN:
            methods.append(_method(source, node))
    imports = "".join(
        f"    from .resources.{stem} import {name}\n"
        for stem, name in re.findall(r'LazyResource\(\s*"(\w+)", "(\w+)"\s*\)', "\n".join(parts))
    )
    doc = source.docstring(cls) or ""
    return (
        NOTICE.format(source="glomo/client.py")
        + _HEAD
        + imports
        + f"\n\nclass Glomo:\n{doc}\n\n"
        + "\n".join(parts)
        + "\n\n"
        + "\n".join(methods)
        + _TAIL
    )


def _method(source: Source, function: Function) -> str:
    lines = [source.signature(function)]
    doc = source.docstring(function)
    lines += [doc] if doc else []
    if function.name == "__init__":
        # A refusal may be reported with the variables of every frame: without the key, then.
        lines.append("        try:")
        lines.append(call("self._async = AsyncGlomo", arguments(function), 12))
        lines.append("        finally:\n            del api_key")
        made = "reset=self._async.reset, aclose=self._async.aclose"
        lines.append(f"        self._bridge = Bridge({made})")
    elif function.name == "__repr__":
        lines.append(synchronous('        return repr(self._async).replace("Async", "", 1)'))
    elif any(isinstance(d, ast.Name) and d.id == "property" for d in function.decorator_list):
        lines.append(f"        return self._async.{function.name}")
    elif isinstance(function, ast.FunctionDef):
        lines.append(call(f"return self._async.{function.name}", arguments(function), 8))
    else:
        inner = call(f"lambda: self._async.{function.name}", arguments(function), 12)
        lines.append(f"        return self._bridge.call(\n{inner}\n        )")
    return "\n".join(lines) + "\n"
