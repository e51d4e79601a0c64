from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from glomo import webhooks
from glomo.sandbox import Sandbox


def test_it_names_the_dashboard_and_logs_requests(start: Any) -> None:
    process = start("sandbox", "--port", 0, "--fault", "fail_before:balances.retrieve:x1")
    base_url = re.findall(r"GLOMO_BASE_URL=(\S+)", process.line() + process.line())[0]
    dashboard = process.line().removeprefix("dashboard: ")
    assert "no bank" in httpx.get(dashboard).text
    headers = {"Authorization": "Bearer x"}
    statuses = [httpx.get(f"{base_url}/v1/balances", headers=headers).status_code for _ in "12"]
    assert statuses[0] >= 500
    assert statuses[1] == 200
    assert process.line().startswith(str(statuses[0]))
    assert process.line() == "200   GET /api/v1/balances"
    process.popen.send_signal(signal.SIGTERM)
    assert process.end().status == 0


def test_the_secret_is_the_same_at_every_start(start: Any) -> None:
    secrets = set()
    for _ in range(2):
        process = start("sandbox", "--port", 0, "--json", "--forward-to", "http://127.0.0.1:9/x")
        secrets.add(json.loads(process.line())["webhook_secret"])
        process.popen.kill()
        process.popen.wait()
    assert len(secrets) == 1
    assert secrets.pop().startswith("whsec_")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fault", "earthquake"),
        ("--fault", "delay:payouts.creat"),
        ("--fault", "delay::often"),
        ("--fault", "delay::x0"),
        ("--fault", "delay::speed=5"),
        ("--fault", "fail_before::status=404"),
        ("--fault", "delay::seconds=-1"),
        ("--events", "payout.*"),
        ("--forward-to", "localhost"),
        ("--forward-to", "http://localhost:1", "--events", "payday"),
    ],
)
def test_what_makes_no_sense_is_refused(cli: Any, arguments: tuple[str, ...]) -> None:
    ended = cli("sandbox", "--port", 0, *arguments)
    assert ended.status == 2
    assert ended.err


def test_events_are_sent_and_sent_again(cli: Any) -> None:
    received: list[Any] = []
    with Sandbox() as sandbox, sandbox.serve() as server:
        endpoint = sandbox.webhooks.add_receiver(received.append)
        url = ("--base-url", server.base_url)
        ended = cli("webhooks", "trigger", "payout.failed", "--set", "error_code=X", "--json", *url)
        assert json.loads(ended.out)["data"]["error_code"] == "X"
        assert cli("webhooks", "resend", *url).status == 0
        assert len(received) == 2
        assert received[0].body == received[1].body
        event = webhooks.parse(received[0].body, received[0].signature, endpoint.secret)
        assert event.event_type == "failed"
        ended = cli("webhooks", "trigger", "payout.flew", *url)
        assert ended.status == 2
        assert "payout.failed" in ended.err
    ended = cli("webhooks", "resend", *url)
    assert ended.status == 1
    assert "no sandbox responds" in ended.err


def test_a_signature_is_verified(cli: Any, tmp_path: Path) -> None:
    body = b'{"data":{},"entity_type":"webhook_test","event_type":"test"}'
    file = tmp_path / "body.json"
    file.write_bytes(body)
    secret = "whsec_" + "a" * 24
    signature = webhooks.sign(body, secret)
    arguments = ("--signature", signature, "--secret", secret, "--json")
    assert cli("webhooks", "verify", file, *arguments).status == 0
    file.write_bytes(body + b" ")
    ended = cli("webhooks", "verify", file, *arguments)
    assert ended.status == 1
    assert json.loads(ended.out)["valid"] is False
    assert secret not in ended.text
