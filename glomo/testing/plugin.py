"""The pytest plugin: loaded by its entry point, and light until a fixture is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator
from inspect import iscoroutinefunction, signature
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from glomo import AsyncGlomo
    from glomo.sandbox import Sandbox
    from glomo_sync import Glomo

MARKER = "glomo"
_SANDBOX = pytest.StashKey["Sandbox"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--glomo-seed`."""
    group = parser.getgroup("glomo")
    group.addoption(
        "--glomo-seed",
        type=int,
        default=0,
        help="the seed of glomo_sandbox: ids and random faults follow from it (default: 0)",
    )
    parser.addini(
        "glomo_guard",
        "fail a test that makes a client with a production key or connects to the live API",
        type="bool",
        default=True,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(faults=0.0, seed=None, clock=None, balances=None, **options): set glomo_sandbox "
        "up: a rate of random faults, and options of the account such as queueing=True",
    )


@pytest.fixture
def glomo_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A local Glomo for this test alone; `@pytest.mark.glomo(...)` sets it up."""
    from .setup import make_sandbox  # noqa: PLC0415 - starlette only for tests that want it

    marker = request.node.get_closest_marker(MARKER)
    settings: dict[str, Any] = dict(marker.kwargs) if marker is not None else {}
    settings.setdefault("seed", request.config.getoption("--glomo-seed"))
    with make_sandbox(**settings) as sandbox:
        request.node.stash[_SANDBOX] = sandbox
        yield sandbox


@pytest.fixture
def glomo_beneficiary(glomo_sandbox: Sandbox) -> dict[str, Any]:
    """A beneficiary of the sandbox, in India, to whom payouts succeed."""
    return dict(glomo_sandbox.add_beneficiary(currency="INR"))


@pytest.fixture
def glomo_client(glomo_sandbox: Sandbox) -> AsyncGlomo:
    """An asynchronous client of the sandbox, in process: whichever plugin runs your coroutines."""
    from .clients import client_of  # noqa: PLC0415 - see above

    return client_of(glomo_sandbox)


@pytest.fixture
def glomo_sync_client(glomo_sandbox: Sandbox) -> Iterator[Glomo]:
    """A synchronous client of the sandbox, over a loopback port."""
    from .clients import sync_client_of  # noqa: PLC0415 - see above

    with sync_client_of(glomo_sandbox) as client:
        yield client


@pytest.fixture(autouse=True)
def glomo_no_live_calls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test reach the live API: a production key or the live address fails loudly.

    `glomo_guard = false` in the configuration of pytest turns it off.
    """
    if not request.config.getini("glomo_guard"):
        return
    from .guard import forbid_live_calls  # noqa: PLC0415 - see above

    forbid_live_calls(monkeypatch)


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test of the sandbox that no other plugin runs.

    A test that anyio, pytest-asyncio or another plugin for coroutines takes never comes here as a
    coroutine function.
    """
    if "glomo_sandbox" not in pyfuncitem.fixturenames or not iscoroutinefunction(pyfuncitem.obj):
        return None
    names = signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Put what the sandbox saw into the report of a test that failed."""
    report: Any = yield
    sandbox = item.stash.get(_SANDBOX, None)
    if report.when == "call" and report.failed and sandbox is not None:
        from .describe import describe  # noqa: PLC0415 - see above

        report.sections.append(("Glomo sandbox", describe(sandbox)))
    return report
