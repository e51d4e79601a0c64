"""No test reaches the live API by mistake."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from glomo import client, settings

LIVE = (".glomopay.com", ".glomo.one")


def forbid_live_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that makes a client with a production key, or connects to the live API."""
    resolve_key, getaddrinfo = settings.resolve_key, socket.getaddrinfo

    def resolve(*args: Any, **kwargs: Any) -> settings.SecretKey:
        try:
            key = resolve_key(*args, **kwargs)
        finally:
            del args, kwargs  # a refusal may be reported with the variables of every frame
        if key.environment == "production":
            pytest.fail(
                "a test made a client with a production key: use the fixture glomo_client, or "
                "glomo.sandbox.sandbox_key()",
                pytrace=False,
            )
        return key

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if f".{name}".endswith(LIVE):
            pytest.fail(
                f"a test connected to {name}: use the fixture glomo_client, or give base_url=",
                pytrace=False,
            )
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(client, "resolve_key", resolve)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
