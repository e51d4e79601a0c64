"""Rows that look like the same payment twice: in the file, and in earlier batches.

References differ, or the file would have been refused; payee and amount, or payee and invoice, are
the same. Two equal instalments are legitimate, so a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from glomo.batch.earlier_payments import OtherBatch
from glomo.batch.problems import Problem
from glomo.batch.rows import Row
from glomo.diagnosis import Diagnosis
from glomo.money import Money

_ADVICE = "if it is meant, nothing needs to be done; otherwise delete one of them"
_EARLIER_ADVICE = "if it is another payment, nothing needs to be done; otherwise delete the row"


def duplicates_in_file(rows: Iterable[Row]) -> Iterator[Problem]:
    """Rows whose payee, and amount or invoice, an earlier row of the file has."""
    amounts: dict[tuple[str, Money], Row] = {}
    invoices: dict[tuple[str, str], Row] = {}
    for row in rows:
        first = amounts.setdefault((row.beneficiary_id, row.amount), row)
        detail = f"same payee and amount ({row.amount})"
        column = _amount_column(row)
        if row.invoice_number:
            billed = invoices.setdefault((row.beneficiary_id, row.invoice_number), row)
            if billed is not row:
                first, detail = billed, f"same payee and invoice ({row.invoice_number})"
                column = "invoice_number"
            elif first is not row and first.invoice_number:
                continue  # another invoice of the same amount
        if first is not row:
            problem = f"{detail} as row {first.number} ({first.reference})"
            yield Problem(row.number, column, _cell(row, column), Diagnosis(problem, _ADVICE))


def duplicates_in_batches(
    rows: Iterable[Row], batches: Iterable[OtherBatch], *, since: datetime
) -> Iterator[Problem]:
    """Rows whose payee, and amount or invoice, another batch has paid since a time."""
    amounts: dict[tuple[str, Money], str] = {}
    invoices: dict[tuple[str, str], str] = {}
    for batch in batches:
        for entry in batch.entries:
            if entry.payout_created_at is not None and entry.payout_created_at < since:
                continue
            parameters = entry.parameters
            payee, invoice = parameters["beneficiary_id"], parameters.get("invoice_number")
            created = entry.payout_created_at
            day = f" on {created:%Y-%m-%d}" if created is not None else ""
            payment = f"batch {batch.identity.batch!r} has {entry.reference}{day}"
            if invoice:
                invoices[payee, invoice] = payment
            else:
                amounts[payee, entry.amount] = payment
    for row in rows:
        where: str | None
        column = "invoice_number" if row.invoice_number else _amount_column(row)
        if row.invoice_number:
            where = invoices.get((row.beneficiary_id, row.invoice_number))
            detail = f"same payee and invoice ({row.invoice_number})"
        else:
            where = amounts.get((row.beneficiary_id, row.amount))
            detail = f"same payee and amount ({row.amount})"
        if where is not None:
            problem = f"{detail} were paid before: {where}"
            diagnosis = Diagnosis(problem, _EARLIER_ADVICE)
            yield Problem(row.number, column, _cell(row, column), diagnosis)


def _amount_column(row: Row) -> str:
    return "source_amount" if row.source_amount is not None else "destination_amount"


def _cell(row: Row, column: str) -> str | None:
    return row.invoice_number if column == "invoice_number" else f"{row.amount.amount:f}"
