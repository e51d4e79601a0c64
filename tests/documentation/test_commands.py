"""Commands of the documentation: each exists with its options, and those that can be run are."""

from __future__ import annotations

import csv
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cyclopts import CycloptsError, MissingArgumentError

from glomo.batch.files import columns
from glomo.cli.app import build, run
from glomo.sandbox import Sandbox
from tests.docs import DOCS, README, fences, pages, sections

from .shell import Command, commands, inline_commands, split

ROOT = Path(__file__).parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]
CONTRIBUTING = "../CONTRIBUTING.md"
ALL = [*pages(), CONTRIBUTING]


def problem(command: Command) -> str | None:
    """What is wrong with a command, if something is."""
    match command.words:
        case ("glomo", *words):
            if words[-1:] == ["--help"]:
                words = words[:-1]
            try:
                build(words).parse_args(words, exit_on_error=False, print_error=False)
            except MissingArgumentError:
                pass  # an argument that the sentence leaves to the reader
            except CycloptsError as error:
                return str(error)
        case ("pip", "install", *words):
            for extra in re.findall(r"\[(.+?)\]", " ".join(words)):
                if unknown := set(extra.split(",")) - set(EXTRAS):
                    return f"there is no extra {unknown}"
        case (("python" | "python3"), "-m", module, *_) if module != "venv":
            if importlib.util.find_spec(module) is None:
                return f"there is no module {module}"
        case ("nox", "-f", file, "-s", session):
            if f"def {session}(" not in (ROOT / file).read_text("utf-8"):
                return f"there is no session {session}"
    return None


@pytest.mark.parametrize("page", [page for page in ALL if [*commands(page)]])
def test_what_the_reader_types_exists(page: str) -> None:
    assert {each.words: problem(each) for each in commands(page) if problem(each)} == {}


@pytest.mark.parametrize("page", [page for page in ALL if [*inline_commands(page)]])
def test_what_a_sentence_names_exists(page: str) -> None:
    assert {each.words: problem(each) for each in inline_commands(page) if problem(each)} == {}


@pytest.mark.parametrize(
    "line",
    [
        *("glomo payouts fly FILE", "glomo payouts run FILE --fast", "pip install 'glomo[slow]'"),
        *("python -m glomo.nothing", "nox -f .ci/noxfile.py -s nothing"),
    ],
)
def test_a_command_that_does_not_exist_is_noticed(line: str) -> None:
    assert [problem(command) for command in split(line)] != [None]


def test_every_block_says_what_it_is() -> None:
    for page in ALL:
        if not page.startswith("reference/"):
            for text in sections(page).values():
                assert [block for block in fences(text, "") if "$" in block] == [], page


@pytest.fixture
def shell(here: Path, served: Sandbox, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(here, capfd)


class Shell:
    """Runs commands of `glomo` in a folder of their own, one after the other."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capfd = capfd

    def run_all(self, page: str, heading: str) -> Iterator[tuple[Command, str]]:
        """Run what the blocks of a section say; each command with what it prints."""
        for command in commands(page, heading):
            if command.words[0] == "glomo":
                yield command, self.run(command)

    def run(self, command: Command) -> str:
        self.capfd.readouterr()
        status = run(list(command.words[1:]))
        printed = self.capfd.readouterr()
        assert status == 0, (command, printed.out + printed.err)
        if command.output:
            (self.folder / command.output).write_text(printed.out, "utf-8")
        return printed.out + printed.err


def test_the_tutorial_pays_its_file(shell: Shell) -> None:
    assert len([*shell.run_all("tutorial.md", "Pay a file")]) == 3
    results = (shell.folder / "payouts.rehearsal.results.csv").read_text("utf-8")
    assert results.count(",accepted,") == 100


def test_a_file_is_rehearsed_paid_and_reported(shell: Shell, served: Sandbox) -> None:
    shown = {}
    for command, printed in shell.run_all("batches.md", ""):
        shown[command.words[2:]] = printed
        if command.output:  # the rehearsal creates its beneficiaries, an account has them
            text = (shell.folder / command.output).read_text("utf-8")
            for row in csv.DictReader(text.splitlines()):
                with suppress(ValueError):
                    served.add_beneficiary(
                        row["beneficiary_id"], currency=row["destination_currency"]
                    )
    assert [words[0] for words in shown] == ["sample", "plan", "run", "run", "track", "report"]
    assert len(served.ledger.payouts) == 20
    assert "20 settled" in shown["track", "november.csv"]
    listed = re.findall(r"^\| `(november\..+?)` \|", (DOCS / "batches.md").read_text(), re.M)
    assert len(listed) == 5
    for name in listed:
        assert [*shell.folder.glob(name)], name


def test_the_columns_of_the_page_are_those_of_a_file() -> None:
    text = sections("batches.md")["The file"]
    rows = dict(re.findall(r"^\| `([\w.<>]+)` \| (.*?)\|", text, re.MULTILINE))
    assert [*rows] == [*columns.COLUMNS, f"{columns.NOTES}<key>"]
    required = [name for name, need in rows.items() if need.strip() == "required"]
    assert required == [*columns.REQUIRED]


def test_the_secret_of_the_webhooks_page_is_the_sandbox_s() -> None:
    endpoint = Sandbox().webhooks.add_endpoint("http://localhost:8000/glomo")
    text = sections("webhooks.md")["In FastAPI"]
    assert set(re.findall(r"whsec_\w+", text)) == {endpoint.secret}


def test_purpose_codes_are_found_as_the_readme_says(shell: Shell) -> None:
    (search,) = [one for one in inline_commands(README) if one.words[1] == "purpose-codes"]
    assert "S0802" in shell.run(search)
