"""Errors for a log and a queue, and the version."""

import json
import subprocess
import sys

import pytest

import glomo
from glomo import errors
from glomo.models.payouts import Payout

from .fakes import ScriptedTransport, client, wire_response
from .fakes import payout as sample

PAYOUT = sample()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("1.5", 1.5), ("soon", None), (None, None), ("Fri, 01 Jan 2021 00:00:00 GMT", 0)],
)
async def test_an_error_says_when_to_try_again(header: str | None, seconds: float | None) -> None:
    headers = {} if header is None else {"retry_after": header}
    transport = ScriptedTransport(wire_response(429, {"message": "slow down"}, **headers))
    with pytest.raises(errors.RateLimitError) as caught:
        await client(transport, max_retries=0).payouts.retrieve("payout_1", timeout=0.001)
    assert caught.value.retry_after == seconds


def test_an_error_is_plain_for_a_log() -> None:
    error = errors.BadRequestError(
        "no such thing",
        status=400,
        code="X",
        operation="payouts.create",
        method="POST",
        path="/v1/payouts",
        headers={"x": "secret"},
        body=b"030950608975",
        request_id="r-1",
    )
    plain = error.to_dict()
    assert plain == {
        "error": "BadRequestError",
        "message": str(error),
        "status": 400,
        "code": "X",
        "operation": "payouts.create",
        "method": "POST",
        "path": "/v1/payouts",
        "attempts": 1,
        "request_id": "r-1",
    }
    assert json.loads(json.dumps(plain)) == plain


def test_every_error_is_plain() -> None:
    payout = Payout.from_dict(PAYOUT)
    for error in (
        errors.WaitTimeoutError("late", last_seen=payout),
        errors.IdempotencyConflictError(
            "used",
            operation="payouts.create",
            request_id="r",
            differences={"amount": (1, 2)},
            existing=payout,
        ),
        errors.ParameterError("bad", parameter="amount"),
        errors.ConfigurationError("bad"),
    ):
        plain = error.to_dict()
        assert json.loads(json.dumps(plain)) == plain
        assert plain["error"] == type(error).__name__
    assert errors.WaitTimeoutError("late", last_seen=payout).to_dict()["last_seen"] == "payout_1"


def test_the_version_needs_no_installed_metadata() -> None:
    script = (
        "import importlib.metadata as m\n"
        "def gone(name): raise m.PackageNotFoundError(name)\n"
        "m.version = gone\n"
        "import glomo, glomo_sync\n"
        "glomo.AsyncGlomo('sk-unit')\n"
        "print(glomo.__version__, glomo_sync.__version__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [glomo.__version__] * 2
    assert glomo.__version__[0].isdigit()
