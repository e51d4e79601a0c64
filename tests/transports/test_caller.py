"""A caller's own client: what of it applies, what does not, and what is no client."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import httpx2
import pytest

from glomo import AsyncGlomo, errors
from glomo.http.transports.caller import ClientTransport
from glomo.http.transports.httpx import default_transport
from tests.core.fakes import BASE, KEY, PAYOUT_PARAMS, payout
from tests.core.virtual_time import pass_time

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def glomo(**settings: Any) -> AsyncGlomo:
    return AsyncGlomo(KEY, base_url=BASE, **{"max_retries": 0, **settings})


@LIBRARIES
async def test_it_is_used_as_it_is_and_left_open(library: Any) -> None:
    seen: list[Any] = []

    def respond(wire: Any) -> Any:
        seen.append(wire)
        return library.Response(200, json=payout())

    async with library.AsyncClient(
        transport=library.MockTransport(respond),
        auth=("user", "password"),
        headers={"x-own": "1", "authorization": "Basic own"},
        params={"tenant": "7"},
        timeout=library.Timeout(3, read=11),
    ) as own:
        async with glomo(http_client=own) as client:
            assert (await client.payouts.create(**PAYOUT_PARAMS)).id == "payout_1"
        assert not own.is_closed
    [wire] = seen
    assert wire.headers["authorization"] == f"Bearer {KEY}"
    assert wire.headers["x-own"] == "1"
    assert wire.headers["accept-encoding"] == "gzip"
    assert str(wire.url) == f"{BASE}/v1/payouts?tenant=7"
    timeouts = wire.extensions["timeout"]
    assert (timeouts["connect"], timeouts["read"]) == (3, 11)


@LIBRARIES
async def test_a_hook_of_its_owner_may_read_the_response(library: Any) -> None:
    async def log(response: Any) -> None:
        await response.aread()

    class Stream(library.AsyncByteStream):  # type: ignore[misc]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield gzip.compress(library.Response(200, json=payout()).content)

    def respond(_: Any) -> Any:
        return library.Response(200, headers={"content-encoding": "gzip"}, stream=Stream())

    transport = library.MockTransport(respond)
    async with library.AsyncClient(transport=transport, event_hooks={"response": [log]}) as own:
        client = glomo(http_client=own)
        assert (await client.payouts.retrieve("payout_1")).id == "payout_1"


async def test_a_time_out_of_a_transport_that_tells_nothing_is_a_lost_response() -> None:
    import anyio

    async def respond(_: httpx.Request) -> httpx.Response:
        pass_time(60)
        await anyio.sleep_forever()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as own:
        with pytest.raises(errors.OutcomeUnknownError):
            await glomo(http_client=own, timeout=10).payouts.create(**PAYOUT_PARAMS)


@LIBRARIES
async def test_a_closed_client_is_explained(library: Any) -> None:
    own = library.AsyncClient(transport=library.MockTransport(lambda _: library.Response(200)))
    await own.aclose()
    with pytest.raises(errors.ConfigurationError, match="closed by its owner"):
        await glomo(http_client=own).payouts.retrieve("payout_1")


@LIBRARIES
def test_it_cannot_change_loops(library: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="http_client="):
        ClientTransport(library.AsyncClient()).reset()


@pytest.mark.parametrize(
    "other",
    [
        httpx.Client(),
        httpx2.Client(),
        object(),
        httpx.AsyncClient,
        httpx.AsyncHTTPTransport(),
        "client",
    ],
    ids=lambda other: type(other).__qualname__,
)
def test_what_is_no_async_client_is_refused_when_the_client_is_made(other: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"httpx\.AsyncClient") as caught:
        glomo(http_client=other)
    assert type(other).__qualname__ in str(caught.value)


def test_a_subclass_is_an_async_client() -> None:
    class Own(httpx.AsyncClient):
        pass

    assert glomo(http_client=Own())


def test_one_way_to_speak_http_is_enough() -> None:
    with pytest.raises(errors.ConfigurationError, match="not both"):
        glomo(http_client=httpx.AsyncClient(), transport=default_transport(BASE))
