"""Without the packages of an extra: one line says what to install, and the rest works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glomo.cli.output.template_workbook import write_template

BLOCKED = """
import sys

sys.modules.update(dict.fromkeys({blocked!r}))  # importing one of these fails
sys.argv = ["glomo", *{arguments!r}]
"""
MAIN = "from glomo.cli import main\nmain()\n"


def without(
    *blocked: str, run: list[str] | None = None, code: str = MAIN
) -> subprocess.CompletedProcess[str]:
    script = BLOCKED.format(blocked=blocked, arguments=run or []) + code
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", ["cyclopts", "rich"])
def test_without_the_cli_extra(package: str) -> None:
    ended = without(package, run=["payouts", "sample"])
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "pip install 'glomo[cli]'" in ended.stderr


DATABASE = ["--postgres", "postgresql://nowhere/payouts"]
COMMANDS = [
    ("sandbox", "starlette", ["payouts", "run", "november.csv", "--sandbox"]),
    ("sandbox", "uvicorn", ["sandbox", "--port", "0"]),
    ("distributed", "psycopg", ["payouts", "status", "november.csv", *DATABASE]),
    ("distributed", "psycopg", ["worker", *DATABASE]),
    ("keyring", "keyring", ["config", "set", "mine", "--keyring"]),
]


@pytest.mark.parametrize(("extra", "package", "run"), COMMANDS, ids=lambda value: str(value)[:30])
def test_the_hint_of_a_command_says_what_to_install(
    extra: str, package: str, run: list[str], payout_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", "sk-unit")
    payout_file(3)
    ended = without(package, run=run)
    assert ended.returncode == 2, ended
    what, remedy = ended.stderr.splitlines()
    assert package in what
    assert remedy == f"hint: pip install 'glomo[{extra}]'"


def test_without_openpyxl_a_workbook_says_what_to_install(tmp_path: Path) -> None:
    write_template(tmp_path / "november.xlsx", 3)
    ended = without("openpyxl", run=["payouts", "plan", "november.xlsx"])
    assert ended.returncode == 2
    assert "pip install 'glomo[cli]'" in ended.stderr
    assert "Traceback" not in ended.stderr


LIBRARY = [
    ("fast", "aiohttp", "import glomo; glomo.AsyncGlomo('sk-x', transport='aiohttp')"),
    ("otel", "opentelemetry", "import glomo.instrumentation.opentelemetry"),
    ("sandbox", "starlette", "import glomo.sandbox"),
    ("distributed", "procrastinate", "import glomo.distributed.procrastinate"),
    ("distributed", "psycopg", "import glomo.distributed"),
]


@pytest.mark.parametrize(("extra", "package", "code"), LIBRARY, ids=lambda value: str(value)[:30])
def test_the_error_of_the_library_says_what_to_install(extra: str, package: str, code: str) -> None:
    ended = without(package, code=code)
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert "pip install" in last
    assert f"glomo[{extra}]" in last


def test_without_the_bank_extra_a_plan_says_what_it_left_out(
    cli: Any, payout_file: Any, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(["r1,bene_A,USD,INR,1.00,neft,S1301"])
    assert "glomo[bank]" not in cli("payouts", "plan", file).out
    monkeypatch.setattr("glomo.bank_details.find_spec", lambda _: None)
    (line,) = [line for line in cli("payouts", "plan", file).out.splitlines() if "[bank]" in line]
    assert line.endswith("were not checked: pip install 'glomo[bank]'")


def test_files_are_checked_without_the_sandbox_extra(payout_file: Any) -> None:
    ended = without("starlette", "uvicorn", run=["payouts", "plan", str(payout_file(3))])
    assert ended.returncode == 0, ended.stderr
