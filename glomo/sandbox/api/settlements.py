"""`/settlements`."""

from __future__ import annotations

from glomo.sandbox.engine import settlements
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, not_found, unprocessable
from glomo.sandbox.engine.settlements import KIND
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    payment_ids = fields.ids(body, "payment_ids", "payt")
    amount = fields.amount(body, "amount")
    if payment_ids and amount is not None:
        raise bad_request("Send either amount and balance_currency, or payment_ids")
    with account.engine.transaction():
        if payment_ids:
            settlement = settlements.of_payments(account, _payments(account, payment_ids))
        else:
            settlement = _of_balance(account, body, amount)
        settlement = settlements.settle_later(account, settlement)
    return Response(public(settlement), 201)


def _payments(account: Account, payment_ids: list[str]) -> list[Record]:
    payments = [
        account.store.get("payment", payment_id) for payment_id in dict.fromkeys(payment_ids)
    ]
    existing = [payment for payment in payments if payment is not None]
    if len(existing) < len(payments):
        raise unprocessable("Payments cannot be settled: some payments do not exist")
    return existing


def _of_balance(account: Account, body: Json, amount: int | None) -> Record:
    if amount is None:
        raise bad_request("Validation failed: amount is missing")
    currency = fields.text(body, "balance_currency")
    if currency not in account.books.currencies():
        raise bad_request("Validation failed: currency is not a valid currency")
    assert currency is not None
    return settlements.of_balance(account, currency, amount)


def _settlement(request: Request) -> Record:
    settlement = request.account.store.get(KIND, request.id("setl"))
    if settlement is None:
        raise not_found("Settlement")
    return settlement


def _retrieve(request: Request) -> Response:
    return Response(public(_settlement(request)))


def _list(request: Request) -> Response:
    return page_of(request, request.account.store.all(KIND))


def _list_transactions(request: Request) -> Response:
    index = settlements.TRANSACTION_INDEX
    lines = request.account.store.find(*index, _settlement(request)["id"])
    return page_of(request, lines)


def _mock_trigger(request: Request) -> Response:
    account = request.account
    with account.engine.transaction():
        created = settlements.settle_everything(account)
    return Response({"data": [public(settlement) for settlement in created]})


RESOURCE = Resource(
    routes=(
        Route("settlements.create", "POST", "/settlements", _create),
        Route("settlements.list", "GET", "/settlements", _list),
        Route(
            "settlements.mock_trigger",
            "POST",
            "/settlements/mock-trigger",
            _mock_trigger,
            mock=True,
        ),
        Route("settlements.retrieve", "GET", "/settlements/{id}", _retrieve),
        Route(
            "settlements.list_transactions",
            "GET",
            "/settlements/{id}/transactions",
            _list_transactions,
        ),
    ),
    indexes=(settlements.TRANSACTION_INDEX,),
    timers={settlements.SETTLE: settlements.settle},
)
