"""Balances: what is there, by currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

import attrs

from glomo.http.operation import CallOptions, Operation
from glomo.model import Model, model
from glomo.money import Money

from ._base import Resource


@model
class Balances(Model):
    """Every balance, by currency code: `balances.available["USD"]`.

    `funded_balances` is there for accounts that pay out of a funded balance; its shape is not
    documented, so it is passed through as it came.
    """

    available: Mapping[str, Money] = attrs.field(factory=dict[str, Money])
    pending: Mapping[str, Money] = attrs.field(factory=dict[str, Money])
    funded_balances: Any = None


RETRIEVE = Operation("balances.retrieve", "GET", "/v1/balances", Balances)


class BalancesResource(Resource):
    """Balances of the account."""

    async def retrieve(self, **options: Unpack[CallOptions]) -> Balances:
        """Read the balances of every currency.

        API operation: `getBalance` (`GET /balances`).

        Returns:
            `available` and `pending`, each a mapping from currency code to `Money`.

        Raises:
            AuthenticationError: the key is not accepted. This call is the way to test a key.
        """
        return await self._send(RETRIEVE, options)
