"""The columns of a payout file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

NOTES = "notes."
AMOUNTS = (
    "source_amount",
    "destination_amount",
    "source_amount_minor",
    "destination_amount_minor",
)
REQUIRED = {
    "reference": "a text that names the row, unique in the file",
    "beneficiary_id": "the id of who is paid (bene_...)",
    "source_currency": "the currency of the balance that pays, such as USD",
    "destination_currency": "the currency that arrives, such as INR",
    "purpose_code": "why it is paid (S....)",
}
KNOWN = (*REQUIRED, *AMOUNTS, "payment_rail", "invoice_number", "documents")


def is_known(name: str) -> bool:
    """Whether a payout file may have this column."""
    return name in KNOWN or (name.startswith(NOTES) and len(name) > len(NOTES))


def meant(name: str) -> str | None:
    """The known column that an unknown one is probably meant to be."""
    tidy = re.sub(r"[\s\-]+", "_", name.strip().casefold())
    near = difflib.get_close_matches(tidy, KNOWN, n=1)
    return near[0] if near else None


def advice(name: str) -> str:
    """What to do about a column that is not known."""
    if name.casefold() in ("notes", "note", NOTES):
        return "write notes.<key>, as notes.department"
    near = meant(name)
    return f"did you mean {near}?" if near else f"the columns are {', '.join(KNOWN)}, notes.<key>"


def missing(present: Collection[str]) -> list[tuple[str, str]]:
    """The required columns that are not there, each with what to add."""
    lacking = [
        (name, f"add it: {meaning}") for name, meaning in REQUIRED.items() if name not in present
    ]
    if not any(name in present for name in AMOUNTS):
        lacking.append(("source_amount", f"add it, or one of {', '.join(AMOUNTS[1:])}"))
    return lacking
