"""The code of docs/network.md, through a proxy and a gateway that speaks TLS."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from glomo import AsyncGlomo, errors
from glomo.sandbox import Sandbox
from tests.docs import blocks, run_async

from .relay import Relay

PAGE = "network.md"
CA = trustme.CA()


@pytest.fixture
def port(served: Sandbox) -> int:
    return urlsplit(os.environ["GLOMO_BASE_URL"]).port or 0


def gateway(*, asks: bool = False) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    CA.issue_cert("localhost").configure_cert(context)
    if asks:
        CA.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


async def test_requests_go_through_the_proxy(served: Sandbox, port: int) -> None:
    (code,) = blocks(PAGE, "A proxy in code")
    async with Relay(port) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        names = await run_async(code.replace("http://proxy.internal:3128", address))
    assert names["balances"].available
    assert proxy.firsts == [f"GET http://127.0.0.1:{port}/api/v1/balances HTTP/1.1\r\n".encode()]


async def test_the_environment_s_proxy_is_asked_unless_excepted(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Relay(port) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with AsyncGlomo(base_url="https://api.test/api", max_retries=0) as glomo:
            with pytest.raises(errors.ConnectError):  # the sandbox behind it speaks no TLS
                await glomo.balances.retrieve()
        assert proxy.firsts == [b"CONNECT api.test:443 HTTP/1.1\r\n"]
        monkeypatch.setenv("NO_PROXY", ".test")
        monkeypatch.setenv("no_proxy", ".test")
        async with AsyncGlomo(base_url="https://api.test/api", max_retries=0) as glomo:
            with pytest.raises(errors.ConnectError):
                await glomo.balances.retrieve()
        assert len(proxy.firsts) == 1


async def test_an_authority_of_ones_own_is_trusted(
    port: int, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CA.cert_pem.write_to_path("corporate-ca.pem")
    async with Relay(port, tls=gateway()) as relay:
        monkeypatch.setenv("GLOMO_BASE_URL", f"https://localhost:{relay.port}/api")
        async with AsyncGlomo(max_retries=0) as stranger:
            with pytest.raises(errors.ConnectError, match="certificate verify failed"):
                await stranger.balances.retrieve()
        names = await run_async(*blocks(PAGE, "Authorities of your own"))
    assert names["balances"].available


async def test_the_gateway_sees_the_client_s_certificate(
    port: int, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CA.cert_pem.write_to_path("corporate-ca.pem")
    own = CA.issue_cert("payroll.example.com")
    own.private_key_pem.write_to_path("client.key")
    for pem in own.cert_chain_pems:
        pem.write_to_path("client.pem", append=True)
    async with Relay(port, tls=gateway(asks=True)) as relay:
        monkeypatch.setenv("GLOMO_BASE_URL", f"https://localhost:{relay.port}/api")
        names = await run_async(*blocks(PAGE, "Client certificates"))
    assert names["balances"].available
    assert relay.certificates[0]["subjectAltName"] == (("DNS", "payroll.example.com"),)


async def test_a_page_of_the_proxy_is_told_apart() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "https://login.internal/"})

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http,
        AsyncGlomo("sk-unit", http_client=http) as glomo,
    ):
        with pytest.raises(errors.RedirectError):
            await glomo.balances.retrieve()
