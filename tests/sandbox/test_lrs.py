from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import RESIDENT, Shop, created, refused, without

QUOTE = {
    "bank_code": "hdfc",
    "source_amount": 4_400_000,
    "source_currency": "INR",
    "target_currency": "USD",
}
PAYOUT = {
    "resource": "payout",
    "bank_code": ...,
    "source_currency": "USD",
    "target_currency": "INR",
    "source_amount": 1_000_000,
}


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


@pytest.fixture
async def resident(shop: Shop) -> str:
    return str((await shop.customer(**RESIDENT))["id"])


async def test_banks_are_a_bare_list_of_what_is_enabled(make_api: Any) -> None:
    api = make_api(lrs_banks=("fdrl", "hdfc"))
    assert (await api.get("v1/lrs/banks")).json() == [
        {"bank_code": "hdfc", "bank_name": "HDFC bank"},
        {"bank_code": "fdrl", "bank_name": "Federal bank"},
    ]
    assert (await make_api(lrs_banks=()).get("v1/lrs/banks")).json() == []


async def test_a_remittance_is_quoted_after_gst(shop: Shop) -> None:
    quote = await shop.lrs_quote()
    # As in the vendor's example, but for the rate: 79.06 INR are GST, the rest is exchanged.
    assert quote["from"] == {"amount": 4_400_000, "currency": "INR"}
    assert quote["total_tax"] == 7_906
    assert quote["fx_rate"] == "90.0"
    assert quote["to"] == {"amount": 48_801, "currency": "USD"}
    assert quote["bank_code"] == "hdfc"
    assert quote["expires_at"] == "2026-09-09T07:30:09Z"
    as_text = await shop.lrs_quote(source_amount="4400000")  # a string of digits will do
    assert (as_text["from"], as_text["to"]) == (quote["from"], quote["to"])


async def test_the_other_way_gst_comes_on_top(shop: Shop) -> None:
    quote = await shop.lrs_quote(
        source_amount=100_000, source_currency="USD", target_currency="INR"
    )
    assert quote["fx_rate"] == "90.0"
    assert quote["to"]["amount"] == 9_000_000 + quote["total_tax"]
    assert quote["total_tax"] == 16_200


async def test_a_withdrawal_is_quoted_after_gst(shop: Shop) -> None:
    quote = await shop.lrs_quote(**PAYOUT)
    assert quote["to"]["amount"] == 90_000_000 - quote["total_tax"]
    assert quote["total_tax"] == 45_000
    assert "bank_code" not in quote


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bank_code": ...}, "Validation failed: Bank code can't be blank"),
        ({"bank_code": "HDFC"}, "Validation failed: Bank code HDFC is not a valid bank code"),
        ({"bank_code": "icici"}, "Validation failed: Bank code icici is not enabled"),
        ({"source_currency": "EUR"}, "Validation failed: Source currency is not supported"),
        ({"target_currency": "EUR"}, "Validation failed: Target currency is not supported"),
        ({"source_currency": ...}, "source_currency is missing"),
        (
            {"target_currency": "INR"},
            "Validation failed: source_currency and target_currency cannot be the same",
        ),
        ({"source_amount": 1.5}, "Validation failed: Source amount must be an integer"),
        ({"source_amount": "1.0"}, "Validation failed: Source amount must be an integer"),
        ({"source_amount": "1e6"}, "Validation failed: Source amount must be an integer"),
        ({"source_amount": ...}, "Validation failed: Source amount must be an integer"),
        ({"source_amount": 0}, "Validation failed: Source amount must be greater than 0"),
        (
            {"source_amount": 10_000},
            "Amount 100.00 INR is below minimum limit. (Minimum limit is 10.00 USD)",
        ),
        (
            {"source_amount": 500_000_000},
            "Amount 5,000,000.00 INR exceeds maximum limit. (Maximum limit is 50,000.00 USD)",
        ),
        (
            {**PAYOUT, "bank_code": "hdfc"},
            "Validation failed: Bank code is not supported for payout quotes",
        ),
        (
            {**PAYOUT, "source_currency": "INR", "target_currency": "USD"},
            "Validation failed: payout quotes are only supported from USD to INR",
        ),
        ({**PAYOUT, "source_amount": 1}, "No available options for this amount"),
    ],
)
async def test_quotes_have_their_texts(
    make_api: Any, changes: dict[str, Any], message: str
) -> None:
    api = make_api(lrs_banks=("hdfc", "axis"))
    assert message in refused(await api.post("v1/lrs/quotes", without({**QUOTE, **changes})))


async def test_a_bank_may_have_no_rate(make_api: Any) -> None:
    api = make_api(lrs_banks_without_rate=frozenset({"hdfc"}))
    response = await api.post("v1/lrs/quotes", QUOTE)
    assert refused(response, 422) == "No active exchange rate found"


async def test_an_order_is_for_the_dollars_of_the_quote(shop: Shop, resident: str) -> None:
    quote = await shop.lrs_quote()
    path = f"v1/customer/{resident}/bank_account"
    account = created(await shop.api.post(path, {"bank_code": "hdfc", "account_number": "1"}))
    lrs = {
        "lrs_quote_id": quote["id"],
        "remittance_information": "REF-1",
        "bank_account_id": account["id"],
    }
    not_stored = {
        "invoice_number": "1",
        "invoice_description": "x",
        "invoice_amount": 10**6,
        "reference_number": "R",
        "document_id": await shop.document(),
        "product": {"name": "Shares"},
    }
    order = created(await shop.ask_lrs_order(quote, customer_id=resident, lrs=lrs, **not_stored))
    assert order["lrs"] == lrs
    assert order["purpose_code"] == "S0001"
    assert not set(order) & set(not_stored)
    again = await shop.ask_lrs_order(quote, customer_id=resident)
    assert refused(again) == "lrs_quote_id has already been used"
    shop.sandbox.clock.advance(minutes=30)
    assert (await shop.read(order))["status"] == "expired"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": 1}, "amount must be equal to the amount of the LRS quote"),
        ({"currency": "EUR"}, "LRS orders are only supported in USD"),
        ({"purpose_code": "P0103"}, "Validation failed: Purpose code is invalid"),
        ({"lrs": {}}, "lrs_quote_id is missing"),
        ({"lrs": {"lrs_quote_id": "quote_unknown"}}, "lrs_quote_id not found"),
        ({"invoice_amount": 1}, "Invoice amount must be greater than or equal to amount"),
        ({"quote_id": "quote_1"}, "amount cannot be specified when quote_id is present"),
    ],
)
async def test_orders_have_their_texts(
    shop: Shop, resident: str, changes: dict[str, Any], message: str
) -> None:
    response = await shop.ask_lrs_order(
        await shop.lrs_quote(), **{"customer_id": resident, **changes}
    )
    assert message in refused(response)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"remittance_information": None}, "remittance_information is missing"),
        ({"remittance_information": "x" * 21}, "remittance_information is invalid"),
        ({"remittance_information": "no spaces"}, "remittance_information is invalid"),
        ({"bank_account_id": "ba_1"}, "Bank account id must start with 'acclrs_'"),
        ({"beneficiary_id": "bene_supplier"}, "Beneficiary must be of category lrs"),
    ],
)
async def test_the_details_have_their_texts(
    shop: Shop, resident: str, changes: dict[str, Any], message: str
) -> None:
    quote = await shop.lrs_quote()
    lrs = {"lrs_quote_id": quote["id"], "remittance_information": "R", **changes}
    assert refused(await shop.ask_lrs_order(quote, customer_id=resident, lrs=lrs)) == message


async def test_the_account_is_at_the_bank_of_the_quote(shop: Shop, resident: str) -> None:
    path = f"v1/customer/{resident}/bank_account"
    account = created(await shop.api.post(path, {"bank_code": "axis", "account_number": "1"}))
    quote = await shop.lrs_quote()
    lrs = {"lrs_quote_id": quote["id"], "remittance_information": "R"}
    other = {**lrs, "bank_account_id": account["id"]}
    response = await shop.ask_lrs_order(quote, customer_id=resident, lrs=other)
    assert refused(response) == "Bank account must be at the bank of the LRS quote"
    unknown = {**lrs, "bank_account_id": "acclrs_unknown"}
    response = await shop.ask_lrs_order(quote, customer_id=resident, lrs=unknown)
    assert refused(response, 404) == "Bank account not found"


async def test_only_for_residents_of_india(shop: Shop) -> None:
    response = await shop.ask_lrs_order(await shop.lrs_quote())
    assert refused(response) == "LRS orders are only supported for customers in India"


async def test_other_quotes_are_refused(shop: Shop, resident: str) -> None:
    for quote in (await shop.lrs_quote(**PAYOUT), await shop.quote()):
        amount = {"amount": 1_000, "customer_id": resident}
        response = await shop.ask_lrs_order({"to": {"amount": 1_000}, **quote}, **amount)
        assert refused(response) == "lrs_quote_id is not an LRS payin quote"
    late = await shop.lrs_quote()
    shop.sandbox.clock.advance(minutes=30)
    response = await shop.ask_lrs_order(late, customer_id=resident)
    assert refused(response) == "lrs_quote_id has expired"
