"""Who may steer the sandbox: this machine, and no web page but the sandbox's own.

A browser is on this machine too. A page of another site could post to a local port (refused by its
`Origin`), or make its own name lead to 127.0.0.1 and then read (refused by its `Host`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.requests import Request


class Access:
    """Admits requests to the control plane and the dashboard.

    Parameters:
        trusted_hosts: names (`sandbox.internal`) under which other machines may reach them too.
    """

    def __init__(self, trusted_hosts: Iterable[str] = ()) -> None:
        self._trusted = frozenset(host.lower() for host in trusted_hosts)

    def problem(self, request: Request) -> str | None:
        """Why a request is refused, or None: it may pass."""
        host = request.headers.get("host", "")
        name = _name_of(host)
        if name not in self._trusted:
            if not is_loopback(name):
                return f"the sandbox is not known as {name!r}: use 127.0.0.1 or localhost"
            if request.client is not None and not is_loopback(request.client.host):
                return "the control plane serves this machine only"
        origin = request.headers.get("origin")
        if origin is not None and origin.lower() != f"{request.url.scheme}://{host}".lower():
            return f"a page of {origin} may not steer the sandbox"
        if request.method not in ("GET", "HEAD") and request.headers.get(
            "sec-fetch-site", "none"
        ) not in ("none", "same-origin"):
            return "a page of another site may not steer the sandbox"
        return None


def is_loopback(host: str) -> bool:
    """Whether a name or an address without a port is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _name_of(host: str) -> str:
    """A `Host` header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
