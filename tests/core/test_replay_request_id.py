"""With a request_id nothing is created twice, and the caller learns what exists."""

from typing import Any

import pytest

from glomo import errors
from glomo.http.transport import WireRequest, WireResponse

from .fakes import (
    NEW,
    PAYOUT_PARAMS,
    Outcome,
    ScriptedTransport,
    body_of,
    client,
    lost,
    page,
    payout,
    refused,
    silence,
    too_large,
    wire_response,
)

EXISTS = wire_response(409, {"error": "Conflict", "message": "Record already exists"})
CREATED = wire_response(201, payout())
SHORT = wire_response(400, {"error": "Bad Request", "message": "x", "code": "INSUFFICIENT_BALANCE"})
MATCHING_PAGE = wire_response(200, page(payout()))
NOTHING = wire_response(200, page())
LOOK = "GET /v1/payouts?request_id=r-1"
SEND = "POST /v1/payouts"


async def create(*script: Outcome, **changed: Any) -> tuple[Any, ScriptedTransport]:
    transport = ScriptedTransport(*script)
    settings = {name: changed.pop(name) for name in ("timeout", "max_retries") if name in changed}
    try:
        result = await client(transport, **settings).payouts.create(**{**PAYOUT_PARAMS, **changed})
    except errors.GlomoError as error:
        result = error
    assert transport.script == []
    return result, transport


UNSURE: dict[str, Outcome] = {
    "lost": lost(),
    "500": wire_response(500),
    "502": wire_response(502, b"<html>"),
    "408": wire_response(408),
    "101": wire_response(101),
    "303": wire_response(303),
    "no id": wire_response(201, payout(id="")),
    "time-out": silence,
    "garbage": wire_response(201, b"<html>"),
    "empty": wire_response(201),
    "cut": wire_response(201, b'{"id": "payout_1"'),
}
DUPLICATES = {
    "409": EXISTS,
    "400": wire_response(400, {"message": "Payout already exists for this request_id"}),
    "409 terse": wire_response(409, {"error": "Record already exists"}),
    "400 terse": wire_response(400, {"error": "Payout already exists for this request_id"}),
    "400 nested": wire_response(
        400, {"error": {"message": "Payout already exists for this request_id"}}
    ),
}


@pytest.mark.parametrize("kind", UNSURE)
async def test_it_is_sent_again_with_the_same_key(kind: str) -> None:
    result, transport = await create(UNSURE[kind], refused(), CREATED)
    assert result.id == "payout_1"
    assert [body_of(request)["request_id"] for request in transport.sent] == ["r-1"] * 3


async def test_a_key_is_made_once_a_call_if_none_is_given() -> None:
    for none in ({}, {"request_id": None}):
        transport = ScriptedTransport(lost(), echo_key, echo_key)
        glomo = client(transport)
        await glomo.payouts.create(**NEW, **none)
        await glomo.payouts.create(**NEW, **none)
        first, second, other = (body_of(request)["request_id"] for request in transport.sent)
        assert first == second != other
        assert 0 < len(first) <= 64


async def echo_key(request: WireRequest) -> WireResponse:
    return wire_response(201, payout(request_id=body_of(request)["request_id"]))


@pytest.mark.parametrize("duplicate", DUPLICATES)
@pytest.mark.parametrize("before", [[], [lost()], [wire_response(500), lost()]])
async def test_a_duplicate_that_equals_what_was_asked_is_the_result(
    before: list[Outcome], duplicate: str
) -> None:
    result, transport = await create(*before, DUPLICATES[duplicate], MATCHING_PAGE)
    assert result.id == "payout_1"
    assert transport.methods[-2:] == [SEND, LOOK]


@pytest.mark.parametrize(
    ("field", "exists"),
    [
        ("source_amount", 125001),
        ("source_currency", "EUR"),
        ("destination_currency", "AED"),
        ("beneficiary_id", "bene_2"),
        ("purpose_code", "S0001"),
        ("payment_rail", "imps"),
    ],
)
@pytest.mark.parametrize("before", [[], [lost()]])
async def test_a_duplicate_that_differs_is_a_conflict(
    before: list[Outcome], field: str, exists: Any
) -> None:
    error, _ = await create(*before, EXISTS, wire_response(200, page(payout(**{field: exists}))))
    assert isinstance(error, errors.IdempotencyConflictError)
    assert error.differences == {field: (PAYOUT_PARAMS[field], exists)}
    assert error.request_id == "r-1"
    assert error.existing.id == "payout_1"
    assert field in str(error)


async def test_ids_that_differ_by_case_only_are_different() -> None:
    other = wire_response(200, page(payout(beneficiary_id="bene_aB")))
    error, _ = await create(EXISTS, other, beneficiary_id="bene_Ab")
    assert isinstance(error, errors.IdempotencyConflictError)


@pytest.mark.parametrize(
    "shown",
    [
        {"payment_rail": "NEFT", "source_currency": "usd"},
        {"payment_rail": None, "purpose_code": None},
        {"source_amount": 125000.0},
        {"fees": {"fx_fee": {"amount": 5, "currency": "USD"}}, "new_field": 1},
    ],
)
async def test_what_the_api_writes_differently_is_no_difference(shown: dict[str, Any]) -> None:
    result, _ = await create(EXISTS, wire_response(200, page(payout(**shown))))
    assert result.id == "payout_1"


async def test_the_one_that_bears_the_key_is_picked() -> None:
    others = [payout(id="payout_9", request_id="r-9"), payout(id="payout_8", request_id=None)]
    result, _ = await create(EXISTS, wire_response(200, page(*others, payout())))
    assert result.id == "payout_1"


@pytest.mark.parametrize(
    "list_answer",
    [
        wire_response(200, page(payout(request_id="r-9"))),
        wire_response(200, page(payout(request_id="r-9"), payout(request_id="r-8"))),
        wire_response(200, page(payout(request_id=None))),
        wire_response(200, {"data": [payout(request_id=f"r-{n}") for n in range(20, 40)]}),
        wire_response(200, {"message": "hello"}),
        wire_response(200, {"data": None}),
        wire_response(200, ["payout_1"]),
        wire_response(200, 5),
    ],
    ids=range(8),
)
@pytest.mark.parametrize("refusal", [EXISTS, SHORT])
async def test_a_list_that_ignores_the_filter_proves_nothing(
    refusal: Any, list_answer: Any
) -> None:
    error, _ = await create(lost(), refusal, list_answer)
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.request_id == "r-1"


@pytest.mark.parametrize(
    "refusal", [SHORT, wire_response(422, {"message": "no"}), wire_response(404)]
)
async def test_a_refusal_after_an_unsure_attempt_is_looked_up_first(refusal: Any) -> None:
    result, transport = await create(lost(), refusal, MATCHING_PAGE)
    assert result.id == "payout_1"
    error, transport = await create(lost(), refusal, NOTHING, NOTHING, NOTHING)
    # The first attempt may still be on its way: a list that does not show it proves nothing.
    assert isinstance(error, errors.OutcomeUnknownError)
    assert isinstance(error.__cause__, errors.StatusError)
    assert error.status == refusal.status
    assert transport.methods == [SEND, SEND, LOOK, LOOK, LOOK]
    late, transport = await create(lost(), refusal, NOTHING, NOTHING, MATCHING_PAGE)
    assert late.id == "payout_1"


async def test_a_refusal_of_a_new_key_is_just_raised() -> None:
    error, transport = await create(refused(), wire_response(429), SHORT, request_id=None)
    assert isinstance(error, errors.InsufficientBalanceError)
    assert transport.methods == [SEND] * 3


QUOTE_USED = wire_response(400, {"message": "quote_id has already been used"})


async def test_a_refusal_of_a_key_that_may_have_been_used_is_looked_up() -> None:
    result, transport = await create(SHORT, MATCHING_PAGE)
    assert result.id == "payout_1"
    error, transport = await create(SHORT, NOTHING)
    assert isinstance(error, errors.InsufficientBalanceError)
    assert transport.methods == [SEND, LOOK]


async def test_what_was_paid_with_a_quote_is_found_by_its_key() -> None:
    result, _ = await create(QUOTE_USED, NOTHING, MATCHING_PAGE)  # late into the list
    assert result.id == "payout_1"
    error, _ = await create(QUOTE_USED, NOTHING, NOTHING, NOTHING)
    assert isinstance(error, errors.BadRequestError)
    error, _ = await create(QUOTE_USED, lost(), lost(), max_retries=1)
    assert isinstance(error, errors.OutcomeUnknownError)


@pytest.mark.parametrize(
    "other",
    [
        payout(id="payout_9", source_amount=99_999_999),
        payout(id="payout_9", request_id="r-9"),
        payout(id="payout_9", beneficiary_id="bene_9", request_id=None),
    ],
    ids=range(3),
)
async def test_another_request_s_response_is_not_believed(other: Any) -> None:
    result, transport = await create(wire_response(201, other), EXISTS, MATCHING_PAGE)
    assert result.id == "payout_1"
    assert transport.discards == 1
    error, transport = await create(
        wire_response(201, other), NOTHING, NOTHING, NOTHING, max_retries=0
    )
    assert isinstance(error, errors.OutcomeUnknownError)
    assert isinstance(error.__cause__, errors.ResponseMismatchError)
    assert transport.discards == 1


@pytest.mark.parametrize("status", [401, 403, 302])
async def test_a_key_that_stops_working_leaves_the_outcome_unknown(status: int) -> None:
    error, _ = await create(lost(), wire_response(status), wire_response(status))
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.request_id == "r-1"


async def test_a_duplicate_that_is_not_in_the_list_is_unknown() -> None:
    error, _ = await create(EXISTS, NOTHING, NOTHING, NOTHING)
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.request_id == "r-1"
    assert error.status == 409
    assert "r-1" in error.how_to_find_out


@pytest.mark.parametrize(
    "conflict", [wire_response(409, {"message": "Conflict"}), wire_response(409)]
)
async def test_another_conflict_is_looked_up_too(conflict: Any) -> None:
    result, _ = await create(conflict, MATCHING_PAGE)
    assert result.id == "payout_1"
    error, _ = await create(conflict, NOTHING, NOTHING, NOTHING)
    assert isinstance(error, errors.ConflictError)


@pytest.mark.parametrize("first", [[EXISTS], [lost(), EXISTS], [lost(), SHORT]])
@pytest.mark.parametrize(
    "failure", [lost(), wire_response(500), wire_response(200, b"<"), refused(), silence]
)
async def test_a_lookup_is_tried_again_and_in_vain_means_unknown(
    first: list[Outcome], failure: Outcome
) -> None:
    result, _ = await create(*first, failure, MATCHING_PAGE)
    assert result.id == "payout_1"
    error, _ = await create(*first, failure, failure, max_retries=1)
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.request_id == "r-1"


async def test_a_duplicate_is_not_taken_for_a_refusal_when_time_runs_out() -> None:
    error, _ = await create(EXISTS, silence, silence, timeout=2)
    assert isinstance(error, errors.OutcomeUnknownError)
    error, _ = await create(EXISTS, NOTHING, wire_response(429, retry_after="50"), timeout=20)
    assert isinstance(error, errors.OutcomeUnknownError)


@pytest.mark.parametrize("lookup", [MATCHING_PAGE, NOTHING])
async def test_when_every_attempt_is_lost_the_list_is_asked(lookup: Any) -> None:
    looks = [lookup] if lookup is MATCHING_PAGE else [lookup] * 3
    result, transport = await create(lost(), wire_response(503), *looks, max_retries=1)
    if lookup is MATCHING_PAGE:
        assert result.id == "payout_1"
    else:  # it may still be on its way
        assert isinstance(result, errors.OutcomeUnknownError)
    assert transport.methods[:2] == [SEND, SEND]


async def test_an_answer_too_large_is_looked_up_not_sent_again() -> None:
    result, transport = await create(too_large(), MATCHING_PAGE)
    assert result.id == "payout_1"
    assert transport.methods == [SEND, LOOK]
    error, _ = await create(too_large(), too_large())
    assert isinstance(error, errors.OutcomeUnknownError)


async def test_harmless_failures_only_raise_what_they_are() -> None:
    error, _ = await create(refused(), refused(), max_retries=1)
    assert isinstance(error, errors.ConnectError)
    error, _ = await create(wire_response(429, retry_after="99"))
    assert isinstance(error, errors.RateLimitError)


async def test_a_call_that_was_carried_out_but_cannot_be_read_says_so() -> None:
    error, _ = await create(wire_response(201, {**payout(), "destination_amount": 12.5}))
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.carried_out
    assert "was carried out" in str(error)
    assert "r-1" in str(error)
    unfit = error.__cause__
    assert isinstance(unfit, errors.DecodingError)
    assert (unfit.status, unfit.path, unfit.request_id) == (201, "payout.destination_amount", "r-1")


# ------------------------------------------------------------------ extra_body and odd keys


async def test_the_key_that_is_sent_is_the_key_that_is_looked_up() -> None:
    matching_page = wire_response(200, page(payout(request_id="r-2")))
    result, transport = await create(EXISTS, matching_page, extra_body={"request_id": "r-2"})
    assert result.request_id == "r-2"
    assert transport.methods == [SEND, "GET /v1/payouts?request_id=r-2"]


async def test_what_extra_body_asks_for_is_what_is_compared() -> None:
    matching_page = wire_response(200, page(payout(source_amount=7)))
    result, _ = await create(EXISTS, matching_page, extra_body={"source_amount": 7})
    assert result.source_amount == 7


@pytest.mark.parametrize("key", ["", "  ", 5, ["r"]])
async def test_a_create_without_a_key_is_not_sent(key: Any) -> None:
    error, _ = await create(request_id=key)
    assert isinstance(error, errors.ParameterError)
    assert error.parameter == "request_id"
    error, _ = await create(extra_body={"request_id": key})
    assert isinstance(error, errors.ParameterError)
    error, _ = await create(extra_body={"request_id": None})
    assert isinstance(error, errors.ParameterError)


async def test_a_key_is_encoded_in_the_lookup() -> None:
    key = "a&b=c d/é"
    matching_page = wire_response(200, page(payout(request_id=key)))
    result, transport = await create(EXISTS, matching_page, request_id=key)
    assert result.request_id == key
    assert transport.methods[-1] == "GET /v1/payouts?request_id=a%26b%3Dc%20d%2F%C3%A9"


@pytest.mark.parametrize(
    "other",
    [
        {"id": "bene_1", "status": "active", "name": "x"},
        {"data": [], "has_next": False},
        [],
        [payout()],
        True,
        "ok",
    ],
    ids=["beneficiary", "page", "empty list", "list", "boolean", "text"],
)
async def test_a_response_of_another_kind_is_not_believed(other: Any) -> None:
    """It arrives when a connection is out of step, and proves nothing about this request."""
    created, transport = await create(wire_response(200, other), CREATED)
    assert created.request_id == "r-1"
    assert transport.methods == [SEND, SEND]


async def test_what_was_paid_with_a_quote_must_show_its_key_or_its_quote() -> None:
    parameters = {"beneficiary_id": "bene_1", "purpose_code": "S1005", "quote_id": "quote_1"}
    other = {"id": "payout_9", "status": "success", **parameters, "quote_id": None}
    transport = ScriptedTransport(wire_response(201, other), QUOTE_USED, MATCHING_PAGE)
    result = await client(transport).payouts.create(**parameters, request_id="r-1")
    assert result.id == "payout_1"
    expected = {**other, "id": "payout_1", "quote_id": "quote_1"}
    transport = ScriptedTransport(wire_response(201, expected))
    assert (await client(transport).payouts.create(**parameters, request_id="r-1")).id == "payout_1"
