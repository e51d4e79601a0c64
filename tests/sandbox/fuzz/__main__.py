"""`python -m tests.sandbox.fuzz [--examples 400] [--seed 0]`: as the suite does, for longer."""

from __future__ import annotations

import argparse

import anyio
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.contract.description import operations

from .requests import Asked, requests
from .world import World, populated


def main() -> None:
    """Send `--examples` requests to each operation, and as many sequences of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox.fuzz")
    parser.add_argument("--examples", type=int, default=400, help="for each operation")
    parser.add_argument("--seed", type=int, default=0)
    given_arguments = parser.parse_args()
    thorough = settings(
        max_examples=given_arguments.examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    world = anyio.run(populated)
    for operation in operations():

        @seed(given_arguments.seed)
        @settings(thorough)
        @given(requests(operation, world.pool, world.samples.get(operation.name)))
        def alone(asked: Asked) -> None:
            _run(world, [asked])

        alone()
        print(operation.name, flush=True)
    anything = st.sampled_from(operations()).flatmap(
        lambda one: requests(one, world.pool, world.samples.get(one.name))
    )

    @seed(given_arguments.seed)
    @settings(thorough)
    @given(st.lists(anything, min_size=2, max_size=20))
    def together(sequence: list[Asked]) -> None:
        _run(world, sequence)

    together()
    print("in any order")


def _run(world: World, sequence: list[Asked]) -> None:
    async def run() -> None:
        world.restore()
        for asked in sequence:
            await world.ask(asked)

    anyio.run(run)


if __name__ == "__main__":
    main()
