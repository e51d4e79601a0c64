"""RFIs: requests for information, which hold a payment or payout until they are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from glomo.http.operation import CallOptions, Operation, Replay, StateProbe
from glomo.models.rfis import Rfi, RfiResponse, RfiStatus
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation, Pager
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import account

ID_PREFIX = "rfi_"


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


class RfisResource(Resource):
    """Requests for information."""

    id_prefixes = (ID_PREFIX,)

    def list(
        self,
        *,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Rfi]:
        """List requests for information.

        API operation: `getRfis` (`GET /rfis`), which is known in part: neither its parameters nor
        its answer are documented. Filters go in `extra_query`.

        Args:
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for rfi in glomo.rfis.list(): ...`.

        Raises:
            DecodingError: the answer is no list in the form of the API's other lists.
        """
        return self._list(LIST, options, {"page": page, "per_page": per_page})

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Rfi:
        """Read one request for information, with the documents that it asks for.

        API operation: `getRfi` (`GET /rfis/{id}`), which is known in part.

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

        API operation: `respondRfi` (`PATCH /rfis/{id}/respond`), which is known in part: the pairs
        are documented, but neither the name of their list nor the answer.

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
        body = {documents_key: documents, "fields": fields}
        return await self._send(RESPOND, options, path={"id": id}, body=body)
