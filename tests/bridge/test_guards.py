"""Where a blocking call is refused before anything is sent."""

from __future__ import annotations

import asyncio
import pickle
import sys
from types import SimpleNamespace

import anyio
import pytest

from glomo import errors
from glomo_sync._bridge import Bridge
from glomo_sync._guards import MonkeyPatchedError, RunningLoopError
from glomo_sync._pager import SyncPager

from .service import Client, Pages, Service, loop_threads, run_script

# gevent warns of modules that were imported before it patched them.
IGNORE_GEVENTS_WARNING = """
import warnings
warnings.filterwarnings("ignore", module="gevent")
warnings.filterwarnings("ignore", "Monkey-patching ssl|.*gevent|.*greenlet|.*zope")
"""


async def test_a_call_inside_a_running_loop_names_the_asynchronous_twin(client: Client) -> None:
    with pytest.raises(RunningLoopError, match="AsyncGlomo"):
        client.echo("blocks")
    assert loop_threads() == []


async def test_so_does_an_iteration(client: Client) -> None:
    with pytest.raises(RunningLoopError):
        list(SyncPager(client.bridge, Pages(count=3)))


def test_so_does_a_call_from_inside_another_call(client: Client) -> None:
    async def call_back() -> str:
        return client.echo("from the loop's own thread")

    with pytest.raises(RunningLoopError):
        client.bridge.call(call_back)
    assert client.echo("still here") == "still here"


def test_the_error_is_a_runtime_error_and_a_glomo_error_that_pickles() -> None:
    error = pickle.loads(pickle.dumps(RunningLoopError("why")))
    assert isinstance(error, RuntimeError)
    assert isinstance(error, errors.GlomoError)
    assert str(error) == "why"


async def test_a_thread_of_an_asyncio_program_may_call(client: Client) -> None:
    assert await asyncio.to_thread(client.echo, "from a thread") == "from a thread"
    assert await anyio.to_thread.run_sync(client.echo, "anyio's too") == "anyio's too"


async def test_closing_inside_a_running_loop_is_allowed() -> None:
    client = Client()
    await asyncio.to_thread(client.echo, "hello")
    client.close()
    assert client.service.closes == 1


async def test_a_notebook_cell_may_call_though_its_kernel_runs_a_loop(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert client.echo("in a cell") == "in a cell"


def test_a_call_from_inside_another_call_is_refused_in_a_notebook_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    async def call_back() -> str:
        return client.echo("from the loop's own thread")

    with pytest.raises(RunningLoopError):
        client.bridge.call(call_back)


def test_a_call_inside_a_trio_program_is_refused(client: Client) -> None:
    async def main() -> None:
        with pytest.raises(RunningLoopError, match="AsyncGlomo"):
            client.echo("blocks")
        assert await anyio.to_thread.run_sync(client.echo, "from a thread") == "from a thread"

    anyio.run(main, backend="trio")


async def test_a_program_that_merely_imported_ipython_may_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    with pytest.raises(RunningLoopError):
        client.echo("blocks")


def patch_threads(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, question, part = {
        "gevent": ("gevent.monkey", "is_module_patched", "threading"),
        "eventlet": ("eventlet.patcher", "is_monkey_patched", "thread"),
    }[library]
    threading_stub = SimpleNamespace(**{question: lambda name: name == part})
    monkeypatch.setitem(sys.modules, module, threading_stub)


@pytest.mark.parametrize("library", ["gevent", "eventlet"])
def test_patched_threads_are_refused_when_the_client_is_made(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch_threads(library, monkeypatch)
    service = Service()
    with pytest.raises(MonkeyPatchedError, match=library):
        Bridge(reset=service.reset, aclose=service.aclose)


@pytest.mark.parametrize("library", ["gevent", "eventlet"])
def test_patched_threads_are_refused_when_patched_after_the_client_was_made(
    library: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch_threads(library, monkeypatch)
    with pytest.raises(MonkeyPatchedError, match="real threads"):
        client.echo("hangs")
    with pytest.raises(MonkeyPatchedError):
        list(SyncPager(client.bridge, Pages(count=3)))
    assert loop_threads() == []


def test_gevent_without_patched_threads_is_fine(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpatched = SimpleNamespace(is_module_patched=lambda name: False)
    monkeypatch.setitem(sys.modules, "gevent.monkey", unpatched)
    assert client.echo("works") == "works"


@pytest.mark.parametrize(
    "script",
    [
        """
from gevent import monkey
monkey.patch_all()
from glomo_sync import Glomo, MonkeyPatchedError
try:
    Glomo("sk-unit")
except MonkeyPatchedError as error:
    print(error)
""",
        """
from glomo_sync import Glomo, MonkeyPatchedError
glomo = Glomo("sk-unit")
from gevent import monkey
monkey.patch_all()
try:
    glomo.payouts.retrieve("payout_1")
except MonkeyPatchedError as error:
    print(error)
""",
    ],
    ids=["before the client is made", "afterwards"],
)
def test_gevent_itself_is_refused_with_what_to_do_instead(script: str) -> None:
    done = run_script(IGNORE_GEVENTS_WARNING + script)
    assert "gevent's patched threads" in done.stdout
    assert "gthread" in done.stdout


def test_gevent_itself_works_with_real_threads() -> None:
    done = run_script(
        IGNORE_GEVENTS_WARNING
        + """
from gevent import monkey
monkey.patch_all(thread=False)
from tests.bridge.service import Client
with Client() as client:
    print(client.echo("works"))
"""
    )
    assert done.stdout == "works\n"
