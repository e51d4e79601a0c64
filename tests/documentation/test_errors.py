"""docs/errors.md has every public error, with its cause and what to do about it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from glomo import AsyncGlomo, batch, distributed, errors
from glomo._status_errors import error_class
from glomo.sandbox import Sandbox
from tests.docs import DOCS, blocks, run

PAGE = "errors.md"
TEXT = (DOCS / PAGE).read_text("utf-8")
BASES = {"GlomoError", "StatusError", "TransportError", "ServerError", "BatchError"}
ROWS = {
    name: (cause, advice)
    for name, cause, advice in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)
}


def public_errors() -> dict[str, Any]:
    exported = {
        name: getattr(module, name)
        for module in (errors, batch, distributed)
        for name in module.__all__
    }
    return {
        name: value
        for name, value in exported.items()
        if isinstance(value, type) and issubclass(value, Exception)
    }


def test_every_public_error_has_a_cause_and_advice() -> None:
    assert {*ROWS} == {*public_errors()} - BASES
    assert [name for name in BASES if f"{name}`" not in TEXT] == []
    for cause, advice in ROWS.values():
        assert len(cause) > 3
        assert len(advice) > 3


def test_statuses_are_those_of_the_classes() -> None:
    for name, (cause, _) in ROWS.items():
        if status := re.match(r"[45]\d\d\b", cause):
            assert issubclass(public_errors()[name], error_class(int(status[0])))


@pytest.mark.parametrize(
    ("fault", "report"),
    [
        (None, "accepted: payout_"),
        ("lost", "may be paid: Call it again with request_id='INV-1'"),
        ("short", "not paid: top up "),
        ("unknown beneficiary", "not paid: "),
    ],
)
async def test_what_was_carried_out_is_told_apart(
    served: Sandbox, fault: str | None, report: str
) -> None:
    pay = run(*blocks(PAGE))["pay"]
    if fault == "lost":
        served.lose_response(after_commit=True, operation="payouts.create", times=1)
        served.lag(60)
    beneficiary = "bene_none" if fault == "unknown beneficiary" else "bene_5JU9yv0lGSUP"
    async with AsyncGlomo(max_retries=0) as glomo:
        message = await pay(
            glomo,
            beneficiary_id=beneficiary,
            source_currency="USD",
            destination_currency="INR",
            source_amount=10**12 if fault == "short" else 12_50,
            payment_rail="rtgs" if fault == "short" else "neft",
            purpose_code="S1005",
            request_id="INV-1",
        )
    assert message.startswith(report)
