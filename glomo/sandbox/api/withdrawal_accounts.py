"""`/withdrawal_accounts`: the merchant's own bank accounts. Every merchant has two."""

from __future__ import annotations

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import not_found
from glomo.sandbox.engine.store import Record, public

from .endpoint import Request, Resource, Response, Route
from .paging import page_of

KIND = "withdrawal_account"
_BANKS = {"USD": ("First Sandbox Bank", "FSBKUS33", "USA"), "INR": ("Sandbox Bank", "", "IND")}


def _setup(account: Account) -> None:
    if account.store.count(KIND):
        return
    for currency, (bank, swift_code, country) in _BANKS.items():
        identifier = account.new_id("accwith", KIND)
        number = account.engine.ids.account_number(identifier)
        record: Record = {
            "id": identifier,
            "holder_name": "Sandbox Merchant",
            "account_number": number,
            "bank_name": bank,
            "bic_primary": swift_code or "SBOXINBB",
            "bic_secondary": "SBOX0000001" if country == "IND" else "021000021",
            "currency": currency,
            "email": "owner@example.com",
            "address_line1": "1 Sample Street",
            "address_line2": "",
            "city": "Sample City",
            "state": "Sample State",
            "country": country,
            "pincode": "10001",
            **account.stamps(),
        }
        account.store.put(KIND, identifier, record)


def _list(request: Request) -> Response:
    return page_of(request, request.account.store.all(KIND))


def _retrieve(request: Request) -> Response:
    record = request.account.store.get(KIND, request.id("accwith"))
    if record is None:
        raise not_found("Withdrawal account")
    return Response(public(record))


RESOURCE = Resource(
    routes=(
        Route("withdrawal_accounts.list", "GET", "/withdrawal_accounts", _list),
        Route("withdrawal_accounts.retrieve", "GET", "/withdrawal_accounts/{id}", _retrieve),
    ),
    setup=_setup,
)
