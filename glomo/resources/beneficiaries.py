"""Beneficiaries (v2): who payouts and LRS remittances go to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, Unpack

from glomo.http.operation import CallOptions, Operation, Replay, StateProbe
from glomo.id_prefixes import BENEFICIARY
from glomo.models.beneficiaries import (
    BankAccountParams,
    Beneficiary,
    BeneficiaryCategory,
    BeneficiaryCategoryName,
    BeneficiaryParams,
    BeneficiaryStatus,
    ReviewAction,
    UpiAccountParams,
)
from glomo.models.shared import Notes
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import parties

_SWIFT = re.compile(r"[A-Za-z]{6}[A-Za-z0-9]{2,5}\Z")


def _was_reviewed(body: Mapping[str, Any], beneficiary: Mapping[str, Any]) -> bool:
    outcome = {"approve": "active", "reject": "rejected"}
    return beneficiary.get("status") == outcome.get(str(body.get("review_action")))


CREATE = Operation(
    "beneficiaries.create",
    "POST",
    "/v2/beneficiaries",
    Beneficiary,
    Replay.NONE,
    find_out="Look for its name and account in beneficiaries.list() before creating it again.",
    check=parties.check_beneficiary,
    echoes=same_names(
        "category", "bank_account.account_number", "bank_account.currency", "upi_account.upi_id"
    ),
)
LIST = ListOperation("beneficiaries.list", "/v2/beneficiaries", Beneficiary, pinned=False)
RETRIEVE = Operation("beneficiaries.retrieve", "GET", "/v2/beneficiaries/{id}", Beneficiary)
MOCK_REVIEW = Operation(
    "beneficiaries.mock_review",
    "PATCH",
    "/v2/beneficiaries/{id}/mock-review",
    UndocumentedResponse,
    Replay.MOCK,
    probe=StateProbe("/v2/beneficiaries/{id}", _was_reviewed),
    check=parties.check_review,
)


class BeneficiariesResource(Resource):
    """Beneficiaries of the account (v2)."""

    id_prefixes = BENEFICIARY

    async def create(
        self,
        *,
        category: BeneficiaryCategory | BeneficiaryCategoryName,
        beneficiary: BeneficiaryParams | Mapping[str, Any],
        bank_account: BankAccountParams | Mapping[str, Any] | Omit = OMIT,
        upi_account: UpiAccountParams | Mapping[str, Any] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Beneficiary:
        """Add someone who can be paid.

        The API has no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createBeneficiaryV2` (`POST /v2/beneficiaries`).

        Args:
            category: `payout` (paid from the balance) or `lrs`.
            beneficiary: name, type, address and contact.
            bank_account: where to pay; this or `upi_account`.
            upi_account: a UPI id, in place of a bank account.
            notes: custom key-value pairs.

        Returns:
            The beneficiary: `active`, or `pending` where beneficiaries are reviewed.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a field.
            UnprocessableError: the account is on file already, or a required note is missing.
            OutcomeUnknownError: the beneficiary may exist.
        """
        body = {
            "category": category,
            "beneficiary": beneficiary,
            "bank_account": bank_account,
            "upi_account": upi_account,
            "notes": notes,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        status: BeneficiaryStatus | Literal["pending", "active", "rejected"] | str | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Beneficiary]:
        """List beneficiaries.

        API operation: `listBeneficiariesV2` (`GET /v2/beneficiaries`), which is documented in part.

        Args:
            status: only beneficiaries with this status.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager. The list takes no times, so beneficiaries added meanwhile may shift its pages;
            the pager drops those that it has just seen.
        """
        filters = {"status": status, "page": page, "per_page": per_page}
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Beneficiary:
        """Read one beneficiary.

        API operation: `getBeneficiaryByIdV2` (`GET /v2/beneficiaries/{id}`).

        Args:
            id: the beneficiary (`bene_...`).

        Raises:
            NotFoundError: no such beneficiary in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def mock_review(
        self,
        id: str,
        *,
        review_action: ReviewAction | Literal["approve", "reject"],
        **options: Unpack[CallOptions],
    ) -> UndocumentedResponse:
        """Decide the review of a pending beneficiary of the sandbox.

        API operation: `mockReviewBeneficiaryV2` (`PATCH /v2/beneficiaries/{id}/mock-review`),
        which is documented in part: its response is not.

        Args:
            id: the beneficiary (`bene_...`), `pending`.
            review_action: `approve` or `reject`.

        Returns:
            What came. `beneficiaries.retrieve` has the beneficiary as it is now.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            UnprocessableError: the beneficiary is not pending.
        """
        body = {"review_action": review_action}
        return await self._send(MOCK_REVIEW, options, path={"id": id}, body=body)

    async def wait(
        self, id: str, *, until: Until[Beneficiary] | None = None, timeout: float = 600.0
    ) -> Beneficiary:
        """Read a beneficiary again and again until its review is over.

        Args:
            id: the beneficiary (`bene_...`).
            until: what to wait for instead: statuses, or a condition on the beneficiary.
            timeout: seconds to wait at most.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the beneficiary as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )
