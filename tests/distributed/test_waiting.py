"""`run --wait`, `status` and `--sandbox` with a database."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from glomo.sandbox import Sandbox
from tests.batch.conftest import rows, write_csv

from .test_commands import FAST, call, environment, started

__all__ = ["environment"]


def test_a_run_waits_for_the_money_and_reads_the_payouts_once_for_all_workers(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(6))
    with (
        started(environment, "worker", *FAST),
        started(environment, "worker", *FAST),
        started(environment, "payouts", "run", file, "--yes", "--wait") as run,
    ):
        while len(sandbox.ledger.payouts) < 6:
            assert run.poll() is None
            time.sleep(0.01)
        sandbox.clock.advance(hours=1)  # the money arrives
        output, _ = run.communicate(timeout=100)
    assert run.returncode == 0, output
    assert output.count("reconciled with the API: 6 payouts") == 1
    assert "6 settled" in output
    assert sorted(sandbox.ledger.counts().values()) == [1] * 6
    reads = [one.path for one in sandbox.requests if one.path.endswith("/payouts")]
    reads = reads[6:]  # behind the payouts themselves
    # A probe, and all pages, which are one.
    assert 1 <= len(reads) <= 2
    status = call(environment, "payouts", "status", file, "--json")
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["workers"] == {
        "active": 0,
        "slices": 1,
        "slices_done": 1,
        "slices_given_up": 0,
        "problem": None,
        "stopped": False,
    }


@pytest.mark.parametrize("command", ["run", "track"])
def test_a_rehearsal_over_a_database_is_refused(
    command: str, environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(1))
    ended = call(environment, "payouts", command, file, "--sandbox")
    assert ended.returncode == 2
    assert "--sandbox rehearses on this machine alone" in ended.stderr
    assert [*tmp_path.iterdir()] == [file]
    assert not sandbox.requests


def test_a_move_tells_programs_what_it_moved(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(3))
    alone = {name: value for name, value in environment.items() if name != "GLOMO_POSTGRES"}
    assert call(alone, "payouts", "run", file, "--yes").returncode == 0
    moved = call(environment, "payouts", "move", file, "--json")
    assert moved.returncode == 0, moved.stderr
    assert json.loads(moved.stdout) == {
        "batch": "november",
        "journal": str(file.with_suffix(".journal")),
        "rows": 3,
        "slices": 1,
        "slices_done": 1,
    }
