"""What the environment says about reaching a host: proxies and certificates, alike for all."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from urllib.parse import urlsplit

from glomo._errors_base import preview
from glomo.errors import ConfigurationError
from glomo.settings import is_loopback

_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


def proxy_for(base_url: str) -> str | None:
    """Return the URL of the proxy that the environment names for an address, if it names one.

    Raises:
        ConfigurationError: the environment names something that is not the URL of a proxy.
    """
    # Half of `http` and `email` comes with it: not before a client is made.
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415

    origin = urlsplit(base_url)
    # What is meant for this machine never leaves it: on plain http the key would be readable.
    if is_loopback(origin.hostname or "") or proxy_bypass(origin.netloc):
        return None
    proxies = getproxies()
    named = proxies.get(origin.scheme) or proxies.get("all")
    if not named:
        return None
    url = named if "://" in named else f"http://{named}"
    if not _is_proxy(url):
        # Not shown: proxies often have a password in them.
        raise ConfigurationError("the environment names a proxy that is not an address")
    return url


def _is_proxy(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises if it is not a number
    except ValueError:
        return False
    return parts.scheme in _PROXY_SCHEMES and bool(parts.hostname)


Verify = bool | str | os.PathLike[str] | ssl.SSLContext
"""What certificates to trust: `True`, a file or folder of authorities, or a context."""


def trusting(verify: Verify) -> ssl.SSLContext:
    """Return the context of a client that trusts others than the environment says.

    Raises:
        ConfigurationError: certificates are not to be verified, or cannot be read.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if isinstance(verify, bool):
        raise ConfigurationError(
            "verify cannot be False: the key and every amount would go to whoever answers. "
            "Give the file of the authority to trust, or an ssl.SSLContext"
        )
    if not isinstance(verify, (str, os.PathLike)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            f"verify must be True, a path or an ssl.SSLContext, not {preview(verify)}"
        )
    path = os.fspath(verify)
    folder = os.path.isdir(path)  # noqa: PTH112 - a str comes in and goes out
    try:
        context = ssl.create_default_context(
            cafile=None if folder else path, capath=path if folder else None
        )
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"verify: {path} cannot be read: {error}") from None
    context.set_alpn_protocols(["http/1.1"])
    return context


def tls_context() -> ssl.SSLContext:
    """Return the context that verifies servers.

    Trusted is what `SSL_CERT_FILE` or `SSL_CERT_DIR` names, or else what certifi ships.
    """
    return _tls_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=8)
def _tls_context(file: str | None, folder: str | None) -> ssl.SSLContext:
    # Reading the certificates takes tens of milliseconds: once a process, not once a client.
    try:
        if file or folder:
            context = ssl.create_default_context(
                cafile=file or None, capath=None if file else folder
            )
        else:
            import certifi  # noqa: PLC0415 - only for those who speak TLS

            context = ssl.create_default_context(cafile=certifi.where())
    except OSError as error:
        raise ConfigurationError(
            f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {error}"
        ) from None
    context.set_alpn_protocols(["http/1.1"])
    return context
