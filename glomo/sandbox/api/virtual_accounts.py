"""`/virtual-accounts`: account numbers on which customers' transfers arrive."""

from __future__ import annotations

from glomo.sandbox.engine.errors import ApiError, bad_request, not_found
from glomo.sandbox.engine.rates import SOURCE_CURRENCIES
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Request, Resource, Response, Route
from .paging import page_of

KIND = "virtual_account"
_TYPES = ("local", "swift")
_FIRST_NUMBER = 1001


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    payment_type, currency = (fields.text(body, name) for name in ("payment_type", "currency"))
    if payment_type is None or currency is None:
        raise bad_request("Missing Required parameters")
    fields.choice("payment_type", payment_type, _TYPES)
    fields.choice("currency", currency, SOURCE_CURRENCIES)
    if _active(request, payment_type, currency) is not None:
        raise ApiError(409, "Virtual Account already exists", reason="Duplicate record")
    number = account.store.count(KIND) + _FIRST_NUMBER
    record: Record = {
        "account_id": f"VA{number}",
        "currency": currency,
        "account_number": account.engine.ids.account_number(f"{account.id}/VA{number}"),
        "name": "Sandbox Merchant",
        "status": "active",
        **account.stamps(),
        "_payment_type": payment_type,
    }
    with account.engine.transaction():
        account.store.put(KIND, record["account_id"], record)
        account.emit(KIND, record)
    return Response(public(record), 201)


def _active(request: Request, payment_type: str, currency: str) -> Record | None:
    for account in request.account.store.all(KIND):
        if (account["_payment_type"], account["currency"], account["status"]) == (
            payment_type,
            currency,
            "active",
        ):
            return account
    return None


def _list(request: Request) -> Response:
    currency = request.query.get("currency")
    return page_of(
        request,
        request.account.store.all(KIND),
        lambda account: not currency or account["currency"] == currency,
    )


def _close(request: Request) -> Response:
    account, query = request.account, request.query
    payment_type, currency = query.get("payment_type"), query.get("currency")
    if not payment_type or not currency:
        raise bad_request("Missing Required parameters")
    record = _active(request, payment_type, currency)
    if record is None:
        raise not_found("Virtual account")
    with account.engine.transaction():
        closed = account.updated(record, status="inactive")
        account.store.put(KIND, closed["account_id"], closed)
        account.emit(KIND, closed)
    return Response(public(closed))


RESOURCE = Resource(
    routes=(
        Route("virtual_accounts.create", "POST", "/virtual-accounts", _create),
        Route("virtual_accounts.list", "GET", "/virtual-accounts", _list),
        Route("virtual_accounts.close", "DELETE", "/virtual-accounts", _close),
    ),
)
