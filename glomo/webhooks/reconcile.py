"""What became of the objects that your books still show as open.

Webhooks can be missed: an endpoint is down for longer than Glomo delivers again. So a job that runs
now and then asks for every object that is open in your own database, and applies what it reads as
the handler of its events does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import frozen

from glomo.bulk_reads import read_each
from glomo.errors import ParameterError

if TYPE_CHECKING:
    from glomo.client import AsyncGlomo

_RESOURCES = (
    "payouts",
    "payments",
    "orders",
    "payment_links",
    "refunds",
    "beneficiaries",
    "subscriptions",
    "settlements",
)
"""The resources whose objects have events and can be read by their id."""


@frozen
class Reconciliation:
    """The objects as they are now, and the ids that the API does not know.

    `objects` are in the order of the ids.
    """

    objects: tuple[Any, ...]
    missing: tuple[str, ...]


async def reconcile(glomo: AsyncGlomo, ids: Iterable[str]) -> Reconciliation:
    """Read the objects that your books show as open, several at once.

        result = await webhooks.reconcile(glomo, [row.id for row in open_rows])
        for snapshot in result.objects:
            await apply(snapshot)       # the function that the handlers call, too

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
    resources = {id: _resource(glomo, id) for id in ids}
    objects = await read_each(resources, lambda id: resources[id].retrieve(id))
    return Reconciliation(
        objects=tuple(objects.values()),
        missing=tuple(id for id in resources if id not in objects),
    )


def _resource(glomo: AsyncGlomo, id: str) -> Any:
    for name in _RESOURCES:
        resource = getattr(glomo, name)
        if id.startswith(resource.id_prefixes):
            return resource
    raise ParameterError(
        f"{id!r} is no id of {', '.join(_RESOURCES[:-1])} or {_RESOURCES[-1]}", parameter="ids"
    )
