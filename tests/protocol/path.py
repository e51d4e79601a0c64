"""The path of a call through the code, as a reader follows it: which functions, in which files.

    python -m tests.protocol.path [--list]

Two calls of `payouts.create` are followed, by Python's own profiling hook: one that goes well, and
one whose first response is lost, so that the second attempt is refused as a duplicate and the
payout is read from the list. A move is a call into another file than that of the call before it.
Both are made once before they are counted: imports and compiled readers are not on the path.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import glomo
from tests.core.fakes import ASKED, ScriptedTransport, answer, client, lost, page, payout

_ROOT = f"{Path(glomo.__file__).parent}/"
Calls = list[tuple[str, str]]
"""File and function of each call into `glomo/`, in order."""


async def _no_pause(_: float) -> None:
    """Let no time pass between attempts."""


def scenarios() -> dict[str, Callable[[], Awaitable[object]]]:
    """What is followed, by name."""
    transport = ScriptedTransport()
    glomo = client(transport)
    glomo._driver.sleep = _no_pause
    glomo._driver.clock = time.monotonic

    def create(*script: Any) -> Callable[[], Awaitable[object]]:
        async def call() -> object:
            transport.script = list(script)
            return await glomo.payouts.create(**ASKED)

        return call

    duplicate = answer(409, {"error": "Conflict", "message": "Record already exists"})
    return {
        "create": create(answer(201, payout())),
        "lost response, found as a duplicate": create(
            lost(), duplicate, answer(200, page(payout()))
        ),
    }


async def follow(call: Callable[[], Awaitable[object]]) -> Calls:
    """Make the call twice; the second one's functions, in order."""
    calls: Calls = []

    def note(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(_ROOT):
            calls.append((file.removeprefix(_ROOT), frame.f_code.co_qualname))

    await call()
    sys.setprofile(note)
    try:
        await call()
    finally:
        sys.setprofile(None)
    return calls


def files_in_order(calls: Calls) -> list[str]:
    """The files, each as often as it was entered."""
    return [file for file, _ in groupby(calls, key=lambda entry: entry[0])]


async def main() -> None:
    """Print the figures, and with `--list` every function."""
    for name, call in scenarios().items():
        calls = await follow(call)
        files = files_in_order(calls)
        entered = Counter(files)
        print(
            f"{name}: {len(set(calls))} functions, {len(entered)} files, {len(files) - 1} moves, "
            f"no file entered more than {max(entered.values())} times"
        )
        for file, functions in groupby(calls, key=lambda entry: entry[0]):
            print(f"  {file}", end="\n" if "--list" in sys.argv else "")
            if "--list" in sys.argv:
                print(*(f"    {function}" for _, function in functions), sep="\n")
        print()


if __name__ == "__main__":
    asyncio.run(main())
