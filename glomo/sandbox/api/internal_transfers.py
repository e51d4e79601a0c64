"""`POST /internal-transfer`: between the balances of two merchants of one platform."""

from __future__ import annotations

from glomo.sandbox.engine.account import ROOT_MERCHANT, Account
from glomo.sandbox.engine.engine import MERCHANT
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Request, Resource, Response, Route
from .platform import INVALID, require_platform

KIND = "internal_transfer"
_CURRENCY = "AED"


def _create(request: Request) -> Response:
    account, body = request.account, request.json(INVALID)
    require_platform(account)
    amount = fields.amount(body, "amount")
    if amount is None:
        raise bad_request("amount is missing")
    if fields.required(body, "currency").upper() != _CURRENCY:
        raise bad_request("currency does not have a valid value")
    reference = fields.required(body, "reference")
    if len(reference) > 100:
        raise bad_request("reference is too long (maximum is 100 characters)")
    sides = [fields.required(body, name) for name in ("from_merchant_id", "to_merchant_id")]
    if sides[0] == sides[1]:
        raise bad_request("from_merchant_id and to_merchant_id must be different")
    source, target = (_account(account, merchant_id) for merchant_id in sides)
    source.books.need(_CURRENCY, amount)
    zero = {"currency": _CURRENCY, "amount": 0}
    record: Record = {
        "id": account.new_id("inttransfer", KIND),
        "from_merchant_id": sides[0],
        "to_merchant_id": sides[1],
        "owner_merchant_id": account.merchant_id,
        "transfer_amount": amount,
        "transfer_currency": _CURRENCY,
        "reference": reference,
        "fees": {"txn_fee": zero, "fx_fee": zero},
        "error_code": None,
        "error_description": None,
        **account.stamps(),
    }
    with account.engine.transaction():
        account.store.put(KIND, record["id"], record)
        target.books.open(_CURRENCY)
        source.books.transfer(
            KIND, record["id"], _CURRENCY, amount, source="available", target="merchants"
        )
        target.books.transfer(
            KIND, record["id"], _CURRENCY, amount, source="merchants", target="available"
        )
        account.emit(KIND, record, "success")
    return Response(public(record), 201)


def _account(account: Account, merchant_id: str) -> Account:
    if merchant_id == ROOT_MERCHANT:
        return account
    if account.store.get(MERCHANT, merchant_id) is None:
        raise bad_request(f"Merchant {merchant_id} not found")
    return account.engine.account(merchant_id)


RESOURCE = Resource(
    routes=(Route("internal_transfers.create", "POST", "/internal-transfer", _create),),
)
