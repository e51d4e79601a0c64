"""Every operation of the API is there, and goes where the description says."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest

from glomo.http.operation import Operation, Replay
from glomo.pages import PageMeta
from glomo.pagination import ListOperation

from .description import Described, merged, operations
from .known_exceptions import EXCEPTIONS
from .misfits import in_request, in_response
from .operations_page import PAGE, page, rows
from .sdk import CLIENTS, hints, method, parameters, public_methods, resource, resources
from .sdk import operations as sdk_operations

WITHOUT_CONTRACT = (
    *("getMidMarketRate", "updateCustomer", "getCustomerBankAccounts", "getDocumentById"),
    *("listKycLinks", "createKycLink", "getKycLinkById", "createInvestorJourney"),
    *("createPaymentSession", "getDynamicPrices", "createPricingSplit", "getPricingSplits"),
    *("createVirtualAccountV2", "updateMerchant"),
)
EVERY = pytest.mark.parametrize("described", operations(), ids=lambda described: described.name)
BOTH = pytest.mark.parametrize("package", CLIENTS)


def _route(described: Described) -> Iterator[tuple[str, str]]:
    op = sdk_operations().get(described.name)
    if op is None:
        yield described.name, "has no operation"
        return
    plain = op.operation if isinstance(op, ListOperation) else op
    if plain.method != described.method:
        yield described.name, f"is {plain.method}, not {described.method}"
    if plain.path != described.path:
        yield described.name, f"goes to {plain.path}, not {described.path}"
    if plain.path != described.documented_path:
        yield f"{described.name} path", f"is {plain.path}, not {described.documented_path}"
    if plain.replay is not Replay(described.replay):
        yield described.name, f"is replayed by {plain.replay}, not {described.replay}"
    if plain.replay is Replay.NONE and not plain.find_out:
        yield described.name, "does not say how to find out what happened"
    if plain.replay is Replay.REQUEST_ID and plain.lookup is None:
        yield described.name, "does not say how to look its request_id up"


def _signature(package: str, described: Described) -> Iterator[tuple[str, str]]:
    of = method(package, described.name)
    if of is None:
        yield described.name, f"is no method of {package}"
        return
    signature, types = parameters(of), hints(of)
    for parameter in described.parameters:
        where = f"{described.name} {parameter.name}"
        if parameter.name not in signature:
            yield where, "is no parameter"
            continue
        positional = signature[parameter.name].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        if positional != (parameter.place == "path"):
            yield where, "must be positional in a path, and by keyword elsewhere"
        yield from in_request(parameter.schema, types[parameter.name], where)
    for name, schema in (
        (merged(described.body) if described.body else {}).get("properties", {}).items()
    ):
        where = f"{described.name} {name}"
        if merged(schema).get("readOnly"):
            continue
        if name not in signature:
            yield where, "is no parameter"
            continue
        if signature[name].kind is not inspect.Parameter.KEYWORD_ONLY:
            yield where, "must be given by keyword"
        yield from in_request(schema, types[name], where)


def _result(described: Described) -> Iterator[tuple[str, str]]:
    op = sdk_operations().get(described.name)
    if op is None or described.response is None:
        return
    response = merged(described.response)
    where = f"{described.name} ->"
    if described.is_list != isinstance(op, ListOperation):
        yield described.name, f"is {type(op).__name__}"
    elif isinstance(op, ListOperation):
        if response["type"] == "array":
            yield from in_response(response["items"], op.item, where)
            return
        yield from in_response(response["properties"]["data"]["items"], op.item, where)
        if "page_meta" in response["properties"]:
            yield from in_response(response["properties"]["page_meta"], PageMeta, "page_meta")
    else:
        assert isinstance(op, Operation)
        inner = response["properties"][op.unwrap] if op.unwrap else response
        yield from in_response(inner, op.result, where)


def _unexpected(problems: Iterator[tuple[str, str]]) -> list[str]:
    return [f"{where}: {problem}" for where, problem in problems if where not in EXCEPTIONS]


@EVERY
def test_an_operation_goes_where_the_description_says(described: Described) -> None:
    assert not _unexpected(_route(described))


@BOTH
@EVERY
def test_every_parameter_has_its_keyword(package: str, described: Described) -> None:
    assert not _unexpected(_signature(package, described))


@EVERY
def test_every_field_of_a_response_has_its_attribute(described: Described) -> None:
    assert not _unexpected(_result(described))


@EVERY
def test_a_method_gives_what_its_operation_reads(described: Described) -> None:
    op = sdk_operations()[described.name]
    of = method("glomo", described.name)
    assert of is not None
    if isinstance(op, ListOperation):
        assert hints(of)["return"].__args__ == (op.item,)
    else:
        assert hints(of)["return"] is op.result


FLOWS = {"customers.find_or_create", "rfis.answer", "settlements.reconcile"}
"""Methods that are several operations together."""


@BOTH
def test_there_is_no_method_without_an_operation(package: str) -> None:
    described = {described.name for described in operations()}
    for name in resources():
        cls = resource(package, name)
        assert cls is not None
        methods = {f"{name}.{method}" for method in public_methods(cls)}
        assert methods - described <= {f"{name}.wait", *FLOWS}


def test_no_exception_is_stale() -> None:
    places = {
        where
        for described in operations()
        for problems in (
            _route(described),
            *(_signature(package, described) for package in CLIENTS),
            _result(described),
        )
        for where, _ in problems
    }
    assert set(EXCEPTIONS) <= places


def test_every_exception_has_its_reason() -> None:
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())


def test_the_page_of_operations_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.contract.operations_page"
    assert rows() in PAGE.read_text("utf-8")


def test_operations_without_a_contract_are_listed_with_the_call_to_use() -> None:
    text = PAGE.read_text("utf-8").partition("## All methods")[0]
    operation_ids = {described.id for described in operations()}
    for name in WITHOUT_CONTRACT:
        assert name not in operation_ids
        (line,) = (line for line in text.splitlines() if name in line)
        assert "`request(" in line
