"""Pages about running it: retries, failed payouts, web workers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from glomo import AsyncGlomo, errors
from glomo.batch import advice_for
from glomo.batch.advice import _DIAGNOSES, CONFLICT
from glomo.cli.app import run as run_cli
from glomo.diagnosis import Remedy
from glomo.sandbox import Sandbox
from tests.docs import DOCS, blocks, fences, run, sections

BENEFICIARY = "bene_5JU9yv0lGSUP"


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "beneficiary_id": BENEFICIARY,
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": 12_50,
        "payment_rail": "neft",
        "purpose_code": "S1005",
        **changes,
    }


# -------------------------------------------------------------------------------- retries.md


async def test_a_call_has_limits_of_its_own(served: Sandbox) -> None:
    names = run(*blocks("retries.md", "Limits"))
    async with AsyncGlomo() as glomo:
        assert (await names["show_balance"](glomo)).endswith(" USD")
        served.fail(503, operation="balances.retrieve", times=None)
        before = len(served.requests)
        with pytest.raises(errors.ServerError):
            await names["impatient"](glomo).balances.retrieve()
        assert len(served.requests) - before == 2


async def test_a_policy_of_ones_own_pays_once(
    served: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            served.clear_faults()

    code = (*blocks("retries.md", "Limits"), *blocks("retries.md", "A policy of your own"))
    names = run(*code)
    names["anyio"] = type("Paused", (), {"sleep": staticmethod(sleep)})
    served.lose_response(after_commit=True, operation="payouts.create", times=None)
    served.fail(503, operation="payouts.list", times=None)
    async with AsyncGlomo(max_retries=0) as glomo:
        payout = await names["pay"](glomo, "INV-9", **fields())
    assert pauses == [10, 60]
    assert served.ledger.paid_once("INV-9")
    assert payout.request_id == "INV-9"


async def test_a_refusal_is_not_repeated(served: Sandbox) -> None:
    code = (*blocks("retries.md", "Limits"), *blocks("retries.md", "A policy of your own"))
    names = run(*code)
    async with AsyncGlomo() as glomo:
        with pytest.raises(errors.StatusError):
            await names["pay"](glomo, "INV-9", **fields(beneficiary_id="bene_none"))
    assert [r for r in served.requests if r.method == "POST"][1:] == []


# -------------------------------------------------------------------------------- failed-payouts.md


@pytest.fixture
def failed(served: Sandbox) -> str:
    """A payout that failed at the bank."""
    served.add_beneficiary("bene_bad", bank_error="INVALID_BENE_IFSC")

    async def pay() -> str:
        async with AsyncGlomo() as glomo:
            return (await glomo.payouts.create(**fields(beneficiary_id="bene_bad"))).id

    return anyio.run(pay)


def test_the_command_line_says_why(failed: str, capfd: pytest.CaptureFixture[str]) -> None:
    text = sections("failed-payouts.md")["It was accepted, and failed later"]
    (shown,) = fences(text, "text")
    assert run_cli(["payouts", "retrieve", failed]) == 0
    printed = " ".join(capfd.readouterr().out.split())
    for line in shown.splitlines():
        if line != "...":
            assert " ".join(line.split()).replace("payout_RUOepeF7PhGQ", failed) in printed


def test_code_says_why(failed: str) -> None:
    explain = run(*blocks("failed-payouts.md", "It was accepted, and failed later"))[
        "explain_failures"
    ]

    async def ask() -> list[str]:
        async with AsyncGlomo() as glomo:
            return list(await explain(glomo))

    (explanation,) = anyio.run(ask)
    assert explanation.endswith(f": INVALID_BENE_IFSC: {advice_for('INVALID_BENE_IFSC')}")


async def test_a_bank_that_refuses_can_be_tried() -> None:
    names = run(
        *blocks("failed-payouts.md", "It was accepted, and failed later"),
        *blocks("failed-payouts.md", "Try it"),
    )
    (explanation,) = await names["fail_one"]()
    assert explanation.startswith("INV-17: INVALID_BENE_IFSC: the bank does not know this IFSC")


def test_every_code_that_has_advice_is_on_the_page() -> None:
    text = (DOCS / "failed-payouts.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", text, re.MULTILINE))
    rows_only = {code for code in _DIAGNOSES if code == CONFLICT or code.startswith("HTTP_")}
    assert rows == {c: it.problem for c, it in _DIAGNOSES.items() if c not in rows_only}
    advice = dict(re.findall(r"^\| `([A-Z_]+)` \| .+? \| (.+) \|$", text, re.MULTILINE))
    for code, words in advice.items():
        remedies = _DIAGNOSES[code].remedies
        assert ("pay again" in words) == (Remedy.RETRY_REJECTED in remedies), code
        assert ("add funds" in words) == (Remedy.ADD_FUNDS in remedies), code


# -------------------------------------------------------------------------------- deployment.md


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Serve = Callable[..., str]


@pytest.fixture
def serve(here: Path, served: Sandbox) -> Iterator[Serve]:
    """Starts a server in a process of its own, and stops it as a supervisor does."""
    running: list[subprocess.Popen[str]] = []

    def start(heading: str, file: str, *command: str, ready: str) -> str:
        (here / file).write_text(blocks("deployment.md", heading)[0], "utf-8")
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", *(word.replace("PORT", str(port)) for word in command)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "WEB_CONCURRENCY": "2"},
        )
        running.append(process)
        assert process.stderr is not None
        seen = 0
        for line in process.stderr:
            seen += ready in line
            if seen == 2:  # workers
                break
        else:
            pytest.fail("it ended before its workers were ready")
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=100)  # gunicorn alone has 30
        assert process.returncode in (0, -signal.SIGTERM), rest
        assert "Traceback" not in rest


@pytest.mark.parametrize(
    ("heading", "file", "command", "ready"),
    [
        (
            "gunicorn: Flask, Django",
            "wsgi.py",
            "gunicorn --preload --threads 8 --no-control-socket -b 127.0.0.1:PORT wsgi:app",
            "Booting worker",
        ),
        (
            "uvicorn: FastAPI, Starlette",
            "app.py",
            "uvicorn --port PORT app:app",
            "Application startup complete",
        ),
    ],
)
def test_workers_call_the_api(
    serve: Serve, served: Sandbox, heading: str, file: str, command: str, ready: str
) -> None:
    origin = serve(heading, file, *command.split(), ready=ready)
    replies = [httpx.get(f"{origin}/balances/USD") for _ in range(6)]
    assert all("USD" in reply.text for reply in replies), [reply.text for reply in replies]
    assert len(served.requests) == 6
