"""The files that lie beside a payout file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
