"""RFIs: requests for information, which hold a payment or payout until they are answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, Unpack

from glomo.errors import ParameterError
from glomo.http.multipart import FileSource
from glomo.http.operation import CallOptions, Operation, Replay, StateProbe
from glomo.id_prefixes import RFI
from glomo.models.orders import Order
from glomo.models.payment_links import PaymentLink
from glomo.models.payments import Payment
from glomo.models.refunds import Refund
from glomo.models.rfis import Rfi, RfiResponse, RfiStatus
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources.base import Resource
from glomo.resources.documents import DocumentsResource
from glomo.resources.orders import OrdersResource
from glomo.resources.payment_links import PaymentLinksResource
from glomo.resources.payments import PaymentsResource
from glomo.resources.refunds import RefundsResource
from glomo.resources.rfi_answers import Destination, RfiFiles, check, send
from glomo.serialization.model import OMIT, Omit
from glomo.validation import account
from glomo.validation.account import check_list_name


def _was_answered(_: Mapping[str, Any], rfi: Mapping[str, Any]) -> bool:
    return rfi.get("status") == RfiStatus.UNDER_REVIEW


# The list is not documented to take times, so nothing keeps its pages in place.
LIST = ListOperation("rfis.list", "/v1/rfis", Rfi, pinned=False)
RETRIEVE = Operation("rfis.retrieve", "GET", "/v1/rfis/{id}", Rfi)
RESPOND = Operation(
    "rfis.respond",
    "PATCH",
    "/v1/rfis/{id}/respond",
    UndocumentedResponse,
    Replay.STATE,
    probe=StateProbe("/v1/rfis/{id}", _was_answered),
    check=account.check_rfi_response,
)


_OPEN = (RfiStatus.ACTION_REQUIRED, RfiStatus.UNDER_REVIEW)

Subject = TypeVar("Subject", Rfi, Payment, Order, PaymentLink, Refund)
"""What may wait for documents."""


def _resource_of(subject: object) -> type[Any]:
    resources: dict[type[object], type[Any]] = {
        Order: OrdersResource,
        PaymentLink: PaymentLinksResource,
        Refund: RefundsResource,
    }
    resource = resources.get(type(subject))
    if resource is None:
        raise ParameterError(
            f"rfis.answer: a {type(subject).__name__} shows no request for information",
            parameter="subject",
            operation="rfis.answer",
        )
    return resource


class RfisResource(Resource):
    """Requests for information."""

    id_prefixes = RFI

    def list(
        self,
        *,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Rfi]:
        """List requests for information.

        API operation: `getRfis` (`GET /rfis`), which is documented in part: neither its parameters
        nor its response are. Filters go in `extra_query`.

        Args:
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for rfi in glomo.rfis.list(): ...`.

        Raises:
            DecodingError: the response is no list in the form of the API's other lists.
        """
        return self._list(LIST, options, {"page": page, "per_page": per_page})

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Rfi:
        """Read one request for information, with the documents that it asks for.

        API operation: `getRfi` (`GET /rfis/{id}`), which is documented in part.

        Args:
            id: the RFI (`rfi_...`); a payment has it in `rfi`.

        Raises:
            NotFoundError: no such RFI in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def respond(
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
        check_list_name(RESPOND.name, documents_key)
        body = {documents_key: documents, "fields": fields}
        return await self._send(RESPOND, options, path={"id": id}, body=body)

    async def answer(
        self, subject: Subject, files: Mapping[str, RfiFiles], *, timeout: float | None = None
    ) -> Subject:
        """Upload documents and answer a request for information with them, all in one call.

            await glomo.rfis.answer(order, {order.requirements[0].rfi_doc_id: "passport.pdf"})

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
        sources = check(subject.requirements, files)
        options: CallOptions = {} if timeout is None else {"timeout": timeout}
        documents = self._sibling(DocumentsResource)

        async def upload(file: FileSource, name: str) -> str:
            return (await documents.create(file=file, document_name=name, **options)).id

        destination, read = self._destination(subject, options)
        await send(subject.requirements, sources, upload=upload, destination=destination)
        return await read()

    def _destination(
        self, subject: Subject, options: CallOptions
    ) -> tuple[Destination, Callable[[], Awaitable[Subject]]]:
        resource: Any = self
        rfi_id = subject.id if isinstance(subject, Rfi) else None
        if isinstance(subject, Payment):
            resource = self._sibling(PaymentsResource)
            rfi_id = None if subject.rfi is None else subject.rfi.id
        if rfi_id is not None:
            id = rfi_id
            destination = Destination(
                lambda pairs: self.respond(id, documents=pairs, **options), "doc_id"
            )
        else:
            resource = self._sibling(_resource_of(subject))
            destination = Destination(
                lambda pairs: resource.update_rfi(subject.id, documents=pairs, **options), "id"
            )
        return destination, lambda: resource.retrieve(subject.id, **options)

    async def wait(
        self, id: str, *, until: Until[Rfi] | None = None, timeout: float = 600.0
    ) -> Rfi:
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
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining),
            id,
            until=(RfiStatus.ACTION_REQUIRED,) if until is None else until,
            timeout=timeout,
            is_ended=lambda rfi: rfi.status is not None and rfi.status not in _OPEN,
        )
