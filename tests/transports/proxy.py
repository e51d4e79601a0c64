"""Proxies on real sockets. Whatever host is asked for, they lead to one address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from .peer import Line, Step


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _join(line: Line, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_copy(line.reader, writer))
            group.create_task(_copy(reader, line.writer))
    finally:
        writer.transport.abort()


def tunnel(port: Callable[[], int]) -> Step:
    """An HTTP proxy that is asked to CONNECT."""

    async def step(line: Line) -> None:
        await line.request()
        await line.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await _join(line, port())

    return step


def socks(port: Callable[[], int]) -> Step:
    """A SOCKS5 proxy that asks for a user name and a password."""

    async def step(line: Line) -> None:
        _, methods = await line.reader.readexactly(2)
        offered = await line.reader.readexactly(methods)
        if b"\x02" in offered:
            await line.send(b"\x05\x02")
            await line.reader.readexactly(1)
            for _ in range(2):
                [length] = await line.reader.readexactly(1)
                await line.reader.readexactly(length)
            await line.send(b"\x01\x00")
        else:
            await line.send(b"\x05\x00")
        *_, kind = await line.reader.readexactly(4)
        [length] = await line.reader.readexactly(1) if kind == 3 else [4]
        await line.reader.readexactly(length + 2)
        await line.send(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await _join(line, port())

    return step
