"""`/platform/merchants`: merchants that a platform onboards. Each acts with a token of its own."""

from __future__ import annotations

from typing import cast

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.engine import MERCHANT as KIND
from glomo.sandbox.engine.errors import ApiError, bad_request, not_found
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Json, Request, Resource, Response, Route

_REQUIRED = (
    "name",
    "address_line1",
    "city",
    "state",
    "pincode",
    "registration_number",
    "registration_country",
    "entity_type",
    "category",
    "sub_category",
)
_CATEGORIES = (
    "Agricultural Services",
    "Contracted Services",
    "Transportation Services",
    "Telecommunications",
    "Utilities",
    "Retail and Goods",
    "Financial Services",
    "Business Services",
    "Professional Services",
    "Government Services",
)
INVALID = "Invalid request data"
"""The text for a body that has the wrong shape."""
_GENDERS = ("male", "female", "undefined")
_STATUSES = ("success", "pending", "failed")


def require_platform(account: Account) -> None:
    """Raise a 403 unless the account is a platform's."""
    if account.id is not None or not account.options.platform:
        raise ApiError(403, "This feature is not enabled for your account")


def _onboard(request: Request) -> Response:
    account = request.account
    require_platform(account)
    details = _details(request.json(INVALID))
    identifier = account.new_id("merch", KIND)
    with account.engine.transaction():
        merchant: Record = {
            "owner_merchant_id": account.merchant_id,
            "merchant_id": identifier,
            "status": "pending",
            **details,
            **account.stamps(),
            "jwt_token": account.engine.keys.issue(identifier),
            "public_key": f"test_{account.engine.ids.token('public_key', identifier, 16)}",
        }
        account.store.put(KIND, identifier, merchant)
        account.engine.open(identifier)
        account.emit(KIND, _event_data(merchant))
    return Response({"message": "Merchant created successfully!", "data": public(merchant)}, 201)


def _details(body: Json) -> Record:
    required = {name: fields.required(body, name) for name in _REQUIRED}
    fields.choice("entity_type", required["entity_type"], ("individual", "business"))
    fields.choice("category", required["category"], _CATEGORIES)
    countries = body.get("operation_countries")
    if not isinstance(countries, list) or not countries:
        raise bad_request("operation_countries is missing")
    if not all(isinstance(country, str) for country in cast("list[object]", countries)):
        raise bad_request(INVALID)
    details: Record = {
        "name": required["name"],
        "category": required["category"],
        "entity_type": required["entity_type"],
        "sub_category": required["sub_category"],
        "registration_number": required["registration_number"],
        "registration_country": required["registration_country"],
        "address": {
            "address_line1": required["address_line1"],
            "address_line2": fields.text(body, "address_line2") or "",
            "city": required["city"],
            "state": required["state"],
            "pincode": required["pincode"],
            "country": required["registration_country"],
        },
        "operation_countries": countries,
    }
    if required["entity_type"] == "individual":
        details["date_of_birth"] = fields.required(body, "date_of_birth")
        details["gender"] = fields.choice("gender", fields.required(body, "gender"), _GENDERS)
    return details


def _event_data(merchant: Record) -> Record:
    """A webhook is no place for a token."""
    hidden = ("jwt_token", "public_key")
    return {
        "id": merchant["merchant_id"],
        **{key: value for key, value in merchant.items() if key not in hidden},
    }


def _retrieve(request: Request) -> Response:
    require_platform(request.account)
    identifier = request.path["merchant_id"]
    if not identifier.startswith("merch_"):
        raise bad_request("Invalid merchant ID format")
    return Response(public(_merchant(request.account, identifier)))


def _merchant(account: Account, identifier: str) -> Record:
    merchant = account.store.get(KIND, identifier)
    if merchant is None:
        raise not_found("Merchant with the specified ID was")
    return merchant


def _mock_update_status(request: Request) -> Response:
    account, body = request.account, request.json()
    require_platform(account)
    merchant = _merchant(account, fields.required(body, "merchant_id"))
    status = fields.choice("target_status", fields.required(body, "target_status"), _STATUSES)
    with account.engine.transaction():
        updated = account.store.put(
            KIND, merchant["merchant_id"], account.updated(merchant, status=status)
        )
        account.emit(KIND, _event_data(updated))
    return Response(public(updated))


RESOURCE = Resource(
    routes=(
        Route("platform.onboard_merchant", "POST", "/platform/merchants", _onboard),
        Route(
            "platform.mock_update_merchant_status",
            "PATCH",
            "/platform/merchants/status-update",
            _mock_update_status,
            mock=True,
        ),
        Route("platform.retrieve_merchant", "GET", "/platform/merchants/{merchant_id}", _retrieve),
    ),
)
