from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo
from glomo.errors import ConflictError, NotFoundError, OutcomeUnknownError, ParameterError
from glomo.models.virtual_accounts import VirtualAccountPaymentType, VirtualAccountStatus

from .conftest import Wire

ACCOUNT = {
    "account_id": "VA1001",
    "currency": "AED",
    "account_number": "AE88001234567890",
    "name": "Acme Exports",
    "status": "active",
    "created_at": "2025-08-19T07:00:00Z",
    "updated_at": "2025-08-19T07:00:00Z",
}
LOST = httpx.ReadError("connection reset")
GONE = (404, {"error": "Not Found", "message": "Virtual account not found"})


async def test_opened(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/virtual-accounts", (201, ACCOUNT))
    account = await glomo.virtual_accounts.create(
        payment_type=VirtualAccountPaymentType.LOCAL, currency="AED"
    )
    assert wire.body == {"payment_type": "local", "currency": "AED"}
    assert account.status is VirtualAccountStatus.ACTIVE
    assert account.account_number == "AE88001234567890"
    assert "AE8800" not in repr(account)


async def test_there_is_one_already(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/virtual-accounts", (409, {"error": "Duplicate record"}))
    with pytest.raises(ConflictError):
        await glomo.virtual_accounts.create(payment_type="local", currency="AED")
    assert len(wire.targets) == 1


async def test_pages_tell_accounts_apart_by_their_own_id(glomo: AsyncGlomo, wire: Wire) -> None:
    second = {**ACCOUNT, "account_id": "VA1002"}
    wire.on(
        "GET",
        "/v1/virtual-accounts",
        {"data": [ACCOUNT], "page_meta": {"current": 1, "next": 2}},
        {"data": [ACCOUNT, second], "page_meta": {"current": 2, "next": None}},
    )
    accounts = await glomo.virtual_accounts.list(currency="AED").collect()
    assert [account.account_id for account in accounts] == ["VA1001", "VA1002"]


@pytest.mark.parametrize("response_body", [ACCOUNT, b"", {"message": "closed"}])
async def test_closed(glomo: AsyncGlomo, wire: Wire, response_body: Any) -> None:
    wire.on("DELETE", "/v1/virtual-accounts", (200, response_body))
    got = await glomo.virtual_accounts.close(payment_type="local", currency="AED")
    assert wire.targets == ["DELETE /v1/virtual-accounts?payment_type=local&currency=AED"]
    assert wire.body is None
    assert got.extra == (response_body or {})


async def test_closed_by_an_attempt_whose_answer_was_lost(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("DELETE", "/v1/virtual-accounts", LOST, GONE)
    page = {"data": [{**ACCOUNT, "status": "inactive"}], "page_meta": {}}
    wire.on("GET", "/v1/virtual-accounts", page)
    got = await glomo.virtual_accounts.close(payment_type="local", currency="AED")
    assert wire.targets[-1] == "GET /v1/virtual-accounts?currency=AED"
    assert got.extra == page


async def test_an_account_that_is_still_active_proves_nothing(
    glomo: AsyncGlomo, wire: Wire
) -> None:
    wire.on("DELETE", "/v1/virtual-accounts", LOST, GONE)
    wire.on("GET", "/v1/virtual-accounts", {"data": [ACCOUNT], "page_meta": {}})
    with pytest.raises(OutcomeUnknownError):
        await glomo.virtual_accounts.close(payment_type="local", currency="AED")


async def test_what_was_not_there_at_once_is_an_error(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("DELETE", "/v1/virtual-accounts", GONE)
    with pytest.raises(NotFoundError):
        await glomo.virtual_accounts.close(payment_type="local", currency="AED")
    assert len(wire.targets) == 1


async def test_currencies_are_three_capital_letters(glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="currency"):
        await glomo.virtual_accounts.close(payment_type="local", currency="aed")
