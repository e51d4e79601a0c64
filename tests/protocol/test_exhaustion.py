"""The protocol of a call under every sequence of outcomes, and under random longer ones."""

from __future__ import annotations

import pytest

from .exhaustion import SCENARIOS, first_violation, random_walks, walks


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="glomo")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_short_sequence_keeps_the_promise(scenario: str) -> None:
    """Up to three outcomes; `python -m tests.protocol.exhaustion` tries four."""
    broken = first_violation(walks(scenario, 3))
    assert broken is None, broken


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_long_random_sequences_keep_the_promise(scenario: str) -> None:
    broken = first_violation(random_walks(scenario, 3_000, seed=7))
    assert broken is None, broken


def test_calls_end_in_every_way_there_is() -> None:
    """The model is no strawman: results, refusals, conflicts and unknown outcomes all occur."""
    ends = {
        type(at.error).__name__ if at.result is None else "result"
        for scenario in SCENARIOS
        for at in walks(scenario, 2)
    }
    assert ends >= {
        "result",
        "BadRequestError",
        "AuthenticationError",
        "RateLimitError",
        "ConnectError",
        "ResponseMismatchError",
        "OutcomeUnknownError",
        "IdempotencyConflictError",
        "Cancelled",
    }
