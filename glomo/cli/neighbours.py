"""Journals of other batches in the same folder: a file that was renamed is a batch of its own."""

from __future__ import annotations

from pathlib import Path

from glomo.batch import JournalError, Plan, State
from glomo.batch.rows import canonical, digest_of
from glomo.batch.sqlite_journal import read_only
from glomo.client import AsyncGlomo

from .console import count


def paid_under_another_name(plan: Plan, journal: Path, glomo: AsyncGlomo) -> list[str]:
    """Warnings of rows that a batch of another name has sent, to the same API, word for word.

    Args:
        plan: what is to be paid.
        journal: the journal that the run is going to make, or has; nothing is said of that one.
        glomo: the client of the run.
    """
    if journal.exists():
        return []
    ours = {(row.reference, digest_of(canonical(row.payload))) for row in plan}
    found: list[str] = []
    for other in sorted(journal.parent.glob("*.journal")):
        try:
            identity, _, entries = read_only(other)
        except JournalError:
            continue
        if (identity.address, identity.environment) != (glomo.base_url, glomo.environment):
            continue
        sent = {(one.reference, one.digest) for one in entries if one.state is not State.PLANNED}
        if same := len(ours & sent):
            found.append(
                f"{count(same, 'row')} of this file went out before, as batch {identity.batch!r} "
                f"({other}), and will be paid again: if the file was only renamed or corrected, "
                f"run it with --name {identity.batch!r} --journal {str(other)!r} instead"
            )
    return found
