"""A payout file, and the files that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from glomo.batch import Batch, PlanError

from .failure import CommandError


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a payout file. The embedded sandbox has a journal of its own, so that a
    trial never makes the live run believe that a row was paid."""

    journal: Path
    results: Path
    sandbox_journal: Path
    sandbox_state: Path


def beside(file: Path) -> Beside:
    """The names of these files for a payout file; none of them need exist."""
    return Beside(
        journal=file.with_suffix(".journal"),
        results=file.with_suffix(".results.csv"),
        sandbox_journal=file.with_suffix(".sandbox.journal"),
        sandbox_state=file.with_suffix(".sandbox.state"),
    )


def batch_of(file: Path, name: str | None) -> Batch:
    """The batch in a file.

    Raises:
        PlanError: no kind of payout file.
        CommandError: the name cannot be one.
    """
    try:
        return Batch.from_file(file, name)
    except PlanError:
        raise
    except ValueError as error:
        raise CommandError(f"--name: {error}") from None
