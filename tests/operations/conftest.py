from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import respx

from glomo import AsyncGlomo
from glomo_sync import Glomo


@pytest.fixture(autouse=True)
def _unwarned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deprecated operations warn once a process: what is called here is not to count."""
    monkeypatch.setattr("glomo.deprecation._warned", set())


@pytest.fixture
def router() -> Iterator[respx.MockRouter]:
    with respx.mock() as router:
        yield router


@pytest.fixture
async def glomo(router: respx.MockRouter) -> AsyncIterator[AsyncGlomo]:
    async with AsyncGlomo("sk-unit", rate_limit=None) as client:
        yield client


@pytest.fixture(scope="module")
def blocking() -> Iterator[Glomo]:
    with Glomo("sk-unit", rate_limit=None) as client:
        yield client
