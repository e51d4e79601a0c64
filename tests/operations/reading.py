"""Whether a typed result says what the response's JSON said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum

from ..contract.sdk import fields


def assert_says(read: Any, body: Any, where: str = "result") -> None:
    """Compare what was read with what came, down to the last field."""
    if body is None:
        assert read is None or read in ((), {}), where
    elif isinstance(read, Model):
        _assert_model_says(read, body, where)
    elif isinstance(read, Money):
        # Any other field of an amount has no place in `Money`.
        assert (read.minor, read.currency) == (body["amount"], body["currency"].upper()), where
    elif isinstance(body, list) and isinstance(read, Mapping):
        # One amount a currency.
        assert list(read) == [entry["currency"] for entry in body], where
        for entry in body:
            assert_says(read[entry["currency"]], entry, where)
    elif isinstance(body, list):
        assert isinstance(read, tuple), where
        assert len(read) == len(body), where
        for n, (one, other) in enumerate(zip(read, body, strict=True)):
            assert_says(one, other, f"{where}[{n}]")
    else:
        assert _plain(read, body) == body, where
        assert not isinstance(read, float), where


def _assert_model_says(read: Model, body: Any, where: str) -> None:
    assert isinstance(body, dict), where
    model_fields = fields(type(read))
    for name, value in body.items():
        if name in model_fields:
            assert_says(getattr(read, model_fields[name].name), value, f"{where}.{name}")
        else:
            assert read.extra[name] == value, f"{where}.{name}"
    assert set(read.extra) <= set(body), where


def _plain(read: Any, body: Any) -> Any:
    """The JSON value of what was read, in the form that it came in."""
    if isinstance(read, OpenEnum):
        return read.value
    if isinstance(read, datetime):
        assert read.tzinfo is UTC
        return body if read == datetime.fromisoformat(body) else read
    if isinstance(read, date):
        return read.isoformat()
    if isinstance(read, Decimal):
        return body if read == Decimal(str(body)) else read
    return read
