"""A sandbox as a test asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from glomo.sandbox import Clock, Options, Sandbox


def make_sandbox(
    *,
    seed: int = 0,
    faults: float = 0.0,
    clock: datetime | None = None,
    balances: Mapping[str, int] | None = None,
    **options: Any,
) -> Sandbox:
    """A sandbox without a rate limit.

    Args:
        seed: ids and random faults follow from it.
        faults: how many requests of a hundred hundredths fail, 0 to 1.
        clock: when it is, standing still; left out, the machine's time.
        balances: opening balances, minor units by currency.
        options: options of the account (`glomo.sandbox.Options`), such as `queueing=True`.

    Raises:
        TypeError: an option that does not exist.
    """
    names = {option.name for option in fields(Options)}
    unknown = sorted(options.keys() - names)
    if unknown:
        raise TypeError(
            f"@pytest.mark.glomo has no {', '.join(unknown)}; it takes faults, seed, clock, "
            f"balances, {', '.join(sorted(names))}"
        )
    sandbox = Sandbox(
        seed=seed,
        clock=None if clock is None else Clock(clock),
        options=Options(**options),
        rate_limit=None,
        balances=balances,
    )
    if faults:
        sandbox.random_faults(rate=faults)
    return sandbox
