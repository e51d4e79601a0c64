from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import respx

from glomo.cli.app import run
from glomo.cli.commands.payouts.sample import write_sample
from glomo.sandbox import Options, Sandbox, sandbox_key

HEAD = (
    "reference,beneficiary_id,source_currency,destination_currency,"
    "source_amount,payment_rail,purpose_code\n"
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int | str | None
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


Cli = Callable[..., Ended]


@pytest.fixture(autouse=True)
def clean_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "GLOMO_API_KEY",
        "GLOMO_BASE_URL",
        "GLOMO_PROFILE",
        "FORCE_COLOR",
        "TTY_COMPATIBLE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GLOMO_CONFIG", str(tmp_path / "config" / "config.toml"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def payouts_stay_in_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a test moves the sandbox's clock: on a slow machine, five seconds pass in a test."""
    defaults = Options.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "settle_after", timedelta(minutes=30))


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process: `cli("payouts", "plan", path)`."""

    def call(*arguments: object) -> Ended:
        capfd.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Ended(status, captured.out, captured.err)

    return call


@dataclass
class Process:
    """A command in a process of its own. Its pipes have no buffers: reading a line takes no more
    than the line, and `communicate` gets the rest."""

    popen: subprocess.Popen[bytes]

    def line(self, stream: str = "stdout") -> str:
        """The next line that it prints."""
        line: bytes = getattr(self.popen, stream).readline()
        assert line, f"it ended with {self.popen.wait()}: {self.popen.communicate()}"
        return line.decode().rstrip("\r\n")

    def until(self, stream: str, text: str) -> None:
        """Read its lines up to the one that says this."""
        while text not in self.line(stream):
            pass

    def end(self) -> Ended:
        """Wait until it ends by itself."""
        out, err = self.popen.communicate(timeout=100)
        return Ended(self.popen.returncode, out.decode(), err.decode())


Start = Callable[..., Process]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a command in a process of its own: `start("sandbox", "--port", 0)`."""
    with contextlib.ExitStack() as running:

        def begin(*arguments: object, env: dict[str, str] | None = None) -> Process:
            popen = running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "glomo.cli", *map(str, arguments)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    bufsize=0,
                    env={**os.environ, **(env or {})},
                )
            )
            running.callback(popen.kill)
            return Process(popen)

        yield begin


@pytest.fixture
def payout_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a payout file: a sample of so many rows, or these lines under the usual header."""

    def write(content: int | Sequence[str], name: str = "november.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, int):
            with path.open("w", newline="") as out:
                write_sample(out, content)
        else:
            path.write_text(HEAD + "".join(f"{line}\n" for line in content))
        return path

    return write


@dataclass(frozen=True)
class Service:
    """A sandbox on a port, and a key for it."""

    sandbox: Sandbox
    base_url: str
    key: str


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A sandbox that GLOMO_BASE_URL and GLOMO_API_KEY point to."""
    with Sandbox(rate_limit=None) as sandbox, sandbox.serve() as server:
        key = sandbox_key()
        monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
        monkeypatch.setenv("GLOMO_API_KEY", key)
        yield Service(sandbox, server.base_url, key)


PAYOUT = {
    "id": "payout_1",
    "status": "in_progress",
    "source_amount": 125000,
    "source_currency": "USD",
    "destination_currency": "INR",
    "beneficiary_id": "bene_A",
    "payment_rail": "neft",
    "purpose_code": "S1301",
}


@pytest.fixture
def live_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.MockRouter]:
    """The live API as respx plays it: every payout is payout_1."""
    monkeypatch.setenv("GLOMO_API_KEY", "sk-of-no-known-kind")
    with respx.mock(base_url="https://api.glomopay.com/api/v1", assert_all_called=False) as api:
        api.get("/balances").respond(
            json={"available": [{"currency": "USD", "amount": 10**9}], "pending": []}
        )
        api.get("/payouts/payout_1").respond(json=PAYOUT)
        api.post("/payouts").mock(
            side_effect=lambda request: httpx.Response(
                201, json={**PAYOUT, "request_id": json.loads(request.content)["request_id"]}
            )
        )
        yield api


@pytest.fixture
def results() -> Callable[[Path], list[dict[str, str]]]:
    """Reads the results file of a payout file: of a rehearsal, if there is only that."""

    def read(file: Path) -> list[dict[str, str]]:
        path = file.with_suffix(".results.csv")
        if not path.exists():
            path = file.with_suffix(".rehearsal.results.csv")
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return list(csv.DictReader(lines))

    return read
