"""Settings of a client, and of a client made from another for some of its calls."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from glomo import AsyncGlomo, errors
from glomo_sync import Glomo

from .fakes import ScriptedTransport, client, echo, lost, payout, silence, wire_response
from .virtual_time import now


def headers_of(transport: ScriptedTransport, n: int = -1) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in transport.sent[n].headers}


async def test_a_client_with_other_options_shares_everything_else() -> None:
    transport = ScriptedTransport(*[echo] * 4)
    glomo = client(transport)
    patient = glomo.with_options(timeout=300, extra_headers={"X-Team": "payroll"})
    assert type(patient) is AsyncGlomo
    assert patient.payouts is not glomo.payouts
    await patient.payouts.retrieve("payout_1")
    assert headers_of(transport)["x-team"] == "payroll"
    assert headers_of(transport)["authorization"] == "Bearer sk-unit"
    await glomo.payouts.retrieve("payout_1")
    assert "x-team" not in headers_of(transport)
    further = patient.with_options(extra_headers={"x-team": "audit"})
    await further.payouts.retrieve("payout_1")
    assert headers_of(transport)["x-team"] == "audit"
    await patient.aclose()
    assert transport.closed == 0
    await glomo.aclose()
    with pytest.raises(errors.ClosedError):
        await patient.payouts.retrieve("payout_1")


async def test_its_time_and_its_retries_are_its_own() -> None:
    transport = ScriptedTransport(*[silence] * 10)
    hasty = client(transport, max_retries=0).with_options(timeout=3)
    began = now()
    with pytest.raises(errors.TransportError):
        await hasty.payouts.retrieve("payout_1")
    assert now() - began <= 3
    transport = ScriptedTransport(lost(), lost(), wire_response(200, payout()))
    with pytest.raises(errors.TransportError):
        await client(transport).with_options(max_retries=1).payouts.retrieve("payout_1")
    assert len(transport.sent) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": "5"},
        {"timeout": True},
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"extra_headers": "x"},
        {"extra_headers": {"Authorization": "Bearer other"}},
        {"extra_headers": {"x": "a\r\nb: c"}},
        {"extra_headers": {"x": 5}},
    ],
)
def test_options_that_cannot_work_are_refused_at_once(options: Any) -> None:
    with pytest.raises(errors.ConfigurationError):
        client(ScriptedTransport()).with_options(**options)
    with Glomo("sk-unit") as blocking, pytest.raises(errors.ConfigurationError):
        blocking.with_options(**options)


def test_the_twin_has_options_too() -> None:
    with Glomo("sk-unit", transport=ScriptedTransport(echo, echo)) as blocking:
        named = blocking.with_options(timeout=5, extra_headers={"x-team": "payroll"})
        assert type(named) is Glomo
        assert named.payouts.retrieve("payout_7").id == "payout_7"
        named.close()
        assert blocking.payouts.retrieve("payout_8").id == "payout_8"


async def test_a_client_names_itself_and_the_program() -> None:
    transport = ScriptedTransport(echo, echo)
    glomo = client(transport, app="acme-payouts/1.2", default_headers={"X-Region": "eu"})
    await glomo.payouts.retrieve("payout_1")
    headers = headers_of(transport)
    assert headers["user-agent"].startswith("glomo-python/")
    assert headers["user-agent"].endswith(" acme-payouts/1.2")
    assert headers["x-region"] == "eu"
    await glomo.payouts.retrieve("payout_1", extra_headers={"x-region": "in"})
    assert headers_of(transport)["x-region"] == "in"


@pytest.mark.parametrize(
    "settings",
    [
        {"app": ""},
        {"app": "two words"},
        {"app": "a/b/c"},
        {"app": "a\r\nb"},
        {"app": 5},
        {"default_headers": [("a", "b")]},
        {"default_headers": {"content-type": "text/plain"}},
        {"connect_timeout": 0},
        {"read_timeout": float("nan")},
        {"verify": False},
        {"verify": 5},
        {"verify": "/nowhere/ca.pem"},
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(settings: Any) -> None:
    with pytest.raises(errors.ConfigurationError):
        AsyncGlomo("sk-unit", **settings)


@pytest.mark.parametrize(
    "settings", [{"verify": ssl.create_default_context()}, {"connect_timeout": 5}]
)
def test_a_transport_of_one_s_own_has_its_own_settings(settings: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="set them on yours"):
        AsyncGlomo("sk-unit", transport=ScriptedTransport(), **settings)


async def test_a_read_timeout_bounds_one_attempt_and_not_the_call() -> None:
    transport = ScriptedTransport(silence, silence, echo)
    glomo = client(transport, read_timeout=2)
    began = now()
    assert (await glomo.payouts.retrieve("payout_1")).id == "payout_1"
    first, second = transport.at[1] - transport.at[0], transport.at[2] - transport.at[1]
    assert 2 <= first < 4
    assert 2 <= second < 4
    assert now() - began < 10
