"""Amounts as people write them in files. Nothing is guessed: what is not plain is refused."""

from __future__ import annotations

import re

from glomo.batch.problems import CellError, ColumnFault
from glomo.currencies import EXPONENTS, LAST_DIGIT_ZERO

LARGEST = 10**15
"""Minor units that a payout may have at most here: anything above is a slip of the hand."""

_PLAIN = re.compile(r"(\d+)(?:\.(\d+))?\Z", re.ASCII)
_INTEGER = re.compile(r"\d+\Z", re.ASCII)
_EXPONENT = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+\Z", re.ASCII)
_NEGATIVE = re.compile(r"[-\u2212\u2013]\s*[\d.]|\(.*\d.*\)\Z|.*\d\s*[-\u2212]\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})+\.\d+\Z", re.ASCII)
_GROUPED_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\Z", re.ASCII)
_GROUPED_BY_GAP = re.compile(r"\d{1,3}(?:[ \u00a0\u202f'\u2019_]\d{3})+(?:[.,]\d+)?\Z", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,2})\Z", re.ASCII)
_MARKED = re.compile(r"[^\W\d_]|[$\u00a2-\u00a5\u20a0-\u20bf%#]")


def example(currency: str | None) -> str:
    """An amount as it is written in this currency."""
    places = EXPONENTS.get(currency or "USD", 2)
    return "1250" if places == 0 else f"1250.{'0' * places}"


def major(text: str, currency: str | None, minor_column: str) -> int:
    """Minor units of an amount written in major units, with exactly the currency's decimals.

    Args:
        text: what stands in the cell.
        currency: its ISO 4217 code; `None` if the row's is not known, so that only the form counts.
        minor_column: the column that takes minor units, for the advice.

    Raises:
        CellError: not written so.
    """
    plain = _PLAIN.match(text)
    if plain is None:
        raise _misspelt(text, currency)
    integer, decimals = plain.group(1), plain.group(2) or ""
    if not (integer + decimals).strip("0"):
        raise _zero()
    if currency is None:
        return 1
    places = EXPONENTS[currency]
    if len(decimals) != places:
        raise _wrong_decimals(integer, decimals, currency, minor_column)
    return _checked(int(integer[:40] + decimals), currency, text)


def minor(value: str | int, currency: str | None, major_column: str) -> int:
    """Minor units, written as such.

    Raises:
        CellError: not a whole number above zero.
    """
    if isinstance(value, str):
        if _INTEGER.match(value) is None:
            if _PLAIN.match(value):
                raise CellError(
                    "minor units (cents) are whole numbers, without a point",
                    f"write an amount with decimals in {major_column}, or the number of "
                    "minor units here",
                )
            raise _misspelt(value, currency, minor_units=True)
        value = int(value[:40])
    return _checked(value, currency, str(value))


def with_point(text: str) -> str:
    """An amount with a decimal comma, written with a point; other texts as they are.

    Only one or two decimals can be told from thousands: `1,250` stays, and is refused.
    """
    comma = _DECIMAL_COMMA.match(text)
    return f"{comma[1]}.{comma[2]}" if comma else text


def _checked(units: int, currency: str | None, text: str) -> int:
    if units < 0:
        raise CellError("a payout cannot be negative", "leave the row out if nothing is to be paid")
    if units == 0:
        raise _zero()
    if units > LARGEST:
        raise CellError(f"{text[:40]} is more than a payout can be", "check the digits")
    if currency in LAST_DIGIT_ZERO and units % 10:
        places = EXPONENTS[currency]
        down, up = units - units % 10, units - units % 10 + 10
        raise CellError(
            f"the last of {currency}'s {places} decimals must be 0 at Glomo",
            f"write {_format(down, places)} or {_format(up, places)}",
        )
    return units


def _zero() -> CellError:
    return CellError("a payout cannot be zero", "leave the row out if nothing is to be paid")


def _wrong_decimals(integer: str, decimals: str, currency: str, minor_column: str) -> CellError:
    places = EXPONENTS[currency]
    if places == 0:
        if decimals.strip("0"):
            return CellError(f"{currency} has no decimals", "write a whole number, as 1250")
        return CellError(f"{currency} has no decimals", f"write {integer}")
    rule = f"{currency} is written with {places} decimals"
    if not decimals:
        return CellError(
            f"{rule}, this has none",
            f"write {integer}.{'0' * places}, "
            f"or put {int(integer[:40]) * 10**places} into {minor_column}",
            fault=ColumnFault.NO_DECIMALS,
            decimals=places,
        )
    if len(decimals) < places:
        padded = decimals.ljust(places, "0")
        return CellError(
            f"{rule}, this has {len(decimals)}",
            f"write {integer}.{padded}",
            fault=ColumnFault.FEW_DECIMALS,
            decimals=places,
        )
    return CellError(
        f"{rule}, this has {len(decimals)}",
        f"write {places} of them, as {example(currency)}",
        fault=ColumnFault.MANY_DECIMALS,
        decimals=places,
    )


def _misspelt(text: str, currency: str | None, *, minor_units: bool = False) -> CellError:
    """Say what kind of writing this is, and how it would be right."""
    plain = "125000" if minor_units else example(currency)
    places = EXPONENTS.get(currency or "USD", 2)
    if text.startswith("="):
        return CellError("is a formula", f"write the amount itself, as {plain}")
    if text.startswith("#"):
        return CellError("is an error of the spreadsheet", "correct the cell it comes from")
    if _EXPONENT.match(text):
        return CellError(
            "was shortened by a spreadsheet, digits may be lost",
            f"format the column as a number and write all digits, as {plain}",
            fault=None if minor_units else ColumnFault.EXPONENT,
            decimals=places,
        )
    if _NEGATIVE.match(text):
        return CellError(
            "a payout cannot be negative",
            f"write it without a sign, as {plain}, or leave the row out",
        )
    if text.startswith("+"):
        return CellError("has a sign", f"write the digits alone, as {plain}")
    if _MARKED.search(text):
        return CellError(
            "has letters or a currency sign in it",
            f"write the digits alone, as {plain}: the currency has its own column",
            fault=None if minor_units else ColumnFault.MARKED,
            decimals=places,
        )
    if _GROUPED.match(text) or _GROUPED_BY_POINT.match(text) or _GROUPED_BY_GAP.match(text):
        return CellError(
            "has thousands separators",
            f"write it without them, as {plain}",
            fault=None if minor_units else ColumnFault.GROUPED,
            decimals=places,
        )
    comma = _DECIMAL_COMMA.match(text)
    if comma:
        return CellError(
            "has a decimal comma",
            f"write a point, as {comma[1]}.{comma[2]}",
            fault=None if minor_units else ColumnFault.DECIMAL_COMMA,
            decimals=places,
        )
    if "," in text:
        return CellError(
            "has a comma", f"write a point for decimals and nothing for thousands, as {plain}"
        )
    return CellError("is not an amount", f"write digits and a point, as {plain}")


def _format(units: int, places: int) -> str:
    digits = str(units).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"
