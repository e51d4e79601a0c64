"""How many distributions an installation without extras brings, by what is installed here."""

from __future__ import annotations

from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def distributions(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """The distribution, with everything that it needs."""
    installed: set[tuple[str, frozenset[str]]] = set()
    queue = [(canonicalize_name(name), extras)]
    while queue:
        name, extras = queue.pop()
        if (name, extras) in installed:
            continue
        installed.add((str(name), extras))
        for text in requires(name) or ():
            requirement = Requirement(text)
            environments = [{"extra": extra} for extra in (extras or {""})]
            if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
                queue.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return {distribution for distribution, _ in installed}


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """The number of distributions, the package itself included."""
    return {"distributions": float(len(distributions(contender)))}
