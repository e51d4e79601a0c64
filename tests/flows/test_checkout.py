"""docs/flows/checkout.md"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from glomo import webhooks
from glomo.errors import (
    AlreadyTakenError,
    OutcomeUnknownError,
    ParameterError,
    SignatureError,
)

from .conftest import SECRET, Shop

PAGE = "flows/checkout.md"
CUSTOMER: dict[str, Any] = {
    "name": "Jane Doe",
    "email": "Jane@example.com",
    "country": "USA",
    "customer_type": "individual",
    "address": "1 Main Street",
    "city": "New York",
    "state": "NY",
    "pincode": "10001",
}


def test_from_the_cart_to_the_delivery(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered: list[Any] = []
    shop.learn(PAGE, webhooks=shop.webhooks, deliver=lambda *order: delivered.append(order))
    paid = shop.names["paid"]
    router = shop.webhooks.Router(SECRET, dedupe=webhooks.MemoryStore())
    if shop.portal is None:
        router.on(webhooks.OrderPaid)(paid)
        router.otherwise(lambda event: None)
    else:

        async def paid_async(event: webhooks.OrderPaid) -> None:
            paid(event)

        async def ignored(event: webhooks.Event) -> None: ...

        router.on(webhooks.OrderPaid)(paid_async)
        router.otherwise(ignored)
    shop.receive(router)
    cart = SimpleNamespace(
        id="c1", name="Jane Doe", email="jane@example.com", total="100.00", product="Consulting"
    )
    order = shop.call("start", shop.glomo, cart)
    # The customer is sent back, pays, and Glomo tells.
    assert shop.call("start", shop.glomo, cart) == order
    payment = shop.call(
        shop.glomo.payments.create_mock,
        amount=order.amount,
        currency="USD",
        payin_id=order.id,
    )
    shop.flush()
    assert delivered == [(order.id, 10_000, "USD")]
    monkeypatch.setenv("GLOMO_API_KEY", "sk_test")
    form = {"paymentId": payment.id, "status": "success"}
    form["signature"] = webhooks.sign_callback(
        order_id=order.id, payment_id=payment.id, status="success", secret_key="sk_test"
    )
    assert shop.names["returned"]({"order_id": order.id}, form) == "Thank you"
    with pytest.raises(SignatureError):
        shop.names["returned"]({"order_id": "order_dearer"}, form)


def test_a_customer_is_made_once(shop: Shop) -> None:
    customers = shop.glomo.customers
    first = shop.call(customers.find_or_create, **CUSTOMER)
    again = shop.call(
        customers.find_or_create, **{**CUSTOMER, "email": "jane@EXAMPLE.com", "name": "J Doe"}
    )
    assert again == first
    assert again.name == "Jane Doe"
    elsewhere = shop.call(customers.find_or_create, **{**CUSTOMER, "country": "CAN"})
    assert elsewhere.id != first.id


def test_the_second_of_two_creates_is_told_why(shop: Shop) -> None:
    shop.call(shop.glomo.customers.create, **CUSTOMER)
    with pytest.raises(AlreadyTakenError, match="Email has already been taken"):
        shop.call(shop.glomo.customers.create, **CUSTOMER)


def test_a_lost_response_is_looked_up(shop: Shop) -> None:
    shop.sandbox.lose_response(after_commit=True, operation="customers.create", times=1)
    customer = shop.call(shop.glomo.customers.find_or_create, **CUSTOMER)
    assert customer.email == "Jane@example.com"
    assert len(shop.call(shop.glomo.customers.list().collect)) == 1


def test_what_cannot_be_found_stays_unknown(shop: Shop) -> None:
    shop.sandbox.lose_response(after_commit=False, operation="customers.create", times=1)
    with pytest.raises(OutcomeUnknownError):
        shop.call(shop.glomo.customers.find_or_create, **CUSTOMER)


def test_another_was_faster(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    # It is not there at the first look, and taken when it is to be made.
    customers = getattr(shop.glomo.customers, "_async", shop.glomo.customers)
    look = customers._find
    looks = 0

    async def late(*args: Any) -> Any:
        nonlocal looks
        looks += 1
        return None if looks == 1 else await look(*args)

    first = shop.call(shop.glomo.customers.create, **CUSTOMER)
    monkeypatch.setattr(customers, "_find", late)
    assert shop.call(shop.glomo.customers.find_or_create, **CUSTOMER) == first
    assert looks == 2


@pytest.mark.parametrize("email", ["", None, 7])
def test_without_an_email_nobody_is_found(shop: Shop, email: Any) -> None:
    # A list that is not filtered would give somebody else.
    shop.call(shop.glomo.customers.create, **CUSTOMER)
    with pytest.raises(ParameterError, match="email"):
        shop.call(shop.glomo.customers.find_or_create, **{**CUSTOMER, "email": email})
