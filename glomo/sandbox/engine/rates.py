"""What a payout costs: exchange rates and fees. Fixed, so that every run gives the same amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from .options import Fees

# Worth of one unit in USD. All of these have two decimals, so minor units convert at the same rate.
_IN_USD = {
    "USD": Decimal(1),
    "EUR": Decimal("1.17"),
    "GBP": Decimal("1.35"),
    "AED": Decimal("0.2723"),
    "SGD": Decimal("0.78"),
    "AUD": Decimal("0.66"),
    "INR": Decimal(1) / Decimal(90),
}
SOURCE_CURRENCIES = ("USD", "EUR", "GBP", "AED", "SGD", "AUD")
DESTINATION_CURRENCIES = (*SOURCE_CURRENCIES, "INR")


@dataclass(frozen=True, slots=True)
class Price:
    """Amounts of one payout, in minor units of their currency; fees in the source currency."""

    source_amount: int
    destination_amount: int
    rate: Decimal
    fx_fee: int
    txn_fee: int

    @property
    def cost(self) -> int:
        """What the balance must cover: the amount sent and the fees on top of it."""
        return self.source_amount + self.fx_fee + self.txn_fee


def mid_market_rate(source: str, destination: str) -> Decimal:
    """Units of `destination` for one unit of `source`, six decimals."""
    return (_IN_USD[source] / _IN_USD[destination]).quantize(Decimal("0.000001"))


def convert(minor: int, source: str, destination: str) -> int:
    """An amount in another currency, minor units, rounded half up."""
    worth = minor * mid_market_rate(source, destination)
    return int(worth.to_integral_value(ROUND_HALF_UP))


def price(
    source: str,
    destination: str,
    fees: Fees,
    *,
    source_amount: int | None,
    destination_amount: int | None,
) -> Price:
    """Price a payout of which one of the two amounts is given.

    For very small amounts the flat fee is smaller than usual, so that the fees stay below the
    amount sent.
    """
    rate = mid_market_rate(source, destination)
    if source_amount is None:
        assert destination_amount is not None
        source_amount = int((destination_amount / rate).to_integral_value(ROUND_CEILING))
    if destination_amount is None:
        destination_amount = convert(source_amount, source, destination)
    return Price(
        source_amount=source_amount,
        destination_amount=destination_amount,
        rate=rate,
        fx_fee=0 if source == destination else source_amount * fees.exchange_bps // 10_000,
        txn_fee=min(fees.transaction_minor, source_amount // 2),
    )
