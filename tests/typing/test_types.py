"""Both type checkers take what is right, and refuse what is wrong, for the right reason."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RIGHT = ("right_async.py", "right_api.py", "right_sync.py", "right_webhooks.py", "right_flows.py")
WRONG = ("wrong_async.py", "wrong_api.py", "wrong_sync.py", "wrong_webhooks.py", "wrong_flows.py")
FILES = [str((HERE / name).relative_to(ROOT)) for name in (*RIGHT, *WRONG)]

_MARK = re.compile(r"\s*# mypy: (?P<mypy>[\w-]+(, [\w-]+)*); pyright: (?P<pyright>\w+(, \w+)*)\Z")

# What pyright says of a value whose type it does not know, because of the error itself.
_ECHOES = re.compile(r"reportUnknown\w+")

Reports = Mapping[str, list[tuple[int, str, str]]]
"""By file: line, code and text of every error."""


def _run(*command: str) -> str:
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def mypy() -> Reports:
    options = ("--strict", "--no-error-summary", "--no-pretty", "--show-error-codes")
    output = _run(sys.executable, "-m", "mypy", *options, *FILES)
    reports: dict[str, list[tuple[int, str, str]]] = {}
    for line in output.splitlines():
        error = re.match(r"(.+?):(\d+): error: (.*?)(?:  \[([\w-]+)\])?\Z", line)
        if error:
            path, number, text, code = error.groups()
            reports.setdefault(Path(path).name, []).append((int(number), code or "", text))
    return reports


@pytest.fixture(scope="module")
def pyright() -> Reports:
    output = _run(
        sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, *FILES
    )
    reports: dict[str, list[tuple[int, str, str]]] = {}
    for error in json.loads(output)["generalDiagnostics"]:
        line = error["range"]["start"]["line"] + 1
        rule = error.get("rule", "")
        if _ECHOES.match(rule) and Path(error["file"]).name in WRONG:
            continue
        entry = (line, rule, error["message"])
        reports.setdefault(Path(error["file"]).name, []).append(entry)
    return reports


def marks(name: str, checker: str) -> dict[range, set[str]]:
    """The lines of every marked statement, and the codes that it must be refused with."""
    text = (HERE / name).read_text("utf-8")
    codes = {
        number: set(mark[checker].split(", "))
        for number, line in enumerate(text.splitlines(), 1)
        if (mark := _MARK.match(line))
    }
    statements = {
        # Of a loop or a block only the head is meant.
        node.lineno: range(node.lineno, _end(node) + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt)
    }
    return {statements[number + 1]: wanted for number, wanted in codes.items()}


def _end(node: ast.stmt) -> int:
    body = getattr(node, "body", None)
    return body[0].lineno - 1 if body else (node.end_lineno or node.lineno)


def compare(name: str, reports: Reports, checker: str) -> None:
    wanted = marks(name, checker)
    refused: dict[range, set[str]] = {}
    for line, code, text in reports.get(name, ()):
        at = next((lines for lines in wanted if line in lines), None)
        assert at is not None, f"{checker} {name}:{line} {text} [{code}]"
        refused.setdefault(at, set()).add(code)
    assert refused == wanted


@pytest.mark.parametrize("name", RIGHT)
def test_mypy_takes_what_is_right(name: str, mypy: Reports) -> None:
    assert not mypy.get(name)


@pytest.mark.parametrize("name", RIGHT)
def test_pyright_takes_what_is_right(name: str, pyright: Reports) -> None:
    assert not pyright.get(name)


@pytest.mark.parametrize("name", WRONG)
def test_mypy_refuses_what_is_wrong(name: str, mypy: Reports) -> None:
    compare(name, mypy, "mypy")


@pytest.mark.parametrize("name", WRONG)
def test_pyright_refuses_what_is_wrong(name: str, pyright: Reports) -> None:
    compare(name, pyright, "pyright")


@pytest.mark.parametrize("name", WRONG)
def test_every_mark_is_read(name: str) -> None:
    text = (HERE / name).read_text("utf-8")
    assert len(marks(name, "mypy")) == len(re.findall(r"# mypy: ", text)) >= 8
