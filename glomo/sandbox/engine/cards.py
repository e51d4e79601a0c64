"""The published test cards, and what each does in a payment."""

from __future__ import annotations

from typing import NamedTuple

from .store import Record


class CardOutcome(NamedTuple):
    """Whether a card asks for a one-time password (3DS), and with which code it fails."""

    needs_otp: bool
    error_code: str | None


_NUMBERS: dict[CardOutcome, tuple[str, ...]] = {
    CardOutcome(False, None): ("3466241111111111", "4916531111111111", "4532491111111111"),
    CardOutcome(True, None): ("3469122222222222", "4376702222222222", "4532442222222222"),
    CardOutcome(False, "PAYMENT_DECLINED"): (
        "3490881111111112",
        "4532271111111112",
        "4556891111111112",
    ),
    CardOutcome(True, "PAYMENT_DECLINED"): (
        "3790802222222223",
        "4556822222222223",
        "4597262222222223",
    ),
}
_OUTCOMES = {number: outcome for outcome, numbers in _NUMBERS.items() for number in numbers}
_MASTERCARD = "4916531111111111"  # the vendor's list calls it one


def outcome_of(number: str) -> CardOutcome | None:
    """What the test card with this number does; None: there is no such test card."""
    return _OUTCOMES.get(number.replace(" ", ""))


def details(number: str, holder: str) -> Record:
    """What a payment shows of the card it was made with."""
    number = number.replace(" ", "")
    if number.startswith("3"):
        network = "American Express"
    else:
        network = "Mastercard" if number == _MASTERCARD else "Visa"
    return {
        "card_network": network,
        "card_type": "credit",
        "end_digits": number[-4:],
        "country_code": "US",
        "card_holder_name": holder,
        "card_bin": number[:6],
        "issuer_name": "Sandbox Bank",
    }
