"""Output that cannot be written ends no command halfway, and above all no payment."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

GLOMO = f"{shlex.quote(sys.executable)} -m glomo.cli"
FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is full")


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash, in which `glomo` is the command."""
    return subprocess.run(
        ["bash", "-c", f'glomo() {{ {GLOMO} "$@"; }}\n{line}'],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_paid_once(service: Any, count: int) -> None:
    paid = service.sandbox.ledger.counts()
    assert Counter(paid.values()) == {1: count}


@pytest.fixture
def file(service: Any, payout_file: Any) -> Path:
    service.sandbox.add_beneficiary("bene_A")
    path: Path = payout_file([f"r{n},bene_A,USD,INR,10.00,neft,S1301" for n in range(40)])
    return path


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_a_run_without_streams_pays_and_writes_its_results(
    service: Any, file: Path, results: Any, closed: str
) -> None:
    ended = shell(f"glomo payouts run {file} {closed}")
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert "Traceback" not in ended.stderr
    assert {row["status"] for row in results(file)} == {"accepted"}
    assert_paid_once(service, 40)
    # No byte of output went into a file that got the number of a closed stream.
    assert "reconciled" not in file.with_suffix(".journal").read_bytes().decode("latin-1")


@needs_full
@pytest.mark.parametrize("option", ["", "--json"])
def test_a_run_onto_a_full_disk_pays_and_says_what_was_lost(
    service: Any, file: Path, results: Any, option: str
) -> None:
    ended = shell(f"glomo payouts run {file} {option} > /dev/full")
    assert ended.returncode == 1
    assert "the output could not be written: No space left on device" in ended.stderr
    assert {row["status"] for row in results(file)} == {"accepted"}
    assert_paid_once(service, 40)


@pytest.mark.parametrize("option", ["--json", None])
def test_a_reader_that_leaves_in_the_middle_stops_no_row(
    service: Any, file: Path, results: Any, start: Any, option: str | None
) -> None:
    service.sandbox.delay(1, operation="payouts.create", times=None)
    words = ("payouts", "run", file, "--concurrency", 2, *([option] if option else []))
    process = start(*words)
    process.until("stdout" if option else "stderr", '"row"' if option else "paying  ")
    assert len(service.sandbox.ledger.payouts) < 40
    process.popen.stdout.close()
    process.popen.stderr.close()
    service.sandbox.clear_faults()
    assert process.popen.wait(60) == 0
    assert [row["status"] for row in results(file)] == ["accepted"] * 40
    assert_paid_once(service, 40)


def test_a_reader_that_has_seen_enough_is_no_error(payout_file: Any) -> None:
    ended = shell("set -o pipefail; glomo payouts sample --rows 5000 | head -1")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("reference,")
    wrong = payout_file([f"r{n},bene_A,USD,INR,10,neft,S1301" for n in range(9)])
    refused = shell(f"set -o pipefail; glomo payouts plan {wrong} --json | head -1")
    assert (refused.returncode, refused.stderr) == (2, "")


@pytest.mark.parametrize("command", ["", "payouts run --help", "purpose-codes search invoice"])
def test_a_closed_stdout_is_no_error(command: str) -> None:
    ended = shell(f"glomo {command} >&-")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@needs_full
def test_a_file_that_could_not_be_written_whole_is_an_error() -> None:
    ended = shell("glomo payouts sample --rows 20 > /dev/full")
    assert ended.returncode == 1
    assert ended.stderr == "glomo: the output could not be written: No space left on device\n"


@needs_full
def test_a_log_that_could_not_be_written_is_no_error(service: Any, file: Path) -> None:
    assert shell(f"glomo payouts run {file} 2> /dev/full").returncode == 0
    assert_paid_once(service, 40)


def test_a_refusal_keeps_its_status_without_streams(payout_file: Any) -> None:
    wrong = payout_file(["r1,bene_A,USD,INR,10,neft,S1301"])
    assert shell(f"glomo payouts plan {wrong} >&- 2>&-").returncode == 2


def test_a_pipe_that_does_not_wait_loses_nothing() -> None:
    """A parent may have made the pipe non-blocking: a write then takes a part, or nothing."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [sys.executable, "-m", "glomo.cli", "payouts", "sample", "--rows", "4000"]
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as pipe:
            lines = pipe.read().splitlines()
    assert process.returncode == 0
    assert len(lines) == 4001


def test_output_is_whole_where_it_can_be_written(payout_file: Any) -> None:
    fine = payout_file(["r1,bene_A,USD,INR,10.00,neft,S1301"])
    for unbuffered in ("", "1"):
        ended = shell(f"export PYTHONUNBUFFERED={unbuffered}; glomo payouts plan {fine} --json")
        assert json.loads(ended.stdout)["rows"] == 1
        assert ended.returncode == 0
