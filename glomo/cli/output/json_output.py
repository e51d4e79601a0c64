"""Results as JSON, for programs: models with the API's own field names."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from glomo.money import Money
from glomo.serialization.model import Model, fields_of, wire_name


def print_json(value: object) -> None:
    """Print a value to stdout, indented."""
    sys.stdout.write(json.dumps(plain(value), indent=2, ensure_ascii=False) + "\n")


def print_json_line(value: object) -> None:
    """Print a value to stdout on one line, at once: an event for the program that reads it."""
    sys.stdout.write(json_line(value) + "\n")
    sys.stdout.flush()


def json_line(value: object) -> str:
    """A value as one line of JSON, without its end."""
    return json.dumps(plain(value), ensure_ascii=False)


def plain(value: object) -> Any:
    """A value in JSON's own types."""
    if isinstance(value, Model):
        fields = {
            wire_name(a): plain(getattr(value, a.name))
            for a in fields_of(type(value))
            if a.name != "extra"
        }
        return fields | plain(value.extra)
    if isinstance(value, Money):
        return {"amount": value.minor, "currency": value.currency}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Decimal):
        # A rate: JSON has no other number to give it, and no amount is ever a Decimal.
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {
            str(key): plain(entry) for key, entry in cast("Mapping[object, object]", value).items()
        }
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in cast("list[object]", value)]
    return value
