"""How many distributions an installation without extras brings, by what is installed here."""

from __future__ import annotations

from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def distributions(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """The distribution, with everything that it needs."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [(canonicalize_name(name), extras)]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add((str(one[0]), one[1]))
        for text in requires(one[0]) or ():
            requirement = Requirement(text)
            environments = [{"extra": extra} for extra in (one[1] or {""})]
            if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
                waiting.append((canonicalize_name(requirement.name), frozenset(requirement.extras)))
    return {distribution for distribution, _ in found}


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """The number of distributions, the package itself included."""
    return {"distributions": float(len(distributions(contender)))}
