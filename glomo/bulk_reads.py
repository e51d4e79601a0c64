"""Many objects read by their ids, several at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import anyio

from .errors import NotFoundError

T = TypeVar("T")

_AT_ONCE = 20


async def read_each(ids: Iterable[str], read: Callable[[str], Awaitable[T]]) -> dict[str, T]:
    """Read every object, at most 20 at once.

    Args:
        ids: the objects; one that occurs twice is read once.
        read: reads one.

    Returns:
        The objects by id, in the order of the ids. Those that do not exist are left out.

    Raises:
        GlomoError: an object could not be read; what was not begun is not read any more.
    """
    unique_ids = list(dict.fromkeys(ids))
    objects: dict[str, T] = {}
    errors: list[Exception] = []
    places = anyio.CapacityLimiter(_AT_ONCE)

    async def read_one(id: str) -> None:
        async with places:
            if errors:
                return
            try:
                objects[id] = await read(id)
            except NotFoundError:
                pass
            except Exception as error:
                errors.append(error)

    async with anyio.create_task_group() as tasks:
        for id in unique_ids:
            tasks.start_soon(read_one, id)
    if errors:
        raise errors[0]
    return {id: objects[id] for id in unique_ids if id in objects}
