"""`glomo payouts run --postgres`, `status` and `move`, with workers in their own processes."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest
from attrs import frozen

from glomo.cli.app import run as run_command
from glomo.sandbox import Sandbox, sandbox_key
from tests.batch.conftest import rows, write_csv

GLOMO = (sys.executable, "-m", "glomo.cli")


@pytest.fixture
def environment(sandbox: Sandbox, dsn: str) -> Iterator[dict[str, str]]:
    with sandbox.serve() as server:
        yield {
            **os.environ,
            "GLOMO_API_KEY": sandbox_key(),
            "GLOMO_BASE_URL": server.base_url,
            "GLOMO_POSTGRES": dsn,
        }


@frozen
class Ended:
    """How a command ended."""

    returncode: int | str | None
    stdout: str
    stderr: str


def call(environment: dict[str, str], *words: object) -> Ended:
    """Run a command in this process: most of a short command's time is the start of a process."""
    out, err = io.StringIO(), io.StringIO()
    surroundings = mock.patch.dict(os.environ, environment, clear=True)
    with surroundings, redirect_stdout(out), redirect_stderr(err):
        status = run_command([str(word) for word in words])
    return Ended(status, out.getvalue(), err.getvalue())


@contextmanager
def started(environment: dict[str, str], *words: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*GLOMO, *map(str, words)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def results(file: Path) -> list[dict[str, str]]:
    with file.with_suffix(".results.csv").open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


FAST = ("--rate-limit", 600_000, "--lease", 3)


def test_a_file_is_paid_by_workers_and_reported_as_on_one_machine(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(60))
    with started(environment, "worker", *FAST):
        ended = call(environment, "payouts", "run", file, "--yes")
    assert ended.returncode == 0, ended.stderr
    assert "reconciled with the API: 60 payouts" in ended.stdout
    assert {one["status"] for one in results(file)} == {"accepted"}
    assert sorted(sandbox.ledger.counts().values()) == [1] * 60
    assert "rows a second" in file.with_suffix(".report.html").read_text("utf-8")
    assert not file.with_suffix(".journal").exists()
    assert call(environment, "payouts", "status", file).returncode == 0


def test_a_stop_is_passed_on_to_the_workers(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(200))
    with started(environment, "worker", *FAST, "--concurrency", 2) as worker:
        # So long that the stop comes first, however slow the machine is: 100 s for all rows.
        sandbox.delay(1.0, operation="payouts.create", times=None)
        with started(environment, "payouts", "run", file, "--yes") as run:
            while len(sandbox.ledger.payouts) < 2:
                assert (run.poll(), worker.poll()) == (None, None)
                time.sleep(0.01)
            run.send_signal(signal.SIGINT)
            output, _ = run.communicate(timeout=100)
        assert run.returncode == 130, output
        assert "the same command goes on from here" in output
        paid = len(sandbox.ledger.payouts)
        assert 2 <= paid < 200
        sandbox.clear_faults()
        assert call(environment, "payouts", "run", file, "--yes").returncode == 0
        worker.send_signal(signal.SIGINT)
        assert worker.wait(100) == 0
    assert sorted(sandbox.ledger.counts().values()) == [1] * 200


def test_a_half_paid_batch_is_moved_and_paid_to_its_end(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    alone = {name: value for name, value in environment.items() if name != "GLOMO_POSTGRES"}
    file = write_csv(tmp_path / "november.csv", rows(20))
    assert call(alone, "payouts", "run", file, "--yes").returncode == 0
    write_csv(file, rows(50))
    refused = call(environment, "payouts", "run", file, "--yes")
    assert refused.returncode == 2
    assert "glomo payouts move" in refused.stderr
    moved = call(environment, "payouts", "move", file)
    assert moved.returncode == 0, moved.stderr
    again = call(alone, "payouts", "run", file, "--yes")
    assert again.returncode == 2
    assert "was moved to" in again.stderr
    assert len(sandbox.ledger.payouts) == 20
    idle = call(environment, "worker", *FAST, "--until-finished")
    assert "slice" not in idle.stdout + idle.stderr, "what is paid is no work for a worker"
    with started(environment, "worker", *FAST):
        ended = call(environment, "payouts", "run", file, "--yes")
    assert ended.returncode == 0, ended.stderr
    assert sorted(sandbox.ledger.counts().values()) == [1] * 50


def test_rows_that_the_balance_does_not_cover_wait_here_too(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    amounts = ("600000000.00", "500000000.00", "1.00")
    lines = [{**row, "source_amount": amount} for row, amount in zip(rows(3), amounts, strict=True)]
    file = write_csv(tmp_path / "november.csv", lines)
    with started(environment, "worker", *FAST):
        first = call(environment, "payouts", "run", file, "--yes")
        assert first.returncode == 1
        assert "1 row (USD 500,000,000.00) held back" in first.stderr
        assert [one["status"] for one in results(file)] == ["accepted", "not_sent", "accepted"]
        # What is paid already takes nothing from the balance again.
        sandbox.fund("USD", 20_000_000_000)
        for _ in range(20):  # the worker may still hold the slice that gets the row
            second = call(environment, "payouts", "run", file, "--yes")
            if second.returncode != 2:
                break
    assert second.returncode == 0, second.stderr
    assert sorted(sandbox.ledger.counts().values()) == [1] * 3


def test_the_payouts_are_followed_and_reported_from_the_database(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(3))
    with started(environment, "worker", *FAST):
        assert call(environment, "payouts", "run", file, "--yes").returncode == 0
    pending = call(environment, "payouts", "track", file, "--timeout", 0.01)
    assert pending.returncode == 1, pending.stderr
    sandbox.clock.advance(hours=1)
    tracked = call(environment, "payouts", "track", file)
    assert tracked.returncode == 0, tracked.stderr
    assert "3 settled" in tracked.stderr
    for name in ("november.results.csv", "november.report.html", "november.results.xlsx"):
        file.with_name(name).unlink()
    assert call(environment, "payouts", "report", file).returncode == 0
    assert "settled" in file.with_name("november.report.html").read_text()
    assert file.with_name("november.results.xlsx").exists()


def test_a_report_that_cannot_be_written_is_an_event_for_programs(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(3))
    file.with_suffix(".report.html").mkdir()
    with started(environment, "worker", *FAST):
        ended = call(environment, "payouts", "run", file, "--yes", "--json")
    assert ended.returncode == 0, ended.stderr
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    (error,) = [event["error"] for event in events if event["event"] == "error"]
    assert "november.report.html" in error["message"]
    assert error["hint"]
    assert {one["status"] for one in results(file)} == {"accepted"}
    assert ended.stderr == ""


def test_rows_that_another_batch_of_the_database_has_sent_are_not_paid_again_unasked(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    november = write_csv(tmp_path / "a" / "november.csv", rows(3))
    renamed = write_csv(tmp_path / "b" / "renamed.csv", rows(4)[1:])
    with started(environment, "worker", *FAST):
        assert call(environment, "payouts", "run", november, "--yes").returncode == 0
        ended = call(environment, "payouts", "run", renamed, "--yes")
        assert ended.returncode == 2
        assert "2 rows of this file" in ended.stderr
        assert "as batch 'november' (in this database)" in ended.stderr
        assert len(sandbox.ledger.payouts) == 3
        again = call(environment, "payouts", "run", renamed, "--yes", "--pay-again")
        assert again.returncode == 0, again.stderr
        assert len(sandbox.ledger.payouts) == 6
        ended = call(environment, "payouts", "run", renamed, "--yes")
        assert ended.returncode == 0, ended.stderr
