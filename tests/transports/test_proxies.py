"""Proxies: HTTP, CONNECT, SOCKS; refusals, silence, and the hosts that are reached without one."""

from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
import trustme

from glomo.http.transport import NotSentError, Transport

from .kinds import HOST, OWN_KINDS, every, open_transport, request
from .peer import Line, Peer, deaf, serve
from .proxy import socks, tunnel
from .test_tls import CA, client, server

SOCKS = pytest.mark.parametrize("kind", ["httpx", "httpx client", "httpx2 client"])
CERTIFICATE: trustme.LeafCert = CA.issue_cert(HOST)
SECURE, PLAIN = f"https://{HOST}", f"http://{HOST}"

Opener = Callable[..., AbstractAsyncContextManager[Transport]]


@pytest.fixture
def open_proxied(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Open a transport behind a proxy: ours find it in the environment, a client is told."""

    def open_(kind: str, origin: str, proxy: str, **more: Any) -> Any:
        if kind in OWN_KINDS:
            monkeypatch.setenv("ALL_PROXY", proxy)
            return open_transport(kind, origin, **more)
        return open_transport(kind, origin, proxy=proxy, **more)

    return open_


@every
async def test_plain_http_is_sent_to_the_proxy_whole(kind: str, open_proxied: Opener) -> None:
    async with Peer() as proxy:
        url = f"http://user:pass%21@{proxy.netloc}"
        async with open_proxied(kind, PLAIN, url) as transport:
            for _ in range(2):
                assert (await transport.send(request(PLAIN), 10)).status == 200
        assert proxy.accepted == 1
    [received, _] = proxy.requests
    assert received.target == f"{PLAIN}/api/v1/payouts"
    assert received.header("host") == HOST
    assert received.header("authorization") == "Bearer key"
    login = b64encode(b"user:pass!").decode()
    assert received.header("proxy-authorization") == f"Basic {login}"


@every
async def test_tls_goes_through_a_tunnel_and_the_proxy_sees_no_key(
    kind: str, open_proxied: Opener
) -> None:
    async with (
        Peer(tls=server(CERTIFICATE)) as peer,
        Peer(tunnel(lambda: peer.port)) as proxy,
        open_proxied(kind, SECURE, f"http://user:pass@{proxy.netloc}", tls=client()) as transport,
    ):
        for _ in range(3):
            assert (await transport.send(request(SECURE), 10)).status == 200
        assert (peer.accepted, len(peer.requests), proxy.accepted) == (1, 3, 1)
    [connect] = proxy.requests
    assert (connect.method, connect.target) == ("CONNECT", f"{HOST}:443")
    assert connect.header("proxy-authorization") == f"Basic {b64encode(b'user:pass').decode()}"
    assert connect.header("authorization") is None
    assert peer.requests[0].header("authorization") == "Bearer key"
    assert peer.requests[0].header("proxy-authorization") is None


@SOCKS
async def test_socks_leads_to_plain_and_to_encrypted_servers(
    kind: str, open_proxied: Opener
) -> None:
    for origin, tls in ((PLAIN, None), (SECURE, server(CERTIFICATE))):
        async with Peer(tls=tls) as peer, Peer(socks(lambda peer=peer: peer.port)) as proxy:  # type: ignore[misc]
            url = f"socks5://user:pass@{proxy.netloc}"
            async with open_proxied(kind, origin, url, tls=client()) as transport:
                for _ in range(2):
                    assert (await transport.send(request(origin), 10)).status == 200
            assert (peer.accepted, proxy.accepted) == (1, 1)


async def refuse(line: Line) -> None:
    await line.request()
    await line.send(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
    await line.until_closed()


async def hang_up(line: Line) -> None:
    await line.request()


@every
@pytest.mark.parametrize("step", [refuse, hang_up], ids=["407", "closed"])
async def test_a_proxy_that_makes_no_tunnel_has_sent_nothing(
    kind: str, step: Any, open_proxied: Opener
) -> None:
    async with Peer(step) as proxy:
        async with open_proxied(kind, SECURE, f"http://{proxy.netloc}", tls=client()) as transport:
            with pytest.raises(NotSentError):
                await transport.send(request(SECURE), 10)
        assert proxy.requests[0].method == "CONNECT"


@every
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
async def test_a_proxy_that_is_not_there_has_sent_nothing(
    kind: str, secure: bool, open_proxied: Opener
) -> None:
    async with Peer() as gone:
        url = f"http://{gone.netloc}"
    origin = SECURE if secure else PLAIN
    async with open_proxied(kind, origin, url, tls=client()) as transport:
        with pytest.raises(NotSentError):
            await transport.send(request(origin), 10)


@every
async def test_a_proxy_that_is_silent_has_sent_nothing(kind: str, open_proxied: Opener) -> None:
    async with (
        Peer(deaf) as proxy,
        open_proxied(kind, SECURE, f"http://{proxy.netloc}", tls=client()) as transport,
    ):
        with pytest.raises(NotSentError):
            await transport.send(request(SECURE), 0.15)


@every
async def test_a_server_behind_a_tunnel_must_prove_itself_too(
    kind: str, open_proxied: Opener
) -> None:
    other = server(CA.issue_cert("other.test"))
    async with Peer(tls=other) as peer, Peer(tunnel(lambda: peer.port)) as proxy:
        async with open_proxied(kind, SECURE, f"http://{proxy.netloc}", tls=client()) as transport:
            with pytest.raises(NotSentError):
                await transport.send(request(SECURE), 10)
        assert not peer.requests


@pytest.mark.parametrize("kind", OWN_KINDS)
async def test_no_proxy_and_this_machine_go_without(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Peer() as proxy, Peer() as peer:
        monkeypatch.setenv("ALL_PROXY", f"http://{proxy.netloc}")
        async with open_transport(kind, peer.origin) as transport:  # loopback
            await transport.send(request(peer.origin), 10)
        monkeypatch.setenv("NO_PROXY", "unrelated.test,.test")
        async with open_transport(kind, "http://nowhere.test:1") as transport:
            with pytest.raises(NotSentError):
                await transport.send(request("http://nowhere.test:1"), 5)
        assert (proxy.accepted, peer.accepted) == (0, 1)


@pytest.mark.parametrize("kind", OWN_KINDS)
async def test_an_https_proxy_is_spoken_to_in_tls(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = server(CA.issue_cert("127.0.0.1"))
    monkeypatch.setenv("ALL_PROXY", "")
    async with (
        Peer(serve, tls=server(CERTIFICATE)) as peer,
        Peer(tunnel(lambda: peer.port), tls=own) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", f"https://{proxy.netloc}")
        async with open_transport(kind, SECURE, tls=client()) as transport:
            assert (await transport.send(request(SECURE), 10)).status == 200
        assert len(peer.requests) == 1
