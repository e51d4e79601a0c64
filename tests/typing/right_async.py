"""Code as users of the asynchronous client write it. It is checked for types, not run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

import httpx

from glomo import (
    OMIT,
    AsyncGlomo,
    Money,
    Omit,
    Page,
    Pager,
    RateLimiter,
    Replay,
    errors,
    request_id_for,
)
from glomo.batch import Batch
from glomo.types import (
    AddressParams,
    BankAccountParams,
    BankTransferDetails,
    BeneficiaryParams,
    CardDetails,
    Customer,
    Order,
    Payment,
    Payout,
    PayoutErrorCode,
    PayoutStatus,
    PayViaBankDetails,
    Quote,
    Refund,
    RfiAnswer,
    Subscription,
)


async def top_up(amount: Money | None) -> None: ...


async def park(request_id: str | None) -> None: ...


async def pay(yesterday: datetime) -> None:
    async with AsyncGlomo() as glomo:
        balance = await glomo.balances.retrieve()
        assert_type(balance.available["USD"], Money)

        try:
            payout = await glomo.payouts.create(
                beneficiary_id="bene_5JU9yv0lGSUP",
                source_currency="USD",
                destination_currency="INR",
                source_amount=Money.of("1250.00", "USD").minor,
                payment_rail="neft",
                purpose_code="S1005",
                request_id="invoice-2026-0917",
            )
        except errors.InsufficientBalanceError as short:
            await top_up(short.additional_required)
            return
        except errors.OutcomeUnknownError as unknown:
            await park(unknown.request_id)
            return
        assert_type(payout, Payout)

        async for failed in glomo.payouts.list(status="failed", after=yesterday):
            assert_type(failed, Payout)
            assert_type(failed.error_code, PayoutErrorCode | None)
            assert_type(failed.source, Money)
            print(failed.id, failed.error_code, failed.source)

        done = await glomo.payouts.wait(payout.id, timeout=600)
        assert done.status.terminal


async def pay_a_batch() -> None:
    batch = Batch.from_csv("november.csv", name="payroll-2026-11")
    plan = batch.plan()
    assert_type(plan.totals, dict[str, Money])
    async with AsyncGlomo() as glomo:
        async for event in batch.run(glomo, journal="november.journal"):
            print(event)
    report = batch.report()
    assert report.accepted + report.rejected == len(plan)


async def three_ways_to_pay(glomo: AsyncGlomo) -> None:
    by_source = await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        source_amount=125000,
        documents=["doc_1"],
        notes={"invoice": "17"},
    )
    by_destination = await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        destination_amount=10_000_000,
        request_id=request_id_for("payroll", "row-17"),
    )
    by_quote = await glomo.payouts.create(
        beneficiary_id="bene_1", purpose_code="S1005", quote_id="quote_1", timeout=20
    )
    assert_type([by_source, by_destination, by_quote], list[Payout])


async def quote_first(glomo: AsyncGlomo) -> Quote | None:
    offers = await glomo.quotes.create(
        resource="payout",
        source_currency="USD",
        destination_currency="INR",
        destination_amount=10_000_000,
        payment_method={"type": "bank_transfer", "subtype": "local_transfer"},
    )
    rates = [offer.fx_rate for offer in offers.quotes]
    assert_type(rates, list[Decimal | None])
    return offers.quotes[0] if offers.quotes else None


async def walk(glomo: AsyncGlomo) -> None:
    pager = glomo.payments.list(compliance_status="approved", per_page=50)
    assert_type(pager, Pager[Payment])
    assert_type(await pager.first(), Payment | None)
    assert_type(await pager.collect(limit=10), list[Payment])
    async for page in pager.pages():
        assert_type(page, Page[Payment])
        assert_type(page.total, int | None)


async def read_a_payment(payment: Payment) -> str | None:
    if payment.payment_method is None:
        return None
    match payment.payment_method.details:
        case CardDetails(card_network=network):
            return network
        case BankTransferDetails(external_reference=reference):
            return reference
        case PayViaBankDetails() as debit:
            return debit.sender_bank_name
        case other:
            assert_type(other, Mapping[str, Any] | None)
            return None


async def add_a_beneficiary(glomo: AsyncGlomo) -> None:
    address = AddressParams(
        address_line1="1 Main St", city="Pune", state="MH", country_code="IND", postal_code="411001"
    )
    await glomo.beneficiaries.create(
        category="payout",
        beneficiary=BeneficiaryParams(name="Asha", type="individual", address=address),
        bank_account=BankAccountParams(
            account_number="123456789", currency="INR", local_routing_number="YESB0000002"
        ),
    )
    await glomo.beneficiaries.create(
        category="payout",
        beneficiary={"name": "Asha", "type": "individual", "address": address},
        upi_account={"upi_id": "asha@ybl"},
    )


async def take_an_order(glomo: AsyncGlomo, customer: Customer) -> Order:
    order = await glomo.orders.create(
        customer_id=customer.id, amount=1000, currency="USD", payment_methods=["card"]
    )
    if order.rfi_documents:
        documents = [
            RfiAnswer(id="doc_1", rfi_doc_id=document.rfi_doc_id or "")
            for document in order.rfi_documents
        ]
        order = await glomo.orders.update_rfi(order.id, documents=documents)
    return await glomo.orders.wait(order.id, until={"paid", "expired"}, timeout=60)


async def give_back(glomo: AsyncGlomo, payment: Payment) -> Refund:
    refund = await glomo.refunds.create(
        payment_id=payment.id, request_id=f"refund-{payment.id}", reason="Duplicate"
    )
    return await glomo.refunds.wait(refund.id, until=lambda now: now.utr is not None)


async def subscribe(glomo: AsyncGlomo) -> Subscription:
    today = datetime.now(UTC).date()
    plan = await glomo.subscriptions.create(
        customer_id="cust_1",
        product_name="ShieldGuard",
        product_description="Insurance",
        amount=1000,
        currency="USD",
        interval_type="month",
        interval_count=3,
        billing_cycles=4,
        start_date=today,
        expires_at=today + timedelta(days=7),
        notify_customer=True,
        starts_with_first_payment=True,
    )
    assert_type(plan.next_payment_date, date | None)
    return plan


async def upload(glomo: AsyncGlomo, path: Path) -> Sequence[str]:
    def progress(sent: int, size: int) -> None:
        print(f"{sent}/{size}")

    by_path = await glomo.documents.create(
        file=path, document_name="invoice", on_progress=progress, timeout=300
    )
    by_bytes = await glomo.documents.create(
        file=b"%PDF", document_name="invoice", file_name="invoice.pdf"
    )
    with path.open("rb") as file:
        by_file = await glomo.documents.create(file=file, document_name="invoice")
    return by_path.id, by_bytes.id, by_file.id


async def pass_on(glomo: AsyncGlomo, invoice: str | None, rail: str | Omit = OMIT) -> Payout:
    """A wrapper hands on what its own caller left out."""
    return await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        source_amount=100,
        payment_rail=rail,
        invoice_number=invoice,
    )


async def look_behind(glomo: AsyncGlomo) -> None:
    with glomo.capture() as responses:
        payout = await glomo.payouts.retrieve("payout_1", extra_headers={"x-trace": "1"})
    print(responses[-1].status, responses[-1].headers["content-type"], responses[-1].elapsed)
    print(payout.extra.get("a_field_of_tomorrow"))
    print(await glomo.request("POST", "/v1/new-things", body={"a": 1}, replay=Replay.NONE))


async def understand(glomo: AsyncGlomo, payout: Payout) -> None:
    if payout.status in (PayoutStatus.FAILED, PayoutStatus.CANCELLED):
        print(payout.error_description)
    if payout.status == "success":
        print(payout.utr)
    if not payout.status.known:
        print("later than this SDK:", payout.status.value)
    try:
        await glomo.payouts.cancel(payout.id)
    except errors.NotFoundError as missing:
        print(missing.status, missing.message, missing.operation)
    except (errors.RateLimitError, errors.ServerError, errors.TransportError):
        raise
    except errors.ParameterError as wrong:
        print(wrong.parameter)


def make_clients() -> list[AsyncGlomo]:
    shared = RateLimiter(3000)
    return [
        AsyncGlomo("sk-one", rate_limit=shared, timeout=10, validate=False),
        AsyncGlomo("sk-two", rate_limit=shared, http_client=httpx.AsyncClient()),
        AsyncGlomo("sk-three", base_url="http://localhost:8080/api", rate_limit=None),
    ]


async def ids(glomo: AsyncGlomo) -> AsyncIterator[str]:
    async for link in glomo.payment_links.list(status="active"):
        yield link.id


def count_money(amounts: Sequence[Money]) -> Money:
    total = Money.of("0", "USD")
    for amount in amounts:
        total += amount
    assert_type(total.amount, Decimal)
    return total
