"""`python -m tests.sandbox.fuzz [--examples 400] [--seed 0]`: as the suite does, for longer."""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable

import anyio
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.contract.description import operations

from .requests import FuzzRequest, requests
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
    world, failures = anyio.run(populated), 0
    for operation in operations():

        @seed(given_arguments.seed)
        @settings(thorough)
        @given(requests(operation, world.pool, world.samples.get(operation.name)))
        def alone(request: FuzzRequest) -> None:
            _run(world, [request])

        failures += _fails(operation.name, alone)
    anything = st.sampled_from(operations()).flatmap(
        lambda one: requests(one, world.pool, world.samples.get(one.name))
    )

    @seed(given_arguments.seed)
    @settings(thorough)
    @given(st.lists(anything, min_size=2, max_size=20))
    def together(sequence: list[FuzzRequest]) -> None:
        _run(world, sequence)

    failures += _fails("in any order", together)
    if failures:
        raise SystemExit(f"{failures} of {len(operations()) + 1} failed")


def _fails(name: str, test: Callable[[], None]) -> bool:
    """Whether a test failed; says so at once, and lets the others go on."""
    try:
        test()
    except Exception:
        print(f"{name}: FAILED\n{traceback.format_exc()}", flush=True)
        return True
    print(name, flush=True)
    return False


def _run(world: World, sequence: list[FuzzRequest]) -> None:
    async def run() -> None:
        world.restore()
        for request in sequence:
            await world.ask(request)

    anyio.run(run)


if __name__ == "__main__":
    main()
