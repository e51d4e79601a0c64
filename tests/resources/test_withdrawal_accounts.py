from __future__ import annotations

import pytest

from glomo import AsyncGlomo
from glomo.errors import ParameterError

from .conftest import Wire

ACCOUNT = {
    "id": "accwith_5JU9yv0lGSUP",
    "holder_name": "Test Arts & Crafts Pvt Ltd",
    "account_number": "1234567890",
    "bank_name": "Yes Bank",
    "currency": "USD",
    "country": "Ind",
    "created_at": "2021-06-01T12:00:00Z",
}


async def test_numbers_are_masked_in_a_repr(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("GET", "/v1/withdrawal_accounts/accwith_1", ACCOUNT)
    account = await glomo.withdrawal_accounts.retrieve("accwith_1")
    assert account.account_number == "1234567890"
    assert "1234567890" not in repr(account)
    assert "7890" in repr(account)


async def test_a_walk_keeps_to_what_there_was_at_its_start(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on(
        "GET",
        "/v1/withdrawal_accounts",
        {"data": [ACCOUNT], "page_meta": {"current": 1, "next": 2}},
        {"data": [{**ACCOUNT, "id": "accwith_2"}], "page_meta": {"current": 2, "next": None}},
    )
    accounts = await glomo.withdrawal_accounts.list().collect()
    assert [account.id for account in accounts] == ["accwith_5JU9yv0lGSUP", "accwith_2"]
    assert "before=2021-06-01T12%3A00%3A01Z" in wire.targets[1]


async def test_ids_of_accounts(glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="accwith_"):
        await glomo.withdrawal_accounts.retrieve("acc_1")
