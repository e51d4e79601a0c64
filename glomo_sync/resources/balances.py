# Generated from glomo/resources/balances.py by glomo_sync.generate. Do not edit.
"""Balances: what is there, by currency."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions
from glomo.models.balances import Balances
from glomo.resources import balances as _resource
from glomo_sync._bridge import Bridge


class BalancesResource:
    """Balances of the account."""

    def __init__(self, bridge: Bridge, resource: _resource.BalancesResource) -> None:
        self._bridge = bridge
        self._async = resource

    def retrieve(self, **options: Unpack[CallOptions]) -> Balances:
        """Read the balances of every currency.

        API operation: `getBalance` (`GET /balances`).

        Returns:
            `available` and `pending`, each a mapping from currency code to `Money`.

        Raises:
            AuthenticationError: the key is not accepted. This call is the way to test a key.
        """
        return self._bridge.call(lambda: self._async.retrieve(**options))
