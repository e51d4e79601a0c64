"""docs/flows/lrs.md"""

from __future__ import annotations

import pytest

from glomo import webhooks
from glomo.errors import WaitTimeoutError
from glomo.types import Customer, Order, Payment

from .conftest import Shop
from .test_checkout import CUSTOMER

PAGE = "flows/lrs.md"


@pytest.fixture
def resident(shop: Shop) -> Customer:
    customer: Customer = shop.call(
        shop.glomo.customers.create,
        **{
            **CUSTOMER,
            "name": "Asha Rao",
            "email": "asha@example.com",
            "country": "IND",
            "phone": "+91-9023456789",
            "kyc": {"pan_number": "BFQPG7654R"},
        },
    )
    return customer


def paid(shop: Shop, order: Order) -> Payment:
    """What the customer does at the bank."""
    payment: Payment = shop.call(
        shop.glomo.payments.create_mock, amount=order.amount, currency="USD", payin_id=order.id
    )
    return payment


def test_from_the_quote_to_the_funds(shop: Shop, resident: Customer) -> None:
    shop.receive()
    shop.learn(PAGE)
    order = shop.call("remit", shop.glomo, resident.id, "000123456789", 44_000)
    assert (order.amount, order.currency) == (48_801, "USD")
    payment = paid(shop, order)
    assert payment.status == "success"
    assert not payment.funds_available
    shop.call(shop.glomo.payments.mock_funds_available, payment.id)
    assert shop.call("arrived", shop.glomo, payment.id)
    shop.flush()
    assert webhooks.PaymentFundsAvailable in map(type, shop.events)


def test_success_is_not_the_end_of_waiting_for_funds(shop: Shop, resident: Customer) -> None:
    shop.learn(PAGE)
    order = shop.call("remit", shop.glomo, resident.id, "000123456789", 44_000)
    payment = paid(shop, order)
    # For the status alone, `success` is the end.
    assert shop.call(shop.glomo.payments.wait, payment.id).status == "success"
    for until in ("funds_available", lambda payment: payment.funds_available):
        with pytest.raises(WaitTimeoutError) as caught:
            shop.call(shop.glomo.payments.wait, payment.id, until=until, timeout=0.5)
        assert caught.value.last_seen.status == "success"


def test_waiting_for_funds_ends_when_the_payment_fails(shop: Shop) -> None:
    customer = shop.call(shop.glomo.customers.find_or_create, **CUSTOMER)
    order = shop.call(
        shop.glomo.orders.create,
        customer_id=customer.id,
        amount=10_000,
        currency="USD",
        purpose_code="P0802",
        payment_methods=["card"],
    )
    shop.sandbox.set_options(settle_after=None)
    attempt = shop.call(
        shop.glomo.payments.create,
        order_id=order.id,
        method="card",
        card={
            "number": "4532442222222222",
            "expiry_month": "12",
            "expiry_year": "2030",
            "cvv": "123",
        },
        callback_url="https://shop.example.com/paid",
    )
    shop.sandbox.complete_payment(attempt.id, "PAYMENT_DECLINED")
    payment = shop.call(shop.glomo.payments.wait, attempt.id, until="funds_available", timeout=5)
    assert payment.status == "failed"
