"""From parameters to the wire: nothing is invented, rounded, dropped or smuggled."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomo import OMIT, Money, errors
from glomo.models.beneficiaries import AddressParams, BeneficiaryParams, UpiAccountParams
from glomo.models.payouts import PaymentRail

from .fakes import (
    PAYOUT_PARAMS,
    ScriptedTransport,
    body_of,
    client,
    headers_of,
    page,
    payout,
    query_of,
    wire_response,
)
from .virtual_time import run

GOOD = wire_response(200, payout())


async def post(body: Any, **options: Any) -> Any:
    """What a body looks like on the wire."""
    transport = ScriptedTransport(wire_response(200, {}))
    await client(transport).request("POST", "/v1/things", body=body, **options)
    return body_of(transport.sent[0])


async def refused(**call: Any) -> errors.ParameterError:
    transport = ScriptedTransport()
    with pytest.raises(errors.ParameterError) as caught:
        await client(transport).request("POST", "/v1/things", **call)
    assert transport.sent == []
    return caught.value


async def test_left_out_is_not_sent_and_none_is_null() -> None:
    assert await post({"a": OMIT, "b": None, "c": {"d": OMIT, "e": None}}) == {
        "b": None,
        "c": {"e": None},
    }


async def test_what_the_caller_left_out_of_a_method_is_not_sent() -> None:
    transport = ScriptedTransport(GOOD, GOOD)
    glomo = client(transport)
    await glomo.payouts.create(**PAYOUT_PARAMS)
    assert body_of(transport.sent[0]) == PAYOUT_PARAMS
    await glomo.payouts.create(**PAYOUT_PARAMS, notes=None, invoice_number="7")
    assert body_of(transport.sent[1]) == {**PAYOUT_PARAMS, "notes": None, "invoice_number": "7"}


async def test_nested_parameters_are_models_or_mappings() -> None:
    address = AddressParams(
        address_line1="1 Road", city="Pune", state="MH", country_code="IND", postal_code="411001"
    )
    expected = {
        "category": "payout",
        "beneficiary": {
            "name": "Acme",
            "type": "business",
            "address": {
                "address_line1": "1 Road",
                "city": "Pune",
                "state": "MH",
                "country_code": "IND",
                "postal_code": "411001",
            },
        },
        "upi_account": {"upi_id": "acme@bank"},
    }
    created = wire_response(201, {"id": "bene_1", "status": "active"})
    transport = ScriptedTransport(created, created)
    glomo = client(transport)
    await glomo.beneficiaries.create(
        category="payout",
        beneficiary=BeneficiaryParams(name="Acme", type="business", address=address),
        upi_account=UpiAccountParams(upi_id="acme@bank"),
    )
    await glomo.beneficiaries.create(**expected)  # type: ignore[arg-type]
    assert [body_of(request) for request in transport.sent] == [expected, expected]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2025, 5, 6, 12, 0, 4, tzinfo=UTC), "2025-05-06T12:00:04Z"),
        (
            datetime(2025, 5, 6, 17, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "2025-05-06T12:00:00Z",
        ),
        (datetime(2025, 5, 6, 12, 0, 0, 5, tzinfo=UTC), "2025-05-06T12:00:00.000005Z"),
        (date(2025, 5, 6), "2025-05-06"),
    ],
)
async def test_times_go_as_utc(moment: date, text: str) -> None:
    assert await post({"at": moment}) == {"at": text}
    transport = ScriptedTransport(wire_response(200, page()))
    await client(transport).request("GET", "/v1/things", query={"after": moment})
    assert query_of(transport.sent[0]) == {"after": text}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime(2025, 5, 6), "no time zone"),
        (12.5, "minor units"),
        (12.0, "minor units"),
        (float("nan"), "minor units"),
        (Decimal("12.50"), "minor units"),
        (Money(1250, "USD"), r"\.minor \(1250\)"),
        (b"secret", "bytes"),
        (object(), "object"),
        (10**5000, "JSON"),
        ("\ud800", "Unicode"),
        ({"deep": [1, {"x": 1.5}]}, r"value\.deep\[1\]\.x"),
    ],
    ids=range(11),
)
async def test_what_would_change_on_the_way_is_refused(value: Any, message: str) -> None:
    error = await refused(body={"value": value})
    assert error.args[0]
    with pytest.raises(errors.ParameterError, match=message):
        raise error
    assert "secret" not in str(error)


async def test_a_body_that_holds_itself_is_refused() -> None:
    body: dict[str, Any] = {}
    body["self"] = body
    await refused(body=body)


async def test_enumerations_go_as_their_value_known_or_not() -> None:
    assert await post({"rail": PaymentRail.SEPA, "new": PaymentRail("pix")}) == {
        "rail": "sepa",
        "new": "pix",
    }
    transport = ScriptedTransport(wire_response(200, page()))
    await client(transport).payouts.list(status="brand_new").collect()
    assert query_of(transport.sent[0])["status"] == "brand_new"


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_json_values_arrive_as_they_were(body: dict[str, Any]) -> None:
    assert run(lambda: post(body)) == body


@given(st.dictionaries(TEXT.filter(bool), TEXT | st.integers() | st.booleans(), max_size=5))
def test_queries_arrive_as_they_were(query: dict[str, Any]) -> None:
    async def ask() -> dict[str, str]:
        transport = ScriptedTransport(wire_response(200, {}))
        await client(transport).request("GET", "/v1/things", query=query)
        assert transport.sent[0].url.isascii()
        return query_of(transport.sent[0])

    expected = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in query.items()}
    assert run(ask) == expected


async def test_a_query_repeats_lists_and_refuses_objects() -> None:
    transport = ScriptedTransport(wire_response(200, {}))
    query = {"a": ["x", "y"], "b": None, "c": OMIT}
    await client(transport).request("GET", "/v1/things", query=query)
    assert transport.sent[0].url.endswith("/v1/things?a=x&a=y")
    for wrong in ({"a": {"b": 1}}, {"a": [[1]]}, {"a": "\ud800"}, {"\ud800": 1}, {"a": 1.5}):
        await refused(query=wrong)


@pytest.mark.parametrize(
    ("given_id", "path"),
    [
        ("payout_1/cancel", "payout_1%2Fcancel"),
        ("payout_../../x", "payout_..%2F..%2Fx"),
        ("payout_1?x=1#y", "payout_1%3Fx%3D1%23y"),
        ("payout_{id}", "payout_%7Bid%7D"),
        ("payout_é\n", "payout_%C3%A9%0A"),
        ("payout_%2F", "payout_%252F"),
    ],
)
async def test_an_id_stays_one_segment_of_the_path(given_id: str, path: str) -> None:
    transport = ScriptedTransport(wire_response(200, payout(id=given_id)))
    await client(transport).payouts.retrieve(given_id)
    assert transport.methods == [f"GET /v1/payouts/{path}"]


@pytest.mark.parametrize("given_id", ["", "  ", ".", "..", None, 5, b"payout_1", "payout_\ud800"])
@pytest.mark.parametrize("validate", [True, False])
async def test_what_is_no_id_is_refused(given_id: Any, validate: bool) -> None:
    transport = ScriptedTransport()
    with pytest.raises(errors.ParameterError, match="id"):
        await client(transport, validate=validate).payouts.cancel(given_id)
    assert transport.sent == []


@pytest.mark.parametrize("validate", [True, False])
async def test_a_misspelt_keyword_is_a_type_error_with_the_nearest_name(validate: bool) -> None:
    transport = ScriptedTransport()
    glomo = client(transport, validate=validate)
    misspelt: Any = {**PAYOUT_PARAMS, "payment_rails": "neft"}
    del misspelt["payment_rail"]
    with pytest.raises(TypeError, match=r"payouts\.create\(\).*'payment_rails'.*'payment_rail'"):
        await glomo.payouts.create(**misspelt)
    with pytest.raises(TypeError, match="'timeout'"):
        await glomo.payouts.retrieve("payout_1", timeuot=5)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'status'"):
        glomo.payouts.list(statsu="failed")  # type: ignore[call-arg]
    assert transport.sent == []


async def test_extras_are_added_and_take_precedence() -> None:
    transport = ScriptedTransport(
        wire_response(201, payout(purpose_code="S0001")), wire_response(200, page())
    )
    glomo = client(transport)
    await glomo.payouts.create(
        **PAYOUT_PARAMS,
        extra_body={"new": 1.5, "purpose_code": "S0001", "payment_rail": OMIT},
        extra_headers={"X-Trace": "abc", "User-Agent": "mine"},
        extra_query={"dry": True},
    )
    request = transport.sent[0]
    assert body_of(request) == {**PAYOUT_PARAMS, "new": 1.5, "purpose_code": "S0001"}
    assert query_of(request) == {"dry": "true"}
    assert headers_of(request)["x-trace"] == "abc"
    assert [v for k, v in request.headers if k == b"user-agent"] == [b"mine"]
    await glomo.payouts.list(status="failed", extra_query={"status": "queued"}).collect()
    assert query_of(transport.sent[1])["status"] == "queued"


@pytest.mark.parametrize(
    "name",
    ["Authorization", "authorization", "HOST", "Content-Length", "Transfer-Encoding", "Connection"],
)
async def test_headers_of_the_sdk_cannot_be_replaced(name: str) -> None:
    error = await refused(extra_headers={name: "x"})
    assert "SDK" in str(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A\r\nAuthorization", "x"),
        ("X-A", "x\r\nAuthorization: Bearer y"),
        ("X-A", "x\x00"),
        ("X-A", "é"),
        ("X-A", " x"),
        ("X A", "x"),
        ("", "x"),
        ("X-A:", "x"),
        ("Authorization ", "x"),
        ("X-A", 5),
        (5, "x"),
    ],
)
async def test_headers_cannot_be_injected(name: Any, value: Any) -> None:
    await refused(extra_headers={name: value})


async def test_what_every_request_carries() -> None:
    transport = ScriptedTransport(GOOD, GOOD)
    glomo = client(transport)
    await glomo.payouts.retrieve("payout_1")
    sent = headers_of(transport.sent[0])
    assert sent["authorization"] == "Bearer sk-unit"
    assert sent["accept"] == "application/json"
    assert sent["user-agent"].startswith("glomo-python/")
    assert transport.sent[0].content == b""
    assert "content-type" not in sent
    await glomo.payouts.create(**PAYOUT_PARAMS)
    assert headers_of(transport.sent[1])["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["v1/x", "", "/v1/a b", "/v1/x\r\n", "/v1/é", "/v1/x#y", "/../x"])
async def test_a_path_of_one_s_own_must_be_one(path: str) -> None:
    transport = ScriptedTransport()
    with pytest.raises(errors.GlomoError):
        await client(transport).request("GET", path)
    assert transport.sent == []


@pytest.mark.parametrize("method", ["", "GET ", "GET\r\nX: y", "G@T"])
async def test_a_method_of_one_s_own_must_be_one(method: str) -> None:
    with pytest.raises(errors.GlomoError):
        await client(ScriptedTransport()).request(method, "/v1/x")
