"""Models as the JSON that they were read from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from glomo.money import Money
from glomo.serialization.model import Model, fields_of, wire_name


def to_json(value: object) -> str:
    """A model, or a list of them, as indented JSON with the API's field names."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False)


def _plain(value: object) -> Any:
    if isinstance(value, Model):
        shown = {
            wire_name(a): _plain(getattr(value, a.name))
            for a in fields_of(type(value))
            if a.name != "extra"
        }
        return shown | _plain(value.extra)
    if isinstance(value, Money):
        return {"amount": value.minor, "currency": value.currency}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # A rate: JSON has no other number to give it, and no amount is ever a Decimal.
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in cast("Mapping[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in cast("list[object]", value)]
    return value
