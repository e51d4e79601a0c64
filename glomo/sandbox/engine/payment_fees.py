"""What a payment costs, and who bears it.

Without a quote or splits the merchant bears the transaction fee. A quote's fees are in what the
customer pays. A pricing split leaves its share of the transaction fee to the merchant, the rest to
the customer. The referral fee of a price is always the merchant's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .account import Account
from .rates import convert
from .store import Record

PRICE = "price"
_PARTS = 10_000


class Charge(NamedTuple):
    """One bearer's part of a fee, minor units."""

    fee: str
    bearer: str
    minor: int
    currency: str


def transaction_fee(account: Account, minor: int) -> int:
    """The fee on a payment of this amount, so small that something is left of it."""
    return min(account.options.fees.transaction_minor, minor // 2)


def customer_fees(account: Account, minor: int, splits: Iterable[Record]) -> dict[str, int]:
    """What customers bear of the transaction fee, by payment method."""
    fee = transaction_fee(account, minor)
    return {
        split["payment_method"]: fee - fee * split["merchant_share_bps"] // _PARTS
        for split in splits
    }


def charges(account: Account, payin: Record, method: str) -> list[Charge]:
    """The fees of a payment of a payin."""
    currency, fees = payin["currency"], list[Charge]()
    quoted: Mapping[str, Record] | None = payin.get("_quoted_fees")
    if quoted is not None:
        for name in ("txn_fee", "fx_fee"):
            fees.append(Charge(name, "customer", quoted[name]["amount"], quoted[name]["currency"]))
    else:
        total = transaction_fee(account, payin["amount"])
        customer_share = payin["_customer_fees"].get(method, 0)
        fees.append(Charge("txn_fee", "merchant", total - customer_share, currency))
        fees.append(Charge("txn_fee", "customer", customer_share, currency))
    referral = _referral_fee(account, payin)
    fees.append(Charge("referral_fee", "merchant", referral, currency))
    return [fee for fee in fees if fee.minor]


def fee_fields(fees: list[Charge], currency: str) -> Record:
    """The fields of a payment that tell its fees."""
    bearers = {fee.bearer for fee in fees}
    sums: dict[str, Record] = {}
    breakdown: dict[str, list[Record]] = {"txn_fee": [], "fx_fee": [], "referral_fee": []}
    for name, entries in breakdown.items():
        parts = [fee for fee in fees if fee.fee == name]
        unit = parts[0].currency if parts else currency
        sums[name] = {"amount": sum(part.minor for part in parts), "currency": unit}
        entries.extend(
            {
                "amount": fee.minor,
                "currency": fee.currency,
                "bearer": fee.bearer,
                "collection_mode": "immediate",
                "taxes": [],
            }
            for fee in parts
        )
    return {
        "fee_bearer": "split" if len(bearers) > 1 else next(iter(bearers), "merchant"),
        "fee_collection_mode": "immediate",
        "fees": sums,
        "fee_breakdown": breakdown,
    }


def borne_by_merchant(fees: Iterable[Charge]) -> int:
    """What is taken from the merchant, minor units of the settled currency."""
    return sum(fee.minor for fee in fees if fee.bearer == "merchant")


def _referral_fee(account: Account, payin: Record) -> int:
    price_id = payin.get("price_id")
    if price_id is not None:
        price = account.store.get(PRICE, price_id)
    else:
        prices = account.store.all(PRICE)
        price = next((price for price in prices if price["set_as_default"]), None)
    if price is None:
        return 0
    minor, currency = int(payin["amount"]), payin["currency"]
    fee: int
    if price["pricing_type"] == "percentage":
        fee = minor * price["bps"] // _PARTS
    else:
        fee = convert(price["fees_amount"], price["fees_currency"], currency)
    return max(0, min(fee, minor // 4))  # whatever the price says, most of the payment is left
