"""Servers and task queues that fork their workers from a parent that has made, or used, a client.

The scripts do what gunicorn and Celery do, without them: fork workers, serve from threads, stop
workers by signal, replace them, break off a task at its soft time limit, end without clean-up.
"""

from __future__ import annotations

import os

import pytest

from .service import run_script
from .test_fork import PRELUDE as FORKING

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")

PRELUDE = (
    FORKING
    + """
import signal
from concurrent.futures import ThreadPoolExecutor
from tests.bridge.service import Service

class Telling(Service):
    async def aclose(self):
        await super().aclose()
        os.write(1, b"closed\\n")

client = Client(Telling(), grace=5.0)
"""
)


@pytest.mark.parametrize("used_before", ["works()", "pass"])
@pytest.mark.parametrize("ready", ["preloaded", "in each worker"])
def test_a_server_that_forks_its_workers(used_before: str, ready: str) -> None:
    """gunicorn: --preload or not, gthread workers, a worker replaced, a graceful stop."""
    done = run_script(
        PRELUDE
        + f"""
{used_before}
if {ready!r} == "in each worker":
    client.close()

def stop(number, frame):
    sys.exit(0)

def worker(started):
    global client
    if {ready!r} == "in each worker":
        client = Client(Telling(), grace=5.0)
    signal.signal(signal.SIGTERM, stop)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(client.echo, map(str, range(50)))) == list(map(str, range(50)))
    os.write(started, b"!")
    while True:
        signal.pause()

def spawn():
    reading, started = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(30)
        worker(started)
    assert os.read(reading, 1) == b"!"
    return pid

workers = [spawn() for _ in range(3)]
os.kill(workers[0], signal.SIGKILL)
os.waitpid(workers.pop(0), 0)
workers.append(spawn())
for pid in workers:
    os.kill(pid, signal.SIGTERM)
join(*workers)
os.write(1, b"workers stopped\\n")
"""
    )
    lines = done.stdout.splitlines()
    parent_first = lines[: lines.index("workers stopped")].count("closed")
    closed_in_parent = used_before == "works()"
    early = closed_in_parent and ready == "in each worker"
    assert parent_first == 3 + early  # each worker that was stopped closed its own client
    assert lines.count("closed") == 3 + closed_in_parent


def test_a_task_queue_that_forks_its_workers() -> None:
    """Celery: prefork, a soft time limit, `os._exit`, and a parent that goes on with its client."""
    done = run_script(
        PRELUDE
        + """
class SoftTimeLimitExceeded(Exception): ...

def exceed(number, frame):
    raise SoftTimeLimitExceeded

def worker():
    signal.signal(signal.SIGUSR1, exceed)

    async def slow():
        import anyio
        signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
        await anyio.sleep_forever()

    for turn in range(5):
        works(f"task {turn}")
        try:
            client.bridge.call(slow)
        except SoftTimeLimitExceeded as limit:
            assert "outcome is unknown" in limit.__notes__[0]
        else:
            raise AssertionError("no time limit")

works()
for _ in range(3):
    join(*[in_child(worker) for _ in range(2)])
    works()
client.close()
"""
    )
    assert done.stdout == "closed\n"  # a worker that ends by os._exit closes nothing
