"""LRS: what residents of India pay abroad, and bring back, through a bank of theirs.

Rates are INR per USD. GST on an exchange is 0.18% of the rupees exchanged on the way out (18% of a
taxable 1%), 0.05% on the way back: what the vendor's two examples come to.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .errors import bad_request
from .rates import mid_market_rate

BANKS = {
    "hdfc": "HDFC bank",
    "axis": "Axis bank",
    "icici": "ICICI bank",
    "fdrl": "Federal bank",
}
"""Names of the banks by `bank_code`."""

MIN_USD, MAX_USD = 10_00, 50_000_00
_GST_OUT, _GST_BACK = Decimal("0.0018"), Decimal("0.0005")


class Exchange(NamedTuple):
    """What an LRS quote says: `to` in minor units of its currency, GST in paisa."""

    to: int
    rate: str
    total_tax: int


def remittance(source_minor: int, source: str) -> Exchange:
    """The terms of a remittance; raises the 400 of an amount beyond a bank's limits."""
    rate = mid_market_rate("USD", "INR")
    _check_limits(source_minor, source, rate)
    if source == "INR":
        exchanged = source_minor / (1 + _GST_OUT)  # GST is in the amount given
        tax = source_minor - _rounded(exchanged)
        to = _rounded(exchanged / rate)
    else:
        rupees = _rounded(source_minor * rate)
        tax = _rounded(rupees * _GST_OUT)
        to = rupees + tax
    return Exchange(to, _text(rate), tax)


def withdrawal(source_minor: int) -> Exchange:
    """The estimate for a withdrawal, USD to INR."""
    rate = mid_market_rate("USD", "INR")
    if not MIN_USD <= source_minor <= MAX_USD:
        raise bad_request("No available options for this amount")
    rupees = _rounded(source_minor * rate)
    tax = _rounded(rupees * _GST_BACK)
    return Exchange(rupees - tax, _text(rate), tax)


def _check_limits(minor: int, currency: str, rate: Decimal) -> None:
    usd = minor if currency == "USD" else minor / rate
    amount = f"Amount {_major(minor)} {currency}"
    if usd < MIN_USD:
        raise bad_request(
            f"{amount} is below minimum limit. (Minimum limit is {_major(MIN_USD)} USD)"
        )
    if usd > MAX_USD:
        raise bad_request(
            f"{amount} exceeds maximum limit. (Maximum limit is {_major(MAX_USD)} USD)"
        )


def _rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


def _major(minor: int) -> str:
    return f"{(Decimal(minor) / 100).quantize(Decimal('0.01'), ROUND_DOWN):,}"


def _text(rate: Decimal) -> str:
    normalized = rate.normalize()
    return (
        f"{normalized:.1f}"
        if normalized == normalized.quantize(Decimal("0.1"))
        else f"{normalized:f}"
    )
