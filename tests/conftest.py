import signal

import hypothesis
import pytest

# No test has a time limit of its own: on a busy machine an example may take any time.
hypothesis.settings.register_profile(
    "glomo", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("glomo")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background, a shell has it ignored, and every process started by a test would
    # inherit that: there would be no Ctrl-C to test.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
