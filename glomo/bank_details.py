"""Whether bank details can be right: IBAN, SWIFT code (BIC) and IFSC, before money goes there.

A typing error in an account number costs days: the payout is made, travels, and comes back. Most
are visible at once, since an IBAN carries check digits. The extra (`pip install 'glomo[bank]'`, the
package schwifty) checks those, lengths and countries; without it only shapes are checked.

    for diagnosis in bank_details_problems(account):
        print(diagnosis)

Nothing here knows whether an account exists: only the bank does. No text contains the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any, cast

from glomo.diagnosis import Diagnosis
from glomo.models.beneficiaries import BankAccountParams, BeneficiaryBankAccount
from glomo.validation import field_of

__all__ = ["bank_details_problems", "has_bank_extra", "needs_bank_extra"]

Account = BeneficiaryBankAccount | BankAccountParams | Mapping[str, Any]

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?\Z")
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}\Z")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]+\Z")
_MASKED = re.compile(r"[*\N{BULLET}]|X{3}|x{3}|\.{3}|\N{HORIZONTAL ELLIPSIS}")
_IFSC_RAILS = ("neft", "rtgs", "imps")
_IBAN_COUNTRIES = {"ipp": "AE", "fts": "AE"}
_CORRECT = "correct it with the payee"


def has_bank_extra() -> bool:
    """Whether the package of the extra is installed."""
    return find_spec("schwifty") is not None


def needs_bank_extra(account: Account) -> bool:
    """Whether there is anything in the details that only the extra can check."""
    return _iban(account) is not None or _text(account, "swift_code") is not None


def bank_details_problems(account: Account, rail: str | None = None) -> Iterator[Diagnosis]:
    """What cannot be right about a bank account, each with what to do.

    Args:
        account: of a beneficiary, or the parameters of one that is to be created.
        rail: the payment rail, for what only it needs; left out, what holds for all.
    """
    bic, routing = _text(account, "swift_code"), _text(account, "local_routing_number")
    iban = _iban(account)
    if bic is not None and rail in (None, "swift") and not _BIC.match(bic):
        yield Diagnosis(f"the SWIFT code {bic} cannot be one", _CORRECT)
        bic = None
    indian = rail in _IFSC_RAILS or (rail is None and _text(account, "currency") == "INR")
    if routing is not None and indian and not _IFSC.match(routing):
        yield Diagnosis(f"the IFSC {routing} cannot be one", _CORRECT)
    if has_bank_extra():
        if iban is not None:
            yield from _iban_problems(iban, rail)
        if bic is not None:
            yield from _bic_problems(bic, account)


def _iban_problems(text: str, rail: str | None) -> Iterator[Diagnosis]:
    from schwifty import IBAN  # noqa: PLC0415 - an extra
    from schwifty.exceptions import (  # noqa: PLC0415
        InvalidChecksumDigits,
        InvalidLength,
        SchwiftyException,
    )

    try:
        iban = IBAN(text)
    except InvalidChecksumDigits:
        yield Diagnosis("the IBAN's check digits are wrong: a digit is mistyped", _CORRECT)
        return
    except InvalidLength:
        yield Diagnosis(f"the IBAN has a wrong length for {text[:2]}", _CORRECT)
        return
    except SchwiftyException:
        yield Diagnosis("the account number begins like an IBAN and is none", _CORRECT)
        return
    country = iban.country_code
    expected = _IBAN_COUNTRIES.get(rail or "")
    if expected is not None and country != expected:
        yield Diagnosis(
            f"{rail} pays to IBANs of {expected}, this one is of {country}", "use swift"
        )
    if rail == "sepa" and not iban.in_sepa_zone:
        yield Diagnosis(f"the IBAN is of {country}, which sepa does not reach", "use swift")


def _bic_problems(text: str, account: Account) -> Iterator[Diagnosis]:
    from schwifty import BIC  # noqa: PLC0415 - an extra
    from schwifty.exceptions import SchwiftyException  # noqa: PLC0415

    try:
        bic = BIC(text)
    except SchwiftyException:
        yield Diagnosis(f"the SWIFT code {text} names no country: {text[4:6]}", _CORRECT)
        return
    home = _text(field_of(account, "address"), "country_code")
    country = cast("Any", bic.country)
    if home is not None and country is not None and home.upper() != country.alpha_3:
        yield Diagnosis(
            f"the SWIFT code {text} is of a bank in {country.alpha_3}, its address is in {home}",
            "correct the one that is wrong",
        )


def _iban(account: Account) -> str | None:
    """The account number, if it is written as an IBAN and is not masked."""
    number = _text(account, "account_number")
    if number is None:
        return None
    compact = re.sub(r"[\s-]", "", number).upper()
    return compact if _IBAN.match(compact) else None


def _text(holder: object, name: str) -> str | None:
    """A text of the details; `None` if it is left out, empty or masked."""
    value = None if holder is None else field_of(holder, name)
    if not isinstance(value, str) or not value or _MASKED.search(value):
        return None
    return value
