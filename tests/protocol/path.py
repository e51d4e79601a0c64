"""The path of a call through the code, as a reader follows it: which functions, in which files.

    python -m tests.protocol.path [--list]

Two calls of `payouts.create` are followed from the method to the bytes and back, with a client as
it comes (httpx, rate limit) and a server on this machine: one call that goes well, and one whose
first response is lost, so that the second attempt is refused as a duplicate and the payout is read
from the list. Python's own profiling hook notes each call of one of our functions by another. Not
on the path are what a library calls back (httpcore our sockets), and a coroutine that goes on after
waiting. A move is a call into another file than that of the call before it, counted in three ways:

- every call;
- every call, with a transport as one place and the observers as another: users choose them, and
  what they do is another story for each;
- of those, only calls of functions that were not read before. The second attempt is sent as the
  first one was, and nobody reads that again.

Both calls are made once before they are counted: imports and compiled readers are not on the path.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import glomo
from tests.core.fakes import PAYOUT_PARAMS, page, payout

_ROOT = f"{Path(glomo.__file__).parent}/"
_PLACES = ("http/transports/", "instrumentation/")
_LOST = 0
"""In place of a status: the request is read, and the connection closed."""

Calls = list[tuple[str, str]]
"""File and function of each call into `glomo/`, in order."""
Script = list[tuple[int, Callable[[str | None], Any]]]
"""For each request its response: the status, and the body by the `request_id` of the create."""


class Server:
    """Responds by a script, which must suffice."""

    def __init__(self) -> None:
        self.script: Script = []
        self._request_id: str | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                _, _, length = head.partition("content-length: ")
                if length:
                    body = await reader.readexactly(int(length.partition("\r\n")[0]))
                    self._request_id = json.loads(body)["request_id"]
                status, content = self.script.pop(0)
                if status == _LOST:
                    break
                text = json.dumps(content(self._request_id))
                writer.write(f"HTTP/1.1 {status} -\r\ncontent-length: {len(text)}\r\n\r\n".encode())
                writer.write(text.encode())
        except (asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has closed it, or everything has ended
        writer.close()


def _payout(request_id: str | None) -> Any:
    return payout(request_id=request_id)


SCENARIOS: dict[str, Script] = {
    "create": [(201, _payout)],
    "lost response, then a duplicate": [
        (_LOST, _payout),
        (409, lambda _: {"error": "Conflict", "message": "Record already exists"}),
        (200, lambda request_id: page(_payout(request_id))),
    ],
}
"""What is followed, by name."""


async def follow(call: Callable[[], Awaitable[object]]) -> Calls:
    """Make the call twice; the second one's functions, in order."""
    calls: Calls = []
    path: set[FrameType] = set()  # kept, so that each is told from those entered again

    def note(frame: FrameType, event: str, _: object) -> None:
        code, caller = frame.f_code, frame.f_back
        if event != "call" or not code.co_filename.startswith(_ROOT) or frame in path:
            return
        if caller in path or (caller is not None and caller.f_code.co_filename == __file__):
            path.add(frame)
            calls.append((code.co_filename.removeprefix(_ROOT), code.co_qualname))

    await call()
    sys.setprofile(note)
    try:
        await call()
    finally:
        sys.setprofile(None)
    return calls


def by_place(calls: Calls) -> Calls:
    """The same calls, those of a transport or an observer as calls of one function of one place."""
    places = [(next(filter(file.startswith, _PLACES), file), name) for file, name in calls]
    return [(place, "" if place in _PLACES else name) for place, name in places]


def unread(calls: Calls) -> Calls:
    """The first call of each function."""
    return list(dict.fromkeys(calls))


def entries(calls: Calls) -> list[str]:
    """The files, each as often as it is entered."""
    return [file for file, _ in groupby(calls, key=lambda call: call[0])]


async def paths() -> dict[str, Calls]:
    """What is called, in order, by the name of the scenario."""
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/api"
    parameters = {name: value for name, value in PAYOUT_PARAMS.items() if name != "request_id"}
    async with listening, glomo.AsyncGlomo("sk-unit", base_url=address) as client:
        client._driver.rng = lambda: 0.0  # no pauses

        async def create(script: Script) -> None:
            server.script = list(script)
            await client.payouts.create(**parameters)
            assert not server.script

        return {name: await follow(partial(create, script)) for name, script in SCENARIOS.items()}


def _print(way: str, calls: Calls) -> None:
    files = entries(calls)
    most = max(Counter(files).values())
    print(f"  {way}: {len(files) - 1} moves, no file entered more than {most} times")


def main() -> None:
    """Print the figures, and with `--list` every function."""
    for name, calls in asyncio.run(paths()).items():
        print(f"{name}: {len(set(calls))} functions in {len({file for file, _ in calls})} files")
        _print("every call", calls)
        _print("a transport and the observers as one place each", by_place(calls))
        _print("to what was not read before", unread(by_place(calls)))
        if "--list" not in sys.argv:
            print(*(f"    {file}" for file in entries(by_place(calls))), sep="\n")
            continue
        for file, functions in groupby(calls, key=lambda call: call[0]):
            print(f"    {file}", *(f"        {function}" for _, function in functions), sep="\n")


if __name__ == "__main__":
    main()
