"""What happens without the packages of the extras."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
sys.argv = ["glomo", *{arguments!r}]
from glomo.cli import main
main()
"""


def without(*blocked: str, run: list[str]) -> subprocess.CompletedProcess[str]:
    script = BLOCKED.format(blocked=blocked, arguments=run)
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", ["cyclopts", "rich"])
def test_without_the_cli_extra(package: str) -> None:
    ended = without(package, run=["payouts", "sample"])
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert "pip install 'glomo[cli]'" in ended.stderr


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_without_the_sandbox_extra(package: str, payout_file: Any) -> None:
    file = str(payout_file(3))
    for command in (["payouts", "run", file, "--sandbox"], ["sandbox", "--port", "0"]):
        ended = without(package, run=command)
        assert ended.returncode == 2
        what, remedy = ended.stderr.splitlines()
        assert package in what
        assert remedy == "hint: pip install 'glomo[sandbox]'"


def test_files_are_checked_without_the_sandbox_extra(payout_file: Any) -> None:
    ended = without("starlette", "uvicorn", run=["payouts", "plan", str(payout_file(3))])
    assert ended.returncode == 0, ended.stderr
