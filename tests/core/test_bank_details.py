"""Bank details that cannot be right."""

from __future__ import annotations

from typing import Any

import pytest

from glomo import bank_details
from glomo.bank_details import bank_details_problems, needs_bank_extra
from glomo.models.beneficiaries import Address, BankAccountParams, BeneficiaryBankAccount
from glomo.sandbox import Sandbox

IBAN = "DE89370400440532013000"


def problems(rail: str | None = None, **account: Any) -> list[str]:
    return [one.problem for one in bank_details_problems(BeneficiaryBankAccount(**account), rail)]


@pytest.mark.parametrize(
    ("rail", "account", "problem"),
    [
        (None, {"account_number": IBAN}, None),
        (None, {"account_number": "de89 3704 0044 0532 0130 00"}, None),
        ("sepa", {"account_number": IBAN}, None),
        (None, {"account_number": "DE89370400440532013001"}, "check digits are wrong"),
        (None, {"account_number": IBAN[:-1]}, "wrong length for DE"),
        (None, {"account_number": "ZZ89370400440532013000"}, "begins like an IBAN"),
        (None, {"account_number": "1234567890"}, None),
        (None, {"account_number": "DE89********013001"}, None),
        (None, {"account_number": "DE89XXXXXXXXXXX13001"}, None),
        (None, {"account_number": ""}, None),
        ("fts", {"account_number": IBAN}, "fts pays to IBANs of AE, this one is of DE"),
        ("fts", {"account_number": "AE070331234567890123456"}, None),
        ("sepa", {"account_number": "AE070331234567890123456"}, "which sepa does not reach"),
        ("swift", {"swift_code": "DEUTDEFF500"}, None),
        ("swift", {"swift_code": "DEUTDE"}, "the SWIFT code DEUTDE cannot be one"),
        ("swift", {"swift_code": "DEUTXXFF"}, "names no country: XX"),
        ("neft", {"local_routing_number": "HDFC0001234"}, None),
        ("neft", {"local_routing_number": "HDFC1001234"}, "the IFSC HDFC1001234 cannot be one"),
        (None, {"local_routing_number": "HDFC1001234", "currency": "INR"}, "cannot be one"),
        ("fps", {"local_routing_number": "200000", "currency": "GBP"}, None),
        (
            "swift",
            {"swift_code": "DEUTDEFF", "address": Address(country_code="FRA")},
            "is of a bank in DEU, its address is in FRA",
        ),
        ("swift", {"swift_code": "DEUTDEFF", "address": Address(country_code="DEU")}, None),
    ],
)
def test_what_cannot_be_right(
    rail: str | None, account: dict[str, Any], problem: str | None
) -> None:
    if problem is None:
        assert problems(rail, **account) == []
    else:
        (text,) = problems(rail, **account)
        assert problem in text
        # An account number is a secret.
        assert account.get("account_number", "-") not in text


def test_parameters_of_a_beneficiary_are_checked_before_it_is_created() -> None:
    parameters = {"account_number": "DE89370400440532013001", "currency": "EUR"}
    (one,) = bank_details_problems(parameters)
    assert list(bank_details_problems(BankAccountParams(**parameters))) == [one]
    assert one.advice


@pytest.mark.parametrize("currency", ["INR", "USD", "EUR", "GBP", "AED", "SGD", "AUD", "JPY"])
def test_what_the_sandbox_invents_is_plausible(currency: str) -> None:
    with Sandbox() as sandbox:
        account = sandbox.add_beneficiary("bene_A", currency=currency)["bank_account"]
    assert list(bank_details_problems(account)) == []


def test_without_the_extra_shapes_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_details, "find_spec", lambda _: None)
    assert problems("sepa", account_number="DE89370400440532013001") == []
    assert problems("swift", swift_code="DEUTXXFF") == []
    assert problems("swift", swift_code="DEUTDE") == ["the SWIFT code DEUTDE cannot be one"]


def test_what_the_extra_is_needed_for() -> None:
    assert needs_bank_extra({"account_number": IBAN})
    assert needs_bank_extra({"account_number": "1", "swift_code": "DEUTDEFF"})
    assert not needs_bank_extra({"account_number": "1", "local_routing_number": "HDFC0001234"})
    assert not needs_bank_extra({"account_number": "DE89****3000", "swift_code": "DEUT****"})
