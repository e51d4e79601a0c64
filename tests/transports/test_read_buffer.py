"""All connections of a thread read into one buffer: nothing of one gets into another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from glomo.http.transports.read_buffer import READ_BYTES

from .kinds import every_own, open_transport, request
from .peer import Line, Peer
from .test_tls import GOOD, client

uvloop = pytest.importorskip("uvloop", reason="uvloop does not exist for this platform")

CONNECTIONS = 6
LENGTH = 3 * READ_BYTES + 7
PIECES = 5


async def echo_at_length(line: Line) -> None:
    """Respond with the request's letter, over and over, in pieces between those of others."""
    letter = (await line.request()).body
    await line.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % LENGTH)
    await line.peer.until(lambda: len(line.peer.requests) == CONNECTIONS)
    for n in range(PIECES):
        await line.send(letter * (LENGTH * (n + 1) // PIECES - LENGTH * n // PIECES))
        await asyncio.sleep(0)
    await line.until_closed()


@every_own
@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_long_responses_at_once_are_kept_apart(
    kind: str, encrypted: bool, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    async def fetch_all() -> list[bytes]:
        async with (
            Peer(echo_at_length, tls=GOOD if encrypted else None) as peer,
            open_transport(kind, peer.origin, tls=client() if encrypted else None) as transport,
        ):
            responses = await asyncio.gather(
                *(
                    transport.send(
                        request(peer.origin, content=bytes([ord("a") + n]), cap=LENGTH), 10
                    )
                    for n in range(CONNECTIONS)
                )
            )
        return [response.body for response in responses]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        bodies = runner.run(fetch_all())
    for n, body in enumerate(bodies):
        assert body == bytes([ord("a") + n]) * LENGTH
