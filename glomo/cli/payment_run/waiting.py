"""Waiting for the money at the end of a run: payouts are read once, to compare and to follow."""

from __future__ import annotations

from glomo.batch import Reconciliation
from glomo.cli.failures import FAILED, INTERRUPTED
from glomo.cli.output.console import err, say
from glomo.cli.output.run_display import RunDisplay


class Waiting:
    """What following the payouts says of the run."""

    def __init__(self, display: RunDisplay) -> None:
        self._display = display
        self._reconciliation: Reconciliation | None = None

    def reconciled(self, reconciliation: Reconciliation) -> None:
        """Show how the payouts compare with what was asked."""
        self._reconciliation = reconciliation
        self._display.reconciliation(reconciliation)

    def status(self, run: int, followed: int) -> int:
        """The exit status.

        Args:
            run: that of the payment itself.
            followed: that of following the payouts.
        """
        if self._reconciliation is None:
            say(err(), "stopped before the payouts were read again: the same command does that")
        if followed == INTERRUPTED:
            return followed
        different = self._reconciliation is not None and not self._reconciliation.ok
        return run or followed or (FAILED if different else 0)
