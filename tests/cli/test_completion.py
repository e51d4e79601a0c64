"""Completion with the Tab key."""

from __future__ import annotations

from typing import Any

import pytest
from cyclopts.completion.detect import ShellDetectionError


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_script_for_each_shell_knows_the_commands(cli: Any, shell: str) -> None:
    ended = cli("completion", shell)
    assert (ended.status, ended.err) == (0, "")
    for word in ("payouts", "purpose-codes", "retry-failed", "beneficiaries"):
        assert word in ended.out


def test_it_is_installed_where_the_shell_looks(
    cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    ended = cli("completion", "bash", "--install")
    assert ended.status == 0, ended.text
    assert any("glomo" in path.name for path in tmp_path.rglob("*"))


def test_a_shell_that_cannot_be_told_is_asked_for(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> str:
        raise ShellDetectionError("no shell")

    monkeypatch.setattr("cyclopts.App.generate_completion", nothing)
    ended = cli("completion")
    assert ended.status == 2
    assert "glomo completion bash" in ended.err
