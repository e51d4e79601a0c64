"""A caller's own `AsyncClient`, of httpx or of httpx2."""

from __future__ import annotations

from functools import partial
from typing import Any

from glomo.errors import ConfigurationError
from glomo.http.transport import WireRequest, WireResponse

from .exchange import Progress, exchange

_LIBRARIES = ("httpx", "httpx2")


class ClientTransport:
    """Sends through a client that stays its owner's: it is never closed here.

    Its proxies, event hooks, default headers and parameters, time-outs and transport apply. The
    API key, and whatever else the request itself sets, go before the client's own.
    """

    def __init__(self, client: Any) -> None:
        """Take a client.

        Raises:
            ConfigurationError: it is not an `AsyncClient`.
        """
        self._library = _library_of(client)
        self._client = client

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        """Send through the client."""
        client = self._client
        if client.is_closed:
            raise ConfigurationError("the http_client= of this client was closed by its owner")
        progress = Progress()
        wire = client.build_request(
            request.method,
            request.url,
            headers=list(request.headers),
            content=request.content,
            extensions={"trace": progress},
        )
        response, _ = await exchange(
            # auth=None: the client's own would take the place of the key.
            partial(client.send, wire, stream=True, auth=None, follow_redirects=False),
            library=self._library,
            max_bytes=request.max_response_bytes,
            timeout=timeout,
            is_connecting=lambda: progress.connecting,
        )
        return response

    def discard_connections(self) -> None:
        """Leave the client's connections alone: other work of its owner may be on them."""

    def reset(self) -> None:
        """Refuse: another's client cannot be rebuilt."""
        raise ConfigurationError(
            "http_client= belongs to the event loop and the process it was made in: "
            "make the client where it is used, or leave http_client= out"
        )

    async def aclose(self) -> None:
        """Leave the client open: its owner closes it."""


def _library_of(client: Any) -> str:
    for base in type(client).__mro__:
        library = base.__module__.partition(".")[0]
        if base.__name__ == "AsyncClient" and library in _LIBRARIES:
            return library
    kind = f"{type(client).__module__.partition('.')[0]}.{type(client).__qualname__}"
    raise ConfigurationError(
        f"http_client= takes an httpx.AsyncClient or an httpx2.AsyncClient, not {kind}"
    )
