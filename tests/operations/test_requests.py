"""What every operation sends, to the byte, from both clients."""

from __future__ import annotations

from email import message_from_bytes

import pytest
import respx

from glomo import AsyncGlomo
from glomo.errors import ParameterError
from glomo_sync import Glomo

from ..contract.description import Described, operations
from ..contract.sdk import method, parameters
from .call_arguments import CallArguments
from .calls import CALLS
from .exchange import (
    CASES,
    DESCRIBED,
    EVERY_CALL,
    assert_request,
    call,
    call_blocking,
    respond_with,
    with_models,
)
from .responses import response

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")


def test_no_operation_is_left_out() -> None:
    assert set(CALLS) == {described.name for described in operations()}


@pytest.mark.parametrize("name", CALLS)
def test_the_calls_use_every_parameter(name: str) -> None:
    of = method("glomo", name)
    assert of is not None
    used = {parameter for arguments in CALLS[name] for parameter in arguments.kwargs}
    positional = [p.name for p in parameters(of).values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert used - {"extra_body"} == set(parameters(of)) - set(positional)
    assert all(len(arguments.args) == len(positional) for arguments in CALLS[name])


@EVERY_CALL
async def test_a_call_sends_this_request(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    respond_with(router, described, response(described), arguments)
    await call(glomo, described, arguments)
    assert len(router.calls) == 1
    assert_request(router.calls.last.request, described, arguments)


@EVERY_CALL
def test_the_synchronous_client_sends_the_same(
    blocking: Glomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    respond_with(router, described, response(described), arguments)
    call_blocking(blocking, described, arguments)
    assert len(router.calls) == 1
    assert_request(router.calls.last.request, described, arguments)


MODELLED = [
    pytest.param(*case.values, id=case.id)
    for case in CASES
    if with_models(*case.values).kwargs != case.values[1].kwargs
]


def test_some_operations_take_models() -> None:
    names = {case.values[0].name for case in MODELLED}
    assert {"beneficiaries.create", "orders.create", "quotes.create", "rfis.respond"} <= names


@pytest.mark.parametrize(("described", "arguments"), MODELLED)
async def test_models_and_mappings_send_the_same(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    respond_with(router, described, response(described), arguments)
    await call(glomo, described, with_models(described, arguments))
    assert_request(router.calls.last.request, described, arguments)


async def test_a_document_is_sent_as_a_form(glomo: AsyncGlomo, router: respx.MockRouter) -> None:
    described = DESCRIBED["documents.create"]
    (arguments,) = CALLS[described.name]
    respond_with(router, described, response(described), arguments)
    await call(glomo, described, arguments)
    request = router.calls.last.request
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(request.headers["content-length"]) == len(request.content)
    head = b"content-type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    name, file = message_from_bytes(head + request.content).get_payload()
    assert name.get_param("name", header="content-disposition") == "document_name"
    assert name.get_payload(decode=True) == b"invoice"
    assert file.get_param("name", header="content-disposition") == "file"
    assert file.get_filename() == "invoice.pdf"
    assert file.get_content_type() == "application/pdf"
    assert file.get_payload(decode=True) == b"%PDF-1.7 invoice"


@pytest.mark.parametrize(
    "described",
    [d for d in operations() if any(p.place == "path" for p in d.parameters)],
    ids=lambda described: described.name,
)
async def test_an_empty_id_sends_nothing(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described
) -> None:
    arguments = CALLS[described.name][0]
    with pytest.raises(ParameterError):
        await call(glomo, described, CallArguments(("",), arguments.kwargs))
    assert not router.calls
