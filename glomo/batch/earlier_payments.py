"""Payments of the same people in journals of other batches.

A batch's `request_id`s follow from its name, so a file under another name, or beside another
journal, is a batch of its own to the API: nothing there keeps its rows from being paid again. The
journals that lie in the same folder tell.

Within a batch a row is its reference. A program that writes the file anew may spell it differently:
spreadsheets take the zeros away from `0017`. Such a row is a new one to journal and API alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from glomo.money import Money

from .errors import JournalError
from .journal import Entry, Identity, RowStatus
from .plan import Plan
from .report import Report
from .results import RowResult
from .rows import Row
from .sqlite_file import journal_exists, read_only
from .totals import by_currency


@frozen
class OtherBatch:
    """A journal of another batch for the same account, or rows that a batch no longer has.

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
        journal: its journal's file; `None` if it is in the database that this batch is in.
        rows: the rows, as the plan has them.
    """

    batch: str
    journal: Path | None
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
    own_path = _resolved(own_journal)
    paths = {_resolved(path) for folder in folders for path in folder.glob("*.journal")}
    for path in sorted(paths - {own_path}):
        try:
            other, _, entries = read_only(path)
        except JournalError:
            continue  # another kind of file
        if _is_same_account(other, identity):
            yield OtherBatch(path, other, tuple(_paid(entries)))


def removed_rows(plan: Plan, own_journal: Path) -> Iterator[OtherBatch]:
    """What the batch itself has paid of rows that the plan no longer has, if anything."""
    if journal_exists(own_journal):
        identity, _, entries = read_only(own_journal)
        removed = tuple(entry for entry in _paid(entries) if entry.reference not in plan.references)
        yield OtherBatch(own_journal, identity, removed)


def _paid(entries: Iterable[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if _may_be_paid(entry))


def _may_be_paid(row: Entry | RowResult) -> bool:
    return row.status is RowStatus.ACCEPTED or row.open


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return path.absolute()


def repeated_rows(
    plan: Plan, batches: Iterable[OtherBatch], earlier: Report | None
) -> tuple[RepeatedRows, ...]:
    """Rows of which another batch has paid the same reference, payee and amount.

    Rows that were sent for the batch itself are left out: those are never paid again.

    Args:
        plan: the plan.
        batches: the other batches.
        earlier: all that the batch's own journal holds, if there is one.
    """
    sent_references = set[str]() if earlier is None else _sent_references(earlier)
    rows = {_key_of_row(row): row for row in plan if row.reference not in sent_references}
    repeated: list[RepeatedRows] = []
    for batch in batches:
        keys = {_key_of_entry(entry) for entry in batch.entries}
        repeated_plan_rows = tuple(row for key, row in rows.items() if key in keys)
        if repeated_plan_rows:
            repeated.append(RepeatedRows(batch.identity.batch, batch.journal, repeated_plan_rows))
    return tuple(repeated)


@frozen
class RenamedRow:
    """A new row that looks like one that this batch has paid, its reference spelled differently.

    Attributes:
        row: the row, as the plan has it.
        reference: under which the same amount was sent; the file no longer has it.
    """

    row: Row
    reference: str


def renamed_rows(plan: Plan, earlier: Report) -> tuple[RenamedRow, ...]:
    """New rows of a plan that earlier runs may have paid under another spelling.

    Args:
        plan: the plan.
        earlier: all that the batch's journal holds.
    """
    missing = {
        (_folded(result.reference), result.amount): result.reference
        for result in earlier.results
        if _may_be_paid(result) and result.reference not in plan.references
    }
    if not missing:
        return ()
    sent_references = _sent_references(earlier)
    matches = ((row, missing.get((_folded(row.reference), row.amount))) for row in plan)
    return tuple(
        RenamedRow(row, reference)
        for row, reference in matches
        if reference is not None and row.reference not in sent_references
    )


_SIGNIFICANT = 15
"""Digits of a number that a spreadsheet keeps; the others become zeros."""


def _folded(reference: str) -> str:
    """What is left of a reference however it is spelled: letters, and numbers as numbers."""
    text = unicodedata.normalize("NFKC", reference).casefold()
    parts = re.findall(r"\d+|[^\W\d_]+", text)
    return " ".join(_number(part) if part.isdecimal() else part for part in parts)


def _number(digits: str) -> str:
    digits = digits.lstrip("0")
    return digits[:_SIGNIFICANT].ljust(len(digits), "0")


def paid_totals(plan: Plan, earlier: Report) -> dict[str, Money]:
    """What earlier runs have paid of the plan's totals, by source currency."""
    accepted = {row.reference for row in earlier.of(RowStatus.ACCEPTED)}
    return by_currency(
        row.amount for row in plan if row.source_amount is not None and row.reference in accepted
    )


def _sent_references(earlier: Report) -> set[str]:
    return {one.reference for one in earlier.results if one.status is not RowStatus.NOT_SENT}


def _is_same_account(other: Identity, own: Identity | None) -> bool:
    if own is None:
        return other.environment != "sandbox"
    return _account(other) == _account(own)


def _account(identity: Identity) -> tuple[str, str | None, str | None]:
    return identity.address, identity.environment, identity.subject


def _key_of_row(row: Row) -> tuple[str, str, Money]:
    return row.reference, row.beneficiary_id, row.amount


def _key_of_entry(entry: Entry) -> tuple[str, str, Money]:
    return entry.reference, entry.parameters["beneficiary_id"], entry.amount
