"""Documents that go with a purpose code, and are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve

from glomo import purpose_codes
from glomo.batch.problems import Problem
from glomo.batch.rows import Row
from glomo.diagnosis import Diagnosis


def missing_documents(rows: Iterable[Row]) -> Iterator[Problem]:
    """One problem for each purpose code whose documents some rows lack; the first row is named."""
    lacking: dict[str, Problem] = {}
    for row in rows:
        if row.documents:
            continue
        earlier = lacking.get(row.purpose_code)
        if earlier is not None:
            lacking[row.purpose_code] = evolve(earlier, count=earlier.count + 1)
            continue
        code = purpose_codes.get(row.purpose_code)
        if code is None or not code.documents:
            continue
        kinds = " and ".join(kind.replace("_", " ") for kind in code.documents)
        diagnosis = Diagnosis(
            f"payouts for this purpose go with a document ({kinds}), and there is none",
            "name its id or its file in the column documents, or expect Glomo to ask for it",
        )
        lacking[row.purpose_code] = Problem(row.number, "documents", row.purpose_code, diagnosis)
    yield from lacking.values()
