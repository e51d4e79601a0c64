"""Observers are told of everything a call does, and cannot break it."""

import logging
from typing import Any

import anyio
import pytest

from glomo import AsyncGlomo, errors
from glomo.instrumentation import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallStarted,
    Event,
    Waited,
)
from glomo.instrumentation.logging import configure_from_environment

from ..core.fakes import (
    PAYOUT_PARAMS,
    ScriptedTransport,
    client,
    lost,
    page,
    payout,
    silence,
    wire_response,
)

EXISTS = wire_response(409, {"message": "Record already exists"})


class Recorder:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_event(self, event: Event, /) -> None:
        self.events.append(event)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


async def test_a_lost_response_is_told_as_one_call() -> None:
    recorder = Recorder()
    transport = ScriptedTransport(lost(), EXISTS, wire_response(200, page(payout())))
    await client(transport, observers=[recorder]).payouts.create(**PAYOUT_PARAMS)
    (started,), (ended,) = recorder.of(CallStarted), recorder.of(CallEnded)
    assert (started.operation, started.request_id) == ("payouts.create", "r-1")
    assert (ended.call, ended.attempts, ended.error) == (started.call, 3, None)
    attempts = recorder.of(AttemptStarted)
    assert [attempt.number for attempt in attempts] == [1, 2, 3]
    assert [attempt.operation for attempt in attempts] == [
        "payouts.create",
        "payouts.create",
        "payouts.create.lookup",
    ]
    assert attempts[0].server_address == "api.test"
    outcomes = [(event.status, event.error_type) for event in recorder.of(AttemptEnded)]
    assert outcomes == [(None, "LostError"), (409, None), (200, None)]
    assert [event.reason for event in recorder.of(Waited)] == ["retry"]


async def test_nothing_that_is_secret_or_personal_is_in_an_event() -> None:
    recorder = Recorder()
    transport = ScriptedTransport(wire_response(201, payout(notes={"iban": "DE00SECRET"})))
    glomo = client(transport, observers=[recorder], api_key="sk-verysecret")
    await glomo.payouts.create(**PAYOUT_PARAMS, notes={"iban": "DE00SECRET"})
    text = repr(recorder.events)
    assert "SECRET" not in text
    assert "verysecret" not in text
    assert "bene_1" not in text


async def test_an_observer_that_fails_fails_alone(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def on_event(self, event: Event, /) -> None:
            raise RuntimeError("bug")

    recorder = Recorder()
    glomo = client(ScriptedTransport(wire_response(200, payout())), observers=[Broken(), recorder])
    assert (await glomo.payouts.retrieve("payout_1")).id == "payout_1"
    assert recorder.of(CallEnded)
    assert "an observer failed: Broken" in caplog.text


async def test_an_observer_that_fails_does_not_have_the_response_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken:
        def on_event(self, event: Event, /) -> None:
            raise RuntimeError("bug")

    row = {**payout(), "notes": {"for": "Zebediah"}}
    glomo = client(ScriptedTransport(wire_response(200, page(row))), observers=[Broken()])
    assert (await glomo.payouts.list().first()) is not None
    assert "an observer failed" in caplog.text
    assert "Zebediah" not in caplog.text


async def test_a_call_that_is_cancelled_has_ended_too() -> None:
    recorder = Recorder()
    glomo = client(ScriptedTransport(silence), observers=[recorder])
    with anyio.move_on_after(1):
        await glomo.payouts.create(**PAYOUT_PARAMS)
    (ended,) = recorder.of(CallEnded)
    assert ended.outcome_unknown
    (attempt,) = recorder.of(AttemptEnded)
    assert attempt.error_type == "Interrupted"


async def test_the_log_has_attempts_retries_and_unknown_outcomes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="glomo")
    glomo = client(
        ScriptedTransport(lost(), wire_response(500), *[wire_response(200, page())] * 3),
        max_retries=1,
    )
    with pytest.raises(errors.OutcomeUnknownError):
        await glomo.payouts.create(**PAYOUT_PARAMS)
    levels = [record.levelname for record in caplog.records]
    assert levels.count("DEBUG") == 5
    assert levels.count("WARNING") == 1
    assert "INFO" in levels
    first = caplog.records[0]
    assert vars(first)["glomo.operation"] == "payouts.create"
    assert "LostError" in first.getMessage()
    assert len({record.msg for record in caplog.records}) == 3  # constant messages


def test_the_environment_turns_the_log_on(monkeypatch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("glomo")
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "level", logging.NOTSET)
    configure_from_environment()
    assert log.handlers == []
    monkeypatch.setenv("GLOMO_LOG", "debug")
    AsyncGlomo("sk-unit")
    AsyncGlomo("sk-unit")
    assert len(log.handlers) == 1
    assert log.level == logging.DEBUG
