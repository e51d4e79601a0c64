"""Problems of one cause as one, so that a person reads what to do once.

Forty rows with a cell too many have one remedy, and so has a column that a spreadsheet has
reformatted, whatever the amounts in it. A group tells how many rows it stands for and which.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Sequence

from attrs import evolve

from glomo.diagnosis import Diagnosis

from .problems import ColumnFault, Problem

_FEW = 5
"""So many cells with one cause are still shown one by one: each with what stands in it."""

_REFORMATTED = (ColumnFault.NO_DECIMALS, ColumnFault.FEW_DECIMALS)
_AS_NUMBER = "format the column as a number with {decimals}"
_FAULT_ADVICE = {
    ColumnFault.MANY_DECIMALS: "round them, and " + _AS_NUMBER,
    ColumnFault.GROUPED: _AS_NUMBER + " and no thousands separators",
    ColumnFault.DECIMAL_COMMA: _AS_NUMBER + " and a decimal point",
    ColumnFault.MARKED: _AS_NUMBER + " and no currency: the currency has its own column",
    ColumnFault.EXPONENT: _AS_NUMBER + " and write all digits",
}


def grouped(problems: Iterable[Problem], sound_amounts: Container[str] = ()) -> list[Problem]:
    """Problems by row, those of one cause as one.

    Args:
        problems: mistakes, or warnings.
        sound_amounts: the columns in which some amounts are written as they should be.
    """
    groups: dict[Hashable, list[Problem]] = {}
    for position, problem in enumerate(sorted(problems, key=_row)):
        groups.setdefault(_cause(problem) or position, []).append(problem)
    shown: list[Problem] = []
    for members in groups.values():
        if len(members) == 1 or (members[0].value is not None and len(members) <= _FEW):
            shown += members
        elif members[0].fault is not None:
            shown.append(_of_column(members, sound_amounts))
        else:
            shown.append(_of_rows(members))
    return sorted(shown, key=_row)


def _row(problem: Problem) -> int:
    return problem.row or 0


def _cause(problem: Problem) -> Hashable:
    """What problems of one cause share; `None` for a problem that stands for itself."""
    if problem.row is None:
        return None
    if problem.fault is not None:
        return (problem.column, "decimals" if problem.fault in _REFORMATTED else problem.fault)
    return (problem.column, problem.shared or problem.diagnosis)


def _of_rows(members: Sequence[Problem]) -> Problem:
    first = members[0]
    value = first.value if all(one.value == first.value for one in members) else None
    rows = _rows(members)
    diagnosis = first.shared or first.diagnosis
    return evolve(first, value=value, diagnosis=diagnosis, count=len(rows), rows=rows)


def _of_column(members: Sequence[Problem], sound_amounts: Container[str]) -> Problem:
    column = members[0].column or ""
    faults = {one.fault for one in members}
    places = sorted({one.decimals for one in members})
    decimals = _counted(places[0]) if len(places) == 1 else "the decimals of its currency"
    if faults <= {*_REFORMATTED}:
        problem = f"these amounts lack {decimals}, as after a spreadsheet reformatted them"
        advice = _AS_NUMBER.format(decimals=decimals)
        # Where one amount shows cents, none of the column can be meant as cents.
        if faults == {ColumnFault.NO_DECIMALS} and column not in sound_amounts:
            advice += f", or name the column {column}_minor if these are minor units"
    else:
        fault = members[0].fault
        assert fault is not None
        problem = f"these amounts are written {fault.value}"
        advice = _FAULT_ADVICE[fault].format(decimals=decimals)
    rows = _rows(members)
    return Problem(None, column, None, Diagnosis(problem, advice), len(rows), rows)


def _rows(members: Iterable[Problem]) -> tuple[int, ...]:
    return tuple(sorted(row for one in members for row in one.rows or (one.row or 0,)))


def _counted(places: int) -> str:
    return {0: "no decimals", 2: "two decimals", 3: "three decimals"}.get(
        places, f"{places} decimals"
    )
