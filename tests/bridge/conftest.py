from collections.abc import Iterator

import pytest

from .service import Client, loop_threads


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as client:
        yield client


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every client that is closed takes its share of the thread along."""
    yield
    assert loop_threads() == []
