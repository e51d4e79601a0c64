"""Processes that fork, before or after the client has worked: Celery, gunicorn, multiprocessing.

Every script runs in an interpreter of its own, with warnings as errors. `in_child` runs a function
in a forked child and asserts there and here that it succeeded.
"""

from __future__ import annotations

import os

import pytest

from .service import run_script

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")

PRELUDE = """
import os, sys, threading, traceback, warnings
from tests.bridge.service import Client, Pages, in_thread, loop_threads

# Python 3.12 and newer warn of every fork with threads; that is what is tested here.
warnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)

def in_child(function):
    pid = os.fork()
    if pid == 0:
        try:
            function()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return pid

def join(*pids):
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0, status

client = Client()
def works(text="hello"):
    assert client.echo(text) == text
"""


def run(script: str) -> str:
    done = run_script(PRELUDE + script)
    assert done.stderr == ""
    return done.stdout


def test_a_client_made_before_the_fork_works_in_every_child_and_in_the_parent() -> None:
    run("""
children = [in_child(works) for _ in range(4)]
works()
join(*children)
works()
assert client.service.resets == 0
""")


def test_a_client_that_has_worked_before_the_fork_works_in_children_and_parent() -> None:
    run("""
works("parent")
mine = client.service.loop

def child():
    assert not loop_threads()
    works("child")
    assert client.service.loop is not mine
    assert client.service.resets == 1
    works("child again")
    assert client.service.resets == 1
    client.close()
    assert client.service.closes == 1

children = [in_child(child) for _ in range(4)]
works("meanwhile")
join(*children)
works("after")
assert client.service.loop is mine
assert client.service.resets == 0
assert client.service.closes == 0
""")


def test_a_fork_while_a_call_is_in_flight_in_another_thread() -> None:
    run("""
in_flight, answers = threading.Event(), []
release = threading.Event()

async def slow():
    in_flight.set()
    async with client.service._lock:  # held by nobody in the child
        import anyio
        while not release.is_set():
            await anyio.lowlevel.checkpoint()
    return "finished"

works()
caller = in_thread(lambda: answers.append(client.bridge.call(slow)))
in_flight.wait()
child = in_child(works)
join(child)
release.set()
caller.join()
assert answers == ["finished"]
works()
""")


def test_a_fork_while_another_thread_starts_the_loop() -> None:
    run("""
from glomo_sync import _hooks
_hooks._PATIENCE = 0.1  # it never lets go, so the fork has to go ahead
held, release = threading.Event(), threading.Event()

def start():
    with _hooks.this_process().lock:
        held.set()
        release.wait()

starter = in_thread(start)
held.wait()
join(in_child(works))
release.set()
starter.join()
works()
""")


def test_a_child_of_a_child() -> None:
    run("""
works()
def child():
    works()
    join(in_child(works))
    works()
join(in_child(child))
works()
""")


def test_several_clients_each_start_anew_in_the_child() -> None:
    run("""
other, unused = Client(), Client()
works()
other.echo("hello")

def child():
    works()
    assert other.echo("child") == "child"
    assert unused.echo("child") == "child"
    assert [c.service.resets for c in (client, other, unused)] == [1, 1, 0]
    assert len(loop_threads()) == 1
    client.close()
    assert other.echo("still here") == "still here"

join(in_child(child))
works()
""")


def test_closing_or_dropping_in_the_child_leaves_the_parent_alone() -> None:
    run("""
import gc
works()

def close():
    client.close()
    assert client.service.closes == 0  # the connections are the parent's

def drop():
    global client
    client = None
    gc.collect()

join(in_child(close), in_child(drop))
works()
client.close()
assert client.service.closes == 1
""")


def test_a_client_closed_before_the_fork_is_closed_in_the_child() -> None:
    run("""
from glomo.errors import ClosedError
works()
client.close()

def child():
    try:
        works()
    except ClosedError:
        return
    raise AssertionError("closed clients stay closed")

join(in_child(child))
""")


def test_an_iteration_that_began_before_the_fork_says_so_in_the_child() -> None:
    run("""
from glomo.errors import ClosedError
pages = client.bridge.iterate(Pages(300).pages())
next(pages)

def child():
    try:
        next(pages)
    except ClosedError as error:
        assert "forked" in str(error)
    else:
        raise AssertionError("went on with the parent's pages")
    assert sum(map(len, client.bridge.iterate(Pages(300).pages()))) == 300

join(in_child(child))
assert sum(map(len, pages)) == 200
""")


@pytest.mark.parametrize("call_in_child", ["works()", "pass"])
def test_a_child_that_exits_like_any_program_closes_its_own_and_nothing_else(
    call_in_child: str,
) -> None:
    out = run(f"""
works()
in_flight, answers, release = threading.Event(), [], threading.Event()

async def slow():
    in_flight.set()
    import anyio
    while not release.is_set():
        await anyio.lowlevel.checkpoint()
    return "finished"

caller = in_thread(lambda: answers.append(client.bridge.call(slow)))
in_flight.wait()
pages = client.bridge.iterate(Pages(300).pages())
next(pages)
pid = os.fork()
if pid == 0:
    {call_in_child}
    import atexit
    atexit._run_exitfuncs()
    print("child", client.service.closes, flush=True)
    sys.exit()
join(pid)
release.set()
caller.join()
works()
assert answers == ["finished"]
client.close()
print("parent", client.service.closes)
""")
    assert out.split() == ["child", "1" if call_in_child == "works()" else "0", "parent", "1"]


def test_multiprocessing_by_fork() -> None:
    run("""
import multiprocessing
context = multiprocessing.get_context("fork")

def work(number):
    return client.echo(str(number))

works()
with context.Pool(2) as pool:
    assert pool.map(work, range(20)) == [str(number) for number in range(20)]
    works()
process = context.Process(target=works)
process.start()
process.join()
assert process.exitcode == 0
works()
""")


def test_many_forks_while_many_threads_call() -> None:
    run("""
stop = threading.Event()
errors = []

def work():
    while not stop.is_set():
        try:
            works()
        except BaseException as error:
            errors.append(error)

threads = [in_thread(work) for _ in range(4)]
for _ in range(15):
    join(in_child(works))
stop.set()
for thread in threads:
    thread.join()
assert not errors, errors
""")
