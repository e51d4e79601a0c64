"""Amounts above what the payer wants to see in one payout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from glomo.batch.problems import Problem
from glomo.batch.rows import Row
from glomo.diagnosis import Diagnosis
from glomo.money import Money


def above_limit(rows: Iterable[Row], limits: Mapping[str, Money]) -> Iterator[Problem]:
    """Rows whose amount is above the limit of its currency."""
    for row in rows:
        limit = limits.get(row.amount.currency)
        if limit is not None and row.amount > limit:
            column = "source_amount" if row.source_amount is not None else "destination_amount"
            diagnosis = Diagnosis(f"is above the limit of {limit:,}", "check the amount")
            yield Problem(row.number, column, f"{row.amount.amount:f}", diagnosis)
