"""Which API a command talks to, and whether real money moves there."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from glomo.client import AsyncGlomo
from glomo.errors import ConfigurationError
from glomo.settings import resolve_base_url

from .failure import CommandError

DEFAULT_RATE_LIMIT = 3000


def connect(
    base_url: str | None,
    *,
    api_key: str | None = None,
    rate_limit: int = DEFAULT_RATE_LIMIT,
    in_flight: int = 200,
) -> AsyncGlomo:
    """A client with the key of the environment.

    Args:
        base_url: the API's address; `None` for `GLOMO_BASE_URL` or the live API.
        api_key: a key that the command made itself; `None` for `GLOMO_API_KEY`.
        rate_limit: attempts a minute; 0 for no limit.
        in_flight: how many attempts may be under way at once.
    """
    if api_key is None and not os.environ.get("GLOMO_API_KEY"):
        # There is no --api-key: arguments are seen by every user of the machine.
        raise CommandError(
            "no API key: set GLOMO_API_KEY to the secret key of the dashboard "
            "(Settings > API & Webhooks); `glomo sandbox` gives one to try things with"
        )
    return AsyncGlomo(
        api_key,
        base_url=base_url,
        rate_limit=rate_limit or None,
        max_in_flight=in_flight,
    )


def moves_money(glomo: AsyncGlomo) -> bool:
    """Whether real money may move.

    A production key always may: what listens on this machine can be a tunnel to the live API. A key
    that does not say what it is for may, unless the API is on this machine.
    """
    if glomo.environment is None:
        return not _on_this_machine(glomo.base_url)
    return glomo.environment != "sandbox"


def _on_this_machine(base_url: str) -> bool:
    # The settings let plain http through to this machine only.
    try:
        resolve_base_url(urlsplit(base_url)._replace(scheme="http").geturl())
    except ConfigurationError:
        return False
    return True
