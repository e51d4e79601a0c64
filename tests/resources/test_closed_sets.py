"""Values of closed sets, and combinations that the API refuses, are refused before sending."""

from __future__ import annotations

from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.errors import ParameterError
from glomo.pagination import Pager

from .conftest import Wire

QUOTE: dict[str, Any] = {
    "resource": "payout",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": 100,
}
FIXED: dict[str, Any] = {"pricing_type": "fixed", "fees_currency": "USD", "fees_amount": 5}
SHARE: dict[str, Any] = {"pricing_type": "percentage", "bps": 5}
MOCK: dict[str, Any] = {"amount": 100, "currency": "USD"}


@pytest.mark.parametrize(
    ("name", "changes", "parameter"),
    [
        ("quotes.create", QUOTE | {"resource": "refund"}, "resource"),
        ("quotes.create", QUOTE | {"payment_method": {"type": "cash"}}, "payment_method.type"),
        ("quotes.create", QUOTE | {"payment_method": {"subtype": "air"}}, "payment_method.subtype"),
        ("quotes.create", QUOTE | {"payment_method": 5}, "payment_method"),
        ("quotes.create", QUOTE | {"split_ids": ["split_1"]}, "split_ids[0]"),
        ("prices.create", FIXED | {"bps": 5}, "bps"),
        ("prices.create", SHARE | {"fees_amount": 5}, "fees_amount"),
        ("prices.create", SHARE | {"fees_currency": "USD"}, "fees_currency"),
        ("prices.create", SHARE | {"set_as_default": "yes"}, "set_as_default"),
        ("prices.create", {"pricing_type": "percent", "bps": 5}, "pricing_type"),
        ("payments.list", {"status": "under_review"}, "status"),
        ("payments.list", {"status": "done"}, "status"),
        ("payments.list", {"compliance_status": "fine"}, "compliance_status"),
        ("payments.list", {"payment_type": "link"}, "payment_type"),
        ("payments.list", {"payin_id": "payt_1"}, "payin_id"),
        ("payments.create_mock", MOCK | {"payment_method": "card"}, "payment_method"),
        ("payments.create_mock", MOCK | {"payin_id": "p", "remitter_name": "x"}, "remitter_name"),
        ("virtual_accounts.create", {"payment_type": "bank", "currency": "USD"}, "payment_type"),
        ("customers.list", {"customer_type": "person"}, "customer_type"),
        ("settlements.create", {"payment_ids": "payt_1"}, "payment_ids"),
    ],
)
async def test_it_is_refused(
    wire: Wire, glomo: AsyncGlomo, name: str, changes: dict[str, Any], parameter: str
) -> None:
    resource, _, method = name.partition(".")

    async def ask() -> None:
        result = getattr(getattr(glomo, resource), method)(**changes)
        await (result.first() if isinstance(result, Pager) else result)

    with pytest.raises(ParameterError) as refused:
        await ask()
    assert refused.value.parameter == parameter
    assert str(refused.value).startswith(f"{name}: ")
    assert wire.targets == []


async def test_a_misspelt_step_of_the_sandbox_is_refused(wire: Wire, glomo: AsyncGlomo) -> None:
    wrong: Any = "succes"
    for call in (
        lambda: glomo.payouts.mock_update_status("payout_1", status=wrong),
        lambda: glomo.refunds.mock_update_status("refund_1", status=wrong),
        lambda: glomo.beneficiaries.mock_review("bene_1", review_action=wrong),
    ):
        with pytest.raises(ParameterError, match="not 'succes'"):
            await call()
    assert wire.targets == []
