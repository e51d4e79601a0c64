"""What is in the state file stays, also when the process is killed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from glomo.sandbox import Sandbox

SERVE = """
import sys, time
from glomo.sandbox import Options, Sandbox
sandbox = Sandbox(
    seed=3, state=sys.argv[1], rate_limit=None, options=Options(settle_after=None)
)
sandbox.add_beneficiary("bene_supplier")
server = sandbox.serve()
print(server.base_url, flush=True)
time.sleep(600)
"""


def _serve(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(path)], stdout=subprocess.PIPE, text=True
    )


def test_what_was_answered_survives_sigkill(tmp_path: Path, body_of: Any) -> None:
    state = tmp_path / "state.db"
    answered: dict[str, dict[str, Any]] = {}
    for life in range(2):
        with _serve(state) as process:
            try:
                assert process.stdout is not None
                base_url = process.stdout.readline().strip()
                with httpx.Client(headers={"Authorization": "Bearer secret"}) as http:
                    for number in range(15):
                        body = body_of(None, request_id=f"{life}-{number}")
                        payout = http.post(f"{base_url}/v1/payouts", json=body).json()
                        answered[payout["request_id"]] = payout
                    done = http.patch(
                        f"{base_url}/v1/payouts/mock",
                        json={"id": payout["id"], "status": "success"},
                    )
                    answered[payout["request_id"]] = done.json()
            finally:
                process.send_signal(signal.SIGKILL)
    with Sandbox(seed=3, state=state) as reloaded:
        assert {one["request_id"]: one for one in reloaded.ledger.payouts} == answered
        assert len({one["id"] for one in answered.values()}) == 30
        usd = reloaded.ledger.balances["USD"]
        assert (usd["held"], usd["paid"]) == (28 * 126_350, 2 * 126_350)


async def test_everything_is_as_it_was(tmp_path: Path, make_api: Any, clock: Any) -> None:
    options = {"state": tmp_path / "state.db", "clock": clock, "queueing": True}
    api = make_api(**options)
    sandbox = api.sandbox
    sandbox.add_beneficiary("bene_wrong", bank_error="INVALID_VPA", rails=["neft"])
    await api.paid(request_id="INV-1")
    before = (sandbox.ledger.payouts, sandbox.ledger.balances)
    sandbox.close()

    again = make_api(**options, balances={"USD": 1})
    assert (again.sandbox.ledger.payouts, again.sandbox.ledger.balances) == before
    assert (await again.pay(request_id="INV-1")).status_code == 409
    failed = await again.paid(beneficiary_id="bene_wrong")
    assert failed["error_code"] == "INVALID_VPA"
    assert failed["id"] != before[0][0]["id"]
    again.sandbox.release()
    assert again.sandbox.ledger.payouts[0]["status"] == "in_progress"
    again.sandbox.close()


async def test_what_cannot_be_written_did_not_happen(tmp_path: Path, make_api: Any) -> None:
    api = make_api(state=tmp_path / "state.db")
    before = api.sandbox.ledger.balances
    api.sandbox.close()  # from here on, as good as a full disk
    api.sandbox.engine.store._file = _Full()
    response = await api.pay(request_id="INV-1")
    assert response.status_code == 500
    assert api.sandbox.ledger.count("INV-1") == 0
    assert api.sandbox.ledger.payouts == []
    assert api.sandbox.ledger.balances == before


class _Full:
    def write(self, _: object) -> None:
        raise OSError("no space left on device")


def test_one_sandbox_at_a_time(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with (
        Sandbox(state=state) as first,
        pytest.raises(RuntimeError, match="held by another sandbox"),
    ):
        Sandbox(state=state)
    assert first.ledger.payouts == []
    Sandbox(state=state).close()


def test_another_file_is_not_taken_for_a_state(tmp_path: Path) -> None:
    other = tmp_path / "november.csv"
    other.write_text("reference,beneficiary_id\n" * 100)
    with pytest.raises(RuntimeError, match="not a sandbox's state file"):
        Sandbox(state=other)
    assert other.read_text().startswith("reference")


def test_a_file_of_another_version_is_refused_and_kept(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with Sandbox(state=state):
        pass
    with closing(sqlite3.connect(state)) as file:
        file.execute("PRAGMA user_version = 1")
    with pytest.raises(RuntimeError, match="has version 1, this sandbox writes version 2"):
        Sandbox(state=state)
    with closing(sqlite3.connect(state)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (1,)
