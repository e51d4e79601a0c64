"""Whatever a caller passes, nothing half-made is sent and no foreign exception comes out."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from glomo import AsyncGlomo, errors

from .fakes import PAYOUT_PARAMS, ScriptedTransport, client, payout, wire_response

Act = Callable[[AsyncGlomo], Awaitable[Any]]
HUGE = 10**5000


def create(**changed: Any) -> Act:
    return lambda glomo: glomo.payouts.create(**{**PAYOUT_PARAMS, **changed})


class Hostile(dict[str, Any]):
    """A mapping that cannot be read."""

    def items(self) -> Any:
        raise RuntimeError("hostile")


ENDLESS: dict[str, Any] = {}
ENDLESS["again"] = ENDLESS
LAST_DAY = datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))


def upload(**options: Any) -> Act:
    return lambda glomo: glomo.documents.create(file=b"%PDF-", document_name="x", **options)


REFUSED: dict[str, Act] = {
    "headers that cannot be read": create(extra_headers=Hostile(a="b")),
    "a body that cannot be read": create(extra_body=Hostile(a="b"), notes=Hostile(a="b")),
    "notes without end": create(notes=ENDLESS),
    "a query without end": create(extra_query={"a": [ENDLESS]}),
    "a time after all times": lambda glomo: glomo.payouts.list(after=LAST_DAY).first(),
    "a header's name without end": create(extra_headers={"x" * 10**6: "y", "z": 1}),
    "a header's name that steers": create(extra_headers={"\x1b[31m": "y"}),
    "a query's name that is half a character": create(extra_query={"\ud800": "x"}),
    "fields of a form that are a list": upload(extra_body=[1]),
    "fields of a form that are numbers": upload(extra_body={"a": 1}),
    "fields of a form without names": upload(extra_body={None: "a"}),
    "headers that are a number": create(extra_headers=5),
    "headers that are pairs": create(extra_headers=[("a", "b")]),
    "a header's name that is a number": create(extra_headers={5: "x"}),
    "a query that is a list": create(extra_query=[1]),
    "a query that is text": create(extra_query="x=1"),
    "a parameter's name that is a number": create(extra_query={5: 6}),
    "a body that is a list": create(extra_body=[1]),
    "a field's name that is a number": create(extra_body={5: 6}),
    "an amount of 5,000 digits": create(source_amount=HUGE),
    "a negative amount of 5,000 digits": create(source_amount=-HUGE),
    "a note of 5,000 digits": create(notes={"a": HUGE}),
    "a time-out that is text": create(timeout="x"),
    "a time-out that is no number": create(timeout=float("nan")),
    "a time-out without end": create(timeout=float("inf")),
    "a time-out beyond a float": create(timeout=10**400),
    "a queue time-out that is text": create(queue_timeout="x"),
    "an id of 5,000 digits": lambda glomo: glomo.payouts.retrieve(HUGE),  # type: ignore[arg-type]
    "a page of 5,000 digits": lambda glomo: glomo.payouts.list(page=HUGE).first(),
    "a method that is a number": lambda glomo: glomo.request(5, "/v1/x"),  # type: ignore[arg-type]
    "a path that is a number": lambda glomo: glomo.request("GET", 5),  # type: ignore[arg-type]
    "a path without its slash": lambda glomo: glomo.request("GET", "v1"),
    "a path that leads elsewhere": lambda glomo: glomo.request("GET", "/v1/../x"),
    "a path with a line break": lambda glomo: glomo.request("GET", "/v1/x\n"),
    "a raw body that is a list": lambda glomo: glomo.request("POST", "/v1/x", body=[1]),  # type: ignore[arg-type]
    "a raw body that is text": lambda glomo: glomo.request("POST", "/v1/x", body="x"),  # type: ignore[arg-type]
    "a raw query that is a number": lambda glomo: glomo.request("GET", "/v1/x", query=5),  # type: ignore[arg-type]
    "a rule that is text": lambda glomo: glomo.request("POST", "/v1/x", replay="safe"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("validate", [True, False])
@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED)
async def test_it_is_refused_in_words_of_the_sdk(act: Act, validate: bool) -> None:
    transport = ScriptedTransport()
    with pytest.raises((errors.ParameterError, errors.ConfigurationError)) as caught:
        await act(client(transport, validate=validate))
    assert transport.sent == []
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


async def test_a_check_that_fails_on_a_hostile_value_is_a_refusal() -> None:
    class Hostile(str):
        def strip(self, *_: Any) -> str:
            raise RuntimeError("hostile")

    transport = ScriptedTransport()
    with pytest.raises(errors.ParameterError, match="cannot be read"):
        await create(purpose_code=Hostile("S1005"))(client(transport))
    assert transport.sent == []


@pytest.mark.parametrize("option", ["extra_headers", "extra_query", "extra_body"])
async def test_an_option_that_is_none_is_left_out(option: str) -> None:
    transport = ScriptedTransport(wire_response(201, payout(request_id=None)))
    created = await create(**{option: None})(client(transport))
    assert created.id == "payout_1"


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[0m\n", "x" * 10**7])
async def test_what_the_api_says_cannot_flood_or_steer_a_terminal(text: str) -> None:
    body = {"error": text, "message": text, "code": text}
    for status in (400, 404, 500):
        transport = ScriptedTransport(wire_response(status, body))
        with pytest.raises(errors.GlomoError) as caught:
            await client(transport, max_retries=0).payouts.retrieve("payout_1")
        assert len(str(caught.value)) < 3000
        assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "address",
    [
        "https://api.test/api/../other",
        "https://api.test/%2e%2e/api",
        "https://api.test/api%0d%0aX: y",
        "https://api.test/somewhere",
        "https://api.test/api/v1",
    ],
)
def test_an_address_that_leads_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(errors.ConfigurationError):
        AsyncGlomo("sk-unit", base_url=address)


def test_an_origin_gets_its_path() -> None:
    assert AsyncGlomo("sk-unit", base_url="https://api.test").base_url == "https://api.test/api"
    assert AsyncGlomo("sk-unit", base_url="https://api.test/").base_url == "https://api.test/api"
