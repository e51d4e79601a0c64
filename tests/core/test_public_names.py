"""What can be imported, and what importing costs."""

import subprocess
import sys
import types

import pytest

import glomo

HEAVY = (
    "starlette",
    "uvicorn",
    "jinja2",
    "rich",
    "cyclopts",
    "respx",
    "hypothesis",
    "pytest",
    "httpx",
    "httpcore",
    "aiohttp",
    "certifi",
    "jwt",
    "cryptography",
    "cattrs",
)


def test_exported_names_are_sorted_and_exist() -> None:
    # Constants, classes, functions: the order that ruff keeps.
    assert len(set(glomo.__all__)) == len(glomo.__all__)
    assert all(hasattr(glomo, name) for name in glomo.__all__)
    constants = [name for name in glomo.__all__ if name.isupper()]
    classes = [n for n in glomo.__all__ if n[0].isupper() and not n.isupper()]
    others = [n for n in glomo.__all__ if n[0].islower()]
    assert glomo.__all__ == [*sorted(constants), *sorted(classes), *sorted(others)]


def test_nothing_public_is_left_out() -> None:
    public = {
        name
        for name, value in vars(glomo).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert public <= set(glomo.__all__)


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_the_package_alone_imports_nothing_of_it() -> None:
    script = "import glomo, sys; print(*(name for name in sys.modules if 'glomo' in name))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["glomo"]


def test_importing_the_client_leaves_asyncio_and_tls_to_whoever_uses_them() -> None:
    loaded = modules_after("from glomo import AsyncGlomo")
    assert "anyio" in loaded
    # Older versions of anyio load them themselves.
    assert not (loaded - modules_after("import anyio.lowlevel")) & {"asyncio", "ssl", "socket"}


@pytest.mark.parametrize(
    "code",
    [
        "import glomo",
        "import glomo; [getattr(glomo, name) for name in glomo.__all__]",
        "import glomo_sync; glomo_sync.Glomo",
        "import glomo; glomo.AsyncGlomo('sk-unit', transport=object()).payouts",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_used(code: str) -> None:
    loaded = modules_after(code)
    assert loaded.isdisjoint(HEAVY)


def test_aiohttp_is_imported_by_who_asks_for_it_and_httpx_is_not() -> None:
    loaded = modules_after("import glomo; glomo.AsyncGlomo('sk-unit', transport='aiohttp')")
    assert "aiohttp" in loaded
    assert "httpx" not in loaded


def test_the_version_needs_no_installed_metadata() -> None:
    code = (
        "import importlib.metadata, glomo\n"
        "def fail(*_): raise importlib.metadata.PackageNotFoundError\n"
        "importlib.metadata.version = importlib.metadata.distribution = fail\n"
        "glomo.AsyncGlomo('sk-unit', transport=object())"
    )
    modules_after(code)


@pytest.mark.parametrize("extra", HEAVY[:6])
def test_the_default_client_works_without_the_extras(extra: str) -> None:
    code = (
        f"sys.modules[{extra!r}] = None\n"
        "import glomo; client = glomo.AsyncGlomo('sk-unit'); client.payouts, client.balances"
    )
    assert "httpx" in modules_after(code)
