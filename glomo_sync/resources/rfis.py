# Generated from glomo/resources/rfis.py by glomo_sync.generate. Do not edit.
"""RFIs: requests for information, which hold a payment or payout until they are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from glomo.http.operation import CallOptions
from glomo.models.rfis import Rfi, RfiResponse
from glomo.models.undocumented import UndocumentedResponse
from glomo.polling import Until
from glomo.resources import rfis as _resource
from glomo.resources.rfi_answers import RfiFiles
from glomo.resources.rfis import Subject
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class RfisResource:
    """Requests for information."""

    def __init__(self, bridge: Bridge, resource: _resource.RfisResource) -> None:
        self._bridge = bridge
        self._async = resource

    def list(
        self,
        *,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> SyncPager[Rfi]:
        """List requests for information.

        API operation: `getRfis` (`GET /rfis`), which is documented in part: neither its parameters
        nor its response are. Filters go in `extra_query`.

        Args:
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `for rfi in glomo.rfis.list(): ...`.

        Raises:
            DecodingError: the response is no list in the form of the API's other lists.
        """
        return SyncPager(self._bridge, self._async.list(page=page, per_page=per_page, **options))

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Rfi:
        """Read one request for information, with the documents that it asks for.

        API operation: `getRfi` (`GET /rfis/{id}`), which is documented in part.

        Args:
            id: the RFI (`rfi_...`); a payment has it in `rfi`.

        Raises:
            NotFoundError: no such RFI in this account and environment.
        """
        return self._bridge.call(lambda: self._async.retrieve(id, **options))

    def respond(
        self,
        id: str,
        *,
        documents: Sequence[RfiResponse | Mapping[str, str]],
        documents_key: str = "documents",
        fields: Any = OMIT,
        **options: Unpack[CallOptions],
    ) -> UndocumentedResponse:
        """Answer a request for information.

        API operation: `respondRfi` (`PATCH /rfis/{id}/respond`), which is documented in part:
        the pairs are, but neither the name of their list nor the response.

        Args:
            id: the RFI (`rfi_...`), `action_required`.
            documents: one `RfiResponse` for each required document, all in one call.
            documents_key: the name of the list in the request. It is not documented; `documents`
                is what the `update_rfi` calls name theirs. Give another if the API refuses it.
            fields: something that the API takes besides documents, in a form that is not
                documented; to be left out for payouts.

        Returns:
            What came. `rfis.retrieve` has the RFI as it is now.

        Raises:
            ParameterError: a pair is not whole; nothing was sent.
            BadRequestError: the RFI does not wait for these documents, or they are not under the
                name that the API expects.
            NotFoundError: no such RFI.
        """
        return self._bridge.call(
            lambda: self._async.respond(
                id,
                documents=documents,
                documents_key=documents_key,
                fields=fields,
                **options,
            )
        )

    def answer(
        self, subject: Subject, files: Mapping[str, RfiFiles], *, timeout: float | None = None
    ) -> Subject:
        """Upload documents and answer a request for information with them, all in one call.

            glomo.rfis.answer(order, {order.requirements[0].rfi_doc_id: "passport.pdf"})

        API operations: `createDocument`, then `respondRfi`, `updateOrderRfi`, `updatePayinRfi` or
        `updateRfiRefund`, and the one that reads the subject.

        Args:
            subject: what waits for documents: an RFI, payment, order, payment link or refund.
            files: for each of its `requirements` by `rfi_doc_id`: a path, bytes, an open file, the
                id of a document that is uploaded already (`doc_...`), or a list of those where
                `max_count` allows several.
            timeout: seconds for each of the calls; left out, the client's.

        Returns:
            The subject as it is after the answer, usually `under_review`.

        Raises:
            ParameterError: an answer is missing, too much, or names no file; nothing was sent.
            BadRequestError: the subject does not wait for these documents.
            OutcomeUnknownError: a document may exist that nothing refers to, which does no harm.
        """
        return self._bridge.call(lambda: self._async.answer(subject, files, timeout=timeout))

    def wait(self, id: str, *, until: Until[Rfi] | None = None, timeout: float = 600.0) -> Rfi:
        """Read an RFI again and again until its review has ended, or asks again.

        Args:
            id: the RFI (`rfi_...`); a payment has it in `rfi`.
            until: what to wait for instead: statuses, or a condition on the RFI. The wait ends in
                any case once it neither waits for documents nor is under review.
            timeout: seconds to wait at most.

        Returns:
            The RFI as last read. How a review ends is not documented: `status` tells.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the RFI as last read.
        """
        return self._bridge.call(lambda: self._async.wait(id, until=until, timeout=timeout))
