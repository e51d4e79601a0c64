"""The tables of what is sent again stand on three pages; each cell is what the code does."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from glomo import AsyncGlomo, errors
from glomo.http.operation import Operation, Replay
from glomo.http.transport import WireRequest
from tests.contract.sdk import operations as sdk_operations
from tests.core.fakes import (
    PAYOUT_PARAMS,
    Outcome,
    ScriptedTransport,
    client,
    lost,
    page,
    refused,
    silence,
    wire_response,
)
from tests.core.test_replay_safe_and_none import BENEFICIARY
from tests.core.virtual_time import run
from tests.docs import README, sections

Act = Callable[[AsyncGlomo], Awaitable[Any]]

CALLS: dict[Replay, Act] = {
    Replay.SAFE: lambda glomo: glomo.balances.retrieve(),
    Replay.REQUEST_ID: lambda glomo: glomo.payouts.create(**PAYOUT_PARAMS),
    Replay.NONE: lambda glomo: glomo.beneficiaries.create(**BENEFICIARY),  # type: ignore[arg-type]
    Replay.STATE: lambda glomo: glomo.payment_links.cancel("payin_1"),
}
"""A call of each rule; `MOCK` is `STATE`, and refused with a production key."""

AGAIN, RAISED, UNKNOWN = "sent again", "raised", "OutcomeUnknownError"
OUTCOMES: dict[str, Callable[[], Outcome]] = {
    "connection": refused,
    "429": lambda: wire_response(429),
    "5xx": lambda: wire_response(503),
    "time-out": lambda: silence,
    "lost": lost,
    "unreadable": lambda: wire_response(200, b"<html>proxy</html>"),
    "4xx": lambda: wire_response(403),
}


class Stuck:
    """An API that meets every attempt of a call in the same way; look-ups find nothing."""

    def __init__(self, outcome: Callable[[], Outcome]) -> None:
        self.outcome = outcome
        self.sent: list[WireRequest] = []

    async def send(self, request: WireRequest, timeout: float) -> Any:
        if self.sent and request.method != self.sent[0].method:
            return wire_response(200, page())
        self.sent.append(request)
        return await ScriptedTransport(self.outcome()).send(request, timeout)

    def discard_connections(self) -> None: ...

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


def observed(replay: Replay, outcome: str) -> str:
    """What a call of this rule does after this outcome."""
    transport = Stuck(OUTCOMES[outcome])

    async def act() -> BaseException:
        try:
            await CALLS[replay](client(transport))
        except errors.GlomoError as error:
            return error
        raise AssertionError

    error = run(act)
    if len(transport.sent) > 1:
        return AGAIN
    return UNKNOWN if isinstance(error, errors.OutcomeUnknownError) else RAISED


def stated(cell: str) -> str:
    """What a cell of a table says."""
    if UNKNOWN in cell and ("again" not in cell or "**not**" in cell):
        return UNKNOWN
    return AGAIN if re.search(r"\b(sent|tried) again\b", cell) else RAISED


def table(name: str, heading: str) -> list[list[str]]:
    """The first table under a heading: its head and its rows."""
    lines = [line for line in sections(name)[heading].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [cells[0], *cells[2:]]


def outcomes_in(text: str) -> list[str]:
    """The outcomes that a head names."""
    named = {
        "connection": "connect failure|never sent|no connection",
        "4xx": "4xx",
        **{outcome: outcome for outcome in ("429", "5xx", "time-out", "lost", "unreadable")},
    }
    matches = [outcome for outcome, words in named.items() if re.search(words, text)]
    assert matches, text
    return matches


def rules_in(text: str) -> list[Replay]:
    """The rules that a row or a head names."""
    named = {
        Replay.SAFE: r"\breads?\b",
        Replay.REQUEST_ID: r"`create`",
        Replay.NONE: r"\bother creates?\b|\banother create\b",
        Replay.STATE: r"\bsets? a state\b",
    }
    matches = [rule for rule, words in named.items() if re.search(words, text)]
    assert matches, text
    return matches


def claims() -> list[tuple[str, Replay, str, str]]:
    """Every cell of the three tables, as page, rule, outcome and what it says."""
    by_rule = ((README, "What is never done twice"), ("never-twice.md", "The rules"))
    stated_cells: list[tuple[str, Replay, str, str]] = []
    for name, heading in by_rule:
        head, *rows = table(name, heading)
        stated_cells += [
            (name, rule, outcome, stated(cell))
            for first, *cells in rows
            for named, cell in zip(head[1:], cells, strict=True)
            for rule in rules_in(first)
            for outcome in outcomes_in(named)
        ]
    head, *rows = table("retries.md", "What happens by itself")
    stated_cells += [
        ("retries.md", rule, outcome, stated(cell))
        for first, *cells in rows
        for named, cell in zip(head[1:], cells, strict=True)
        for rule in rules_in(named)
        for outcome in outcomes_in(first)
    ]
    return stated_cells


CLAIMS = claims()


@pytest.mark.parametrize(
    ("name", "rule", "outcome", "stated"),
    CLAIMS,
    ids=[f"{name.removeprefix('../')}-{rule.value}-{outcome}" for name, rule, outcome, _ in CLAIMS],
)
def test_each_cell_is_what_the_code_does(
    name: str, rule: Replay, outcome: str, stated: str
) -> None:
    assert observed(rule, outcome) == stated


def test_each_page_has_every_rule_and_every_outcome() -> None:
    told = {(rule, outcome) for rule in CALLS for outcome in OUTCOMES}
    for name, without in (
        (README, {"4xx", "unreadable"}),
        ("never-twice.md", {"4xx"}),
        ("retries.md", set[str]()),
    ):
        expected = {(rule, outcome) for rule, outcome in told if outcome not in without}
        assert {(rule, outcome) for page, rule, outcome, _ in CLAIMS if page == name} == expected
    assert {*CALLS, Replay.MOCK} == {*Replay}


def test_the_creates_with_a_request_id_are_those_of_the_code() -> None:
    operations = sdk_operations().values()
    keyed = {
        op.name.partition(".")[0]
        for op in operations
        if isinstance(op, Operation) and op.replay is Replay.REQUEST_ID
    }
    for name, heading in ((README, "What is never done twice"), ("never-twice.md", "The rules")):
        (row,) = [first for first, *_ in table(name, heading) if "`create`" in first]
        assert set(re.findall(r"\b[a-z]+s\b", row)) == keyed
