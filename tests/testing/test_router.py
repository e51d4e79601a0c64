"""Every operation has a valid response, whatever it is asked."""

from __future__ import annotations

from typing import Any

import pytest

import glomo.testing
from glomo import AsyncGlomo

from ..operations.call_arguments import CallArguments
from ..operations.calls import CALLS
from ..operations.exchange import DESCRIBED, FIRST_CALL, call

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")


@FIRST_CALL
async def test_the_router_answers_every_operation(described: Any, arguments: CallArguments) -> None:
    with glomo.testing.router() as router:
        async with AsyncGlomo("sk-test", rate_limit=None, max_retries=0) as client:
            result = await call(client, described, arguments)
        assert result is not None
        assert router.calls.call_count == 1


def test_every_operation_is_tried() -> None:
    assert DESCRIBED.keys() == CALLS.keys()
