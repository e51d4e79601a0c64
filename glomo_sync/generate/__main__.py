"""Write the files that are derived from others.

    python -m glomo_sync.generate            write them
    python -m glomo_sync.generate --check    exit 1 if they are not what would be written

| from                        | to                               |
| --------------------------- | -------------------------------- |
| `glomo/client.py`           | `glomo_sync/client.py`           |
| `glomo/resources/*.py`      | `glomo_sync/resources/`          |
| `glomo/webhooks/routing.py` | `glomo_sync/webhooks/routing.py` |
| `glomo/models/*.py`         | `glomo/types.py`                 |

The twin takes signatures, overloads, annotations and docstrings over as they stand in the source;
only what is asynchronous about them changes. Every body is one crossing of the bridge; but the
router, which never goes through the loop, has the bodies of its source.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .client import client_module
from .resource import resource_module
from .routing import routing_module
from .types import types_module

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "glomo"
TWIN = ROOT / "glomo_sync"


def generated() -> dict[Path, str]:
    """Every generated file and its text."""
    files = {TWIN / "client.py": client_module((SOURCE / "client.py").read_text("utf-8"))}
    for source in sorted((SOURCE / "resources").glob("*.py")):
        text = resource_module(source.stem, source.read_text("utf-8"))
        if text is not None:
            files[TWIN / "resources" / source.name] = text
    files[TWIN / "resources" / "__init__.py"] = '"""The resources of the synchronous client."""\n'
    routing = (SOURCE / "webhooks" / "routing.py").read_text("utf-8")
    files[TWIN / "webhooks" / "routing.py"] = routing_module(routing)
    models = {p.stem: p.read_text("utf-8") for p in sorted((SOURCE / "models").glob("*.py"))}
    files[SOURCE / "types.py"] = types_module(models)
    return files


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit status."""
    files = generated()
    stale = [path for path in sorted((TWIN / "resources").glob("*.py")) if path not in files]
    outdated = [p for p, text in files.items() if not p.exists() or p.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in [*stale, *outdated]:
            sys.stderr.write(f"not up to date: {path.relative_to(ROOT)}\n")
        if stale or outdated:
            sys.stderr.write("run: python -m glomo_sync.generate\n")
        return 1 if stale or outdated else 0
    for path in stale:
        path.unlink()
    for path in outdated:
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
