"""What happens when the process forks, and when the interpreter exits.

A fork copies the memory of the process but only the thread that forks. A lock that any other
thread holds at that moment (an import lock, for one) stays locked in the child for ever. So the
hook that runs before a fork

1. takes `Process.lock`, under which this package imports its resources, makes its clients and
   starts its threads, and keeps it until the fork is over;
2. stops every loop thread between two callbacks, where it holds no lock;
3. waits for whatever module of ours another thread is importing by itself (`import glomo_sync`
   inside a function, say).

Each wait is bounded: a fork is never held up for ever. The child starts with an empty `Process`,
so every session that it inherited is void, and its first call starts a thread of its own.

At exit every client is closed, as `Glomo.close` would: a program may end without closing anything.

This module is the first that `glomo_sync` imports, and it imports nothing but the standard
library: from then on a fork is safe. Hooks run last come, first served, and what this one waits for
may need the locks that others take. So it is registered after theirs, by importing them first.
"""

from __future__ import annotations

import atexit
import concurrent.futures.thread
import logging
import os
import sys
import time
from threading import Event, RLock, local
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._loop_thread import LoopThread

__all__ = ["Process", "this_process"]

_PATIENCE = 5.0  # seconds that a fork waits for the lock, and again for the rest
_PACKAGES = ("glomo", "glomo_sync")


class Process:
    """What belongs to this process and not to a child that it forks.

    Attributes:
        lock: held while a module is imported, a client made or a thread started, so that no fork
            finds these halfway. Re-entrant, because a signal handler may do the same again.
        threads: the loop threads that run.
        exiting: whether the clients have been told to close because the interpreter exits.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self.threads: set[LoopThread] = set()
        self.exiting = False


_process = Process()

# The parent's threads, as the child inherits them. The child must not finalise what they hold:
# closing a transport would take the parent's sockets out of the selector that both share.
_inherited: list[Process] = []


def this_process() -> Process:
    """The state of the process that this code runs in."""
    return _process


class _Pause:
    """A loop thread that stands still between two callbacks until `end`."""

    def __init__(self, thread: LoopThread) -> None:
        self._begun = Event()
        self._ended = Event()
        self._posted = thread.post(self._stand_still)

    def wait(self, timeout: float) -> None:
        if self._posted:
            self._begun.wait(timeout)

    def end(self) -> None:
        self._ended.set()

    def _stand_still(self) -> None:
        self._begun.set()
        self._ended.wait(10 * _PATIENCE)


class _Fork(local):
    """What the thread that forks has stopped and locked."""

    pauses: tuple[_Pause, ...] = ()
    locked = False


_fork = _Fork()


def _before_fork() -> None:
    _fork.locked = _process.lock.acquire(timeout=_PATIENCE)
    _fork.pauses = tuple(_Pause(t) for t in tuple(_process.threads) if not t.is_current())
    deadline = time.monotonic() + _PATIENCE
    for pause in _fork.pauses:
        pause.wait(max(0.0, deadline - time.monotonic()))
    _await_imports(deadline)


def _await_imports(deadline: float) -> None:
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in _PACKAGES:
            spec = getattr(module, "__spec__", None)
            # importlib's own mark of a module that a thread is still importing.
            while getattr(spec, "_initializing", False) and time.monotonic() < deadline:
                time.sleep(0.001)


def _after_fork_in_parent() -> None:
    if _fork.locked:
        _process.lock.release()
    for pause in _fork.pauses:
        pause.end()
    _fork.pauses, _fork.locked = (), False


def _after_fork_in_child() -> None:
    global _process  # noqa: PLW0603
    _inherited.append(_process)
    _process = Process()
    _fork.pauses, _fork.locked = (), False


def _at_exit() -> None:
    locked = _process.lock.acquire(timeout=_PATIENCE)  # whoever starts a thread finishes first
    _process.exiting = True
    if locked:
        _process.lock.release()
    for thread in tuple(_process.threads):
        thread.close()


# Imported for their hooks.
_ = logging, concurrent.futures.thread

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
# Registered at import, so it runs after the exit handlers of whoever imported this.
atexit.register(_at_exit)
