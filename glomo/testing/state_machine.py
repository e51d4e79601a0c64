"""A Hypothesis state machine over a sandbox, to extend with the rules of your own code.

    class Suppliers(GlomoMachine):
        @rule(invoice=st.integers(1, 99))
        def pay(self, invoice):
            pay_supplier(self.glomo, f"INV-{invoice}")

    TestSuppliers = Suppliers.TestCase

After every step the books balance, and no `request_id` has been paid twice.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import Any

try:
    from hypothesis import strategies as st
    from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
except ImportError as error:
    raise ImportError(
        "glomo.testing.GlomoMachine needs hypothesis: pip install hypothesis"
    ) from error

from glomo.errors import GlomoError

from .clients import sync_client_of
from .setup import make_sandbox

OPTIONS: dict[str, Any] = {}


class GlomoMachine(RuleBasedStateMachine):
    """Time passes, payouts settle, responses are lost. What your code does is a rule of yours.

    Attributes:
        sandbox: the local Glomo.
        glomo: a `glomo_sync.Glomo` of it.
        beneficiary_id: someone to pay.
        options: options of the account, to override in a subclass.
    """

    options: dict[str, Any] = OPTIONS

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.sandbox = self._stack.enter_context(make_sandbox(**self.options))
        self.glomo = self._stack.enter_context(sync_client_of(self.sandbox))
        self.beneficiary_id = str(self.sandbox.add_beneficiary(currency="INR")["id"])

    def teardown(self) -> None:
        """Close the client and the sandbox."""
        self._stack.close()

    @rule(minutes=st.integers(1, 120))
    def time_passes(self, minutes: int) -> None:
        """Let payouts settle, quotes expire and webhooks come again."""
        self.sandbox.clock.advance(minutes=minutes)

    @rule()
    def a_response_is_lost(self) -> None:
        """Lose the next response after what it tells of has happened."""
        self.sandbox.lose_response(after_commit=True, times=1)

    @rule(key=st.sampled_from(["a", "b", "c"]), amount=st.integers(100, 100_000))
    def a_payout_is_made(self, key: str, amount: int) -> None:
        """Pay somebody with one of three keys, again and again."""
        # Refused, or in conflict with what the key stands for: both are fine.
        with suppress(GlomoError):
            self.glomo.payouts.create(
                beneficiary_id=self.beneficiary_id,
                source_currency="USD",
                destination_currency="INR",
                source_amount=amount,
                payment_rail="neft",
                purpose_code="S1005",
                request_id=key,
            )

    @invariant()
    def the_books_balance(self) -> None:
        """No money is made or lost."""
        self.sandbox.books.check()

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        """Every request_id has at most one payout."""
        twice = {key: n for key, n in self.sandbox.ledger.counts().items() if n > 1}
        assert not twice, twice
