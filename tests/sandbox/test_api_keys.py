"""Rotation of secret keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest


@pytest.mark.parametrize("keys", [None, ["secret"]])
async def test_the_old_key_works_until_it_expires(
    make_api: Any, api_of: Any, clock: Any, keys: list[str] | None
) -> None:
    api = make_api(clock=clock, keys=keys)
    response = await api.post("v1/api-keys/rotate", {"expire_after_in_seconds": 3600})
    assert response.status_code == 200
    rotated = response.json()
    assert rotated["previous_key_expires_at"] == "2026-09-09T08:00:09Z"
    new = api_of(api.sandbox, rotated["secret_key"])
    payout = await new.paid()
    assert (await api.get(f"v1/payouts/{payout['id']}")).status_code == 200  # one account
    clock.advance(timedelta(minutes=59))
    assert (await api.get("v1/balances")).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert (await api.get("v1/balances")).status_code == 401
    assert (await new.get("v1/balances")).status_code == 200


async def test_a_key_can_end_at_once_and_new_ones_differ(api: Any, api_of: Any) -> None:
    first = (await api.post("v1/api-keys/rotate", {"expire_after_in_seconds": 0})).json()
    assert (await api.get("v1/balances")).status_code == 401
    new = api_of(api.sandbox, first["secret_key"])
    second = (await new.post("v1/api-keys/rotate", {"expire_after_in_seconds": 9})).json()
    assert second["secret_key"] != first["secret_key"]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("3600", "must be an integer"),
        (1.5, "must be an integer"),
        (True, "must be an integer"),
        (None, "must be an integer"),
        (-1, "must be between 0 and 604800"),
        (604_801, "must be between 0 and 604800"),
    ],
)
async def test_a_wrong_expiry_is_refused(api: Any, value: object, problem: str) -> None:
    response = await api.post("v1/api-keys/rotate", {"expire_after_in_seconds": value})
    assert response.status_code == 400
    assert response.json()["message"] == f"Validation failed: Expire after in seconds {problem}"


async def test_the_file_holds_no_key(make_api: Any, tmp_path: Any) -> None:
    state = tmp_path / "state.db"
    api = make_api(state=state)
    key = (await api.post("v1/api-keys/rotate", {"expire_after_in_seconds": 9})).json()[
        "secret_key"
    ]
    api.sandbox.close()
    assert key.encode() not in state.read_bytes()
