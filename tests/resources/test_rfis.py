from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo
from glomo.errors import DecodingError, OutcomeUnknownError, ParameterError
from glomo.models.rfis import RfiResponse, RfiStatus

from .conftest import Wire

RFI = {
    "id": "rfi_6a72a39b38jDD",
    "status": "action_required",
    "documents_required": [
        {
            "rfi_doc_id": "rfidoc_6a72a39b38jDD",
            "description": "Passport",
            "multiple_allowed": False,
            "max_count": 1,
        }
    ],
    "entity_id": "payt_1",
}
PAIR = {"rfi_doc_id": "rfidoc_1", "doc_id": "doc_1"}


async def test_what_is_not_documented_is_kept(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("GET", "/v1/rfis/rfi_1", RFI)
    rfi = await glomo.rfis.retrieve("rfi_1")
    assert rfi.status is RfiStatus.ACTION_REQUIRED
    assert rfi.documents_required[0].max_count == 1
    assert rfi.extra == {"entity_id": "payt_1"}


async def test_answered_in_one_call(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("PATCH", "/v1/rfis/rfi_1/respond", (200, b""))
    result = await glomo.rfis.respond(
        "rfi_1", documents=[RfiResponse(**PAIR), {"rfi_doc_id": "rfidoc_2", "doc_id": "doc_2"}]
    )
    assert wire.body == {"documents": [PAIR, {"rfi_doc_id": "rfidoc_2", "doc_id": "doc_2"}]}
    assert (result.extra, result.value) == ({}, None)


async def test_the_name_of_the_list_can_be_another(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("PATCH", "/v1/rfis/rfi_1/respond", {"status": "under_review"})
    await glomo.rfis.respond(
        "rfi_1", documents=[PAIR], documents_key="rfi_documents", fields={"a": "b"}
    )
    assert wire.body == {"rfi_documents": [PAIR], "fields": {"a": "b"}}


@pytest.mark.parametrize(
    ("parameter", "documents"),
    [
        ("documents", []),
        ("documents[0].doc_id", [{"rfi_doc_id": "rfidoc_1"}]),
        ("documents[1].rfi_doc_id", [PAIR, {"doc_id": "doc_1"}]),
        ("documents[0].id", [{"rfi_doc_id": "rfidoc_1", "id": "doc_1"}]),
    ],
)
async def test_pairs_are_whole(
    glomo: AsyncGlomo, wire: Wire, parameter: str, documents: list[Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.rfis.respond("rfi_1", documents=documents)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_an_answer_that_arrived_unseen_is_no_error(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("PATCH", "/v1/rfis/rfi_1/respond", httpx.ReadError("reset"), (400, {"message": "no"}))
    wire.on("GET", "/v1/rfis/rfi_1", {**RFI, "status": "under_review"})
    result = await glomo.rfis.respond("rfi_1", documents=[PAIR])
    assert result.extra["status"] == "under_review"


async def test_whether_an_expired_rfi_was_answered_before_is_unknown(
    glomo: AsyncGlomo, wire: Wire
) -> None:
    wire.on("PATCH", "/v1/rfis/rfi_1/respond", httpx.ReadError("reset"), (400, {"message": "no"}))
    wire.on("GET", "/v1/rfis/rfi_1", {**RFI, "status": "expired"})
    with pytest.raises(OutcomeUnknownError):
        await glomo.rfis.respond("rfi_1", documents=[PAIR])


@pytest.mark.parametrize("response_body", [[RFI], {"data": [RFI], "page_meta": {}}])
async def test_a_list_with_or_without_pages(
    glomo: AsyncGlomo, wire: Wire, response_body: Any
) -> None:
    wire.on("GET", "/v1/rfis", response_body)
    rfis = await glomo.rfis.list(extra_query={"status": "action_required"}).collect()
    assert [rfi.id for rfi in rfis] == ["rfi_6a72a39b38jDD"]
    assert wire.targets == ["GET /v1/rfis?per_page=100&status=action_required"]


async def test_a_list_of_another_form_is_not_taken_for_an_empty_one(
    glomo: AsyncGlomo, wire: Wire
) -> None:
    wire.on("GET", "/v1/rfis", {"rfis": [RFI]})
    with pytest.raises(DecodingError, match="rfis"):
        await glomo.rfis.list().collect()
