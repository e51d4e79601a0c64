"""What Glomo has switched on for an account.

The sandbox's own account has options; a merchant that it onboarded has the same, except for those
that were changed for this merchant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

PAYMENT_METHODS = ("bank_transfer", "pay_via_bank", "card")

SANDBOX_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))
"""When Glomo's sandbox delivers a webhook again that was not taken."""

LIVE_RETRIES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 2880)
)
"""The same in the live environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """What Glomo charges the merchant.

    Parameters:
        transaction_minor: a flat fee a payout, payment or settlement, minor units.
        exchange_bps: of the amount, where currencies differ; 100 is 1%.
    """

    transaction_minor: int = 100
    exchange_bps: int = 100

    def __post_init__(self) -> None:
        if self.transaction_minor < 0 or not 0 <= self.exchange_bps < 5_000:
            raise ValueError(f"fees must be 0 or more, exchange_bps below 5000: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Features of an account. They can be changed at any time; see `Sandbox.set_options`.

    Parameters:
        queueing: payouts start `queued` and are released at :02, :17, :32 and :47, as the balance
            allows.
        maker_checker: payouts start `pending_approval` until `Sandbox.approve()`.
        screening: payouts go under compliance review before they go to the bank.
        payment_screening: payment methods (`card`, `bank_transfer`) whose payments are screened
            after they succeeded.
        partial_refunds: less than the whole payment may be refunded.
        beneficiary_review: beneficiaries made over the API start `pending`.
        platform: the account may onboard merchants and move money between them.
        purpose_code: of payins that name none; None: a payment link must name one.
        settle_after: how long a payout is at the bank, and how long a review takes, until it
            succeeds by itself; None: it waits for a mock or for `Sandbox.settle()`.
        decline_renewals: charges of the cards on file of subscriptions fail.
        fees: what Glomo charges.
        webhook_retries: the waits between attempts to deliver a webhook; those of the sandbox's own
            account count for all merchants.
        required_notes: fields that `notes` of a beneficiary must have.
        lrs_banks: the banks (their codes) that are enabled for LRS.
        lrs_banks_without_rate: banks that have no exchange rate right now.
        direct_settlement: LRS payments are settled by themselves, so that no mock can tell that
            their funds are available.
        payment_methods: how customers may pay.
        require_splits: payins must declare `split_ids`.
    """

    queueing: bool = False
    maker_checker: bool = False
    screening: bool = False
    payment_screening: frozenset[str] = frozenset()
    partial_refunds: bool = False
    beneficiary_review: bool = False
    platform: bool = True
    purpose_code: str | None = None
    settle_after: timedelta | None = timedelta(seconds=5)
    decline_renewals: bool = False
    fees: Fees = field(default_factory=Fees)
    webhook_retries: tuple[timedelta, ...] = SANDBOX_RETRIES
    required_notes: frozenset[str] = frozenset()
    lrs_banks: tuple[str, ...] = ("hdfc", "axis", "icici", "fdrl")
    lrs_banks_without_rate: frozenset[str] = frozenset()
    payment_methods: frozenset[str] = frozenset(PAYMENT_METHODS)
    direct_settlement: bool = False
    require_splits: bool = False

    def __post_init__(self) -> None:
        if self.settle_after is not None and self.settle_after < timedelta():
            raise ValueError(f"settle_after must not be negative, not {self.settle_after}")
        for name in ("payment_screening", "payment_methods"):
            if invalid := sorted(set(getattr(self, name)) - set(PAYMENT_METHODS)):
                raise ValueError(f"{name} has unknown {invalid}; there are {list(PAYMENT_METHODS)}")


class AccountOptions:
    """The options of every account."""

    def __init__(
        self, platform: Options, changes: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self.platform = platform
        self._changes = {key: dict(value) for key, value in (changes or {}).items()}
        self._merged = {key: replace(platform, **value) for key, value in self._changes.items()}

    def of(self, merchant_id: str | None) -> Options:
        """What is switched on for a merchant; None: for the sandbox's own account."""
        return self._merged.get(merchant_id, self.platform) if merchant_id else self.platform

    def changed(self, merchant_id: str | None, changes: Mapping[str, Any]) -> AccountOptions:
        """The options after some of one account have changed; raises TypeError for unknown ones."""
        if merchant_id is None:
            return AccountOptions(replace(self.platform, **changes), self._changes)
        merchant_changes = {**self._changes.get(merchant_id, {}), **changes}
        return AccountOptions(self.platform, {**self._changes, merchant_id: merchant_changes})
