"""How a run is watched and stopped from outside."""

from __future__ import annotations

from attrs import define

from .journal import RowStatus


class Stop:
    """Says to a run that it shall take no new rows. May be called from any thread or signal.

    Args:
        parent: stops this one, too; not the other way round.
    """

    # A bare flag: a lock could be held by the very code that a signal interrupts.
    def __init__(self, parent: Stop | None = None) -> None:
        self._parent = parent
        self._set = False

    def set(self) -> None:
        """Take no new rows."""
        self._set = True

    def __bool__(self) -> bool:
        return self._set or bool(self._parent)


@define
class Progress:
    """How far a run has come; kept up to date while it runs.

    Attributes:
        total: rows of the plan.
        already: rows that earlier runs had settled (they count in the numbers below, too).
        accepted, rejected, unknown: rows by what has become of them.
    """

    total: int = 0
    already: int = 0
    accepted: int = 0
    rejected: int = 0
    unknown: int = 0

    @property
    def done(self) -> int:
        """Rows that are settled, as far as this run can settle them."""
        return self.accepted + self.rejected + self.unknown

    @property
    def not_sent(self) -> int:
        """Rows that are not."""
        return self.total - self.done

    @property
    def remaining(self) -> int:
        """Rows still to come, while the run goes on."""
        return self.not_sent

    def count(self, status: RowStatus) -> None:
        """One more row that has come to this."""
        if status is RowStatus.ACCEPTED:
            self.accepted += 1
        elif status is RowStatus.REJECTED:
            self.rejected += 1
        elif status is RowStatus.UNKNOWN:
            self.unknown += 1
