from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from glomo import __version__
from glomo.sandbox import Sandbox

SECRET = "sk-very-secret-0123456789"


def one_line(ended: Any) -> str:
    """The line that says what is wrong; at most one follows, which says what to do."""
    line, *hint = ended.err.splitlines()
    assert ended.out == ""
    assert line.startswith("glomo: ")
    assert len(hint) <= 1
    assert all(one.startswith("hint: ") for one in hint)
    return str(line)


@pytest.mark.parametrize(
    "command",
    [
        ("balances",),
        ("payouts", "list"),
        ("payouts", "retrieve", "payout_1"),
        ("beneficiaries", "list"),
        ("whoami",),
    ],
)
def test_without_a_key(cli: Any, command: tuple[str, ...]) -> None:
    ended = cli(*command)
    assert ended.status == 2
    assert "GLOMO_API_KEY" in one_line(ended)


def test_a_run_without_a_key_names_the_sandbox(cli: Any, payout_file: Any) -> None:
    ended = cli("payouts", "run", payout_file(3))
    assert ended.status == 2
    assert "glomo sandbox" in ended.err


@pytest.mark.parametrize("key", ["live_0123456789", "sk with space", "sk-line\nbreak"])
def test_a_key_that_cannot_work(cli: Any, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", key)
    ended = cli("balances")
    assert ended.status == 2
    assert key not in one_line(ended)


def test_an_address_that_cannot_work(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", SECRET)
    ended = cli("balances", "--base-url", "http://example.com/api")
    assert ended.status == 2
    assert "https://" in one_line(ended)


def test_an_answer_that_is_an_error(cli: Any, service: Any) -> None:
    ended = cli("payouts", "retrieve", "payout_unknown00")
    assert ended.status == 1
    assert "404" in one_line(ended)


def test_an_id_of_another_kind(cli: Any, service: Any) -> None:
    ended = cli("payouts", "retrieve", "bene_A")
    assert ended.status == 2
    assert "payout_" in one_line(ended)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_debug_shows_where_it_happened(cli: Any, place: int) -> None:
    command = ["beneficiaries", "list"]
    command.insert(place, "--debug")
    with pytest.raises(Exception, match="GLOMO_API_KEY"):
        cli(*command)


def test_debug_never_shows_the_key(start: Any) -> None:
    ended = start("balances", "--debug", env={"GLOMO_API_KEY": f"{SECRET} "}).end()
    assert ended.status == 1
    assert "Traceback" in ended.err
    assert SECRET not in ended.text


def test_the_key_is_never_printed(
    cli: Any, payout_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = payout_file(["r1,bene_A,USD,INR,10.00,neft,S1301", "r2,bene_B,USD,INR,1.00,neft,S1301"])
    with Sandbox(keys=["another"]) as sandbox, sandbox.serve() as server:
        monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
        monkeypatch.setenv("GLOMO_API_KEY", SECRET)
        for command in (
            ("balances",),
            ("payouts", "list"),
            ("payouts", "plan", file),
            ("payouts", "run", file, "--yes"),
        ):
            ended = cli(*command)
            assert ended.status == 1
            assert "401" in ended.err
            assert SECRET not in ended.text
    for path in file.parent.iterdir():
        assert SECRET.encode() not in path.read_bytes()


def test_a_file_that_is_not_there(cli: Any, tmp_path: Path) -> None:
    for command in ("plan", "run", "status"):
        ended = cli("payouts", command, tmp_path / "nowhere.csv")
        assert ended.status == 2
        assert "nowhere.csv" in ended.err


def test_a_file_of_another_kind(cli: Any, tmp_path: Path) -> None:
    file = tmp_path / "november.xlsx"
    file.write_bytes(b"PK")
    for command in (("payouts", "plan"), ("payouts", "run", "--sandbox")):
        ended = cli(*command, file)
        assert ended.status == 2
        assert "not an Excel workbook" in ended.err
    assert cli("sandbox", "--port", 0, "--payouts", file).status == 2


def test_a_name_that_is_none(cli: Any, payout_file: Any) -> None:
    ended = cli("payouts", "run", payout_file(3), "--sandbox", "--name", " ")
    assert ended.status == 2
    assert "--name" in one_line(ended)


def test_a_journal_that_is_none(cli: Any, payout_file: Any, tmp_path: Path) -> None:
    journal = tmp_path / "notes.txt"
    journal.write_text("these are my notes " * 100)
    ended = cli("payouts", "run", payout_file(3), "--sandbox", "--journal", journal)
    assert ended.status == 2
    problem, hint = ended.err.splitlines()[-2:]
    assert "notes.txt" in problem
    assert hint.startswith("hint: ")
    assert journal.read_text().startswith("these are my notes")


def test_a_results_file_that_cannot_be_written(cli: Any, payout_file: Any) -> None:
    file = payout_file(3)
    file.with_suffix(".rehearsal.results.csv").mkdir()
    ended = cli("payouts", "run", file, "--sandbox", "--rate-limit", 0)
    assert ended.status == 1
    assert "accepted" in ended.out
    (line,) = [line for line in ended.err.splitlines() if line.startswith("glomo: ")]
    assert "results.csv" in line


def test_control_characters_of_other_people_do_not_reach_the_terminal(
    cli: Any, payout_file: Any
) -> None:
    ended = cli("payouts", "plan", payout_file(["r1\x1b[2J,bene_A,USD,XXX\x07,1250,neft,S1301"]))
    assert ended.status == 2
    assert "\x1b" not in ended.text
    assert "\x07" not in ended.text


def test_the_version(cli: Any) -> None:
    # Of the code that runs: an editable install keeps the version that it was made with.
    assert cli("--version").out == f"glomo {__version__}\n"
