"""Whatever is sent, no operation fails, or responds in a shape that is not described."""

from __future__ import annotations

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.description import Described, operations
from tests.sandbox.fuzz.requests import FuzzRequest, requests
from tests.sandbox.fuzz.world import World, populated

FAST = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def world() -> World:
    return anyio.run(populated)


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.name)
def test_each_operation_alone(world: World, operation: Described) -> None:
    @settings(FAST, max_examples=25)
    @given(requests(operation, world.pool, world.samples.get(operation.name)))
    def holds(request: FuzzRequest) -> None:
        world.restore()
        anyio.run(world.ask, request)

    holds()
    assert operation.name in world.succeeded  # or the shape would not have been seen


def test_operations_in_any_order(world: World) -> None:
    anything = st.sampled_from(operations()).flatmap(
        lambda one: requests(one, world.pool, world.samples.get(one.name))
    )

    @settings(FAST, max_examples=25)
    @given(st.lists(anything, min_size=2, max_size=8))
    def holds(sequence: list[FuzzRequest]) -> None:
        async def run() -> None:
            world.restore()
            for request in sequence:
                await world.ask(request)

        anyio.run(run)

    holds()
