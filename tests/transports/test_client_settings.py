"""What a client is told about the network reaches its transport."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import anyio
import pytest
import trustme

from glomo import AsyncGlomo, errors

from .peer import Peer, silent


@pytest.mark.parametrize("kind", ["httpx", "aiohttp"])
async def test_a_ca_is_trusted_by_file_or_context(
    kind: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    ca = trustme.CA()
    path = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(path)
    trusting = ssl.create_default_context(cafile=path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(tls)
    async with Peer(tls=tls) as peer:
        for verify in (path, str(path), trusting):
            base = f"{peer.origin}/api"
            async with AsyncGlomo("sk-unit", base_url=base, transport=kind, verify=verify) as glomo:
                assert await glomo.request("GET", "/v1/things") == {"id": "a"}
        async with AsyncGlomo(
            "sk-unit", base_url=f"{peer.origin}/api", transport=kind, max_retries=0
        ) as stranger:
            with pytest.raises(errors.ConnectError):
                await stranger.request("GET", "/v1/things")


@pytest.mark.parametrize("kind", ["httpx", "aiohttp"])
async def test_a_connect_timeout_is_that_of_the_connection(kind: Any) -> None:
    """A TLS server that never answers the handshake: no connection, so nothing was sent."""
    async with Peer(silent) as peer:
        base = f"{peer.origin.replace('http:', 'https:')}/api"
        async with AsyncGlomo(
            "sk-unit", base_url=base, transport=kind, connect_timeout=0.2, max_retries=0
        ) as glomo:
            with anyio.fail_after(20), pytest.raises(errors.ConnectError):
                await glomo.request("POST", "/v1/things", body={})
