"""The command that compares descriptions finds every change, and what it touches."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import drift
from .openapi import dereferenced, load, reduced

COPY: Any = load(drift.COPY)


def changed(change: Callable[[Any], None]) -> list[drift.Change]:
    after = copy.deepcopy(COPY)
    change(after)
    return drift.changes(COPY, after)


def _schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def test_the_copy_does_not_drift_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert drift.changes(COPY, copy.deepcopy(COPY)) == []
    assert drift.main([str(drift.COPY)]) == 0
    assert capsys.readouterr().out == "nothing changed\n"


def test_a_new_field_is_found_in_every_operation_that_shows_it() -> None:
    changes = changed(lambda d: _schema(d, "Payout")["properties"].update(speed={"type": "string"}))
    assert {change.operation_id for change in changes} >= {"createPayout", "getPayoutById"}
    assert all("added    response.speed type: string" in str(c.lines) for c in changes[:1])


def test_each_kind_of_change_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = copy.deepcopy(COPY)
    payout = _schema(after, "Payout")["properties"]
    payout["utr"] = {"type": "integer"}
    payout["status"]["enum"].append("returned")
    del payout["quote_id"]
    request = _schema(after, "CreatePayoutWithoutQuoteRequest")
    request["properties"]["urgent"] = {"type": "boolean"}
    request["properties"]["invoice_number"]["maxLength"] = 40
    after["paths"]["/things"] = {
        "get": {"operationId": "getThings", "responses": {"200": {"description": "x"}}}
    }
    del after["paths"]["/balances"]
    new = tmp_path / "new.json"
    new.write_text(json.dumps(after), "utf-8")

    assert drift.main([str(new)]) == 1
    output = capsys.readouterr().out
    for line in (
        "getThings: new",
        "-> no method: add a row to data/operations.csv, and the method",
        "getBalance: gone",
        "createPayout: changed",
        "changed  response.utr type: string or null -> integer",
        "changed  response.status enum: + returned",
        "removed  response.quote_id type",
        "added    request.urgent type: boolean",
        "added    request.invoice_number maxLength in variant 1: 40",
        "-> method: glomo.payouts.create",
        "-> files: glomo/resources/payouts.py, glomo/models/payouts.py",
        "-> contract: payouts.create urgent: is no parameter",
        "-> contract: payouts.create ->.utr: is str, not int",
        "-> contract: payouts.create ->.status: PayoutStatus lacks 'returned'",
    ):
        assert line in output, line
    assert "getPrices" not in output


def test_prose_and_errors_are_no_change() -> None:
    def prose(document: Any) -> None:
        operation = document["paths"]["/payouts"]["post"]
        operation["description"] = "other words"
        operation["x-note"] = "another mark"
        operation["responses"]["418"] = {"description": "a teapot"}

    after = copy.deepcopy(COPY)
    prose(after)
    assert drift.changes(COPY, reduced(after)) == []


def test_names_that_openapi_uses_for_itself_are_kept() -> None:
    product = reduced(COPY)["components"]["schemas"]["Product"]
    assert set(product["properties"]) == {"name", "description"}


def test_a_schema_that_holds_itself_ends() -> None:
    document = copy.deepcopy(COPY)
    own = {"$ref": "#/components/schemas/Notes"}
    _schema(document, "Notes").update(type="object", properties={"inner": own})
    assert dereferenced(document)
    assert drift.changes(COPY, document)


def test_renewing_makes_it_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "api.json"
    own.write_text(drift.COPY.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(drift, "COPY", own)
    after = copy.deepcopy(COPY)
    _schema(after, "Payout")["properties"]["speed"] = {"type": "string", "description": "prose"}
    new = tmp_path / "new.json"
    new.write_text(json.dumps(after), "utf-8")
    assert drift.main([str(new), "--renew"]) == 1
    assert drift.main([str(new)]) == 0
    assert "prose" not in own.read_text("utf-8")
    capsys.readouterr()


@pytest.mark.parametrize("text", ["", "[]", "{}", "no json"])
def test_what_is_no_description_is_told(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.json"
    new.write_text(text, "utf-8")
    assert drift.main([str(new)]) == 2
    assert drift.main([str(tmp_path / "nowhere.json")]) == 2
    assert "not an OpenAPI description" in capsys.readouterr().err
