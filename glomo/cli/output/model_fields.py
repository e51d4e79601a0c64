"""A model as names and values for a person; account numbers masked."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any, cast

from glomo.batch.advice import advice_for
from glomo.money import Money
from glomo.serialization.model import Model, fields_of

from .console import amount
from .wording import worded

_NOT_SHOWN = ("extra",)


def flattened(model: Model, prefix: str = "") -> Generator[tuple[str, str]]:
    """The fields that are set, those of models inside it under `outer.inner`."""
    names = {attribute.name for attribute in fields_of(type(model))}
    for attribute in fields_of(type(model)):
        name, value = attribute.name, getattr(model, attribute.name)
        if value is None or value in ((), {}) or name in _NOT_SHOWN:
            continue
        money = _money(model, name, names)
        if money is not None:
            yield prefix + name, amount(money)
        elif callable(attribute.repr):
            yield prefix + name, attribute.repr(value).strip("'")
        else:
            yield from _entries(prefix + name.rstrip("_"), value)
        if name == "error_code" and (advice := worded(advice_for(str(value)), of_a_file=False)):
            yield "what to do", advice


def _entries(name: str, value: Any) -> Generator[tuple[str, str]]:
    if isinstance(value, Model):
        yield from flattened(value, f"{name}.")
    elif isinstance(value, Mapping):
        for key, entry in cast("Mapping[str, object]", value).items():
            yield from _entries(f"{name}.{key}", entry)
    elif isinstance(value, tuple):
        entries = cast("tuple[object, ...]", value)
        if any(isinstance(entry, (Model, Mapping)) for entry in entries):
            for number, entry in enumerate(entries, start=1):
                yield from _entries(f"{name}.{number}", entry)
        else:
            yield name, ", ".join(str(entry) for entry in entries)
    elif isinstance(value, Money):
        yield name, amount(value)
    elif isinstance(value, datetime):
        yield name, value.isoformat().replace("+00:00", "Z")
    else:
        yield name, str(value)


def _money(model: Model, name: str, names: set[str]) -> Money | None:
    """An amount in minor units beside its currency, as people write it."""
    if name != "amount" and not name.endswith("_amount"):
        return None
    currency_field = name.removesuffix("amount") + "currency"
    minor = getattr(model, name)
    currency = getattr(model, currency_field) if currency_field in names else None
    return Money(minor, currency) if isinstance(minor, int) and currency else None
