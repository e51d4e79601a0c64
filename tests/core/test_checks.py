"""The API's rules are checked before anything is sent, and say what to write instead."""

from typing import Any

import pytest

from glomo import Money, errors, purpose_codes
from glomo.models.payouts import PaymentRail
from glomo.validation import LOCAL_RAILS, Checks, rail_problem

from .fakes import PAYOUT_PARAMS, ScriptedTransport, body_of, client, payout, wire_response

LEAVE = object()


@pytest.mark.parametrize(
    ("changed", "parameter", "message"),
    [
        ({"beneficiary_id": "payout_1"}, "beneficiary_id", "must start with 'bene_'"),
        ({"beneficiary_id": ""}, "beneficiary_id", "is required"),
        ({"beneficiary_id": None}, "beneficiary_id", "is required"),
        ({"beneficiary_id": 5}, "beneficiary_id", "must start"),
        ({"purpose_code": ""}, "purpose_code", "is required"),
        ({"purpose_code": "P0002"}, "purpose_code", "payin code"),
        ({"purpose_code": "s1005"}, "purpose_code", "write it as S1005"),
        ({"purpose_code": "S9999"}, "purpose_code", "search glomo.purpose_codes"),
        ({"source_currency": LEAVE}, "source_currency", "is required"),
        ({"source_currency": "usd"}, "source_currency", "three capital letters"),
        ({"destination_currency": "US"}, "destination_currency", "three capital letters"),
        ({"source_amount": LEAVE}, "source_amount / destination_amount", "none is given"),
        ({"destination_amount": 5}, "source_amount / destination_amount", "are given"),
        ({"source_amount": 0}, "source_amount", "above zero"),
        ({"source_amount": -1}, "source_amount", "above zero"),
        ({"source_amount": 12.5}, "source_amount", "whole number of minor units"),
        ({"source_amount": 12.0}, "source_amount", "whole number of minor units"),
        ({"source_amount": "125000"}, "source_amount", "whole number of minor units"),
        ({"source_amount": True}, "source_amount", "whole number of minor units"),
        ({"payment_rail": "sepa"}, "payment_rail", "upi, imps, neft, rtgs, swift"),
        ({"payment_rail": PaymentRail.FPS}, "payment_rail", "GBP only"),
        ({"payment_rail": "neftt"}, "payment_rail", "npp or swift, not 'neftt'"),
        ({"payment_rail": 5}, "payment_rail", "must be upi"),
        ({"source_currency": "INR"}, "source_currency", "USD, EUR, GBP, AED, SGD or AUD"),
        ({"source_currency": "JPY"}, "source_currency", "is not supported"),
        ({"destination_currency": "JPY"}, "destination_currency", "is not supported"),
        ({"documents": "doc_1"}, "documents", "must be a list such as ['doc_1'], not 'doc_1'"),
        ({"documents": []}, "documents", "not an empty one: leave it out"),
        ({"documents": {"doc_1": 1}}, "documents", "must be a list"),
        ({"documents": ["doc_1", 5]}, "documents[1]", "must be text"),
        ({"documents": ["bene_1"]}, "documents[0]", "must start with 'doc_'"),
        ({"notes": "a note"}, "notes", "must be a mapping"),
        ({"notes": {5: "x"}}, "notes", "a key that is not text: 5"),
        ({"purpose_code": 5}, "purpose_code", "must be text"),
        ({"invoice_number": 5}, "invoice_number", "must be text"),
        ({"source_amount": 10**5000}, "source_amount", "more money than there is"),
        ({"source_amount": -(10**5000)}, "source_amount", "more money than there is"),
        ({"source_amount": Money(5, "EUR")}, "source_amount", "but source_currency is USD"),
        ({"invoice_number": "x" * 51}, "invoice_number", "50 characters; this has 51"),
        ({"request_id": "x" * 65}, "request_id", "64 characters; this has 65"),
        ({"request_id": " "}, "request_id", "printable"),
        ({"request_id": "a\nb"}, "request_id", "printable"),
        ({"request_id": 5}, "request_id", "printable"),
        ({"quote_id": "quote_1"}, "source_amount", "cannot be specified when quote_id is present"),
        ({"quote_id": "payout_1"}, "quote_id", "must start with 'quote_'"),
    ],
)
async def test_a_payout_that_the_api_would_refuse_is_not_sent(
    changed: dict[str, Any], parameter: str, message: str
) -> None:
    transport = ScriptedTransport()
    parameters = {k: v for k, v in {**PAYOUT_PARAMS, **changed}.items() if v is not LEAVE}
    with pytest.raises(errors.ParameterError) as caught:
        await client(transport).payouts.create(**parameters)
    assert caught.value.parameter == parameter
    assert caught.value.operation == "payouts.create"
    assert message in str(caught.value)
    assert str(caught.value).startswith("payouts.create: ")
    assert transport.sent == []


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose_code": "S9999"},
        {"payment_rail": "sepa"},
        {"source_amount": -1},
        {"invoice_number": "x" * 51},
    ],
)
async def test_without_validation_the_api_decides(changed: dict[str, Any]) -> None:
    transport = ScriptedTransport(wire_response(201, payout(**changed)))
    await client(transport, validate=False).payouts.create(**{**PAYOUT_PARAMS, **changed})
    assert body_of(transport.sent[0]) == {**PAYOUT_PARAMS, **changed}


@pytest.mark.parametrize(
    "changed",
    [
        {"purpose_code": "P0001"},
        {"purpose_code": "PYR002"},
        {"payment_rail": "swift"},
        {"request_id": "x" * 64},
        {"invoice_number": "x" * 50},
        {"source_amount": 10**15},
        {"beneficiary_id": "ben_1"},
    ],
)
async def test_what_the_api_takes_is_sent(changed: dict[str, Any]) -> None:
    transport = ScriptedTransport(wire_response(201, payout(**changed)))
    await client(transport).payouts.create(**{**PAYOUT_PARAMS, **changed})
    assert body_of(transport.sent[0]) == {**PAYOUT_PARAMS, **changed}


def test_rails_pay_their_currency_and_swift_any() -> None:
    for rail, currency in LOCAL_RAILS.items():
        assert rail_problem(rail, currency) is None
        problem = rail_problem(rail, "USD")
        assert problem is not None
        assert problem.advice == "for USD use swift"
    assert rail_problem("swift", "USD") is None
    assert {rail.value for rail in PaymentRail} == {*LOCAL_RAILS, "swift"}


# ------------------------------------------------------------------ purpose codes


def test_codes_are_all_there_once_and_by_direction() -> None:
    codes = purpose_codes.all_codes()
    assert len({entry.code for entry in codes}) == len(codes)
    for entry in codes:
        assert entry.code[0] == {"payin": "P", "payout": "S"}[entry.direction]
        assert len(entry.code) == 5
        assert entry.label
        assert entry.group
        assert purpose_codes.problem_with(entry.code, entry.direction) is None
        assert purpose_codes.get(entry.code.lower()) is entry
    for code in ("P0002", "P1099", "P1701", "S0000", "S0012", "S1005", "S1701", "S1309"):
        assert (purpose_codes.get(code) is not None) == (code != "S1309")


def test_codes_do_not_cross_but_for_the_exceptions() -> None:
    for entry in purpose_codes.all_codes():
        other = "payin" if entry.direction == "payout" else "payout"
        problem = purpose_codes.problem_with(entry.code, other)  # type: ignore[arg-type]
        assert (problem is None) == (entry.code == "P0001")
    assert purpose_codes.problem_with("PYR001", "payin") is not None
    assert purpose_codes.problem_with("PYR001\n", "payout") is not None
    assert purpose_codes.problem_with("software", "payout") is not None


def test_codes_are_found_by_words() -> None:
    codes = purpose_codes.search("software", direction="payout")
    assert codes
    assert {entry.direction for entry in codes} == {"payout"}
    assert purpose_codes.search("SOFTWARE") == purpose_codes.search("software")
    assert purpose_codes.search("no such purpose at all") == ()
    assert purpose_codes.search("S1005")[0].code == "S1005"


def test_missing_documents_are_hinted_at_once_a_code(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="glomo")
    for _ in range(2):
        Checks("payouts.hint", {"purpose_code": "S0103"}).documents_for_purpose("documents")
    Checks("payouts.hint", {"purpose_code": "S0011"}).documents_for_purpose("documents")
    parameters = {"purpose_code": "S0109", "documents": ["doc_1"]}
    Checks("payouts.hint", parameters).documents_for_purpose("documents")
    assert [record.getMessage() for record in caplog.records] == [
        "payouts.hint: S0103 goes with invoice, shipping_date, trade_documents; documents is empty"
    ]
