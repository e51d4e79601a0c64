"""`/beneficiaries`: the first version, which the vendor has deprecated. They can be paid, too."""

from __future__ import annotations

from glomo.sandbox.engine import beneficiaries
from glomo.sandbox.engine.errors import not_found
from glomo.sandbox.engine.seeding import CURRENCIES
from glomo.sandbox.engine.store import Record, without_nulls

from . import fields
from .endpoint import Request, Resource, Response, Route
from .paging import page_of

KIND = "beneficiary_v1"
_REQUIRED = (
    "beneficiary_type",
    "account_number",
    "holder_name",
    "bic_primary",
    "bic_secondary",
    "bank_name",
    "address_line1",
    "email",
    "city",
    "state",
    "country",
    "pincode",
    "nickname",
)
_OPTIONAL = (
    "address_line2",
    "intermediate_bank_name",
    "intermediate_bank_country",
    "intermediate_bank_swift_code",
)
_TYPES = ("individual", "business")


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    details: Record = {name: fields.required(body, name) for name in _REQUIRED}
    fields.choice("beneficiary_type", details["beneficiary_type"], _TYPES)
    details |= {name: fields.text(body, name) for name in _OPTIONAL}
    identifier = account.new_id("bene", beneficiaries.KIND)
    with account.engine.transaction():
        beneficiaries.write(
            account,
            _current(details),
            beneficiary_id=identifier,
            status="active",
            rails=None,
        )
        record = {"id": identifier, **details, **account.stamps()}
        account.store.put(KIND, identifier, record)
        account.emit("beneficiary", {**record, "status": "active"})
    return Response(without_nulls(record), 201)


def _current(details: Record) -> Record:
    """The same beneficiary in the shape of version 2, for payouts."""
    address: Record = {
        **{name: details[name] for name in ("address_line1", "address_line2", "city", "state")},
        "country_code": details["country"].upper(),
        "postal_code": details["pincode"],
    }
    return {
        "name": details["holder_name"],
        "type": details["beneficiary_type"],
        "category": "payout",
        "email": details["email"],
        "phone": None,
        "nickname": details["nickname"],
        "address": address,
        "bank_account": {
            "account_number": details["account_number"],
            "name": details["bank_name"],
            "swift_code": details["bic_primary"],
            "local_routing_number": details["bic_secondary"],
            "currency": CURRENCIES.get(details["country"].upper(), "USD"),
            "address": address,
            "intermediate_bank": None,
        },
        "upi_account": None,
        "documents": [],
        "notes": None,
    }


def _list(request: Request) -> Response:
    kind, country = request.query.get("beneficiary_type"), request.query.get("country", "")
    if kind:
        fields.choice("beneficiary_type", kind, _TYPES)
    return page_of(
        request,
        request.account.store.all(KIND),
        lambda beneficiary: (
            (not kind or beneficiary["beneficiary_type"] == kind)
            and (not country or beneficiary["country"].upper() == country.upper())
        ),
        without_nulls,
    )


def _retrieve(request: Request) -> Response:
    record = request.account.store.get(KIND, request.id("bene", "ben"))
    if record is None:
        raise not_found("Beneficiary")
    return Response(without_nulls(record))


RESOURCE = Resource(
    routes=(
        Route("beneficiaries_v1.create", "POST", "/beneficiaries", _create),
        Route("beneficiaries_v1.list", "GET", "/beneficiaries", _list),
        Route("beneficiaries_v1.retrieve", "GET", "/beneficiaries/{id}", _retrieve),
    ),
)
