"""Why money moves: Glomo's purpose codes, as data.

Payins take codes `P....`, payouts codes `S....`. Exceptions: a payout that brings LRS money back
uses `P0001`, and LRS orders take `S0001` or `S0002`.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Literal

from attrs import frozen

from .diagnosis import Diagnosis, Remedy

Direction = Literal["payin", "payout"]

_LEGACY_PAYOUT = re.compile(r"PYR\d{3}\Z")
_REPATRIATION = "P0001"


@frozen
class PurposeCode:
    """One code. `documents` are the kinds of document that go with it."""

    code: str
    direction: Direction
    group: str
    label: str
    documents: tuple[str, ...]


@cache
def all_codes() -> tuple[PurposeCode, ...]:
    """Every known code, payins first."""
    text = files("glomo").joinpath("data/purpose_codes.csv").read_text(encoding="utf-8")
    return tuple(
        PurposeCode(
            row["code"],
            "payin" if row["direction"] == "payin" else "payout",
            row["group"],
            row["label"],
            tuple(filter(None, row["documents"].split(";"))),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _by_code() -> dict[str, PurposeCode]:
    return {entry.code: entry for entry in all_codes()}


def get(code: str) -> PurposeCode | None:
    """The entry of a code, or `None` if it is not known."""
    return _by_code().get(code.strip().upper())


def search(text: str, *, direction: Direction | None = None) -> tuple[PurposeCode, ...]:
    """Codes whose code, group or label holds every word of `text`, in any case.

    Args:
        text: one or more words, such as `"software consult"`.
        direction: only codes of payins, or of payouts.
    """
    words = text.casefold().split()
    return tuple(
        entry
        for entry in all_codes()
        if direction in (None, entry.direction)
        and all(word in f"{entry.code} {entry.group} {entry.label}".casefold() for word in words)
    )


def problem_with(code: str, direction: Direction) -> Diagnosis | None:
    """What is wrong with a code for money going this way, or `None`.

    Unknown codes of the right form are wrong too; the legacy payout codes `PYR...` are accepted.
    """
    if direction == "payout" and (code == _REPATRIATION or _LEGACY_PAYOUT.match(code)):
        return None
    entry = _by_code().get(code)
    if entry is None:
        known = get(code)
        if known is not None:
            return Diagnosis("is not written exactly", f"write it as {known.code}")
        return Diagnosis(
            f"is not a {direction} purpose code of Glomo", remedies=(Remedy.SEARCH_PURPOSE_CODES,)
        )
    if entry.direction != direction:
        letter = "S" if direction == "payout" else "P"
        return Diagnosis(
            f"is a {entry.direction} code ({entry.label})", f"a {direction} takes {letter}...."
        )
    return None
