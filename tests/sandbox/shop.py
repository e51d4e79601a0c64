"""A merchant's calls around payins, with bodies that are right but for the changes of a test."""

from __future__ import annotations

from typing import Any

import httpx

from tests.sandbox.conftest import Api

CUSTOMER = {
    "name": "John Doe",
    "customer_type": "individual",
    "email": "john@example.com",
    "address": "123 Main St",
    "city": "Springfield",
    "state": "Illinois",
    "country": "USA",
    "pincode": "62701",
}
RESIDENT = {
    "name": "Asha Rao",
    "email": "asha@example.com",
    "country": "IND",
    "phone": "+91-9023456789",
    "kyc": {"pan_number": "BFQPG7654R"},
}
"""What makes a customer one of LRS."""

NO_OTP, NO_OTP_DECLINED = "4532491111111111", "4532271111111112"
OTP, OTP_DECLINED = "4532442222222222", "4556822222222223"


class Shop:
    """The calls. Those named after a thing return it, and fail unless it was created."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.sandbox = api.sandbox
        self._customer_id: str | None = None

    async def customer(self, **changes: Any) -> dict[str, Any]:
        return created(await self.api.post("v1/customer", without({**CUSTOMER, **changes})))

    async def customer_id(self) -> str:
        if self._customer_id is None:
            self._customer_id = (await self.customer(email="shopper@example.com"))["id"]
        return self._customer_id

    async def ask_order(self, **changes: Any) -> httpx.Response:
        body = {"customer_id": await self.customer_id(), "amount": 10_000, "currency": "USD"}
        return await self.api.post("v1/orders", without({**body, **changes}))

    async def order(self, **changes: Any) -> dict[str, Any]:
        return created(await self.ask_order(**changes))

    async def ask_link(self, **changes: Any) -> httpx.Response:
        body = {
            "customer_id": await self.customer_id(),
            "amount": 10_000,
            "currency": "USD",
            "purpose_code": "P0103",
            "expires_at": "2026-10-09T00:00:00Z",
        }
        return await self.api.post("v1/payin", without({**body, **changes}))

    async def link(self, **changes: Any) -> dict[str, Any]:
        return created(await self.ask_link(**changes))

    async def transfer(self, payin: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """A bank transfer of the mock: for a payin, or for none."""
        if payin is None:
            body: dict[str, Any] = {"amount": 10_000, "currency": "USD"}
            body["payment_method"] = "BankTransfer"
        else:
            body = {"payin_id": payin["id"]}
            body |= {key: payin[key] for key in ("amount", "currency")}
        return created(await self.api.post("v1/payment/mock", without({**body, **changes})))

    async def ask_card(
        self, order: dict[str, Any], number: str = NO_OTP, **changes: Any
    ) -> httpx.Response:
        body = {
            "order_id": order["id"],
            "method": "card",
            "card": {"number": number, "expiry_month": "12", "expiry_year": "2030", "cvv": "123"},
            "callback_url": "https://shop.example.com/paid",
        }
        return await self.api.post("v1/payment", without({**body, **changes}))

    async def card(
        self, order: dict[str, Any], number: str = NO_OTP, **changes: Any
    ) -> dict[str, Any]:
        return created(await self.ask_card(order, number, **changes))

    async def ask_refund(self, payment: dict[str, Any], **changes: Any) -> httpx.Response:
        body = {"payment_id": payment["id"], "reason": "Requested By Customer", **changes}
        return await self.api.post("v1/refunds", without(body))

    async def document(self, name: str = "invoice") -> str:
        response = await self.api.http.post(
            "/api/v1/document",
            data={"document_name": name},
            files={"file": ("invoice.pdf", b"%PDF-1.7", "application/pdf")},
        )
        return str(created(response)["id"])

    async def quote(self, **changes: Any) -> dict[str, Any]:
        """The first offer for a payin of EUR 100.00, paid in USD."""
        body = {
            "resource": "payin",
            "source_currency": "USD",
            "destination_currency": "EUR",
            "destination_amount": 10_000,
            "payment_method": {"type": "bank_transfer"},
            **changes,
        }
        return created(await self.api.post("v1/quotes", without(body)))["quotes"][0]

    async def lrs_quote(self, **changes: Any) -> dict[str, Any]:
        body = {
            "bank_code": "hdfc",
            "source_amount": 4_400_000,
            "source_currency": "INR",
            "target_currency": "USD",
            **changes,
        }
        return created(await self.api.post("v1/lrs/quotes", without(body)))

    async def ask_lrs_order(self, quote: dict[str, Any], **changes: Any) -> httpx.Response:
        lrs = {"lrs_quote_id": quote["id"], "remittance_information": "REF12345"}
        body = {"amount": quote["to"]["amount"], "purpose_code": "S0001", "lrs": lrs, **changes}
        return await self.ask_order(**body)

    async def read(self, thing: dict[str, Any]) -> dict[str, Any]:
        """The thing as it is now."""
        paths = {"order": "orders", "plink": "payin", "payt": "payment", "refund": "refunds"}
        paths |= {"rfi": "rfis"}
        response = await self.api.get(f"v1/{paths[thing['id'].partition('_')[0]]}/{thing['id']}")
        assert response.status_code == 200, response.text
        return response.json()

    def events(self, since: int = 0) -> list[str]:
        """The names of the webhooks so far: `payment.success`."""
        events = self.sandbox.webhooks.events()[since:]
        return [f"{one['entity_type']}.{one['event_type']}" for one in events]

    def balance(self, account: str = "available", currency: str = "USD") -> int:
        self.sandbox.books.check()
        return self.sandbox.books.balance(account, currency)


def without(body: dict[str, Any]) -> dict[str, Any]:
    """The body without what a test gave as `...`."""
    return {key: value for key, value in body.items() if value is not ...}


def created(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code in (201, 202), response.text
    return response.json()


def refused(response: httpx.Response, status: int = 400) -> str:
    """The message of an error."""
    assert response.status_code == status, response.text
    return str(response.json()["message"])
