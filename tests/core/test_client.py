"""The client: settings, resources and raw answers put together."""

from decimal import Decimal
from typing import Any

import anyio
import pytest

from glomo import AsyncGlomo, Replay, errors
from glomo.sandbox import sandbox_key

from .fakes import (
    PAYOUT_PARAMS,
    ScriptedTransport,
    body_of,
    client,
    echo,
    lost,
    page,
    payout,
    query_of,
    wire_response,
)

GOOD = wire_response(200, payout())


def test_it_shows_where_it_leads_and_for_whom() -> None:
    glomo = client(ScriptedTransport(), api_key=sandbox_key())
    assert repr(glomo) == "<AsyncGlomo https://api.test/api environment='sandbox'>"
    assert (glomo.environment, glomo.base_url) == ("sandbox", "https://api.test/api")


def test_a_resource_is_made_once() -> None:
    glomo = client(ScriptedTransport())
    assert glomo.payouts is glomo.payouts
    assert glomo.payouts is not client(ScriptedTransport()).payouts


async def test_an_operation_that_the_sdk_does_not_know() -> None:
    transport = ScriptedTransport(
        wire_response(200, {"rate": 1.25, "new": [1, None]}), wire_response(204)
    )
    glomo = client(transport)
    result = await glomo.request(
        "patch", "/v1/things/1", query={"a": 1}, body={"b": [None, "x"]}, replay=Replay.STATE
    )
    assert result == {"rate": Decimal("1.25"), "new": [1, None]}
    assert transport.methods == ["PATCH /v1/things/1?a=1"]
    assert body_of(transport.sent[0]) == {"b": [None, "x"]}
    assert await glomo.request("DELETE", "/v1/things/1") is None


async def test_a_replay_rule_that_needs_more_is_refused() -> None:
    with pytest.raises(errors.ConfigurationError, match=r"Replay\.NONE"):
        await client(ScriptedTransport()).request("POST", "/v1/x", replay=Replay.REQUEST_ID)


async def test_an_error_of_an_operation_of_one_s_own_names_it() -> None:
    with pytest.raises(errors.NotFoundError) as caught:
        await client(ScriptedTransport(wire_response(404))).request("GET", "/v1/things/1")
    assert caught.value.operation == "request GET /v1/things/1"


async def test_raw_answers_can_be_captured_retries_errors_and_lookups_included() -> None:
    transport = ScriptedTransport(
        lost(),
        wire_response(500, b"boom"),
        wire_response(409, {"message": "Record already exists"}),
        wire_response(200, page(payout()), x_a="1"),
    )
    glomo = client(transport)
    with glomo.capture() as responses:
        await glomo.payouts.create(**PAYOUT_PARAMS)
    assert [raw.status for raw in responses] == [500, 409, 200]
    assert [raw.operation for raw in responses][1:] == ["payouts.create", "payouts.create.lookup"]
    assert [raw.attempts for raw in responses] == [2, 3, 4]
    assert responses[0].body == b"boom"
    assert responses[-1].headers == {"x-a": "1"}
    assert responses[-1].url.endswith("?request_id=r-1")
    assert responses[-1].elapsed > 0
    assert "boom" not in repr(responses[0])


async def test_a_capture_holds_what_its_own_task_asked() -> None:
    transport = ScriptedTransport(*[echo] * 3)
    glomo = client(transport)

    async def other() -> None:
        await glomo.payouts.retrieve("payout_2")

    async with anyio.create_task_group() as group:
        group.start_soon(other)
        with glomo.capture() as outer:
            with glomo.capture() as inner:
                await glomo.payouts.retrieve("payout_1")
            await glomo.payouts.retrieve("payout_3")
    assert [raw.url[-8:] for raw in inner] == ["payout_1"]
    assert [raw.url[-8:] for raw in outer] == ["payout_3"]


async def test_balances_are_by_currency() -> None:
    body: dict[str, Any] = {
        "available": [{"amount": 125000, "currency": "USD"}, {"amount": 7, "currency": "JPY"}],
        "pending": [],
    }
    glomo = client(ScriptedTransport(wire_response(200, body)))
    balances = await glomo.balances.retrieve()
    assert str(balances.available["USD"]) == "1250.00 USD"
    assert str(balances.available["JPY"]) == "7 JPY"
    assert balances.pending == {}


async def test_filters_of_a_list_are_sent_and_the_rest_left_out() -> None:
    transport = ScriptedTransport(wire_response(200, page()))
    await client(transport).payouts.list(status="failed", beneficiary_id="bene_1").collect()
    assert query_of(transport.sent[0]) == {
        "status": "failed",
        "beneficiary_id": "bene_1",
        "per_page": "100",
    }


async def test_a_client_is_closed_by_its_block_even_if_that_fails() -> None:
    transport = ScriptedTransport(GOOD)

    async def work() -> None:
        async with client(transport) as glomo:
            assert isinstance(glomo, AsyncGlomo)
            await glomo.payouts.retrieve("payout_1")
            raise KeyError

    with pytest.raises(KeyError):
        await work()
    assert transport.closed == 1
