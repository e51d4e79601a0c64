"""`glomo.types`: the public classes of every module of `glomo/models/`, imported when asked for."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from .text import NOTICE, import_block

_HEAD = '''"""Every model, parameter object, enumeration and status of the API, in one place.

    from glomo.types import Payout, PayoutStatus

A name is imported from its module in `glomo.models` when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
'''

_TAIL = """

def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__package__}.models.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
"""


def types_module(models: Mapping[str, str]) -> str:
    """The text of `glomo/types.py`.

    Args:
        models: the text of each module of `glomo/models/`, by its name.

    Raises:
        ValueError: two modules define a class of the same name.
    """
    modules: dict[str, str] = {}
    for module, text in models.items():
        for name in _public_classes(text):
            if name in modules:
                raise ValueError(f"{name} is defined in {modules[name]}.py and in {module}.py")
            modules[name] = module
    names = sorted(modules)
    imports = import_block(((f".models.{m}", n) for n, m in modules.items()), indent=4)
    exports = "".join(f'    "{name}",\n' for name in names)
    lookup = "".join(f'    "{name}": "{modules[name]}",\n' for name in names)
    return (
        NOTICE.format(source="glomo/models/*.py")
        + _HEAD
        + imports
        + f"\n\n__all__ = [\n{exports}]\n\n_MODULES = {{\n{lookup}}}\n"
        + _TAIL
    )


def _public_classes(text: str) -> list[str]:
    classes = [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return [name for name in classes if not name.startswith("_")]
