from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo
from glomo.errors import OutcomeUnknownError, ParameterError

from .conftest import Wire

RESPONSE = {"secret_key": "new-secret-jwt", "previous_key_expires_at": "2026-05-13T12:10:57Z"}


async def test_the_new_key_is_returned_and_shows_nowhere(
    glomo: AsyncGlomo, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.on("POST", "/v1/api-keys/rotate", RESPONSE)
    with caplog.at_level(logging.DEBUG, "glomo"):
        key = await glomo.api_keys.rotate(expire_after_in_seconds=3600)
    assert wire.body == {"expire_after_in_seconds": 3600}
    assert key.secret_key == "new-secret-jwt"
    assert key.previous_key_expires_at == datetime(2026, 5, 13, 12, 10, 57, tzinfo=UTC)
    assert "new-secret-jwt" not in f"{key} {key!r} {caplog.text}"


@pytest.mark.parametrize("seconds", [0, 604_800])
async def test_the_old_key_lives_for_up_to_a_week(
    glomo: AsyncGlomo, wire: Wire, seconds: int
) -> None:
    wire.on("POST", "/v1/api-keys/rotate", RESPONSE)
    await glomo.api_keys.rotate(expire_after_in_seconds=seconds)
    assert wire.body == {"expire_after_in_seconds": seconds}


@pytest.mark.parametrize("seconds", [-1, 604_801, 1.5, "60", True, None])
async def test_no_other_number_of_seconds(glomo: AsyncGlomo, wire: Wire, seconds: Any) -> None:
    with pytest.raises(ParameterError, match="expire_after_in_seconds"):
        await glomo.api_keys.rotate(expire_after_in_seconds=seconds)
    assert wire.targets == []


async def test_a_lost_answer_makes_no_second_key(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/api-keys/rotate", httpx.ReadError("connection reset"))
    with pytest.raises(OutcomeUnknownError, match="shown once and is lost"):
        await glomo.api_keys.rotate(expire_after_in_seconds=3600)
    assert len(wire.targets) == 1
