"""A payout file, read and found right: what will be paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from glomo.diagnosis import Diagnosis
from glomo.money import Money

from .errors import BatchError, PlanError
from .files import Read
from .files.local_documents import LocalDocuments
from .files.text import FileError
from .payees import Payees
from .problem_groups import grouped
from .problems import Problem, Problems
from .rows import Row, row_spool
from .totals import Totals

if TYPE_CHECKING:
    from glomo.models.balances import Balances


@frozen
class Plan:
    """What a batch will pay. `len(plan)` is the number of payouts; iterating gives the rows.

    Attributes:
        name: the batch's name.
        source: the file's name.
        rows: the payouts, in the order of the file.
        totals: what leaves the balances, by source currency: the sum of the rows that name it.
        destination_totals: what arrives, by destination currency: the sum of the rows that name
            that amount instead.
        warnings: what may be a mistake, and does not keep the batch from being paid.
        open_ended: how many rows name what arrives, by source currency: what leaves the balance for
            them is not known yet.
        references: the references of all rows.
        names: what the file calls beneficiaries that it gives by name, by id.
        documents: files that are uploaded before anything is paid, by the digest that stands for
            their id in the rows.
    """

    name: str
    source: str
    rows: Sequence[Row] = field(repr=False)
    totals: dict[str, Money]
    destination_totals: dict[str, Money]
    warnings: tuple[Problem, ...] = ()
    open_ended: Mapping[str, int] = field(factory=dict[str, int], repr=False)
    references: Container[str] = field(factory=tuple[str, ...], repr=False)
    documents: Mapping[str, Path] = field(factory=dict[str, Path], repr=False)
    names: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def check_balances(
        self,
        balances: Balances | Mapping[str, Money],
        *,
        paid: Mapping[str, Money] | None = None,
    ) -> tuple[Problem, ...]:
        """What the balances do not cover, as warnings. Fees come on top and are not known before.

        Args:
            balances: what `balances.retrieve()` gave, or what is available by currency.
            paid: what an earlier run has paid of the totals, by source currency.
        """
        available = balances if isinstance(balances, Mapping) else balances.available
        problems: list[Problem] = []
        for currency, total in sorted(self.totals.items()):
            due = total - (paid or {}).get(currency, Money(0, currency))
            balance = available.get(currency, Money(0, currency))
            if due > balance:
                problems.append(
                    Problem(
                        None,
                        "source_amount",
                        None,
                        Diagnosis(
                            f"the balance of {balance:,} does not cover the total of {due:,}",
                            f"add {due - balance:,} and what the fees come to",
                        ),
                    )
                )
        for currency, count in sorted(self.open_ended.items()):
            rows = "1 row names" if count == 1 else f"{count} rows name"
            problems.append(
                Problem(
                    None,
                    "destination_amount",
                    None,
                    Diagnosis(
                        f"{rows} what arrives, so what leaves the {currency} balance is not known "
                        "yet"
                    ),
                )
            )
        return tuple(problems)


def refuse_local_documents(plan: Plan) -> None:
    """Refuse a plan whose documents have no ids yet.

    Raises:
        BatchError: documents are named by path and not uploaded yet.
    """
    if plan.documents:
        raise BatchError(
            f"{len(plan.documents)} documents are named by path and have no id yet: await "
            "Batch.upload_documents first. Nothing was sent"
        )


def read_plan(
    name: str, source: str, read: Read, payees: Payees | None = None, folder: Path | None = None
) -> Plan:
    """Read everything and check it.

    Args:
        name: the batch's name.
        source: the file's.
        read: yields the rows that are in order, and notes what is wrong with the others.
        payees: what knows the beneficiaries that are given by name.
        folder: from where documents are looked for that are given by path; `None`: only ids.

    Raises:
        PlanError: with everything that is wrong.
    """
    documents = None if folder is None else LocalDocuments(folder)
    problems = Problems(payees, documents)
    rows = row_spool()
    debits, credits, open_ended = Totals(), Totals(), Counter[str]()
    try:
        for row in read(problems):
            rows.append(row)
            if row.source_amount is not None:
                debits.add_minor(row.source_amount, row.source_currency)
            else:
                credits.add_minor(row.destination_amount or 0, row.destination_currency)
                open_ended[row.source_currency] += 1
    except FileError as error:
        problems.noted.append(error.problem)
    if problems.noted:
        shown = grouped(problems.noted, problems.sound_amounts)
        raise PlanError(shown, source=source, every_problem=problems.noted)
    return Plan(
        name,
        source,
        rows,
        debits.sums,
        credits.sums,
        problems.warnings,
        dict(open_ended),
        problems.references,
        {} if documents is None else documents.files,
        problems.names,
    )
