"""Whatever a request holds, the sandbox responds as the API would: never with a 500.

Every field of every body is replaced, in turn, by every odd value; every parameter of every list
as well. The books are balanced afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from glomo.sandbox.api import RESOURCES
from tests.sandbox.conftest import payout_body
from tests.sandbox.shop import CUSTOMER, RESIDENT, Shop
from tests.sandbox.test_beneficiaries import BODY as BENEFICIARY
from tests.sandbox.test_platform import MERCHANT
from tests.sandbox.test_subscriptions import FIXED, ON_DEMAND
from tests.sandbox.test_treasury import ACCOUNT, CONVERSION
from tests.sandbox.test_treasury import BENEFICIARY as BENEFICIARY_V1

ODD: list[Any] = [None, True, 0, -1, 1.5, 10**18, 10**400, "", " ", "\x00", "ü" * 300, "6623"]
ODD += [[], [None], [[]], [{}], {}, {"id": 5}, "2026-02-30", "9999-12-31", "0001-01-01T00:00:00Z"]


def _variants(body: Any) -> Iterator[Any]:
    """The body with each of its parts replaced by each odd value."""
    yield from ODD
    if isinstance(body, dict):
        for key, value in body.items():
            for odd in _variants(value):
                yield {**body, key: odd}
            yield {other: value for other, value in body.items() if other != key}
    elif isinstance(body, list):
        for index, value in enumerate(body):
            for odd in _variants(value):
                yield [*body[:index], odd, *body[index + 1 :]]


async def _bodies(shop: Shop) -> dict[str, dict[str, Any]]:
    """A body that is right, for each operation that takes one."""
    customer = await shop.customer_id()
    order, link = await shop.order(), await shop.link()
    payment = await shop.card(await shop.order())
    unmatched = await shop.transfer()
    document = await shop.document()
    payout = await shop.api.paid()
    merchant = (await shop.api.post("v1/platform/merchants", MERCHANT)).json()["data"]
    pairs = {"documents": [{"id": document, "rfi_doc_id": "rfidoc_1"}]}
    payin = {
        "customer_id": customer,
        "amount": 10_000,
        "currency": "USD",
        "purpose_code": "P0103",
        "document_id": document,
        "invoice_number": "INV-1",
        "invoice_amount": 20_000,
        "payment_methods": ["card"],
        "product": {"name": "Shoes", "description": "Red"},
        "notes": {"a": "b"},
        "split_ids": [],
        "request_id": "odd",
    }
    return {
        "api_keys.rotate": {"expire_after_in_seconds": 604_800},
        "balance_conversions.create": CONVERSION,
        "bank_account_validations.create": ACCOUNT,
        "beneficiaries.create": BENEFICIARY,
        "beneficiaries.mock_review": {"review_action": "approve"},
        "beneficiaries_v1.create": BENEFICIARY_V1,
        "customers.create": {**CUSTOMER, **RESIDENT, "dob": "1990-01-01"},
        "customers.create_bank_account": {"account_number": "1", "bic_primary": "CITIUS33"},
        "customers.create_lrs_bank_account": {"bank_code": "hdfc", "account_number": "1"},
        "documents.create": {},
        "internal_transfers.create": {
            "amount": 1,
            "currency": "AED",
            "reference": "r",
            "from_merchant_id": "merch_sandbox",
            "to_merchant_id": merchant["merchant_id"],
        },
        "lrs.create_quote": {
            "bank_code": "hdfc",
            "source_amount": 4_400_000,
            "source_currency": "INR",
            "target_currency": "USD",
        },
        "orders.create": payin,
        "orders.update_rfi": pairs,
        "payment_links.create": {**payin, "expires_at": "2026-10-09", "reminder_frequency": 1},
        "payment_links.update": {"expires_at": "2026-10-09T00:00:00Z"},
        "payment_links.update_rfi": pairs,
        "payments.create": {
            "order_id": order["id"],
            "method": "card",
            "card": {"number": "4532491111111111"},
            "callback_url": "https://shop.example",
        },
        "payments.create_mock": {"payin_id": link["id"], "amount": 10_000, "currency": "USD"},
        "payments.connect_payin": {"payin_id": link["id"]},
        "payments.update_rfi": pairs,
        "payouts.create": {
            **payout_body(shop.sandbox),
            "documents": [document],
            "invoice_number": "INV-1",
            "notes": {"a": "b"},
        },
        "payouts.mock_update_status": {
            "id": payout["id"],
            "status": "action_required",
            "rfi_document_ids": ["rfidoc_1"],
        },
        "payouts.update_rfi": pairs,
        "platform.mock_update_merchant_status": {
            "merchant_id": merchant["merchant_id"],
            "target_status": "pending",
        },
        "platform.onboard_merchant": {
            **MERCHANT,
            "entity_type": "individual",
            "gender": "male",
            "date_of_birth": "1990-01-01",
        },
        "prices.create": {"pricing_type": "percentage", "bps": 100, "set_as_default": True},
        "quotes.create": {
            "resource": "payin",
            "source_currency": "USD",
            "destination_currency": "EUR",
            "destination_amount": 10_000,
            "payment_method": {"type": "bank_transfer"},
        },
        "refunds.create": {
            "payment_id": payment["id"],
            "reason": "Others",
            "amount": 10_000,
            "request_id": "odd",
            "document_id": document,
        },
        "refunds.mock_update_status": {"status": "failed"},
        "refunds.update_rfi": pairs,
        "rfis.respond": {"documents": [{"rfi_doc_id": "rfidoc_1", "doc_id": document}]},
        "settlements.create": {"payment_ids": [payment["id"], unmatched["id"]]},
        "settlements.mock_trigger": {},
        "subscriptions.create": {"customer_id": customer, **FIXED, "plan_name": "P", "notes": {}},
        "subscriptions.update_next_payment_date": {"next_payment_date": "2026-09-20"},
        "virtual_accounts.create": {"payment_type": "local", "currency": "AED"},
        "withdrawals.create": {"amount": 100, "balance_currency": "USD"},
    }


async def test_every_part_of_every_body_may_be_odd(make_api: Any) -> None:
    api = make_api(rate_limit=None, partial_refunds=True)
    shop = Shop(api)
    bodies = await _bodies(shop)
    bodies["subscriptions.create/on_demand"] = {**bodies["subscriptions.create"], **ON_DEMAND}
    routes = {route.operation: route for one in RESOURCES for route in one.routes}
    failures: set[str] = set()
    for name, right in bodies.items():
        route = routes[name.partition("/")[0]]
        path = await _path(shop, route.full_path)
        for body in _variants(right):
            # The key that is rotated must not be the one that the rest of the test bears.
            key = "rotated" if name == "api_keys.rotate" else "secret"
            headers = {"Authorization": f"Bearer {key}"}
            response = await api.http.request(route.method, path, json=body, headers=headers)
            if response.status_code >= 500:
                failures.add(f"{name} {body!r:.200}")
    assert failures == set()
    api.sandbox.engine.check()


async def _path(shop: Shop, template: str) -> str:
    """The path of an object that is there, if the operation is about one."""
    if "{id}" not in template:
        return template
    kind = template.split("/")[3]
    if kind == "customer":
        return template.replace("{id}", await shop.customer_id())
    create = {
        "payouts": lambda: shop.api.paid(source_amount=6623),
        "orders": shop.order,
        "payin": shop.link,
        "payment": shop.transfer,
    }.get(kind)
    prefix = {"beneficiaries": "bene", "refunds": "refund", "rfis": "rfi", "subscriptions": "sub"}
    identifier = (await create())["id"] if create else f"{prefix[kind]}_1"
    return template.replace("{id}", identifier)


async def test_every_parameter_of_every_list_may_be_odd(make_api: Any) -> None:
    api = make_api(rate_limit=None)
    await api.paid()
    names = ("before", "after", "page", "per_page", "status", "currency", "country", "request_id")
    names += ("customer_id", "payin_id", "payment_method", "start_date", "beneficiary_id")
    for route in (route for one in RESOURCES for route in one.routes if route.method == "GET"):
        path = route.full_path.replace("{id}", "payout_%01").replace("{merchant_id}", "merch_ü")
        for name in names:
            for odd in ("", "x", "0", "-1", "9" * 30, "2026-02-30", "9999-12-31", "\x00", "ü"):
                response = await api.http.get(path, params={name: odd})
                assert response.status_code < 500, f"{route.operation} {name}={odd!r}"
