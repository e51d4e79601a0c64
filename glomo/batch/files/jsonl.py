"""Payout files as JSON Lines, and rows from Python, which follow the same rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, cast

from glomo.batch.problems import CellError, Problems, shortened
from glomo.batch.rows import Row
from glomo.diagnosis import Diagnosis
from glomo.money import Money

from .columns import AMOUNTS, NOTES, advice, is_known
from .row_reader import Cell, RowReader
from .text import FileError, lines


def read_jsonl(path: Path, problems: Problems) -> Iterator[Row]:
    """The rows of a JSON Lines file that are in order; what is wrong with the others is noted.

    Raises:
        FileError: the file cannot be read (any further).
    """
    rows = RowReader(problems)
    empty = True
    for number, line in enumerate(lines(path), start=1):
        text = line.strip()
        if not text:
            continue
        if empty and text.startswith("[") and not text.endswith("]"):
            raise FileError(
                "this is a JSON array, not JSON Lines", "write one object a line, without brackets"
            )
        empty = False
        try:
            value = _parse(text)
        except CellError as error:
            problems.add(number, None, None, error.diagnosis)
            continue
        row = _read(number, value, rows, problems)
        if row is not None:
            yield row
    if empty:
        raise FileError("the file has no rows", "it needs one JSON object a line")


def read_rows(records: Iterable[Mapping[str, Any]], problems: Problems) -> Iterator[Row]:
    """Rows from Python: mappings with the columns of a file. The first is row 1.

    `source_amount` and `destination_amount` may be text, `Decimal` or `Money`.
    """
    rows = RowReader(problems)
    empty = True
    for number, value in enumerate(records, start=1):
        empty = False
        row = _read(number, value, rows, problems)
        if row is not None:
            yield row
    if empty:
        raise FileError("there are no rows")


# --------------------------------------------------------------------- one line


class _Number(str):
    """A number with a point or an exponent, as it stands in the file."""

    __slots__ = ()


def _parse(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_Number,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise CellError(
            f"the line is not JSON ({error.msg}, character {error.pos + 1})",
            "write one JSON object a line",
        ) from None
    except RecursionError:
        raise CellError("the line is nested too deeply", "write one flat JSON object") from None


def _integer(text: str) -> object:
    return int(text) if len(text) < 40 else _Number(text)


def _constant(name: str) -> NoReturn:
    raise CellError(f"{name} is not JSON", "leave the field out")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CellError(f"{shortened(twice)!r} is there twice", "keep one of them")
    return record


# -------------------------------------------------------------------- its cells


def _read(number: int, value: object, rows: RowReader, problems: Problems) -> Row | None:
    if not isinstance(value, Mapping):
        diagnosis = Diagnosis("is not an object", 'write {"reference": ...} on a line')
        problems.add(number, None, value, diagnosis)
        return None
    cells: dict[str, Cell] = {}
    valid = True
    for name, content in _flat(cast("Mapping[object, Any]", value)):
        if not is_known(name):
            valid = False
            diagnosis = Diagnosis("is not a field of a payout file", advice(name))
            problems.add(number, shortened(name), None, diagnosis)
            continue
        try:
            cell = _cell(name, content, value)  # pyright: ignore[reportUnknownArgumentType]
        except CellError as error:
            valid = False
            problems.add_cell(number, name, content, error)
            continue
        if cell is not None and cell != "":
            cells[name] = cell
    row = rows.read(number, cells, valid=valid)
    return row if valid else None


def _flat(value: Mapping[object, Any]) -> Iterator[tuple[str, Any]]:
    for name, content in value.items():
        if name == "notes" and isinstance(content, Mapping):
            for key, note in cast("Mapping[object, Any]", content).items():
                yield f"{NOTES}{key}", note
        else:
            yield str(name), content


def _cell(name: str, content: Any, row: Mapping[Any, Any]) -> Cell | None:
    if content is None:
        return None
    if name in AMOUNTS:
        minor = name.endswith("_minor")
        return _minor(content) if minor else _major(name, content, row)
    if name == "documents" and isinstance(content, (list, tuple)):
        entries = cast("list[object]", content)
        if not all(isinstance(entry, str) for entry in entries):
            raise CellError("is not a list of texts", 'write ["doc_...", "doc_..."]')
        return tuple(cast("list[str]", entries)) or None
    if not isinstance(content, str) or isinstance(content, _Number):
        raise CellError("is not a text", 'put it into quotation marks: "..."')
    return content.strip()


def _minor(content: Any) -> int:
    if type(content) is int:
        return content
    if isinstance(content, str) and not isinstance(content, _Number):
        raise CellError("is a text", "write a whole number of minor units, without quotation marks")
    raise CellError("is not a whole number", "minor units (cents) are counted: write 125000")


def _major(name: str, content: Any, row: Mapping[Any, Any]) -> str:
    if isinstance(content, Money):
        currency = row.get(name.replace("_amount", "_currency"))
        if content.currency != currency:
            raise CellError(f"is in {content.currency}, the row's currency is {currency}")
        return f"{content.amount:f}"
    if isinstance(content, Decimal):
        return f"{content:f}"
    if isinstance(content, str) and not isinstance(content, _Number):
        return content.strip()
    raise CellError(
        "is a bare number, which does not keep its decimals and could be major or minor units",
        f'write it as text, "1250.00", or write minor units into {name}_minor: 125000',
    )
