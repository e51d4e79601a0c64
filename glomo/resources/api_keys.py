"""API keys: replacing the one in use."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.api_keys import RotatedApiKey
from glomo.resources.base import Resource
from glomo.validation import account

LONGEST_OVERLAP = 604_800
"""Seven days, in seconds."""


ROTATE = Operation(
    "api_keys.rotate",
    "POST",
    "/v1/api-keys/rotate",
    RotatedApiKey,
    Replay.NONE,
    find_out=(
        "If it happened, the new key was shown once and is lost: try the old key with "
        "balances.retrieve(), and replace it in the dashboard before it expires."
    ),
    check=account.check_key_rotation,
)


class ApiKeysResource(Resource):
    """The account's secret API keys."""

    async def rotate(
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
        body = {"expire_after_in_seconds": expire_after_in_seconds}
        return await self._send(ROTATE, options, body=body)
