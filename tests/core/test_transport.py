"""The default transport, through respx and httpx: caps, redirects, proxies, TLS, whose client."""

import gzip
import ssl
import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import respx

from glomo import AsyncGlomo, errors
from glomo.http.transport import LostError, NotSentError, TooLargeError, WireRequest
from glomo.http.transports import httpx as httpx_transport
from glomo.http.transports.httpx import ClientTransport, PooledTransport, default_transport

from .fakes import ASKED, BASE, KEY, payout

URL = f"{BASE}/v1/payouts/payout_1"


def glomo(**settings: Any) -> AsyncGlomo:
    return AsyncGlomo(KEY, base_url=BASE, **{"max_retries": 0, **settings})


# ------------------------------------------------------------------ respx mocks the default


async def test_respx_mocks_the_default_transport(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post(f"{BASE}/v1/payouts").respond(201, json=payout())
    async with glomo() as client:
        assert (await client.payouts.create(**ASKED)).id == "payout_1"
    request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["host"] == "api.test"
    assert int(request.headers["content-length"]) == len(request.content)


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        (httpx.ConnectError("refused"), errors.ConnectError),
        (httpx.ConnectTimeout("slow"), errors.ConnectError),
        (httpx.ProxyError("407"), errors.ConnectError),
        (httpx.ReadTimeout("slow"), errors.ResponseLostError),
        (httpx.WriteError("reset"), errors.ResponseLostError),
        (httpx.ReadError("reset"), errors.ResponseLostError),
        (httpx.RemoteProtocolError("gone"), errors.ResponseLostError),
        (httpx.Response(503, json={"message": "down"}), errors.UnavailableError),
        (httpx.Response(404, text="nothing"), errors.NotFoundError),
    ],
    ids=str,
)
async def test_faults_are_what_they_are(
    respx_mock: respx.MockRouter, effect: Any, error: type[Exception]
) -> None:
    respx_mock.get(URL).mock(side_effect=[effect])
    async with glomo() as client:
        with pytest.raises(error):
            await client.payouts.retrieve("payout_1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_never_followed(respx_mock: respx.MockRouter, status: int) -> None:
    evil = respx_mock.route(host="evil.test").respond(200, json=payout())
    respx_mock.get(URL).respond(status, headers={"location": "https://evil.test/"})
    own = httpx.AsyncClient(follow_redirects=True)
    async with glomo() as default, own, glomo(http_client=own) as through_own:
        for client in (default, through_own):
            with pytest.raises(errors.RedirectError) as caught:
                await client.payouts.retrieve("payout_1")
            assert caught.value.headers["location"] == "https://evil.test/"
    assert not evil.called


# ------------------------------------------------------------------ size and encoding


def request(cap: int = 10_000) -> WireRequest:
    return WireRequest("GET", URL, (), b"", cap)


def answering(*chunks: bytes, **headers: str) -> PooledTransport:
    class Stream(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in chunks:
                yield chunk

    def respond(_: httpx.Request) -> httpx.Response:
        raw = [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in headers.items()]
        return httpx.Response(200, headers=raw, stream=Stream())

    return PooledTransport(lambda: httpx.MockTransport(respond))


@pytest.mark.parametrize("chunks", [[b"x" * 10_001], [b"x" * 5_000] * 3, [b"x"] * 10_001])
async def test_an_answer_longer_than_the_cap_is_not_read(chunks: list[bytes]) -> None:
    with pytest.raises(TooLargeError):
        await answering(*chunks).send(request())


async def test_an_answer_as_long_as_the_cap_is_read() -> None:
    assert len((await answering(b"x" * 5_000, b"x" * 5_000).send(request())).body) == 10_000


async def test_compressed_answers_are_read() -> None:
    raw = gzip.compress(b'{"id": 1}' * 100)
    for chunks in ([raw], [raw[:7], raw[7:30], b"", raw[30:]], [bytes([b]) for b in raw]):
        answer = await answering(*chunks, content_encoding="gzip").send(request())
        assert answer.body == b'{"id": 1}' * 100
    deflated = zlib.compress(b"[]")
    assert (await answering(deflated, content_encoding="deflate").send(request())).body == b"[]"


async def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    largest = 0

    class Watched:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal largest
            piece: bytes = self.inner.decompress(data, most)
            largest = max(largest, len(piece))
            return piece

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    make = zlib.decompressobj
    monkeypatch.setattr(httpx_transport.zlib, "decompressobj", lambda bits: Watched(make(bits)))
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(TooLargeError):
        await answering(bomb, content_encoding="gzip").send(request())
    assert 0 < largest <= 64 * 1024


async def test_a_compressed_answer_that_breaks_off_is_lost() -> None:
    raw = gzip.compress(b'{"id": 1}' * 100)
    for chunks in ([raw[:-9]], [raw[:20]], [b"not gzip"]):
        with pytest.raises(LostError):
            await answering(*chunks, content_encoding="gzip").send(request())
    assert (await answering(content_encoding="gzip").send(request())).body == b""


async def test_header_names_are_small_and_values_as_they_came() -> None:
    answer = await answering(b"{}", X_Trace="Été").send(request())
    assert answer.headers["x-trace"] == "Été"


async def test_a_client_caps_what_it_reads(respx_mock: respx.MockRouter) -> None:
    respx_mock.get(URL).respond(200, json=payout(notes={"a": "x" * 1000}))
    async with glomo(max_response_bytes=500) as client:
        with pytest.raises(errors.ResponseTooLargeError, match="500 bytes"):
            await client.payouts.retrieve("payout_1")


# ------------------------------------------------------------------ pools


async def test_one_connection_a_pool_and_the_last_used_first() -> None:
    made: list[httpx.MockTransport] = []

    def make() -> httpx.MockTransport:
        made.append(httpx.MockTransport(lambda _: httpx.Response(200, json={})))
        return made[-1]

    transport = PooledTransport(make)
    for _ in range(5):
        await transport.send(request())
    assert len(made) == 1


async def test_a_pool_that_failed_is_closed_and_replaced() -> None:
    class Failing(httpx.MockTransport):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    made: list[Failing] = []

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    def make() -> httpx.MockTransport:
        made.append(Failing(fail))
        return made[-1]

    transport = PooledTransport(make)
    for _ in range(3):
        with pytest.raises(NotSentError, match="ConnectError: refused"):
            await transport.send(request())
    assert [pool.closed for pool in made] == [True, True, True]


async def test_a_call_under_way_opens_no_connection_once_the_client_is_closed() -> None:
    transport = answering(b"{}")
    await transport.send(request())
    await transport.aclose()
    with pytest.raises(NotSentError, match="closed"):
        await transport.send(request())


# ------------------------------------------------------------------ a caller's own client


async def test_a_caller_s_client_is_used_and_left_open() -> None:
    seen: list[httpx.Request] = []

    def respond(wire: httpx.Request) -> httpx.Response:
        seen.append(wire)
        return httpx.Response(200, json=payout())

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(respond), auth=("user", "password"), headers={"x-own": "1"}
    ) as own:
        async with glomo(http_client=own) as client:
            assert (await client.payouts.retrieve("payout_1")).id == "payout_1"
        assert not own.is_closed
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"


async def test_a_hook_of_the_caller_may_read_the_answer() -> None:
    async def log(response: httpx.Response) -> None:
        await response.aread()

    class Stream(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield gzip.compress(httpx.Response(200, json=payout()).content)

    def respond(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Stream())

    transport = httpx.MockTransport(respond)
    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [log]}) as own:
        client = glomo(http_client=own)
        assert (await client.payouts.retrieve("payout_1")).id == "payout_1"


async def test_a_caller_s_closed_client_is_explained() -> None:
    own = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    await own.aclose()
    with pytest.raises(errors.ConfigurationError, match="closed by its owner"):
        await glomo(http_client=own).payouts.retrieve("payout_1")


def test_a_caller_s_client_cannot_change_loops() -> None:
    with pytest.raises(errors.ConfigurationError, match="http_client="):
        ClientTransport(httpx.AsyncClient()).reset()


def test_one_way_to_speak_http_is_enough() -> None:
    with pytest.raises(errors.ConfigurationError, match="not both"):
        glomo(http_client=httpx.AsyncClient(), transport=default_transport(BASE))


# ------------------------------------------------------------------ proxies and TLS


def proxy_of(base_url: str) -> str | None:
    proxy = httpx_transport._proxy(base_url)
    return None if proxy is None else str(proxy.url)


def test_the_environment_s_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_of(BASE) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("HTTP_PROXY", "plain.test:8080")
    assert proxy_of(BASE) == "http://proxy.test:3128"
    assert proxy_of("http://inside.test/api") == "http://plain.test:8080"
    for loopback in ("http://localhost:8000/api", "http://127.0.0.1/api", "https://[::1]/api"):
        assert proxy_of(loopback) is None
    monkeypatch.setenv("NO_PROXY", "example.com,.test")
    assert proxy_of(BASE) is None
    monkeypatch.setenv("NO_PROXY", "*")
    assert proxy_of("https://api.other/api") is None


def test_a_proxy_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all.test:1")
    assert proxy_of(BASE) == "http://all.test:1"


@pytest.mark.parametrize("proxy", ["ftp://user:hunter2@proxy.test", "http://user:hunter2@[::1"])
def test_a_proxy_that_is_none_is_explained(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(errors.ConfigurationError, match="proxy") as caught:
        glomo()
    assert "hunter2" not in str(caught.value)


def test_an_address_that_httpx_cannot_use_is_explained() -> None:
    with pytest.raises(errors.ConfigurationError, match="not an address"):
        AsyncGlomo(KEY, base_url="https://xn--.\u2603../api")


def test_tls_is_verified() -> None:
    made = default_transport(BASE)._make()
    assert isinstance(made, httpx.AsyncHTTPTransport)
    context: ssl.SSLContext = made._pool._ssl_context  # type: ignore[assignment]
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context is httpx_transport._tls()
