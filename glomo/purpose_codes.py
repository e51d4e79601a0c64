"""Why money moves: Glomo's purpose codes, as data.

Payins take codes `P....`, payouts codes `S....`. Exceptions: a payout that brings LRS money back
uses `P0001`, and LRS orders take `S0001` or `S0002`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Literal

from attrs import frozen

from .diagnosis import Diagnosis, Remedy

Direction = Literal["payin", "payout"]

_LEGACY_PAYOUT = re.compile(r"PYR\d{3}\Z")
_REPATRIATION = "P0001"


@frozen
class PurposeCode:
    """One code.

    `documents` are the kinds of document that go with it, `terms` what it is called elsewhere: in
    the official list of the Reserve Bank of India, and by those who pay.
    """

    code: str
    direction: Direction
    group: str
    label: str
    documents: tuple[str, ...]
    terms: tuple[str, ...] = ()


@cache
def all_codes() -> tuple[PurposeCode, ...]:
    """Every code, payins first."""
    terms = _terms()
    return tuple(
        PurposeCode(
            row["code"],
            "payin" if row["direction"] == "payin" else "payout",
            row["group"],
            row["label"],
            tuple(filter(None, row["documents"].split(";"))),
            terms.get(row["code"], ()),
        )
        for row in _rows("purpose_codes")
    )


def _terms() -> dict[str, tuple[str, ...]]:
    return {
        code: tuple(row["terms"].split(";"))
        for row in _rows("purpose_code_terms")
        for code in row["codes"].split()
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("glomo").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def _by_code() -> dict[str, PurposeCode]:
    return {entry.code: entry for entry in all_codes()}


@lru_cache(maxsize=1024)
def get(code: str) -> PurposeCode | None:
    """The entry of a code, or `None` if there is none."""
    return _by_code().get(code.strip().upper())


def search(text: str, *, direction: Direction | None = None) -> tuple[PurposeCode, ...]:
    """Codes that fit a description, the best first.

    Every word of `text` must occur in a code's number, group, label or terms: the words of the
    official list and those of everyday use (`"salary"` and `"payroll"` find `S1401`). Case, hyphens
    and plurals do not matter.

    Args:
        text: one or more words, such as `"software consult"`.
        direction: only codes of payins, or of payouts.
    """
    words = _words(text)
    ranked = [
        (rank, entry)
        for entry in all_codes()
        if direction in (None, entry.direction) and (rank := _rank(words, entry)) is not None
    ]
    return tuple(entry for _, entry in sorted(ranked, key=itemgetter(0)))


def _rank(words: tuple[str, ...], entry: PurposeCode) -> int | None:
    """How well an entry fits, 0 best: a name of its own, words of its names, parts of words."""
    names, text = _searchable(entry.code)
    if words in names:
        return 0
    name_words = {word for name in names for word in name}
    if name_words.issuperset(words):
        return 1
    return 2 if all(word in text for word in words) else None


@cache
def _searchable(code: str) -> tuple[frozenset[tuple[str, ...]], str]:
    """An entry's names (code, label, terms), each as its words; and all of it as one text."""
    entry = _by_code()[code]
    names = [_words(name) for name in (entry.code, entry.label, *entry.terms)]
    text = " ".join(word for name in (*names, _words(entry.group)) for word in name)
    return frozenset(names), text


def _words(text: str) -> tuple[str, ...]:
    return tuple(_singular(word) for word in re.findall(r"[\w&']+", text.casefold()))


def _singular(word: str) -> str:
    word = word.removesuffix("'s").rstrip("'")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3:
        return word[:-1]
    return word


@cache
def codes_for(direction: Direction) -> frozenset[str]:
    """The codes that money going this way takes, but for the legacy ones."""
    codes = {entry.code for entry in all_codes() if entry.direction == direction}
    return frozenset(codes | {_REPATRIATION} if direction == "payout" else codes)


def problem_with(code: str, direction: Direction) -> Diagnosis | None:
    """What is wrong with a code for money going this way, or `None`.

    Unknown codes of the right form are wrong too; the legacy payout codes `PYR...` are accepted.
    """
    if direction == "payout" and (code == _REPATRIATION or _LEGACY_PAYOUT.match(code)):
        return None
    entry = _by_code().get(code)
    if entry is None:
        similar = get(code)
        if similar is not None:
            return Diagnosis("is not written exactly", f"write it as {similar.code}")
        return Diagnosis(
            f"is not a {direction} purpose code of Glomo", remedies=(Remedy.SEARCH_PURPOSE_CODES,)
        )
    if entry.direction != direction:
        letter = "S" if direction == "payout" else "P"
        return Diagnosis(
            f"is a {entry.direction} code ({entry.label})", f"a {direction} takes {letter}...."
        )
    return None
