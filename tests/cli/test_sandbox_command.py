from __future__ import annotations

import re
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

BODY = {
    "beneficiary_id": "bene_A",
    "purpose_code": "S1301",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": 125_000,
    "payment_rail": "neft",
    "request_id": "r1",
}


def exported(process: Any) -> dict[str, str]:
    """What its lines for the shell set."""
    assert process.line().startswith("Glomo sandbox at http://127.0.0.1:")
    line = process.line()
    assert line.startswith("export ")
    return dict(re.findall(r"(\w+)=(\S+)", line))


def client(settings: dict[str, str]) -> httpx.Client:
    return httpx.Client(
        base_url=settings["GLOMO_BASE_URL"],
        headers={"Authorization": f"Bearer {settings['GLOMO_API_KEY']}"},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(start: Any, number: signal.Signals) -> None:
    process = start("sandbox", "--port", 0, "--balance", "USD=1000.50", "--quiet")
    with client(exported(process)) as api:
        (balance,) = api.get("/v1/balances").json()["available"]
    assert balance == {"currency": "USD", "amount": 100_050}
    assert process.line().startswith("dashboard: http://127.0.0.1:")
    process.popen.send_signal(number)
    ended = process.end()
    (stopped,) = ended.out.splitlines()
    assert (ended.status, stopped, ended.err) == (0, "stopped", "")


def test_what_it_prints_is_all_that_another_command_needs(start: Any) -> None:
    settings = exported(start("sandbox", "--port", 0))
    whoami = start("whoami", env=settings).end()
    assert whoami.status == 0
    assert "environment   sandbox" in whoami.out


def test_a_state_file_outlives_it(start: Any, tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = start("sandbox", "--port", 0, "--state", state)
    with client(exported(first)) as api:
        api.post(
            "http://" + api.base_url.netloc.decode() + "/_sandbox/fund",
            json={
                "currency": "USD",
                "minor": 77,
            },
        ).raise_for_status()
        before = api.get("/v1/balances").json()
    first.popen.kill()
    first.popen.wait()
    with client(exported(start("sandbox", "--port", 0, "--state", state))) as api:
        assert api.get("/v1/balances").json() == before


def test_it_puts_the_beneficiaries_of_a_file_in_place(start: Any, payout_file: Any) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    with client(exported(start("sandbox", "--port", 0, "--payouts", file))) as api:
        assert api.post("/v1/payouts", json=BODY).status_code == 201


def test_faults_hit_a_share_of_the_calls(start: Any) -> None:
    settings = exported(start("sandbox", "--port", 0, "--faults", 1, "--seed", 5))
    wrong = 0
    with client(settings) as api:
        for _ in range(20):
            try:
                response = api.get("/v1/balances")
                wrong += response.status_code != 200 or "available" not in response.text
            except httpx.TransportError:
                wrong += 1
    assert wrong > 10


def test_a_fault_has_a_status_and_a_number_of_times(start: Any) -> None:
    fault = "fail_before:balances.retrieve:status=504:x2"
    settings = exported(start("sandbox", "--port", 0, "--fault", fault))
    with client(settings) as api:
        assert [api.get("/v1/balances").status_code for _ in range(3)] == [504, 504, 200]


def test_a_fault_has_seconds(start: Any) -> None:
    fault = "delay:balances.retrieve:1:seconds=30"
    settings = exported(start("sandbox", "--port", 0, "--fault", fault))
    with client(settings) as api:
        with pytest.raises(httpx.ReadTimeout):
            api.get("/v1/balances", timeout=1)
        assert api.get("/v1/payouts", timeout=10).status_code == 200


def test_a_rate_limit(start: Any) -> None:
    settings = exported(start("sandbox", "--port", 0, "--rate-limit", 3))
    with client(settings) as api:
        assert [api.get("/v1/balances").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_port_that_is_taken(cli: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = cli("sandbox", "--port", taken.getsockname()[1])
    assert ended.status == 1
    assert "is taken" in ended.err
    assert "--port" in ended.err
    assert len(ended.err.splitlines()) == 2


@pytest.mark.parametrize("balance", ["USD", "USD=12.345", "usd=5.00", "USD=-5.00", "=5"])
def test_a_balance_that_is_none(cli: Any, balance: str) -> None:
    ended = cli("sandbox", "--port", 0, "--balance", balance)
    assert ended.status == 2
    assert f"--balance {balance}" in ended.err


def test_a_state_file_that_is_held_by_another(start: Any, cli: Any, tmp_path: Path) -> None:
    state = tmp_path / "state"
    exported(start("sandbox", "--port", 0, "--state", state))
    ended = cli("sandbox", "--port", 0, "--state", state)
    assert ended.status == 2
    assert "held by another sandbox" in ended.err
