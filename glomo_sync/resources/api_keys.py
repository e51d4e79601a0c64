# Generated from glomo/resources/api_keys.py by glomo_sync.generate. Do not edit.
"""API keys: replacing the one in use."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions
from glomo.models.api_keys import RotatedApiKey
from glomo.resources import api_keys as _resource
from glomo_sync._bridge import Bridge


class ApiKeysResource:
    """The account's secret API keys."""

    def __init__(self, bridge: Bridge, resource: _resource.ApiKeysResource) -> None:
        self._bridge = bridge
        self._async = resource

    def rotate(
        self, *, expire_after_in_seconds: int, **options: Unpack[CallOptions]
    ) -> RotatedApiKey:
        """Make a new secret key; the one in use expires.

        The new key works at once. This client goes on with the old one: make a new client.

        API operation: `rotateApiKey` (`POST /api-keys/rotate`).

        Args:
            expire_after_in_seconds: seconds that the old key still works, 0 to 604800 (7 days).
                With 0 a lost response leaves no key that works: allow for a while.

        Returns:
            The new key in `secret_key`. The API shows it this once only: store it.

        Raises:
            ParameterError: the seconds are out of range; nothing was sent.
            OutcomeUnknownError: the key may have been replaced.
        """
        return self._bridge.call(
            lambda: self._async.rotate(expire_after_in_seconds=expire_after_in_seconds, **options)
        )
