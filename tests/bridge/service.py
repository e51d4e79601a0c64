"""A small asynchronous client that minds, as a real one does, which event loop it runs in."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from glomo_sync._bridge import Bridge

ROOT = Path(__file__).parents[2]
SAFETY_NET = 60.0  # seconds after which a hanging subprocess is killed; nothing waits for it


@dataclass(frozen=True)
class Payout:
    id: str


class Refused(Exception):
    """Stands for any error of the asynchronous client."""


@dataclass
class Service:
    """Echoes over a socket that belongs to one event loop, behind a lock that does too."""

    loop: asyncio.AbstractEventLoop | None = None
    resets: int = 0
    closes: int = 0
    log: list[str] = field(default_factory=list)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _streams: tuple[socket.socket, socket.socket] | None = None

    async def echo(self, text: str) -> str:
        running = asyncio.get_running_loop()
        if self.loop is None:
            self.loop = running
            self._streams = socket.socketpair()
            for stream in self._streams:
                stream.setblocking(False)
        if self.loop is not running:
            raise RuntimeError("used in an event loop that is not mine")
        assert self._streams is not None
        near, far = self._streams
        async with self._lock:
            await running.sock_sendall(near, text.encode())
            return (await running.sock_recv(far, 1000)).decode()

    async def fail(self, message: str = "no") -> None:
        await asyncio.sleep(0)
        raise Refused(message)

    def reset(self) -> None:
        self.resets += 1
        self.loop = None
        self._lock = asyncio.Lock()
        self._drop()

    async def aclose(self) -> None:
        assert self.loop in (None, asyncio.get_running_loop())
        await asyncio.sleep(0)
        self.closes += 1
        self.log.append("closed")
        self._drop()

    def _drop(self) -> None:
        for stream in self._streams or ():
            stream.close()
        self._streams = None


class Client:
    """What a generated client looks like from the bridge."""

    def __init__(self, service: Service | None = None, *, grace: float = 30.0) -> None:
        self.service = service or Service()
        self.bridge = Bridge(reset=self.service.reset, aclose=self.service.aclose, grace=grace)

    def echo(self, text: str) -> str:
        return self.bridge.call(lambda: self.service.echo(text))

    def fail(self, message: str = "no") -> None:
        return self.bridge.call(lambda: self.service.fail(message))

    def close(self) -> None:
        self.bridge.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class Pages:
    """A pager over `count` numbers that logs the pages it reads and whether it was closed."""

    def __init__(self, count: int, per_page: int = 100) -> None:
        self.count, self.per_page = count, per_page
        self.read: list[int] = []
        self.threads: set[int] = set()
        self.closed = threading.Event()

    async def pages(self) -> AsyncIterator[tuple[int, ...]]:
        try:
            for start in range(0, self.count, self.per_page):
                await asyncio.sleep(0)
                self.read.append(start)
                self.threads.add(threading.get_ident())
                yield tuple(range(start, min(start + self.per_page, self.count)))
        finally:
            await asyncio.sleep(0)
            self.closed.set()

    async def first(self) -> int | None:
        return 0 if self.count else None

    async def collect(self, *, limit: int | None = None) -> list[int]:
        return list(range(self.count if limit is None else min(limit, self.count)))


def signal_main_thread(number: int = signal.SIGINT) -> None:
    ident = threading.main_thread().ident
    assert ident is not None
    signal.pthread_kill(ident, number)


async def interrupt_caller_and_hang(number: int = signal.SIGINT) -> None:
    """Have the main thread interrupted in its wait for this very call."""
    signal_main_thread(number)
    await anyio.sleep_forever()


def loop_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "glomo-sync"]


def in_thread(function: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def run_script(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a new interpreter. It must end by itself, with status 0."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=SAFETY_NET,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done
