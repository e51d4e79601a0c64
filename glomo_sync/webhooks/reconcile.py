"""What became of the objects that your books still show as open."""

from __future__ import annotations

from collections.abc import Iterable

from glomo.webhooks.reconcile import Reconciliation
from glomo.webhooks.reconcile import reconcile as _reconcile
from glomo_sync.client import Glomo


def reconcile(glomo: Glomo, ids: Iterable[str]) -> Reconciliation:
    """Read the objects that your books show as open, several at once.

        result = webhooks.reconcile(glomo, [row.id for row in open_rows])
        for snapshot in result.objects:
            apply(snapshot)       # the function that the handlers call, too

    Args:
        glomo: the client.
        ids: the objects: payouts, payments, orders, payment links, refunds, beneficiaries,
            subscriptions, settlements, in any mixture.

    Returns:
        The objects as they are now.

    Raises:
        ParameterError: an id of another resource; nothing was sent.
        GlomoError: an object could not be read; the others may be read again.
    """
    return glomo._bridge.call(lambda: _reconcile(glomo._async, ids))  # pyright: ignore[reportPrivateUsage]
