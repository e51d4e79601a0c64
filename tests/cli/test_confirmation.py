from __future__ import annotations

import io
import os
import pty
import signal
import subprocess
import sys
from typing import Any

import pytest

from glomo.sandbox import sandbox_key

ROW = "r1,bene_A,USD,INR,1250.00,neft,S1301"


class Keyboard(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[sandbox_key(env="production"), "sk-of-no-known-kind"])
def live(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, live_api: Any) -> Any:
    """The live API, and a key that may be a live one."""
    monkeypatch.setenv("GLOMO_API_KEY", request.param)
    return live_api


def sent(api: Any) -> int:
    return sum(call.request.method == "POST" for call in api.calls)


def test_real_money_is_confirmed_with_count_and_totals(
    cli: Any, payout_file: Any, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard("y\n"))
    ended = cli("payouts", "run", payout_file([ROW]))
    assert ended.status == 0, ended.text
    assert "This pays real money over https://api.glomopay.com/api" in ended.err
    assert "1 row   USD 1,250.00" in ended.err
    assert sent(live) == 1


@pytest.mark.parametrize("reply", ["n\n", "\n"])
def test_anything_but_yes_sends_nothing(
    cli: Any, payout_file: Any, live: Any, monkeypatch: pytest.MonkeyPatch, reply: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(reply))
    file = payout_file([ROW])
    ended = cli("payouts", "run", file)
    assert ended.status == 1
    assert ended.err.splitlines()[-2].endswith("nothing was sent")
    assert sent(live) == 0
    assert not file.with_suffix(".journal").exists()


def test_without_a_terminal_it_refuses_and_names_the_way(
    cli: Any, payout_file: Any, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    ended = cli("payouts", "run", payout_file([ROW]))
    assert ended.status == 2
    assert "--yes" in ended.err
    assert sent(live) == 0


def test_yes_pays_unattended(
    cli: Any, payout_file: Any, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ended = cli("payouts", "run", payout_file([ROW]), "--yes")
    assert ended.status == 0, ended.text
    assert "real money" not in ended.err
    assert sent(live) == 1


def test_a_second_run_tells_what_is_paid_already(
    cli: Any, payout_file: Any, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = payout_file([ROW])
    cli("payouts", "run", file, "--yes")
    monkeypatch.setattr(sys, "stdin", Keyboard("y\n"))
    ended = cli("payouts", "run", file)
    assert "paid by an earlier run of these: 1 row   USD 1,250.00" in ended.err
    assert sent(live) == 1


def test_a_sandbox_key_needs_no_confirmation(
    cli: Any, payout_file: Any, monkeypatch: pytest.MonkeyPatch, live: Any
) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert cli("payouts", "run", payout_file([ROW])).status == 0
    assert sent(live) == 1


def test_the_local_machine_needs_no_confirmation_with_a_key_of_unknown_kind(
    cli: Any, payout_file: Any, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", "sk-of-no-known-kind")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    service.sandbox.add_beneficiary("bene_A")
    assert cli("payouts", "run", payout_file([ROW])).status == 0
    assert len(service.sandbox.ledger.payouts) == 1


def test_a_production_key_is_confirmed_on_the_local_machine_too(
    cli: Any, payout_file: Any, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", sandbox_key(env="production"))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    service.sandbox.add_beneficiary("bene_A")
    ended = cli("payouts", "run", payout_file([ROW]))
    assert ended.status == 2
    assert "with a production key" in ended.err
    assert service.sandbox.ledger.payouts == []


def test_ctrl_c_at_the_question_sends_nothing(
    cli: Any, payout_file: Any, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Keyboard):
        def readline(self, size: int | None = -1) -> str:
            signal.raise_signal(signal.SIGINT)
            return "y\n"  # reached only if the signal does not end the question

    monkeypatch.setattr(sys, "stdin", Interrupted())
    ended = cli("payouts", "run", payout_file([ROW]))
    assert ended.status == 130
    assert ended.err.splitlines()[-2].endswith("nothing was sent")
    assert sent(live) == 0


@pytest.mark.parametrize(("reply", "paid"), [("n", 0), ("y", 1)])
def test_what_is_typed_ahead_is_no_reply_and_the_question_stays(
    payout_file: Any, service: Any, reply: str, paid: int
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    master, terminal = pty.openpty()
    os.write(master, b"y\ny\n")  # hit while the command was still starting
    key = sandbox_key(env="production")
    with subprocess.Popen(
        [sys.executable, "-m", "glomo.cli", "payouts", "run", str(payout_file([ROW]))],
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        env={**os.environ, "GLOMO_API_KEY": key, "TERM": "xterm"},
    ) as process:
        shown = b""
        while b"Pay them? [y/N] " not in shown:
            shown += os.read(master, 1024)
        assert service.sandbox.ledger.payouts == []
        os.write(master, f"{reply}\n".encode())
        status = process.wait(60)
        shown += os.read(master, 65536)
    os.close(terminal)
    os.close(master)
    assert len(service.sandbox.ledger.payouts) == paid
    assert status == 1 - paid
    question = shown.decode().index("Pay them? [y/N] ")
    assert "\x1b[2K" not in shown.decode()[question : question + 20], "it is not erased"
