import pytest

from .virtual_time import VirtualLoop, trio_clock


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """Tests of the core run on both, in virtual time: what waits, waits no time at all."""
    if request.param == "trio":
        return "trio", {"clock": trio_clock()}
    return "asyncio", {"loop_factory": VirtualLoop}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GLOMO_API_KEY", "GLOMO_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
