"""Balances: what is there, by currency."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions, Operation
from glomo.models.balances import Balances
from glomo.resources.base import Resource

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
