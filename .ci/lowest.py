"""Print the lowest versions that pyproject.toml allows, as constraints for pip.

Only what users install: the core and the extras, not the tools of development.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

TOOLS = {"dev", "docs"}
BOUND = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*>=\s*([0-9][0-9A-Za-z.]*)")


def constraints(pyproject: Path) -> Iterator[str]:
    """`name==version` for every requirement with a lower bound."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    requirements = [*project["dependencies"]]
    for name, entries in extras.items():
        if name not in TOOLS:
            requirements += entries
    for requirement in requirements:
        match = BOUND.match(requirement)
        if match is None:
            sys.exit(f"{requirement!r} has no lower bound: give it one that is tested")
        yield f"{match[1]}=={match[2]}"


if __name__ == "__main__":
    print("\n".join(sorted(set(constraints(Path(sys.argv[1]))))))
