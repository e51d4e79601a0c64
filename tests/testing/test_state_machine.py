"""The state machine finds what code that pays twice does, and nothing in code that does not."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import rule, run_state_machine_as_test

from glomo.testing import GlomoMachine

QUICK = settings(
    max_examples=12, stateful_step_count=12, deadline=None, database=None, derandomize=True
)


def test_the_machine_holds_by_itself() -> None:
    run_state_machine_as_test(GlomoMachine, settings=QUICK)


def test_a_rule_of_the_user_s_is_run_and_can_fail() -> None:
    class Careless(GlomoMachine):
        @rule()
        def pays_with_new_keys(self) -> None:
            for n in range(2):
                self.glomo.payouts.create(
                    beneficiary_id=self.beneficiary_id,
                    source_currency="USD",
                    destination_currency="INR",
                    source_amount=125000,
                    payment_rail="neft",
                    purpose_code="S1005",
                    request_id=f"INV-1-{n}",
                )
            paid = [p for p in self.sandbox.ledger.payouts if str(p["request_id"])[:3] == "INV"]
            assert len(paid) < 2

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Careless, settings=QUICK)
