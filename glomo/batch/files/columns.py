"""The columns of a payout file, and its header."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection

from glomo.batch.problems import Problems
from glomo.diagnosis import Diagnosis

from .text import FileError

NOTES = "notes."
AMOUNTS = (
    "source_amount",
    "destination_amount",
    "source_amount_minor",
    "destination_amount_minor",
)
REQUIRED = {
    "reference": "a text that names the row, unique in the file",
    "beneficiary_id": "who is paid (bene_...)",
    "source_currency": "the currency of the balance that pays, such as USD",
    "destination_currency": "the currency that arrives, such as INR",
    "purpose_code": "why it is paid (S....)",
}
COLUMNS = (*REQUIRED, *AMOUNTS, "payment_rail", "invoice_number", "documents")


def is_known(name: str) -> bool:
    """Whether a payout file may have this column."""
    return name in COLUMNS or (name.startswith(NOTES) and len(name) > len(NOTES))


def closest_column(name: str) -> str | None:
    """The known column that an unknown one is probably meant to be."""
    normalized = re.sub(r"[\s\-]+", "_", name.strip().casefold())
    matches = difflib.get_close_matches(normalized, COLUMNS, n=1)
    return matches[0] if matches else None


def advice(name: str) -> str:
    """What to do about a column that is not known."""
    if name.casefold() in ("notes", "note", NOTES):
        return "write notes.<key>, as notes.department"
    suggestion = closest_column(name)
    return (
        f"did you mean {suggestion}?"
        if suggestion
        else f"the columns are {', '.join(COLUMNS)}, notes.<key>"
    )


def missing(present: Collection[str]) -> list[tuple[str, str]]:
    """The required columns that are not there, each with what to add."""
    columns = [
        (name, f"add it: {meaning}") for name, meaning in REQUIRED.items() if name not in present
    ]
    if not any(name in present for name in AMOUNTS):
        columns.append(("source_amount", f"add it, or one of {', '.join(AMOUNTS[1:])}"))
    return columns


def read_header(row: int, names: list[str], problems: Problems) -> list[str]:
    """The column of each cell: its name, or an empty text if it is not to be read.

    Raises:
        FileError: this is no header.
    """
    if not any(is_known(name) or is_known(name.casefold()) for name in names):
        titles = ", ".join([name for name in names if name][:6])
        raise FileError(
            f"the first row must name the columns, and names none of them (found: {titles})",
            f"begin the file with {','.join((*COLUMNS[:5], AMOUNTS[0]))},...",
            row=row,
        )
    while names and not names[-1]:  # a spreadsheet's empty columns at the right
        names.pop()
    columns: list[str] = []
    counts = Counter(names)
    for position, name in enumerate(names, start=1):
        problem = _wrong_name(name, position, counts[name], first=name not in columns)
        if problem is not None:
            problems.add(row, name or None, None, Diagnosis(*problem))
            columns.append("")
        else:
            columns.append(name)
    # A column that is only misspelt is not reported as missing on top of it.
    misspelt = {closest_column(name) for name in names if not is_known(name)}
    for name, remedy in missing({*columns, *filter(None, misspelt)}):
        problems.add(row, name, None, Diagnosis("this column is missing", remedy))
    return columns


def _wrong_name(name: str, position: int, count: int, *, first: bool) -> tuple[str, str] | None:
    if not name:
        return f"column {position} has no name", "name it, or delete it"
    if not is_known(name):
        return "is not a column of a payout file", advice(name)
    if not first:
        return "this column is there twice" if count == 2 else f"is there {count} times", (
            "keep one of them"
        )
    return None
