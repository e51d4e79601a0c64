"""`/withdrawals`, which the vendor has deprecated: a balance goes to the merchant's own account."""

from __future__ import annotations

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.books import Line
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.rates import SOURCE_CURRENCIES, price
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Request, Resource, Response, Route
from .paging import matching, page_of
from .withdrawal_accounts import KIND as WITHDRAWAL_ACCOUNT

KIND = "withdrawal"
_SETTLE = "withdrawal.settle"
_STATUSES = ("in_progress", "success", "failed", "action_required", "cancelled", "under_review")


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    amount = fields.amount(body, "amount")
    if amount is None:
        raise bad_request("amount is missing")
    currency = fields.required(body, "balance_currency")
    fields.choice("balance_currency", currency, SOURCE_CURRENCIES)
    target = _target(account, fields.text(body, "withdrawal_account_id"))
    quoted_price = price(
        currency,
        target["currency"],
        account.options.fees,
        source_amount=None,
        destination_amount=amount,
    )
    account.books.need(currency, quoted_price.cost)

    def money(minor: int) -> list[Record]:
        return [{"currency": currency, "amount": minor}]

    number = account.store.count(KIND) + 1
    record: Record = {
        "id": f"payout_{account.engine.ids.token(f'{account.id}/withdrawal', str(number), 12)}",
        "status": "in_progress",
        "currency": target["currency"],
        "amount": amount,
        "withdrawal_account_id": target["id"],
        "payment_method": "bank_transfer",
        "balance_used": money(quoted_price.cost),
        "purpose_code": "S0017",
        "mid_market_rate": [{"currency": target["currency"], "rate": float(quoted_price.rate)}],
        "fx_fees": money(quoted_price.fx_fee),
        "txn_fees": money(quoted_price.txn_fee),
        **account.stamps(),
        "_source": (
            currency,
            quoted_price.source_amount,
            quoted_price.fx_fee + quoted_price.txn_fee,
        ),
    }
    with account.engine.transaction():
        account.store.put(KIND, record["id"], record)
        account.books.transfer(
            KIND, record["id"], currency, quoted_price.cost, source="available", target="held"
        )
        if account.options.settle_after is None:  # no mock would end it
            _settle(account, record["id"])
        else:
            account.schedule(account.now() + account.options.settle_after, _SETTLE, record["id"])
    return Response(public(account.store.get(KIND, record["id"]) or record), 201)


def _target(account: Account, identifier: str | None) -> Record:
    if identifier is None:
        return next(iter(account.store.all(WITHDRAWAL_ACCOUNT)))
    target = account.store.get(WITHDRAWAL_ACCOUNT, identifier)
    if target is None:
        raise not_found("Withdrawal account")
    return target


def _settle(account: Account, withdrawal_id: str) -> None:
    """Timer: the bank has it."""
    record = account.store.get(KIND, withdrawal_id)
    if record is None or record["status"] != "in_progress":
        return
    currency, minor, fees = record["_source"]
    lines = [
        Line("held", currency, -minor - fees),
        Line("fees.withdrawal", currency, fees),
        Line("exchange", currency, minor),
        Line("exchange", record["currency"], -record["amount"]),
        Line("bank", record["currency"], record["amount"]),
    ]
    account.books.post(KIND, withdrawal_id, lines)
    account.store.put(KIND, withdrawal_id, account.updated(record, status="success"))


def _list(request: Request) -> Response:
    status = request.query.get("status")
    if status:
        fields.choice("status", status, _STATUSES)
    matches = matching(request, "status", "withdrawal_account_id")
    return page_of(request, request.account.store.all(KIND), matches)


RESOURCE = Resource(
    routes=(
        Route("withdrawals.create", "POST", "/withdrawals", _create),
        Route("withdrawals.list", "GET", "/withdrawals", _list),
    ),
    timers={_SETTLE: _settle},
)
