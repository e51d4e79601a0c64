"""TLS: whom to trust, and who one is."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from glomo.http.transport import LostError, NotSentError

from .kinds import every, every_own, open_transport, request
from .peer import OK, OTHER, Line, Peer, serve

CA = trustme.CA()
STRANGER = trustme.CA()


def server(certificate: trustme.LeafCert, *, client_ca: trustme.CA | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    if client_ca is not None:
        client_ca.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def client(ca: trustme.CA = CA, certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    if certificate is not None:
        certificate.configure_cert(context)
    return context


GOOD = server(CA.issue_cert("127.0.0.1"))


@every
async def test_an_encrypted_connection_is_reused(kind: str) -> None:
    async with Peer(tls=GOOD) as peer, open_transport(kind, peer.origin, tls=client()) as transport:
        for _ in range(5):
            assert (await transport.send(request(peer.origin), 10)).body == b'{"id": "a"}'
        assert peer.accepted == 1


@every_own
async def test_a_ca_of_the_environment_is_trusted(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ca.pem"
    CA.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with Peer(tls=GOOD) as peer, open_transport(kind, peer.origin) as transport:
        assert (await transport.send(request(peer.origin), 10)).status == 200


@every
@pytest.mark.parametrize("problem", ["unknown CA", "another name", "expired"])
async def test_a_server_that_cannot_prove_itself_gets_nothing(kind: str, problem: str) -> None:
    match problem:
        case "unknown CA":
            certificate = STRANGER.issue_cert("127.0.0.1")
        case "another name":
            certificate = CA.issue_cert("api.other.test")
        case _:
            certificate = CA.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))
    async with (
        Peer(tls=server(certificate)) as peer,
        open_transport(kind, peer.origin, tls=client()) as transport,
    ):
        with pytest.raises(NotSentError):
            await transport.send(request(peer.origin), 10)
        assert not peer.requests


@every
async def test_a_server_without_tls_gets_nothing(kind: str) -> None:
    async def plain(line: Line) -> None:
        await line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with Peer(plain) as peer:
        origin = f"https://{peer.netloc}"
        async with open_transport(kind, origin, tls=client()) as transport:
            with pytest.raises(NotSentError):
                await transport.send(request(origin), 10)
        assert not peer.requests


@every
async def test_a_client_certificate_is_shown(kind: str) -> None:
    context = server(CA.issue_cert("127.0.0.1"), client_ca=STRANGER)
    own = client(certificate=STRANGER.issue_cert("client.test"))
    async with (
        Peer(tls=context) as peer,
        open_transport(kind, peer.origin, tls=own) as transport,
    ):
        assert (await transport.send(request(peer.origin), 10)).status == 200


@every
async def test_without_the_client_certificate_that_is_asked_for_nothing_is_carried_out(
    kind: str,
) -> None:
    context = server(CA.issue_cert("127.0.0.1"), client_ca=STRANGER)
    async with Peer(tls=context) as peer:
        async with open_transport(kind, peer.origin, tls=client()) as transport:
            # In TLS 1.3 the refusal comes after the request has been written.
            with pytest.raises((NotSentError, LostError)):
                await transport.send(request(peer.origin), 10)
        assert not peer.requests


@every_own
async def test_an_extra_response_in_the_same_segment_is_never_the_next_one_s(kind: str) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(OK + OTHER)
        await serve(line)

    async with (
        Peer(step, serve, tls=GOOD) as peer,
        open_transport(kind, peer.origin, tls=client()) as transport,
    ):
        for _ in range(3):
            assert (await transport.send(request(peer.origin), 10)).body == b'{"id": "a"}'
        assert peer.accepted == 2


@every_own
async def test_a_connection_that_ended_while_idle_costs_no_call(kind: str) -> None:
    async def step(line: Line) -> None:
        await line.request()
        await line.send(OK)

    async with (
        Peer(step, serve, tls=GOOD) as peer,
        open_transport(kind, peer.origin, tls=client()) as transport,
    ):
        await transport.send(request(peer.origin), 10)
        await peer.until(lambda: not peer.open)
        assert (await transport.send(request(peer.origin), 10)).status == 200
