"""`glomo request`: any operation, and what the network says when it fails."""

from __future__ import annotations

import io
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from glomo.sandbox import sandbox_key


def test_a_read_prints_the_json_of_the_response(cli: Any, service: Any) -> None:
    service.sandbox.add_beneficiary("bene_A", name="Supplier")
    ended = cli("request", "get", "/v2/beneficiaries/bene_A")
    assert ended.status == 0, ended.text
    assert json.loads(ended.out)["name"] == "Supplier"
    listed = json.loads(cli("request", "GET", "/v1/payouts", "--query", "per_page=1").out)
    assert isinstance(listed, (dict, list))


@pytest.mark.parametrize("way", ["inline", "file", "stdin"])
def test_a_body_comes_from_the_line_a_file_or_standard_input(
    cli: Any, service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    text = json.dumps(
        {
            "beneficiary_id": "bene_A",
            "source_currency": "USD",
            "destination_currency": "INR",
            "source_amount": 125_000,
            "payment_rail": "neft",
            "purpose_code": "S1301",
            "request_id": f"by-{way}",
        }
    )
    (tmp_path / "body.json").write_text(text)
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    body = {"inline": text, "file": f"@{tmp_path / 'body.json'}", "stdin": "-"}[way]
    ended = cli("request", "POST", "/v1/payouts", "--body", body)
    assert ended.status == 0, ended.text
    assert service.sandbox.ledger.paid_once(f"by-{way}")


def test_with_a_production_key_a_change_needs_yes(
    cli: Any, live_api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", sandbox_key(env="production"))
    body = '{"request_id": "q1"}'
    ended = cli("request", "POST", "/v1/payouts", "--body", body)
    assert ended.status == 2
    assert "--yes" in ended.err
    assert not live_api.calls
    assert cli("request", "POST", "/v1/payouts", "--body", body, "--yes").status == 0
    assert cli("request", "GET", "/v1/payouts/payout_1").status == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("GET", "/v1/payouts", "--query", "status"), "KEY=VALUE"),
        (("POST", "/v1/payouts", "--body", "{"), "--body cannot be used"),
        (("POST", "/v1/payouts", "--body", "@/nowhere.json"), "--body cannot be used"),
        (("GET", "payouts"), "must start with its version"),
    ],
)
def test_what_cannot_work_is_refused_with_a_hint(
    cli: Any, service: Any, arguments: tuple[str, ...], says: str
) -> None:
    ended = cli("request", *arguments)
    assert ended.status == 2
    assert says in ended.err
    assert "hint: " in ended.err
    assert not service.sandbox.requests


def test_an_error_of_the_network_names_the_host(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    base_url = f"http://127.0.0.1:{port}/api"
    ended = cli("balances", "--base-url", base_url)
    assert ended.status == 1, ended.text
    assert f"127.0.0.1:{port}" in ended.err
    assert "hint: nothing was sent" in ended.err
