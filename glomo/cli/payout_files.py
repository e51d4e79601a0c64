"""A payout file, and the files that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .failures import CommandError

if TYPE_CHECKING:
    from glomo.batch import Batch

PayoutFile = Annotated[Path, Parameter(name="FILE", help="The payout file: .xlsx, .csv or .jsonl.")]
Name = Annotated[
    str | None,
    Parameter(
        help="The batch's name: the same name and reference are paid once. "
        "Default: FILE's name without its ending."
    ),
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

    def _named(self, ending: str) -> Path:
        kind = ".rehearsal" if self.rehearsal else ""
        return self.file.with_name(f"{self.file.stem}{kind}.{ending}")


def batch_of(file: Path, name: str | None = None) -> Batch:
    """The batch in a file.

    Raises:
        PlanError: not a kind of payout file.
        CommandError: no such file, or the name cannot be one.
    """
    from glomo.batch import Batch, PlanError  # noqa: PLC0415 - help does without it

    refuse_other_than_files(file)
    try:
        return Batch.from_file(file, name)
    except PlanError:
        raise
    except ValueError as error:
        raise CommandError(f"--name: {error}") from None


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
