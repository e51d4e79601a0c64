"""Objects as tables, for notebooks. Account numbers are masked as in every repr."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import attrs

from glomo.serialization.model import Model, fields_of

_MOST_ROWS = 100
_EMPTY: tuple[object, ...] = (None, (), {})


def _cell(a: attrs.Attribute[Any], value: Any) -> str:
    if value in _EMPTY:
        return ""
    if callable(a.repr):
        return escape(a.repr(value))
    return escape(str(value))


def _fields(cls: type[Model]) -> list[attrs.Attribute[Any]]:
    return [a for a in fields_of(cls) if a.name != "extra"]


def object_table(model: Model) -> str:
    """One object: a row for each field that is set."""
    rows = "".join(
        f"<tr><th>{escape(a.name)}</th><td>{_cell(a, value)}</td></tr>"
        for a in _fields(type(model))
        if (value := getattr(model, a.name)) not in _EMPTY
    )
    return f"<table><caption>{escape(type(model).__name__)}</caption>{rows}</table>"


def list_table(objects: Sequence[Any], what: str) -> str:
    """Objects: a row for each, a column for every field that any of them has set."""
    shown = objects[:_MOST_ROWS]
    models = [entry for entry in shown if isinstance(entry, Model)]
    if not models or len({type(entry) for entry in models}) > 1 or len(models) < len(shown):
        return f"<pre>{escape(repr(objects))}</pre>"
    columns = [
        a
        for a in _fields(type(models[0]))
        if any(getattr(entry, a.name) not in _EMPTY for entry in models)
    ]
    head = "".join(f"<th>{escape(a.name)}</th>" for a in columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_cell(a, getattr(entry, a.name))}</td>' for a in columns)}</tr>"
        for entry in models
    )
    more = f", the first {len(shown)} of them" if len(shown) < len(objects) else ""
    caption = f"{len(objects)} {type(models[0]).__name__}, {what}{more}"
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
