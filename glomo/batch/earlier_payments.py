"""Payments of the same people in journals of other batches.

A batch's `request_id`s follow from its name, so a file under another name, or beside another
journal, is a batch of its own to the API: nothing there keeps its rows from being paid again. The
journals that lie in the same folder tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from glomo.money import Money

from .errors import JournalError
from .journal import Entry, Identity, State
from .plan import Plan
from .report import Report
from .results import RowStatus
from .rows import Row
from .sqlite_journal import read_only
from .totals import by_currency

MAY_BE_PAID = (State.ACCEPTED, State.SENT, State.UNKNOWN)
"""Entries that are or may be payouts; what was rejected or never sent is paid by nobody."""


@frozen
class OtherBatch:
    """A journal of another batch for the same account.

    Attributes:
        journal: its file.
        identity: whose it is.
        entries: what is or may be paid.
    """

    journal: Path
    identity: Identity
    entries: tuple[Entry, ...]


@frozen
class RepeatedRows:
    """Rows of a plan that another batch has paid, or may have.

    Attributes:
        batch: the other batch's name.
        journal: its journal.
        rows: the rows, as the plan has them.
    """

    batch: str
    journal: Path
    rows: tuple[Row, ...]

    @property
    def totals(self) -> dict[str, Money]:
        """What they come to, by currency."""
        return by_currency(row.amount for row in self.rows)


def other_batches(
    folders: Iterable[Path], own_journal: Path, identity: Identity | None
) -> Iterator[OtherBatch]:
    """The journals in some folders that are for the same account, but of another batch.

    Args:
        folders: where to look.
        own_journal: the journal of the batch itself, which is left out.
        identity: of the batch itself: address, environment and account are compared. `None` if it
            is not known yet: then every journal counts that is not of a sandbox.
    """
    own = own_journal.resolve()
    paths = {path.resolve() for folder in folders for path in folder.glob("*.journal")}
    for path in sorted(paths - {own}):
        try:
            theirs, _, entries = read_only(path)
        except JournalError:
            continue  # another kind of file
        if _is_same_account(theirs, identity):
            paid = tuple(entry for entry in entries if entry.state in MAY_BE_PAID)
            yield OtherBatch(path, theirs, paid)


def repeated_rows(
    plan: Plan, batches: Iterable[OtherBatch], own_journal: Path
) -> tuple[RepeatedRows, ...]:
    """Rows of which another batch has paid the same reference, payee and amount.

    Rows that the batch's own journal knows as sent are left out: those are never paid again.
    """
    sent = _sent(own_journal)
    rows = {_key_of_row(row): row for row in plan if row.reference not in sent}
    repeated: list[RepeatedRows] = []
    for batch in batches:
        keys = {_key_of_entry(entry) for entry in batch.entries}
        same = tuple(row for key, row in rows.items() if key in keys)
        if same:
            repeated.append(RepeatedRows(batch.identity.batch, batch.journal, same))
    return tuple(repeated)


def paid_totals(plan: Plan, earlier: Report) -> dict[str, Money]:
    """What earlier runs have paid of the plan's totals, by source currency."""
    settled = {row.reference for row in earlier.of(RowStatus.ACCEPTED)}
    return by_currency(
        row.amount for row in plan if row.source_amount is not None and row.reference in settled
    )


def amount_of(parameters: Mapping[str, Any]) -> Money:
    """The amount that a payload names: what leaves, or what arrives."""
    end = "source" if "source_amount" in parameters else "destination"
    return Money(parameters[f"{end}_amount"], parameters[f"{end}_currency"])


def _sent(journal: Path) -> set[str]:
    if not journal.is_file():
        return set()
    _, _, entries = read_only(journal)
    return {entry.reference for entry in entries if entry.state is not State.PLANNED}


def _is_same_account(theirs: Identity, ours: Identity | None) -> bool:
    if ours is None:
        return theirs.environment != "sandbox"
    return _account(theirs) == _account(ours)


def _account(identity: Identity) -> tuple[str, str | None, str | None]:
    return identity.address, identity.environment, identity.subject


def _key_of_row(row: Row) -> tuple[str, str, Money]:
    return row.reference, row.beneficiary_id, row.amount


def _key_of_entry(entry: Entry) -> tuple[str, str, Money]:
    parameters = entry.parameters
    return entry.reference, parameters["beneficiary_id"], amount_of(parameters)
