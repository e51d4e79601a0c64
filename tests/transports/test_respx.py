"""The default transport through respx, and redirects."""

from typing import Any

import anyio
import httpx
import pytest
import respx

from glomo import AsyncGlomo, errors
from tests.core.fakes import BASE, KEY, PAYOUT_PARAMS, payout
from tests.core.virtual_time import pass_time

URL = f"{BASE}/v1/payouts/payout_1"


def glomo(**settings: Any) -> AsyncGlomo:
    return AsyncGlomo(KEY, base_url=BASE, **{"max_retries": 0, **settings})


async def test_respx_mocks_the_default_transport(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post(f"{BASE}/v1/payouts").respond(201, json=payout())
    async with glomo() as client:
        assert (await client.payouts.create(**PAYOUT_PARAMS)).id == "payout_1"
        assert (await client.payouts.create(**PAYOUT_PARAMS)).id == "payout_1"
    request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["host"] == "api.test"
    assert int(request.headers["content-length"]) == len(request.content)


async def test_so_does_a_patch_of_httpx_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    async def respond(_: Any, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=payout(id=request.url.path[-8:]))

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", respond)
    async with glomo() as client:
        assert (await client.payouts.retrieve("payout_7")).id == "payout_7"


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


async def test_a_mocked_server_that_is_silent_has_had_the_request(
    respx_mock: respx.MockRouter,
) -> None:
    async def hang(_: httpx.Request) -> httpx.Response:
        pass_time(60)
        await anyio.sleep_forever()
        raise AssertionError

    respx_mock.get(URL).mock(side_effect=hang)
    async with glomo(timeout=10) as client:
        with pytest.raises(errors.ResponseLostError, match="no response within"):
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


async def test_a_client_caps_what_it_reads(respx_mock: respx.MockRouter) -> None:
    respx_mock.get(URL).respond(200, json=payout(notes={"a": "x" * 1000}))
    async with glomo(max_response_bytes=500) as client:
        with pytest.raises(errors.ResponseTooLargeError, match="max_response_bytes"):
            await client.payouts.retrieve("payout_1")


def test_an_address_that_httpx_cannot_use_is_explained() -> None:
    with pytest.raises(errors.ConfigurationError, match="not an address"):
        AsyncGlomo(KEY, base_url="https://xn--.\u2603../api")
