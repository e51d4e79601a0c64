"""`/bank_account_validation`: whether an account exists, and who holds it."""

from __future__ import annotations

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.beneficiaries import KIND as BENEFICIARY
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.store import Record

from . import fields
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

KIND = "bank_account_validation"
_REQUIRED = ("country", "holder_name", "account_number", "bic_primary", "bic_secondary")


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    checked = _checked(account, body)
    exists = bool(checked["account_number"].strip("0"))
    holder = checked["holder_name"]
    record: Record = {
        "id": account.new_id("aval", KIND),
        "status": "success",
        "validation_message": (
            f"The account is registered to {holder}" if exists else "The account does not exist"
        ),
        "fee_charged": {"amount": 0, "currency": "USD"},
        **account.stamps(),
        "_beneficiary": fields.text(body, "id"),
        "_country": checked["country"].upper(),
    }
    with account.engine.transaction():
        account.store.put(KIND, record["id"], record)
    return Response(_rendered(record))


def _checked(account: Account, body: Json) -> dict[str, str]:
    identifier = fields.text(body, "id")
    if identifier is None:
        return {name: fields.required(body, name) for name in _REQUIRED}
    beneficiary = account.store.get(BENEFICIARY, identifier)
    if beneficiary is None:
        raise bad_request("Beneficiary not found")
    bank: Record = beneficiary["bank_account"] or {}
    return {
        "country": beneficiary["address"]["country_code"],
        "holder_name": beneficiary["name"],
        "account_number": bank.get("account_number") or beneficiary["upi_account"]["upi_id"],
    }


def _rendered(record: Record) -> Record:
    return {key: record[key] for key in ("id", "status", "validation_message", "fee_charged")}


def _list(request: Request) -> Response:
    beneficiary = request.query.get("beneficiary_account_id")
    country = request.query.get("country", "").upper()
    return page_of(
        request,
        request.account.store.all(KIND),
        lambda record: (
            (not beneficiary or record["_beneficiary"] == beneficiary)
            and (not country or record["_country"] == country)
        ),
        show=_rendered,
    )


RESOURCE = Resource(
    routes=(
        Route("bank_account_validations.create", "POST", "/bank_account_validation", _create),
        Route("bank_account_validations.list", "GET", "/bank_account_validation", _list),
    ),
)
