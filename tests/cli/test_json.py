"""Every command for programs: JSON alone on stdout, also where it goes wrong."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cyclopts import App

from glomo.cli.app import build
from glomo.cli.tree import READS, all_commands


def walk(app: App, words: tuple[str, ...] = ()) -> Iterator[tuple[str, App]]:
    """Every command of the command line that does something, from the app itself."""
    for name in app:
        if name.startswith("-"):
            continue
        below = app[name]
        if below.default_command is not None:
            yield " ".join((*words, name)), below
        yield from walk(below, (*words, name))


COMMANDS = dict(walk(build()))
CALLS = {
    "balances": (),
    "completion": ("bash",),
    "config": (),
    "config remove": ("sandbox",),
    "config set": ("other", "--base-url", "http://127.0.0.1:1/api"),
    "config use": ("sandbox",),
    "payouts plan": ("november.csv",),
    "payouts report": ("november.csv",),
    "payouts run": ("november.csv",),
    "payouts sample": ("--rows", "3"),
    "payouts status": ("november.csv",),
    "payouts template": ("new.xlsx",),
    "payouts track": ("november.csv", "--timeout", "0.1"),
    "purpose-codes search": ("software",),
    "request": ("GET", "/v1/balances"),
    "webhooks resend": (),
    "webhooks trigger": ("payout.failed",),
    "webhooks verify": ("body.json", "--signature", "00", "--secret", "whsec"),
    "whoami": (),
    **{f"{reads.word} {verb}": None for reads in READS for verb in reads.verbs},
}
"""How each is called in a folder with a paid file; `None`: a list, or its first entry by id."""

SERVERS = {
    "sandbox": "test_sandbox_command.py calls it: it runs until it is stopped",
    "worker": "tests/distributed call it: it needs a database, and runs until it is stopped",
    "payouts move": "tests/distributed call it: it needs a database",
}
LINES = {"payouts run", "payouts track", "payouts sample"}
"""They print a line of JSON for each thing that happens."""


def parsed(words: str, text: str) -> list[Any]:
    """What was printed; fails if anything else was."""
    if words in LINES:
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


def test_every_command_is_called_below() -> None:
    assert {*CALLS, *SERVERS} == set(COMMANDS)
    assert {command.words for command in all_commands()} <= set(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_the_help_explains_shows_an_example_and_offers_json(cli: Any, words: str) -> None:
    shown = cli(*words.split(), "--help")
    assert (shown.status, shown.err) == (0, "")
    usage, explanation, *_ = shown.out.split("\n\n")
    assert usage.startswith(f"Usage: glomo {words}")
    assert explanation.strip().endswith(".")
    assert f"For example: glomo {words}" in " ".join(shown.out.split())
    assert "--json" in shown.out


@pytest.mark.parametrize("command", list(all_commands()), ids=lambda command: command.words)
def test_the_examples_are_command_lines(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_WEBHOOK_SECRET", "whsec")
    arguments = shlex.split(command.example.partition(" > ")[0])
    app = build(arguments)
    app.parse_args(arguments, exit_on_error=False, print_error=False)  # raises for a wrong one


@pytest.fixture
def paid(cli: Any, service: Any, payout_file: Any, tmp_path: Path) -> None:
    """A folder with a file that has been paid, an event and two profiles."""
    from glomo.batch import Batch
    from glomo.cli.rehearsal import add_beneficiaries

    file = payout_file(3)
    add_beneficiaries(service.sandbox, Batch.from_file(file).plan())
    assert cli("payouts", "run", file, "--yes").status == 0
    assert cli("webhooks", "trigger", "payout.failed").status == 0
    (tmp_path / "body.json").write_text("{}")
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text("[profiles.sandbox]\nkeyring = false\n[profiles.other]\n")


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
@pytest.mark.parametrize("words", CALLS)
def test_it_prints_json_and_nothing_else(cli: Any, paid: None, words: str) -> None:
    arguments = CALLS[words]
    if words.endswith(" retrieve"):
        resource = words.removesuffix(" retrieve")
        models = json.loads(cli(resource, "list", "--json").out)
        arguments = (next(iter(models[0].values())) if models else "unknown_1",)
    ended = cli(*words.split(), *(arguments or ()), "--json")
    results = parsed(words, ended.out)
    assert results
    failures = [one for one in results if isinstance(one, dict) and one.get("event") == "error"]
    assert not failures or arguments == ("unknown_1",), failures


ERRORS: list[tuple[tuple[str, ...], str]] = [
    (("balances", "--nonsense"), "UsageError"),
    (("payouts", "plan", "absent.csv"), "CommandError"),
    (("payouts", "run", "wrong.csv"), "PlanError"),
    (("payouts", "status", "november.csv", "--journal", "november.csv"), "JournalError"),
    (("payouts", "run", "november.csv", "--approval", "body.json"), "ApprovalError"),
    (("payouts", "retrieve", "payout_none"), "NotFoundError"),
    (("config", "use", "nobody"), "CommandError"),
    (("whoami", "--base-url", "http://127.0.0.1:1/api"), "ConnectError"),
    (("webhooks", "trigger", "no.such"), "CommandError"),
    (("completion", "tcsh"), "UsageError"),
]


@pytest.mark.parametrize(("arguments", "kind"), ERRORS, ids=lambda value: str(value)[:40])
def test_errors_are_json_too(
    cli: Any, paid: None, payout_file: Any, arguments: tuple[str, ...], kind: str
) -> None:
    payout_file(["r1,bene_A,USD,INR,1250,neft,S1301"], "wrong.csv")
    as_text = cli(*arguments)
    as_json = cli(*arguments, "--json")
    assert as_json.status == as_text.status != 0
    assert as_json.err == ""
    *_, line = as_json.out.splitlines()
    failure = json.loads(line)
    assert failure["event"] == "error"
    assert failure["error"]["type"] == kind
    assert {"type", "message", "hint", "request_id"} <= failure["error"].keys()
    assert failure["error"]["message"]
    assert failure["error"]["hint"]
    # People read the same hint.
    assert " ".join(as_text.err.split()).endswith(f"hint: {failure['error']['hint']}")


def test_an_error_of_the_network_names_the_host(cli: Any, service: Any) -> None:
    address = "http://127.0.0.1:1/api"
    assert "127.0.0.1:1" in cli("whoami", "--base-url", address).err
    failure = json.loads(cli("whoami", "--base-url", address, "--json").out)
    assert "127.0.0.1:1" in failure["error"]["message"]


def test_the_problems_of_a_file_are_listed(cli: Any, service: Any, payout_file: Any) -> None:
    file = payout_file([f"r{n},bene_A,USD,INR,1250,neft,S1301" for n in range(9)])
    failure = json.loads(cli("payouts", "run", file, "--json").out)
    problems = failure["error"]["problems"]
    assert [problem["row"] for problem in problems] == list(range(2, 11))
    assert {problem["column"] for problem in problems} == {"source_amount"}
    assert failure["error"]["message"].endswith("nothing was sent")


def test_a_sample_as_json_is_a_payout_file(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "sample.jsonl").write_text(cli("payouts", "sample", "--rows", "5", "--json").out)
    (tmp_path / "sample.csv").write_text(cli("payouts", "sample", "--rows", "5").out)
    one, other = (
        json.loads(cli("payouts", "plan", f"sample.{ending}", "--json").out)
        for ending in ("jsonl", "csv")
    )
    assert one["rows"] == 5
    assert one["totals"] == other["totals"]
