"""Where a blocking call must not be made, and the errors that say so."""

from __future__ import annotations

import asyncio
import sys
from threading import current_thread, main_thread

from glomo.errors import ConfigurationError, GlomoError

__all__ = ["MonkeyPatchedError", "RunningLoopError", "check_greenlets", "check_running_loop"]


class RunningLoopError(GlomoError, RuntimeError):
    """A blocking call was made where an event loop runs; it would have stopped that loop.

    Nothing was sent. Use `glomo.AsyncGlomo` there, or move the call to a thread.
    """


class MonkeyPatchedError(ConfigurationError, RuntimeError):
    """gevent or eventlet replaced `threading`, on which the synchronous client stands.

    Nothing was sent.
    """


_GREENLETS = (
    ("gevent", "gevent.monkey", "is_module_patched", "threading"),
    ("eventlet", "eventlet.patcher", "is_monkey_patched", "thread"),
)


def check_greenlets() -> None:
    """Refuse to work on green threads: they would wait for each other for ever.

    Raises:
        MonkeyPatchedError: `threading` is patched by gevent or eventlet.
    """
    for library, module, question, part in _GREENLETS:
        patcher = sys.modules.get(module)
        # A module that is still being imported has no answer yet, and has patched nothing.
        is_patched = getattr(patcher, question, None)
        if is_patched is not None and is_patched(part):
            raise MonkeyPatchedError(
                f"glomo_sync does not work with {library}'s patched threads: its event loop needs "
                f"a thread of the operating system. Run this process on real threads or "
                f"processes (gunicorn: --worker-class gthread; Celery: --pool prefork or threads), "
                f"or leave threads out of {library}'s monkey patching."
            )


def check_running_loop() -> None:
    """Refuse to block a thread whose event loop is running.

    A notebook is the exception: its kernel keeps a loop running around every cell, and a cell
    holds that loop up in any case.

    Raises:
        RunningLoopError: this thread runs an event loop, of asyncio or of trio.
    """
    if not _in_asyncio() and not _in_trio():
        return
    if _in_notebook() and current_thread() is main_thread():
        return
    raise RunningLoopError(
        "A call of glomo_sync.Glomo blocks, and this thread runs an event loop, which would stand "
        "still meanwhile. Use its asynchronous twin here (from glomo import AsyncGlomo; "
        "await glomo.payouts.retrieve(...)), or move the call to a thread with "
        "asyncio.to_thread(...)."
    )


def _in_asyncio() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_trio() -> bool:
    lowlevel = getattr(sys.modules.get("trio"), "lowlevel", None)
    return lowlevel is not None and lowlevel.in_trio_run()


def _in_notebook() -> bool:
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get_ipython is not None and hasattr(get_ipython(), "kernel")
