"""Transports, and the rule which one a client gets.

Without a word it is httpx, whatever else is installed: a package that comes with another one never
changes what speaks HTTP, so mocks (respx) and proxies (SOCKS) keep working. `"aiohttp"` is asked
for by name.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from glomo.errors import ConfigurationError
from glomo.http.transport import Transport

if TYPE_CHECKING:
    import httpx
    import httpx2

    from .environment import Verify

TransportName = Literal["httpx", "aiohttp"]


def choose_transport(
    base_url: str,
    transport: Transport | TransportName | None,
    http_client: httpx.AsyncClient | httpx2.AsyncClient | None,
    *,
    verify: Verify = True,
    connect_timeout: float | None = None,
) -> Transport:
    """Return the transport that a client asks for. Only what that one needs is imported.

    Args:
        base_url: the API's address.
        transport: a name, a transport of the caller's own, or `None`.
        http_client: a client of the caller's own.
        verify: what certificates to trust.
        connect_timeout: seconds for a connection; `None` for the transport's own.

    Raises:
        ConfigurationError: both are given, the name is unknown, its library is not installed, or
            the library cannot use the address or the environment's proxy.
    """
    if transport is not None and http_client is not None:
        raise ConfigurationError("give transport= or http_client=, not both")
    own = http_client is not None or not (transport is None or isinstance(transport, str))
    if own and (verify is not True or connect_timeout is not None):
        raise ConfigurationError(
            "verify= and connect_timeout= are for the SDK's own transports: set them on yours"
        )
    options: dict[str, Any] = {}
    if connect_timeout is not None:
        options["connect_timeout"] = connect_timeout
    if verify is not True:
        from .environment import trusting  # noqa: PLC0415

        options["tls"] = trusting(verify)
    if http_client is not None:
        from .caller import ClientTransport  # noqa: PLC0415

        return ClientTransport(http_client)
    if transport is None or transport == "httpx":
        from .httpx import default_transport  # noqa: PLC0415

        return default_transport(base_url, **options)
    if transport == "aiohttp":
        if find_spec("aiohttp") is None:
            raise ConfigurationError('transport="aiohttp" needs: pip install glomo[fast]')
        from .aiohttp import AiohttpTransport  # noqa: PLC0415

        return AiohttpTransport(base_url, **options)
    if isinstance(transport, str):
        raise ConfigurationError(f'transport must be "httpx" or "aiohttp", not {transport!r}')
    return transport
