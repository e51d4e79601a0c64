"""A payout file, and the files that lie beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .failures import CommandError

if TYPE_CHECKING:
    from glomo.batch import Batch, Plan
    from glomo.batch.payees import Payees

PayoutFile = Annotated[Path, Parameter(name="FILE", help="The payout file: .xlsx, .csv or .jsonl.")]
Name = Annotated[
    str | None,
    Parameter(
        help="The batch's name: the same name and reference are paid once. "
        "Default: FILE's name without its ending."
    ),
]
Sheet = Annotated[
    str | None, Parameter(help="The worksheet of a workbook, if several could be meant.")
]
IncludeHidden = Annotated[
    bool,
    Parameter(help="Pay rows of a workbook that a filter or a person has hidden, too."),
]
ProblemsPath = Annotated[
    Path | None,
    Parameter(name="--problems", help="Write every problem and warning to this CSV file."),
]
JournalPath = Annotated[
    Path | None,
    Parameter(
        name="--journal",
        help="The file that remembers what was sent. Default: FILE's name, ending .journal.",
    ),
]
Rehearsal = Annotated[
    bool, Parameter(name="--sandbox", help="Of the runs with --sandbox, not the real ones.")
]


@dataclass(frozen=True, slots=True)
class SiblingPaths:
    """What belongs to a payout file; none of it need exist.

    A rehearsal in the embedded sandbox has names of its own throughout: it can never make the real
    run believe that a row was paid, nor be taken for it.
    """

    file: Path
    rehearsal: bool = False

    @property
    def journal(self) -> Path:
        """What was sent."""
        return self._named("journal")

    @property
    def results(self) -> Path:
        """What became of every row, as CSV."""
        return self._named("results.csv")

    @property
    def sandbox_state(self) -> Path:
        """What the embedded sandbox remembers."""
        return self._named("sandbox.state")

    @property
    def documents(self) -> Path:
        """Which id each uploaded document got."""
        return self._named("documents.json")

    @property
    def approval(self) -> Path:
        """What a second person has approved."""
        return self._named("approval.json")

    @property
    def report(self) -> Path:
        """The report to forward, as one HTML page."""
        return self._named("report.html")

    @property
    def workbook(self) -> Path:
        """The results as an Excel workbook."""
        return self._named("results.xlsx")

    def _named(self, ending: str) -> Path:
        kind = ".rehearsal" if self.rehearsal else ""
        return self.file.with_name(f"{self.file.stem}{kind}.{ending}")


def require_journal(paths: SiblingPaths, journal: Path | None) -> Path:
    """The journal of a file that was paid.

    Args:
        paths: the file and its siblings.
        journal: the one that was named, if any.

    Raises:
        CommandError: there is none.
    """
    from glomo.batch.sqlite_file import journal_exists  # noqa: PLC0415 - help does without it

    path = journal or paths.journal
    if journal_exists(path):
        return path
    rehearsed = journal is None and not paths.rehearsal
    rehearsed = rehearsed and journal_exists(SiblingPaths(paths.file, rehearsal=True).journal)
    raise CommandError(
        f"{paths.file.name} has not been paid: there is no {path}",
        hint="it was rehearsed in the sandbox: add --sandbox to see that"
        if rehearsed
        else f"glomo payouts run {paths.file} pays it",
    )


def last_written(journal: Path) -> datetime:
    """When something was last noted in a journal, in UTC."""
    # What is not yet in the file itself is in the log beside it.
    files = (journal, journal.with_name(f"{journal.name}-wal"))
    times = [file.stat().st_mtime for file in files if file.exists() and file.stat().st_size]
    return datetime.fromtimestamp(max(times), UTC)


def journal_folders(file: Path, journal: Path) -> set[Path]:
    """Where other batches' journals may lie: beside the file, and beside its journal."""
    return {file.absolute().parent, journal.absolute().parent}


def batch_of(
    file: Path,
    name: str | None = None,
    *,
    sheet: str | None = None,
    include_hidden: bool = False,
) -> Batch:
    """The batch in a file.

    Raises:
        PlanError: not a kind of payout file.
        CommandError: no such file, or the name cannot be one.
    """
    from glomo.batch import Batch, PlanError  # noqa: PLC0415 - help does without it

    refuse_other_than_files(file)
    try:
        return Batch.from_file(file, name, sheet=sheet, include_hidden=include_hidden)
    except PlanError:
        raise
    except ValueError as error:
        raise CommandError(f"--name: {error}", hint="--name payroll-2026-11") from None


def plan_of(
    batch: Batch,
    payees: Callable[[], Payees | None],
    *,
    strict: bool = False,
    problems: Path | None = None,
) -> Plan:
    """Read and check the file of a batch.

    Args:
        batch: the batch.
        payees: gives what knows beneficiaries by name, and is called only if the file has names.
        strict: warnings are mistakes, too.
        problems: where to write every mistake, if there are any.

    Raises:
        PlanError: with every mistake; nothing was sent.
    """
    from glomo.batch import PlanError  # noqa: PLC0415 - help does without it
    from glomo.batch.payees import needs_payees  # noqa: PLC0415

    from .output.problem_file import write_problems  # noqa: PLC0415

    try:
        try:
            return batch.plan(strict=strict)
        except PlanError as refused:
            directory = payees() if needs_payees(refused) else None
            if directory is None:
                raise
            return batch.plan(strict=strict, payees=directory)
    except PlanError as refused:
        if problems is not None:
            write_problems(problems, refused.every_problem)
        raise


def refuse_other_than_files(file: Path) -> None:
    """Refuse what is not a regular file: a pipe would wait for ever, and cannot be read twice.

    Raises:
        CommandError: there is no such file, or it is a folder, a pipe or a device.
    """
    if file.is_file():
        return
    if file.is_dir():
        raise CommandError(f"{file} is a folder", hint="name the payout file in it")
    if file.exists():
        raise CommandError(
            f"{file} is a pipe or a device, not a file",
            hint="write the payouts into a file first: it is read again when the run goes on",
        )
    raise CommandError(f"there is no file {file}", hint="check the name and the folder")
