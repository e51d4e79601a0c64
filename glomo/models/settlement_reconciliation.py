"""A settlement and the lines that it is made of."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from glomo.models.orders import Order
from glomo.models.payment_links import PaymentLink
from glomo.models.payments import Payment
from glomo.models.refunds import Refund
from glomo.models.settlements import Settlement, Transaction
from glomo.money import Money


@frozen
class SettlementLine:
    """One line of a settlement, and what it belongs to.

    `payment` is the payment that was settled, or the one that a refund gave back; `refund` that
    refund; `payin` the order or payment link that was paid. Each is `None` where the line has
    none, and where the API no longer knows it.
    """

    transaction: Transaction
    payment: Payment | None = None
    refund: Refund | None = None
    payin: Order | PaymentLink | None = None

    @property
    def settled(self) -> Money | None:
        """What the line adds to the settlement; negative where it takes something out."""
        line = self.transaction
        amount = line.settled_amount
        takes_out = line.debit is not None and line.debit.minor > 0 and not _positive(line.credit)
        return -amount if amount is not None and takes_out and amount.minor > 0 else amount


def _positive(amount: Money | None) -> bool:
    return amount is not None and amount.minor > 0


@frozen
class SettlementReconciliation:
    """A settlement, its lines, and whether they add up to it.

    Attributes:
        settlement: the settlement.
        lines: its lines, newest first.
        totals: what the lines settle, by currency.
        differences: by currency, what the settlement pays beyond its lines; empty if they add up.
        missing: ids that the lines name and the API does not know.
        incomplete: ids of lines that do not say what they settle.
    """

    settlement: Settlement
    lines: tuple[SettlementLine, ...]
    totals: Mapping[str, Money]
    differences: Mapping[str, Money]
    missing: tuple[str, ...]
    incomplete: tuple[str, ...]

    @property
    def adds_up(self) -> bool:
        """Whether every line says what it settles, and all of them together are the settlement."""
        return not self.differences and not self.incomplete
