"""The transport and the turns of a client, bound to one event loop at a time."""

from __future__ import annotations

import anyio.lowlevel

from glomo.errors import ConfigurationError

from .transport import Transport
from .turns import Turns


class Connections:
    """What clients that share an address share.

    Attributes:
        transport: speaks HTTP.
        turns: bounds requests in rate and in number at once.
        closed: no call may be made any more.
    """

    def __init__(self, transport: Transport, turns: Turns) -> None:
        self.transport = transport
        self.turns = turns
        self.closed = False
        self._loop: object = None

    def enter_loop(self) -> None:
        """Bind to the running event loop.

        Raises:
            ConfigurationError: the client is still in use in another event loop.
        """
        loop = _running_loop()
        if loop is self._loop:
            return
        if self._loop is not None:
            if _is_open(self._loop):
                raise ConfigurationError(
                    "this client is in use in another event loop: make one client for each loop"
                )
            self.transport.reset()
        self._loop = loop
        self.turns.reset()

    def reset(self) -> None:
        """Forget loop and connections without touching them: after a fork."""
        if self._loop is not None:
            self._loop = None
            self.transport.reset()

    async def aclose(self) -> None:
        """Close the connections that belong to the running loop."""
        self.closed = True
        if self._loop is _running_loop():
            await self.transport.aclose()


def _running_loop() -> object:
    """The running asyncio loop, or what stands for another backend's."""
    import asyncio  # noqa: PLC0415 - whoever runs its loop has it; nobody else needs it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return anyio.lowlevel.current_token().native_token


def _is_open(loop: object) -> bool:
    """Whether it is a loop of asyncio, and is not closed."""
    import asyncio  # noqa: PLC0415 - as above

    return isinstance(loop, asyncio.AbstractEventLoop) and not loop.is_closed()
