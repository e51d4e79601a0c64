"""The page that a newcomer sees first, and what it costs."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from glomo.cli.output import front_page
from glomo.cli.tree import all_commands


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def page(stream: io.StringIO) -> str:
    front_page.show(stream)
    return stream.getvalue()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_it_is_shown_without_importing_anything_that_takes_time(arguments: list[str]) -> None:
    script = (
        "import sys; from glomo.cli import main\n"
        f"sys.argv = ['glomo', *{arguments!r}]\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code)\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    *lines, status, modules = done.stdout.splitlines()
    assert lines[0].startswith("glomo ")
    assert status == "0"
    own = {name for name in modules.split() if name.startswith("glomo")}
    assert own == {"glomo", "glomo.cli", "glomo.cli.output", "glomo.cli.output.front_page",
                   "glomo.cli.output.streams", "glomo.cli.tree"}  # fmt: skip
    assert {"cyclopts", "rich", "attrs", "httpx", "asyncio"}.isdisjoint(modules.split())


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_it_fits_any_terminal_and_breaks_no_word(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = page(io.StringIO()).splitlines()
    words = {word for line in lines for word in line.split()}
    assert {"beneficiaries-v1,", "bank-account-validations,", "GLOMO_API_KEY"} <= words
    commands = [line for line in lines if "$" not in line]
    assert all(len(line) <= width for line in commands)
    for command in all_commands():
        if command.words.split()[-1] not in ("list", "retrieve"):
            assert any(line.strip().startswith(command.words) for line in lines), command.words


def test_it_is_colored_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1m" in page(Terminal())
    assert "\x1b" not in page(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in page(Terminal())
