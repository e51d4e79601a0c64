"""Write the synchronous twin from the asynchronous source.

    python -m glomo_sync.generate            write glomo_sync/client.py and glomo_sync/resources/
    python -m glomo_sync.generate --check    exit 1 if they are not what would be written

Signatures, overloads, annotations and docstrings are taken over as they stand in the source; only
what is asynchronous about them changes. Every body is one crossing of the bridge.
"""

from __future__ import annotations

import sys
from pathlib import Path

from glomo_sync.generation.client import client_module
from glomo_sync.generation.resource import resource_module

HERE = Path(__file__).parent
SOURCE = HERE.parent / "glomo"


def generated() -> dict[Path, str]:
    """Every generated file and its text."""
    files = {HERE / "client.py": client_module((SOURCE / "client.py").read_text("utf-8"))}
    for source in sorted((SOURCE / "resources").glob("*.py")):
        text = resource_module(source.stem, source.read_text("utf-8"))
        if text is not None:
            files[HERE / "resources" / source.name] = text
    files[HERE / "resources" / "__init__.py"] = '"""The resources of the synchronous client."""\n'
    return files


def main(arguments: list[str]) -> int:
    """Write or check; returns the exit status."""
    wanted = generated()
    existing = {HERE / "client.py", *(HERE / "resources").glob("*.py")}
    stale = [path for path in sorted(existing) if path not in wanted]
    wrong = [p for p, text in wanted.items() if not p.exists() or p.read_text("utf-8") != text]
    if "--check" in arguments:
        for path in [*stale, *wrong]:
            sys.stderr.write(f"not up to date: {path.relative_to(HERE.parent)}\n")
        if stale or wrong:
            sys.stderr.write("run: python -m glomo_sync.generate\n")
        return 1 if stale or wrong else 0
    for path in stale:
        path.unlink()
    for path in wrong:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
