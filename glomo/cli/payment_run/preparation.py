"""What is checked, shown and asked before the first payment of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glomo.batch import Plan, Report, Row, RowStatus, identity_of, journal_exists
from glomo.batch.checks.funds import Covered, covered_rows
from glomo.batch.earlier_payments import (
    RenamedRow,
    RepeatedRows,
    other_batches,
    paid_totals,
    renamed_rows,
    repeated_rows,
)
from glomo.batch.totals import by_currency
from glomo.cli.confirmation import confirm
from glomo.cli.connection import moves_money, name_host
from glomo.cli.failures import CommandError
from glomo.cli.output.console import amounts, count, err, say
from glomo.cli.output.run_display import RunDisplay
from glomo.cli.payout_files import journal_folders
from glomo.client import AsyncGlomo
from glomo.errors import DecodingError, ServerError, TransportError

from .options import RunOptions

_STRICT = "--strict does not pay while there is a warning: nothing was sent"
_STRICT_HINT = "mend what the warnings say, or leave --strict out"
_REPEATED_HINT = (
    "run the file under the other batch's name and journal, or pay these rows again with "
    "--pay-again"
)
_RENAMED_HINT = (
    "give these rows the references that they had, or, if they are other payments, pay them with "
    "--pay-again"
)


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything that is known before the first payment.

    Attributes:
        file: the payout file.
        plan: what it asks for.
        journal: where the run writes down what it sends.
        target: what the journal belongs to, if that is not the client's address.
        repeated: rows that were paid before, as other batches, besides those of the folder.
    """

    file: Path
    plan: Plan
    journal: Path
    target: str | None = None
    repeated: Sequence[RepeatedRows] = ()

    async def check(
        self,
        glomo: AsyncGlomo,
        options: RunOptions,
        display: RunDisplay,
        earlier: Report | None = None,
    ) -> Sequence[Row] | None:
        """Check the balances and the journals beside the file, and ask if real money moves.

        Args:
            glomo: the client.
            options: of the run.
            display: where to show warnings.
            earlier: what earlier runs came to; left out, the journal tells.

        Returns:
            The rows to pay now; `None` for all.

        Raises:
            CommandError: a person or an option says no; nothing was sent.
        """
        if earlier is None and journal_exists(self.journal):
            earlier = await Report.from_journal(self.journal)
        covered = await self._check_balances(glomo, options, display, earlier)
        concerns = [] if options.sandbox else self._check_earlier(glomo, options, earlier)
        if covered is not None:
            concerns.append(_held_back(covered))
            say(err(), concerns[-1], style="yellow", indent=2)
        if moves_money(glomo) and not options.yes:
            confirm(
                err(),
                self.plan,
                earlier,
                base_url=glomo.base_url,
                environment=glomo.environment,
                concerns=concerns,
            )
        return None if covered is None else covered.rows

    async def _check_balances(
        self, glomo: AsyncGlomo, options: RunOptions, display: RunDisplay, earlier: Report | None
    ) -> Covered | None:
        """Warn of what the balances do not cover; the division of the rows, if that matters."""
        try:
            balances = await glomo.balances.retrieve()
        except (TransportError, ServerError, DecodingError) as error:
            # The balance is advice; whether the API works, the payouts will show.
            name_host(error, glomo)
            where = "".join(f" ({note})" for note in getattr(error, "__notes__", ()))
            text = f"warning: the balance could not be read: {error}{where}"
            say(err(), text, style="yellow", indent=2)
            if options.strict:
                raise CommandError(_STRICT, hint=_STRICT_HINT) from None
            return None
        paid = {} if earlier is None else paid_totals(self.plan, earlier)
        short = self.plan.check_balances(balances, paid=paid)
        display.warnings(short)
        if options.strict and short:
            raise CommandError(_STRICT, hint=_STRICT_HINT)
        if not short or options.send_uncovered:
            return None
        results = () if earlier is None else earlier.results
        begun = {one.reference for one in results if one.status is not RowStatus.NOT_SENT}
        covered = covered_rows(self.plan, balances.available, begun)
        return covered if covered.held_back else None

    def _check_earlier(
        self, glomo: AsyncGlomo, options: RunOptions, earlier: Report | None
    ) -> list[str]:
        """Rows that were paid before, as others: refused without a person who agrees."""
        identity = identity_of(glomo, self.plan.name, self.target)
        folders = journal_folders(self.file, self.journal)
        others = other_batches(folders, self.journal, identity)
        repeated = [*self.repeated, *repeated_rows(self.plan, others, earlier)]
        renamed = () if earlier is None else renamed_rows(self.plan, earlier)
        concerns = [_concern(one) for one in repeated]
        if renamed:
            concerns.append(_of_renamed(renamed))
        for concern in concerns:
            say(err(), f"warning: {concern}", style="yellow", indent=2)
        if not concerns or options.pay_again:
            return concerns
        if options.strict:
            raise CommandError(_STRICT, hint=_STRICT_HINT)
        if options.yes:
            raise CommandError(
                "--yes does not pay rows again that were paid before: nothing was sent",
                hint=_RENAMED_HINT if renamed else _REPEATED_HINT,
            )
        return concerns


def _held_back(covered: Covered) -> str:
    total = ", ".join(amounts(by_currency(row.amount for row in covered.held_back)))
    return (
        f"{count(len(covered.held_back), 'row')} ({total}) held back, as the balance does not "
        "cover them: add funds, and the same command pays them; --send-uncovered sends them all "
        "the same"
    )


def _concern(repeated: RepeatedRows) -> str:
    rows = count(len(repeated.rows), "row")
    total = ", ".join(amounts(repeated.totals))
    place, journal = "in this database", ""
    if repeated.journal is not None:
        place, journal = str(repeated.journal), f" --journal {str(repeated.journal)!r}"
    return (
        f"{rows} of this file ({total}) went out before, as batch {repeated.batch!r} "
        f"({place}), and will be paid again: if the file was only renamed or corrected, "
        f"run it with --name {repeated.batch!r}{journal} instead"
    )


def _of_renamed(renamed: Sequence[RenamedRow]) -> str:
    rows = count(len(renamed), "row")
    total = ", ".join(amounts(by_currency(one.row.amount for one in renamed)))
    first = renamed[0]
    return (
        f"{rows} of this file ({total}) went out before under references that the file no longer "
        f"has, and will be paid again: row {first.row.number} has {first.row.reference!r}, and "
        f"{first.reference!r} of the same amount was sent; spreadsheets take zeros away from the "
        "front of numbers"
    )
