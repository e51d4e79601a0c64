"""What can go wrong with a batch as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from glomo.errors import GlomoError

from .problems import Problem

_MAX_SHOWN = 20


class BatchError(GlomoError):
    """A batch cannot be read, or cannot be run."""


class PlanError(BatchError, ValueError):
    """The payout file has mistakes. Nothing was sent.

    `problems` holds them in the order of the rows, those of one cause as one: a column that a
    spreadsheet has reformatted is one problem. `every_problem` holds one a row. `source` names the
    file.
    """

    def __init__(
        self,
        problems: Sequence[Problem],
        *,
        source: str,
        every_problem: Sequence[Problem] | None = None,
    ) -> None:
        self.problems = tuple(problems)
        self.every_problem = self.problems if every_problem is None else tuple(every_problem)
        self.source = source
        lines = [str(problem) for problem in self.problems[:_MAX_SHOWN]]
        if len(self.problems) > _MAX_SHOWN:
            lines.append(f"... and {len(self.problems) - _MAX_SHOWN} more")
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n  ".join([f"{source}: {count}; nothing was sent", *lines]))


class JournalError(BatchError):
    """The journal cannot be used. Nothing was sent."""


class JournalLockedError(JournalError):
    """Another run is using the journal."""


class JournalMismatchError(JournalError):
    """The journal belongs to another batch, or to another account or environment."""


class JournalAbsentError(JournalError):
    """There is no journal: no run has begun to write one."""


class PayoutClaimedError(JournalError):
    """Entries name payouts that other rows have. Nothing was written.

    One payout cannot pay two rows: a response has come to the wrong request. `references` names the
    rows whose claim is the later one.
    """

    def __init__(self, claims: Mapping[str, str]) -> None:
        """Say who claims what.

        Args:
            claims: the payout that each row claims, by reference.
        """
        self.claims = dict(claims)
        pairs = ", ".join(
            f"{payout} by {row}" for row, payout in [*self.claims.items()][:_MAX_SHOWN]
        )
        super().__init__(f"payouts that belong to other rows are claimed: {pairs}")

    @property
    def references(self) -> frozenset[str]:
        """The rows whose claim is the later one."""
        return frozenset(self.claims)


@frozen
class ChangedRow:
    """A row that was sent before and now reads differently.

    `differences` maps each field to what was sent and what the file says now.
    """

    number: int
    reference: str
    state: str
    differences: dict[str, tuple[object, object]]

    def __str__(self) -> str:
        changes = ", ".join(
            f"{field} was {_show(before)}, is now {_show(now)}"
            for field, (before, now) in self.differences.items()
        )
        return f"row {self.number}, {self.reference} ({self.state}): {changes}"


class ChangedRowsError(JournalError):
    """Rows were sent with other contents than the file has now. Nothing was sent.

    `changes` says which rows, and what changed.
    """

    def __init__(self, changes: Sequence[ChangedRow]) -> None:
        self.changes = tuple(changes)
        lines = [str(change) for change in self.changes[:_MAX_SHOWN]]
        if len(self.changes) > _MAX_SHOWN:
            lines.append(f"... and {len(self.changes) - _MAX_SHOWN} more")
        advice = "put back what was there, or give the row a new reference if it is a new payout"
        if any(change.state == "rejected" for change in self.changes):
            advice += "; a rejected row may change when rejected rows are sent again (retry_failed)"
        super().__init__(
            "\n  ".join([f"rows that were sent before have changed: {advice}", *lines])
        )


class HaltedError(BatchError):
    """The API gave no usable answer for many rows on end, so the run stopped.

    Run it again when the API is back: what was sent is looked up first, the rest is paid then.
    """


def _show(value: object) -> str:
    return "empty" if value is None else str(value)
