"""People find the code of what they pay for, in their own words."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from glomo import purpose_codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("salary", "S1401"),
        ("salaries", "S1401"),
        ("payroll", "S1401"),
        ("Wages", "S1401"),
        ("legal services", "S1004"),
        ("lawyer", "S1004"),
        ("consultancy", "S1006"),
        ("management consultant", "S1006"),
        ("advertising", "S1007"),
        ("marketing", "S1007"),
        ("accounting", "S1005"),
        ("accountant", "S1005"),
        ("audit", "S1005"),
        ("royalty", "S0902"),
        ("royalties", "S0902"),
        ("software development", "S0802"),
        ("SaaS", "S0802"),
        ("tuition", "S0305"),
        ("dividend", "S1409"),
        ("family maintenance", "S1301"),
        ("engineering", "S1014"),
        ("courier", "S0222"),
        ("air-freight", "S0209"),
        ("R&D", "S1008"),
        ("self transfer", "S0000"),
        ("S1005", "S1005"),
        ("s1005", "S1005"),
    ],
)
def test_a_payouts_code_is_found_and_comes_first(words: str, code: str) -> None:
    assert purpose_codes.search(words, direction="payout")[0].code == code


def test_payins_are_found_by_the_same_words() -> None:
    for words, code in (("legal services", "P1004"), ("royalty", "P0902"), ("salary", "P1401")):
        assert purpose_codes.search(words, direction="payin")[0].code == code


def test_both_directions_without_one() -> None:
    codes = {entry.code for entry in purpose_codes.search("royalty")}
    assert codes == {"S0902", "P0902"}


def test_the_documents_come_with_the_code() -> None:
    (entry, *_) = purpose_codes.search("software development", direction="payout")
    assert entry.documents == ("invoice", "shipping_date", "trade_documents")
    (entry, *_) = purpose_codes.search("family maintenance", direction="payout")
    assert entry.documents == ()


def test_every_word_counts_and_nonsense_finds_nothing() -> None:
    assert not purpose_codes.search("salary royalty")
    assert not purpose_codes.search("xyzzy")
    assert len(purpose_codes.search("")) == len(purpose_codes.all_codes())


def test_parts_of_words_are_found_last() -> None:
    codes = [entry.code for entry in purpose_codes.search("ship", direction="payout")]
    # "Ship and boat repairs" has the word; in "shipping" it is a part.
    assert codes.index("S1601") < codes.index("S0214")


def test_every_code_of_the_terms_exists() -> None:
    text = files("glomo").joinpath("data/purpose_code_terms.csv").read_text("utf-8")
    seen: set[str] = set()
    for row in csv.DictReader(text.splitlines()):
        for code in row["codes"].split():
            assert purpose_codes.get(code) is not None, code
            assert code not in seen, code
            seen.add(code)
        assert all(term == term.strip() and term for term in row["terms"].split(";"))
    assert len(seen) > 200
