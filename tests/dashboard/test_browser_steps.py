"""Every button of a record, pressed in a real browser; what it did is in the records and books."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from glomo.sandbox import Sandbox
from glomo.sandbox.server.dashboard.pages import PER_PAGE
from tests.sandbox.shop import CUSTOMER, OTP
from tests.sandbox.test_platform import MERCHANT
from tests.sandbox.test_subscriptions import FIXED

from .conftest import new_sandbox
from .test_browser import pay

_NUMBERS = count()


class Site:
    """The dashboard in a browser, and the API that its records come from."""

    def __init__(self, sandbox: Sandbox, origin: str, page: Any) -> None:
        self.sandbox = sandbox
        self.origin = origin
        self.page = page

    def create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": "Bearer secret"}
        response = httpx.post(f"{self.origin}/api/{path}", json=body, headers=headers)
        assert response.status_code in (201, 202), response.text
        return response.json()

    def customer(self, **changes: Any) -> str:
        email = f"shopper{next(_NUMBERS)}@example.com"
        return str(self.create("v1/customer", {**CUSTOMER, "email": email, **changes})["id"])

    def order(self, **changes: Any) -> dict[str, Any]:
        body = {"customer_id": self.customer(**changes), "amount": 10_000, "currency": "USD"}
        return self.create("v1/orders", body)

    def payment(self) -> dict[str, Any]:
        body = {"payin_id": self.order()["id"], "amount": 10_000, "currency": "USD"}
        return self.create("v1/payment/mock", body)

    def record(self, kind: str, key: str) -> dict[str, Any]:
        return self.sandbox.engine.store.table(kind).records[key]

    def press(self, kind: str, key: str, *labels: str) -> None:
        """Open a record and press its buttons, one after the other."""
        self.page.goto(f"{self.origin}/records/{kind}/{key}")
        for label in labels:
            self.page.get_by_role("button", name=label, exact=True).press("Enter")
            self.page.wait_for_selector(f".notice:not(.bad) >> text={label}: done")
        self.sandbox.engine.check()


@pytest.fixture(scope="module")
def site(browser: Any) -> Iterator[Site]:
    with new_sandbox() as sandbox, sandbox.serve() as server:
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Site(sandbox, server.origin, page)
        page.close()
        assert errors == []


class Case(NamedTuple):
    """A record, the buttons pressed on it, and the status that it has then."""

    kind: str
    start: Callable[[Site], str]
    labels: tuple[str, ...]
    status: str


def order(site: Site) -> str:
    return str(site.order()["id"])


def screened_order(site: Site) -> str:
    return str(site.order(name="jexru7")["id"])


def card_payment(site: Site) -> str:
    body = {
        "order_id": order(site),
        "method": "card",
        "card": {"number": OTP, "expiry_month": "12", "expiry_year": "2030", "cvv": "123"},
        "callback_url": "https://shop.example.com/paid",
    }
    return str(site.create("v1/payment", body)["id"])


def refund(site: Site) -> str:
    body = {"payment_id": site.payment()["id"], "reason": "Others"}
    return str(site.create("v1/refunds", body)["id"])


def beneficiary(site: Site) -> str:
    return str(site.sandbox.add_beneficiary(status="pending")["id"])


def screened_payout(site: Site) -> str:
    return pay(f"{site.origin}/api", source_amount=6623, request_id=f"hit-{next(_NUMBERS)}")


def rfi(site: Site) -> str:
    request = site.sandbox.rfi_of(screened_payout(site))
    assert request is not None
    return str(request["id"])


def subscription(site: Site) -> str:
    plan = {**FIXED, "customer_id": site.customer()}
    return str(site.create("v1/subscriptions", plan)["id"])


def merchant(site: Site) -> str:
    return str(site.create("v1/platform/merchants", MERCHANT)["data"]["merchant_id"])


CASES = [
    Case("order", order, ("Pay it",), "paid"),
    Case("order", order, ("Pay too much",), "active"),
    Case("order", order, ("Fail",), "failed"),
    Case("order", screened_order, ("Send the documents", "Clear the review"), "active"),
    Case("order", screened_order, ("Send the documents", "Refuse"), "failed"),
    Case("payment", card_payment, ("Succeed",), "success"),
    Case("payment", card_payment, ("Decline",), "failed"),
    Case("refund", refund, ("Succeed",), "success"),
    Case("refund", refund, ("Fail",), "failed"),
    Case("beneficiary", beneficiary, ("Approve",), "active"),
    Case("beneficiary", beneficiary, ("Reject",), "rejected"),
    Case("payout", screened_payout, ("Send the documents", "Clear the review"), "in_progress"),
    Case("rfi", rfi, ("Send the documents", "Clear the review"), "approved"),
    Case("rfi", rfi, ("Send the documents", "Refuse"), "rejected"),
    Case("subscription", subscription, ("Cancel",), "cancelled"),
    Case("merchant", merchant, ("Approve",), "success"),
    Case("merchant", merchant, ("Reject",), "failed"),
]


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=f"{one.kind} {one.labels[-1]} {one.status}") for one in CASES]
)
def test_a_record_takes_its_steps(site: Site, case: Case) -> None:
    key = case.start(site)
    site.press(case.kind, key, *case.labels)
    assert site.record(case.kind, key)["status"] == case.status


def test_the_documents_that_are_sent_exist(site: Site) -> None:
    payout = screened_payout(site)
    site.press("payout", payout, "Send the documents")
    attached = site.record("payout", payout)["documents"]
    assert attached
    for one in attached:
        assert site.record("document", one["id"])["status"] == "uploaded"
        site.page.goto(f"{site.origin}/records/document/{one['id']}")
        assert one["id"] in site.page.inner_text("h1")


def test_a_fault_is_set_in_the_form(site: Site) -> None:
    site.page.goto(f"{site.origin}/faults")
    site.page.select_option("select[name=kind]", "fail_before")
    site.page.select_option("select[name=operation]", "balances.retrieve")
    site.page.fill("input[name=times]", "2")
    site.page.fill("input[name=status]", "504")
    site.page.get_by_role("button", name="Add").press("Enter")
    site.page.wait_for_selector("text=504, 2 left")
    read = {"url": f"{site.origin}/api/v1/balances", "headers": {"Authorization": "Bearer k"}}
    assert [httpx.get(**read).status_code for _ in range(3)] == [504, 504, 200]
    site.page.wait_for_selector("text=Everything works.")


def test_without_a_script_an_error_is_shown_where_the_button_was_pressed(
    site: Site, browser: Any
) -> None:
    key = order(site)
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{site.origin}/records/order/{key}")
    site.sandbox.fail_payin(key)  # a page with a script would learn of it
    page.get_by_role("button", name="Pay it").press("Enter")
    notice = page.wait_for_selector(".notice.bad")
    assert "cannot take this step" in notice.inner_text()
    assert urlsplit(page.url).path == f"/records/order/{key}"
    page.close()


def test_a_page_of_a_list_follows_what_happens_on_it(site: Site) -> None:
    for number in range(PER_PAGE + 1):
        site.sandbox.add_beneficiary(f"bene_{number}")
    total = site.sandbox.account().store.count("beneficiary")
    site.page.goto(f"{site.origin}/records/beneficiary")
    site.page.get_by_role("link", name="Older").press("Enter")
    site.page.wait_for_selector(f"text=51 to {total} of {total}")
    site.page.wait_for_selector(".dot.on")
    site.sandbox.add_beneficiary("bene_late")
    site.page.wait_for_selector(f"text=51 to {total + 1} of {total + 1}")
    assert site.page.locator(".records a").count() == total + 1 - PER_PAGE
