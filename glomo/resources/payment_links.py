"""Payment links: amounts to be paid at a page that Glomo hosts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.id_prefixes import PAYMENT_LINK
from glomo.models.payins import (
    BankAccountDetailsParams,
    PaymentMethodName,
    PaymentMethodType,
    ProductParams,
)
from glomo.models.payment_links import (
    PaymentLink,
    PaymentLinkStatus,
    PaymentLinkStatusName,
    Reminder,
)
from glomo.models.shared import Amount, BalanceCurrency, Notes, RfiAnswer
from glomo.pagination import Pager
from glomo.polling import Until, wait_for
from glomo.resources.base import Resource
from glomo.resources.payment_link_operations import (
    CANCEL,
    CREATE,
    LIST,
    MOCK_MARK_REVIEWED,
    RETRIEVE,
    UPDATE,
    UPDATE_RFI,
)
from glomo.serialization.model import OMIT, Omit
from glomo.validation import Checks, dates

# Some links of the API's description are known by a bare UUID.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


class PaymentLinksResource(Resource):
    """Payment links of the account."""

    id_prefixes = PAYMENT_LINK

    @overload
    async def create(
        self,
        *,
        customer_id: str,
        amount: Amount,
        currency: BalanceCurrency | str,
        expires_at: datetime | date,
        payment_methods: Sequence[PaymentMethodType | PaymentMethodName] | Omit = OMIT,
        purpose_code: str | Omit = OMIT,
        price_id: str | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        document_id: str | Omit | None = OMIT,
        invoice_number: str | Omit | None = OMIT,
        invoice_description: str | Omit | None = OMIT,
        invoice_amount: Amount | Omit | None = OMIT,
        reference_number: str | Omit | None = OMIT,
        notify_customer: bool | Omit = OMIT,
        reminder_frequency: Reminder | Omit | None = OMIT,
        product: ProductParams | Mapping[str, Any] | Omit | None = OMIT,
        bank_account_id: str | Omit = OMIT,
        bank_account_details: BankAccountDetailsParams | Mapping[str, Any] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> PaymentLink: ...
    @overload
    async def create(
        self,
        *,
        customer_id: str,
        quote_id: str,
        purpose_code: str | Omit = OMIT,
        document_id: str | Omit | None = OMIT,
        invoice_number: str | Omit | None = OMIT,
        invoice_description: str | Omit | None = OMIT,
        invoice_amount: Amount | Omit | None = OMIT,
        reference_number: str | Omit | None = OMIT,
        notify_customer: bool | Omit = OMIT,
        reminder_frequency: Reminder | Omit | None = OMIT,
        product: ProductParams | Mapping[str, Any] | Omit | None = OMIT,
        bank_account_id: str | Omit = OMIT,
        bank_account_details: BankAccountDetailsParams | Mapping[str, Any] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> PaymentLink: ...
    async def create(
        self,
        *,
        customer_id: str,
        amount: Amount | Omit = OMIT,
        currency: BalanceCurrency | str | Omit = OMIT,
        quote_id: str | Omit = OMIT,
        expires_at: datetime | date | Omit = OMIT,
        payment_methods: Sequence[PaymentMethodType | PaymentMethodName] | Omit = OMIT,
        purpose_code: str | Omit = OMIT,
        price_id: str | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        document_id: str | Omit | None = OMIT,
        invoice_number: str | Omit | None = OMIT,
        invoice_description: str | Omit | None = OMIT,
        invoice_amount: Amount | Omit | None = OMIT,
        reference_number: str | Omit | None = OMIT,
        notify_customer: bool | Omit = OMIT,
        reminder_frequency: Reminder | Omit | None = OMIT,
        product: ProductParams | Mapping[str, Any] | Omit | None = OMIT,
        bank_account_id: str | Omit = OMIT,
        bank_account_details: BankAccountDetailsParams | Mapping[str, Any] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> PaymentLink:
        """Make a page at which a customer pays an amount.

        Give amount, currency and expiry; or a quote, which fixes them. The API
        has no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createPayin` (`POST /payin`).

        Args:
            customer_id: who pays (`cust_...`).
            amount: what is to be paid, in minor units of `currency`, or as `Money`.
            currency: USD, EUR, GBP, AED, SGD or AUD.
            quote_id: a payin quote (`quote_...`), in place of `amount`, `currency`, `expires_at`,
                `price_id`, `payment_methods` and `split_ids`.
            expires_at: until when it can be paid, at most six months ahead: a `datetime` with its
                time zone. A `date` is its first moment, 00:00 UTC: the day before is the last one
                on which the link can be paid.
            payment_methods: how the customer may pay: `card`, `bank_transfer`, `pay_via_bank`. Left
                out, every way that the account has; one that it has not is ignored.
            purpose_code: why (`P....`); required unless the account has a default.
            price_id: the referral fee to charge (`price_...`), for platforms.
            split_ids: pricing splits to apply (`psplit_...`).
            document_id: the document that goes with the payment (`doc_...`).
            invoice_number: number of the invoice. Some accounts must give it, with `document_id`.
            invoice_description: what the invoice is for.
            invoice_amount: the invoice's total, in minor units or as `Money`: at least `amount`.
            reference_number: your own reference, for reconciliation.
            notify_customer: whether to email the link to the customer; left out, it is.
            reminder_frequency: days between reminders to the customer: 1, 2, 7 or 14.
            product: what is paid for.
            bank_account_id: the registered account that the customer will pay from.
            bank_account_details: that account in full, in place of its id.
            notes: custom key-value pairs.

        Returns:
            The link: `active`, `under_review`, or `action_required` with the `rfi_documents` to
            send.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a field; or the quote has expired or was used.
            NotFoundError: no such customer.
            OutcomeUnknownError: the link may exist.
        """
        body = {
            "customer_id": customer_id,
            "amount": amount,
            "currency": currency,
            "quote_id": quote_id,
            "expires_at": dates.first_moment(expires_at),
            "payment_methods": payment_methods,
            "purpose_code": purpose_code,
            "price_id": price_id,
            "split_ids": split_ids,
            "document_id": document_id,
            "invoice_number": invoice_number,
            "invoice_description": invoice_description,
            "invoice_amount": invoice_amount,
            "reference_number": reference_number,
            "notify_customer": notify_customer,
            "reminder_frequency": reminder_frequency,
            "product": product,
            "bank_account_id": bank_account_id,
            "bank_account_details": bank_account_details,
            "notes": notes,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        customer_id: str | Omit = OMIT,
        status: PaymentLinkStatus | PaymentLinkStatusName | str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[PaymentLink]:
        """List payment links, newest first.

        API operation: `getPayins` (`GET /payin`).

        Args:
            customer_id: only links of this customer.
            status: only links with this status.
            before: only links created at or before this time.
            after: only links created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for link in glomo.payment_links.list(): ...`.
        """
        filters = {
            "customer_id": customer_id,
            "status": status,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> PaymentLink:
        """Read one payment link.

        API operation: `getPayinById` (`GET /payin/{id}`).

        Args:
            id: the link (`plink_...` or `payin_...`).

        Raises:
            NotFoundError: no such link in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def update(
        self,
        id: str,
        *,
        expires_at: datetime | date | Omit = OMIT,
        reminder_frequency: Reminder | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> PaymentLink:
        """Change until when a link can be paid, or how often the customer is reminded.

        API operation: `updatePayin` (`PATCH /payin/{id}`).

        Args:
            id: the link (`plink_...` or `payin_...`).
            expires_at: until when it can be paid, at most six months ahead: a `datetime` with its
                time zone. A `date` is its first moment, 00:00 UTC: the day before is the last one
                on which the link can be paid.
            reminder_frequency: days between reminders: 1, 2, 7 or 14.

        Raises:
            BadRequestError: the link can no longer be changed.
            NotFoundError: no such link.
        """
        body = {
            "expires_at": dates.first_moment(expires_at),
            "reminder_frequency": reminder_frequency,
        }
        return await self._send(UPDATE, options, path={"id": id}, body=body)

    async def cancel(self, id: str, **options: Unpack[CallOptions]) -> PaymentLink:
        """Cancel a payment link: it can no longer be paid.

        API operation: `cancelPayin` (`PATCH /payin/{id}/cancel`).

        Args:
            id: the link (`plink_...` or `payin_...`).

        Returns:
            The link, `cancelled`.

        Raises:
            BadRequestError: it is paid, expired or failed.
            NotFoundError: no such link.
        """
        return await self._send(CANCEL, options, path={"id": id})

    async def update_rfi(
        self,
        id: str,
        *,
        documents: Sequence[RfiAnswer | Mapping[str, str]],
        **options: Unpack[CallOptions],
    ) -> PaymentLink:
        """Answer a request for information on a payment link, which is then reviewed.

        API operation: `updatePayinRfi` (`PATCH /payin/{id}/update-rfi`).

        Args:
            id: the link (`plink_...` or `payin_...`), `action_required`.
            documents: one `RfiAnswer` for each of its `rfi_documents`, all in one call.

        Raises:
            BadRequestError: the link does not wait for documents, or not for these.
            NotFoundError: no such link.
        """
        return await self._send(UPDATE_RFI, options, path={"id": id}, body={"documents": documents})

    async def mock_mark_reviewed(self, id: str, **options: Unpack[CallOptions]) -> PaymentLink:
        """Let the review of a payment link of the sandbox end well.

        API operation: `mockReviewPaymentLink` (`PATCH /payin/{id}/mock_mark_reviewed`).

        Args:
            id: the link (`plink_...` or `payin_...`), `under_review`.

        Returns:
            The link, `active`.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            BadRequestError: the link is not under review.
        """
        return await self._send(MOCK_MARK_REVIEWED, options, path={"id": id})

    async def wait(
        self, id: str, *, until: Until[PaymentLink] | None = None, timeout: float = 600.0
    ) -> PaymentLink:
        """Read a payment link again and again until it is paid, failed or cancelled.

        One that is `expired` may still be paid by a payment under way: to give up then, wait
        `until={"paid", "expired"}`.

        Args:
            id: the link (`plink_...` or `payin_...`).
            until: what to wait for instead: statuses, or a condition on the link. A condition is
                waited for beyond a success; a failure ends the wait in any case.
            timeout: seconds to wait at most.

        Returns:
            The link as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the link as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )

    def _check_id(self, checks: Checks, name: str) -> None:
        link = checks[name]
        if not (isinstance(link, str) and _UUID.match(link)):  # links of the older kind
            super()._check_id(checks, name)
