"""Balances: what is there, by currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from glomo.money import Money
from glomo.serialization.model import Model, model


@model
class Balances(Model):
    """Every balance, by currency code: `balances.available["USD"]`.

    `funded_balances` is there for accounts that pay out of a funded balance; its shape is not
    documented, so it is passed through as it came.
    """

    available: Mapping[str, Money] = attrs.field(factory=dict[str, Money])
    pending: Mapping[str, Money] = attrs.field(factory=dict[str, Money])
    funded_balances: Any = None
