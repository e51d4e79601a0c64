from __future__ import annotations

import signal
import subprocess
from typing import Any

import pytest

from glomo.sandbox import FaultKind


@pytest.fixture
def slow(service: Any, payout_file: Any) -> Any:
    """A file whose payouts take a while each."""
    file = payout_file([f"r{n},bene_A,USD,INR,10.0{n % 10},neft,S1301" for n in range(300)])
    service.sandbox.add_beneficiary("bene_A")
    service.sandbox.delay(0.05, operation="payouts.create", times=None)
    return file


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_and_the_same_command_goes_on(
    start: Any, service: Any, slow: Any, results: Any, number: signal.Signals
) -> None:
    command = ("payouts", "run", slow, "--rate-limit", 0, "--concurrency", 4)
    process = start(*command)
    process.until("stderr", "paying  ")
    process.popen.send_signal(number)
    process.until("stderr", "what is in flight is being finished")
    ended = process.end()
    assert ended.status == 130, ended.text
    assert "goes on from here" in ended.err
    assert "not sent" in ended.out
    assert "reconciled" not in ended.text
    assert "Traceback" not in ended.err
    paid = len(service.sandbox.ledger.payouts)
    assert 0 < paid < 300
    states = [row["status"] for row in results(slow)]
    assert (states.count("accepted"), states.count("unknown")) == (paid, 0)

    service.sandbox.clear_faults()
    again = start(*command).end()
    assert again.status == 0, again.text
    assert "reconciled with the API: 300 payouts" in again.out
    counts = service.sandbox.ledger.counts()
    assert len(counts) == 300
    assert set(counts.values()) == {1}


def test_ctrl_c_twice_stops_at_once_and_forgets_nothing(
    start: Any, service: Any, slow: Any
) -> None:
    command = ("payouts", "run", slow, "--rate-limit", 0, "--concurrency", 8)
    process = start(*command)
    process.until("stderr", "paying  ")
    # Every worker takes one of these, and is stuck with it.
    service.sandbox.delay(60, operation="payouts.create", times=None)
    drawn = service.sandbox.faults.counts
    before = drawn[FaultKind.DELAY]
    while drawn[FaultKind.DELAY] < before + 2 * 8:
        with pytest.raises(subprocess.TimeoutExpired):
            process.popen.wait(0.01)
    process.popen.send_signal(signal.SIGINT)
    process.until("stderr", "what is in flight")
    process.popen.send_signal(signal.SIGINT)
    ended = process.end()
    assert ended.status == 130, ended.text
    assert "Traceback" not in ended.err

    service.sandbox.clear_faults()
    assert start(*command).end().status == 0
    counts = service.sandbox.ledger.counts()
    assert len(counts) == 300
    assert set(counts.values()) == {1}


def test_a_killed_trial_finds_the_same_ledger(start: Any, payout_file: Any) -> None:
    file = payout_file(300)
    command = ("payouts", "run", file, "--sandbox", "--rate-limit", 0)
    process = start(*command)
    process.until("stderr", "paying  ")
    process.popen.kill()
    assert process.end().status == -signal.SIGKILL
    assert not file.with_suffix(".results.csv").exists()
    again = start(*command).end()
    assert again.status == 0, again.text
    assert "sandbox ledger: 300 payouts, each reference once" in again.out
    assert "paying  1/300" not in again.err


def test_ctrl_c_while_reconciling_leaves_the_results_of_the_run(
    start: Any, service: Any, slow: Any, results: Any
) -> None:
    service.sandbox.clear_faults()
    command = ("payouts", "run", slow, "--rate-limit", 0)
    assert start(*command).end().status == 0
    rows = results(slow)
    slow.with_suffix(".results.csv").unlink()
    service.sandbox.delay(60, operation="payouts.list", times=None)
    process = start(*command)
    while not service.sandbox.faults.counts[FaultKind.DELAY]:
        with pytest.raises(subprocess.TimeoutExpired):
            process.popen.wait(0.01)
    process.popen.send_signal(signal.SIGINT)
    ended = process.end()
    assert ended.status == 130, ended.text
    assert "before the payouts were read again" in ended.err
    assert "Traceback" not in ended.err
    assert results(slow) == rows
