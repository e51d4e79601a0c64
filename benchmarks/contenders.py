"""The clients that compete, and what each needs to be installed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec


@dataclass(frozen=True)
class Contender:
    """A client in one of its set-ups.

    Attributes:
        name: as it stands in tables.
        modules: what must be importable.
        hidden: modules that are kept from being imported: what the core install would not have.
    """

    name: str
    modules: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def missing(self) -> list[str]:
        """The modules that are not installed."""
        return [module for module in self.modules if find_spec(module) is None]

    def hide(self) -> None:
        """Make the hidden modules impossible to import, in this process."""
        for module in self.hidden:
            sys.modules[module] = None  # type: ignore[assignment]


CORE = Contender("glomo", ("httpx",), hidden=("msgspec", "aiohttp"))
FAST = Contender("glomo fast", ("aiohttp", "msgspec"))
STRIPE_HTTPX = Contender("stripe (httpx)", ("stripe", "httpx"))
STRIPE_AIOHTTP = Contender("stripe (aiohttp)", ("stripe", "aiohttp"))
STRIPE = Contender("stripe", ("stripe", "requests"))
MODERN_TREASURY = Contender("modern-treasury", ("modern_treasury",))
HTTPX = Contender("bare httpx", ("httpx",))
AIOHTTP = Contender("bare aiohttp", ("aiohttp",))
REQUESTS = Contender("bare requests", ("requests",))
URLLIB3 = Contender("bare urllib3", ("urllib3",))

_DISTRIBUTIONS = (
    *("glomo", "httpx", "aiohttp", "anyio", "msgspec", "stripe", "modern-treasury"),
    *("requests", "urllib3"),
)


def versions() -> dict[str, str]:
    """The version of everything that competes and is installed."""
    installed: dict[str, str] = {"python": sys.version.split()[0]}
    for name in _DISTRIBUTIONS:
        try:
            installed[name] = version(name)
        except PackageNotFoundError:
            continue
    return installed
