"""Forks in the middle of an import: the child must not wait for a thread that it does not have.

A child inherits the import locks of every thread of its parent, and not the threads. So each
script here forks at the very moment at which another thread has begun to import one module, and
holds that import up until the fork is through, or until it is plain that the fork waits for it.
"""

from __future__ import annotations

import os

import pytest

from .service import run_script

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")

PRELUDE = """
import os, signal, sys, threading, traceback, warnings
warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)

CHILD_LIMIT = 30  # seconds after which a hanging child kills itself; nothing waits for it

class HeldUp:
    '''Holds the import of one module up, in whatever thread, until the fork is through.'''

    def __init__(self, name):
        self.name, self.begun, self.forked = name, threading.Event(), threading.Event()
        sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        if name == self.name:
            self.begun.set()
            self.forked.wait(0.2)

def first_call():
    from glomo_sync import Glomo
    from glomo.errors import ConnectError
    with Glomo("sk-unit", base_url="http://localhost:1/api", max_retries=0) as glomo:
        try:
            glomo.payouts.retrieve("payout_1")
        except ConnectError:
            return
    raise AssertionError("something listens on port 1")

def in_child(function):
    pid = os.fork()
    if pid == 0:
        signal.alarm(CHILD_LIMIT)
        try:
            function()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return pid

def join(pid):
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, f"the child's status is {status}"
"""


@pytest.mark.parametrize(
    "module",
    [
        "glomo",
        "glomo_sync.client",
        "glomo.http.transports.httpx",
        "glomo_sync.resources.payouts",
        "glomo.models.payouts",
        "glomo.resources.payouts",
        "anyio._backends._asyncio",
        "httpcore",
        "encodings.idna",
    ],
)
def test_a_fork_while_a_thread_makes_the_first_call(module: str) -> None:
    run_script(
        PRELUDE
        + f"""
held_up = HeldUp({module!r})
caller = threading.Thread(target=first_call)
caller.start()
assert held_up.begun.wait(CHILD_LIMIT)
pid = in_child(first_call)
held_up.forked.set()
join(pid)
caller.join()
first_call()
"""
    )


def test_many_forks_at_any_moment_of_the_first_calls_of_many_resources() -> None:
    """Every turn is a process of its own, in which nothing has been imported yet."""
    run_script(
        PRELUDE
        + """
import glomo_sync
RESOURCES = ["payouts", "payments", "orders", "refunds", "customers", "settlements"]

def touch(glomo, names):
    for name in names:
        getattr(glomo, name)

def turn(number):
    glomo = glomo_sync.Glomo("sk-unit", base_url="http://localhost:1/api", max_retries=0)
    caller = threading.Thread(target=touch, args=(glomo, RESOURCES))
    caller.start()
    for _ in range(number):  # forks a little later each time
        os.sched_yield()
    pids = [in_child(lambda: touch(glomo, reversed(RESOURCES))) for _ in range(3)]
    for pid in pids:
        join(pid)
    caller.join()

for number in range(0, 56, 7):
    join(in_child(lambda: turn(number)))
"""
    )
