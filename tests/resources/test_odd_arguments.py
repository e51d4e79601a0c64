"""Arguments of any kind, for every parameter of every call: refused in words, or sent whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import GlomoError, ParameterError
from glomo.http.operation import Operation
from glomo.pagination import Pager

from ..contract.sdk import operations
from ..core.fakes import ScriptedTransport, wire_response
from ..operations.calls import CALLS

SECRET = "5454-not-to-be-shown-5454"


@pytest.fixture
def anyio_backend() -> str:
    """In real time: documents are read in threads."""
    return "asyncio"


class Strange:
    def __repr__(self) -> str:
        return SECRET

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    __hash__ = None  # type: ignore[assignment]


ODD: list[Any] = [
    *(None, True, 0, -1, 10**5000, 1.5, float("nan"), Decimal("1E+999999"), "", " ", "\x00"),
    *("x" * 100_000, "\ud800", b"bytes", [], [[]], [None], ["\ud800"], {}, {5: 6}, {"a": {}}),
    *(Money(5, "USD"), datetime.max, object, Strange(), {"a": Strange()}, iter(())),
]


def _cases() -> Iterator[Any]:
    for name, calls in CALLS.items():
        for n, arguments in enumerate(calls):
            for parameter in arguments.kwargs:
                if parameter != "extra_body":
                    yield pytest.param(name, arguments, parameter, id=f"{name}-{n}-{parameter}")


@pytest.mark.parametrize("validate", [True, False])
@pytest.mark.parametrize(("name", "arguments", "parameter"), list(_cases()))
@pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")
async def test_an_odd_argument_is_refused_in_our_words_or_sent(
    name: str, arguments: Any, parameter: str, validate: bool
) -> None:
    if parameter in ("on_progress", "file"):  # which are called and read, not sent
        return
    transport = ScriptedTransport()
    glomo = AsyncGlomo(
        "sk-unit", transport=transport, rate_limit=None, validate=validate, max_retries=0
    )
    for odd in ODD:
        transport.sent, transport.script = [], [wire_response(403, {"message": "no"})]
        error = await refusal(glomo, name, *arguments.args, **{**arguments.kwargs, parameter: odd})
        if isinstance(error, ParameterError):
            assert transport.sent == []
            assert len(str(error)) < 700
            assert SECRET not in str(error)
        else:
            assert len(transport.sent) == 1


async def refusal(glomo: AsyncGlomo, name: str, /, *args: Any, **kwargs: Any) -> GlomoError:
    """The error that a call ends with, which must be the SDK's own."""
    resource, _, method = name.partition(".")
    try:
        result = getattr(getattr(glomo, resource), method)(*args, **kwargs)
        await (result.first() if isinstance(result, Pager) else result)
    except GlomoError as error:
        return error
    raise AssertionError("it was answered by an error, and no error came")


AMOUNTS = [
    pytest.param(name, amount, currency, id=f"{name}-{amount}")
    for name, op in operations().items()
    if isinstance(op, Operation)
    for amount, currency in op.amounts.items()
]


@pytest.mark.parametrize(("name", "amount", "currency"), AMOUNTS)
@pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")
async def test_an_amount_is_taken_as_money_of_its_currency(
    name: str, amount: str, currency: str
) -> None:
    arguments = next(m for m in CALLS[name] if amount in m.kwargs and currency in m.kwargs)
    transport = ScriptedTransport(*[wire_response(403, {"message": "no"})] * 2)
    glomo = AsyncGlomo("sk-unit", transport=transport, rate_limit=None, max_retries=0)

    money = Money(arguments.kwargs[amount], arguments.kwargs[currency])
    for value in (arguments.kwargs[amount], money):
        await refusal(glomo, name, **{**arguments.kwargs, amount: value})
    plain, from_money = (json.loads(sent.content) for sent in transport.sent)
    plain.pop("request_id", None)
    from_money.pop("request_id", None)
    assert plain == from_money

    other = Money(money.minor, "CHF")
    wrong = await refusal(glomo, name, **{**arguments.kwargs, amount: other})
    assert isinstance(wrong, ParameterError)
    assert f"CHF, but {currency} is {money.currency}" in str(wrong)
    assert wrong.parameter == amount
    assert len(transport.sent) == 2


def test_most_amounts_name_their_currency() -> None:
    assert len(AMOUNTS) >= 18
