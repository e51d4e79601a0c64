"""Single values of the API's JSON: each reads one kind, or says why it does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeGuard

from glomo.currencies import EXPONENTS
from glomo.money import Money, MoneyError

_Hook = Callable[[Any, Any], Any]
_COMMON = 10**15


class StructureError(Exception):
    """A value that does not fit its field; turned into `DecodingError` with the path."""


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return type(value) is dict


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is a list."""
    return type(value) is list


def read_str(value: Any, _: Any = None) -> str:
    if type(value) is str:
        return value
    if type(value) is int:  # a reference that the API sends as a bare number
        return str(value)
    raise StructureError(f"expected text, got {kind_of(value)}")


def read_int(value: Any, _: Any = None) -> int:
    if type(value) is int:
        return value
    if isinstance(value, (Decimal, float)):
        number = Decimal(str(value))
        # The size check comes first: int(Decimal("1e999999")) would be a million digits.
        if number.is_finite() and number.adjusted() < 30 and number == number.to_integral_value():
            return int(number)
        raise StructureError(f"expected a whole number, got {value}")
    raise StructureError(f"expected a whole number, got {kind_of(value)}")


def read_decimal(value: Any, _: Any = None) -> Decimal:
    if type(value) is Decimal and value.is_finite():
        return value
    if isinstance(value, (int, str, float, Decimal)) and not isinstance(value, bool):
        try:
            number = Decimal(value if isinstance(value, (int, Decimal)) else str(value))
        except ArithmeticError:
            raise StructureError(f"expected a number, got {value!r}") from None
        if number.is_finite():
            return number
    raise StructureError(f"expected a number, got {kind_of(value)}")


def read_bool(value: Any, _: Any = None) -> bool:
    if value is True or value is False:
        return value
    raise StructureError(f"expected true or false, got {kind_of(value)}")


def read_datetime(value: Any, _: Any = None) -> datetime:
    if type(value) is str:
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is UTC:
                return moment
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise StructureError(f"expected an ISO 8601 time, got {kind_of(value)}")


def read_date(value: Any, _: Any = None) -> date:
    if type(value) is str:
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            pass
    raise StructureError(f"expected a date as YYYY-MM-DD, got {kind_of(value)}")


def read_datetime_or_none(value: Any, _: Any = None) -> datetime | None:
    # An absent time is null, or an empty text.
    if value.__class__ is str:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:  # an empty text, too
            moment = None
        if moment is not None and moment.tzinfo is UTC:
            return moment
    return None if value is None or value == "" else read_datetime(value)


def read_date_or_none(value: Any, _: Any = None) -> date | None:
    return None if value is None or value == "" else read_date(value)


def slot_of(cls: type, name: str) -> Callable[[Any, Any], None]:
    """Sets a slot of an instance that is frozen to everyone else."""
    setter: Callable[[Any, Any], None] = getattr(cls, name).__set__
    return setter


_new_money = Money.__new__
_set_minor, _set_currency = slot_of(Money, "minor"), slot_of(Money, "currency")


def read_money(value: Any, _: Any = None) -> Money:
    money = read_money_or_none(value)
    if money is None:
        wanted = "an amount and a currency" if value is None else "a whole number"
        raise StructureError(f"expected {wanted}, got null")
    return money


def read_money_or_none(value: Any, _: Any = None) -> Money | None:
    if value.__class__ is not dict:
        if value is None:
            return None
        raise StructureError(f"expected an amount and a currency, got {kind_of(value)}")
    minor, currency = value.get("amount", ""), value.get("currency")
    is_known = currency.__class__ is str and currency in EXPONENTS
    if is_known and minor.__class__ is int and -_COMMON < minor < _COMMON:
        money = _new_money(Money)  # which would have nothing left to check
        _set_minor(money, minor)
        _set_currency(money, currency)
        return money
    if minor is None:  # the API writes an absent amount as {"amount": null, "currency": null} too
        return None
    try:
        return Money(read_int(minor or value.get("amount")), read_str(currency).upper())
    except MoneyError as error:
        raise StructureError(str(error)) from None


def read_by_currency(value: Any, _: Any = None) -> dict[str, Money]:
    """A list of amounts, one a currency, as a mapping."""
    if value is None:
        return {}
    if not is_list(value):
        raise StructureError(f"expected a list of amounts, got {kind_of(value)}")
    amounts = [read_money(entry) for entry in value]
    return {amount.currency: amount for amount in amounts}


def read_mapping(value: Any, _: Any = None) -> dict[str, Any]:
    if is_object(value):
        return value
    raise StructureError(f"expected an object, got {kind_of(value)}")


def read_str_mapping(value: Any, _: Any = None) -> dict[str, str]:
    return {
        key: entry if type(entry) is str else _as_text(entry)
        for key, entry in read_mapping(value).items()
    }


def _as_text(value: Any) -> str:
    if isinstance(value, (str, Decimal)):
        return str(value)
    return json.dumps(value, default=str)


def kind_of(value: Any) -> str:
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        type(None): "null",
        str: "text",
        bool: "a boolean",
    }
    return names.get(value.__class__, "a number")


MAY_BE_ABSENT: dict[Any, _Hook] = {
    Money: read_money_or_none,
    datetime: read_datetime_or_none,
    date: read_date_or_none,
}
"""Kinds that can be absent in more ways than null."""
