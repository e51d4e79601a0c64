"""Which API a command talks to, with which key, and whether real money moves there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from glomo.client import AsyncGlomo
from glomo.errors import ConfigurationError, GlomoError, OutcomeUnknownError, TransportError
from glomo.http.limiter import Limiter
from glomo.instrumentation.events import Observer
from glomo.settings import resolve_base_url

from . import profiles
from .failures import CommandError
from .options import Access
from .output.console import err, say

if TYPE_CHECKING:
    from glomo.batch.payees import AccountPayees

T = TypeVar("T")

DEFAULT_RATE_LIMIT = 3000


def connect(
    access: Access,
    *,
    api_key: str | None = None,
    rate_limit: int | Limiter = DEFAULT_RATE_LIMIT,
    in_flight: int = 200,
    observers: Sequence[Observer] = (),
) -> AsyncGlomo:
    """A client with the key of the environment or of a profile.

    Args:
        access: the profile and the address that were asked for.
        api_key: a key that the command made itself.
        rate_limit: attempts a minute, or what gives them out; 0 for no limit.
        in_flight: how many attempts may be under way at once.
        observers: are told what the calls do.

    Raises:
        CommandError: there is no key.
        ConfigurationError: the key or the address cannot work.
    """
    base_url = access.base_url
    if api_key is None:
        api_key, base_url = credentials(access)
    return AsyncGlomo(
        api_key,
        base_url=base_url,
        rate_limit=rate_limit or None,
        max_in_flight=in_flight,
        observers=observers,
    )


def credentials(access: Access) -> tuple[str, str | None]:
    """The key, and the address if one was named: the environment comes before the profile.

    Raises:
        CommandError: there is no key.
    """
    key: str | None = os.environ.get("GLOMO_API_KEY") or None
    base_url = access.base_url or os.environ.get("GLOMO_BASE_URL") or None
    if key is not None and access.profile is None:
        # A profile that nobody named is not to send this key to its own address.
        return key, base_url
    profile = profiles.load().select(access.profile)
    if key is not None:
        # Whoever names a profile may expect its key: paying with another account's is no detail.
        text = f"the key of GLOMO_API_KEY is used, not that of the profile {access.profile}"
        say(err(), f"warning: {text}", style="yellow")
    elif profile is not None:
        key = profiles.key_of(profile)
    if profile is not None:
        base_url = base_url or profile.base_url
    if not key:
        # There is no --api-key: arguments are seen by every user of the machine.
        raise CommandError(
            "no API key: set GLOMO_API_KEY to the secret key of the dashboard "
            "(Settings > API & Webhooks)",
            hint="glomo config set NAME keeps a key; glomo sandbox gives one to try things with",
        )
    return key, base_url


def account_payees(access: Access) -> AccountPayees | None:
    """The beneficiaries of the account by name; `None` without a key to ask with."""
    from glomo.batch.payees import read_payees  # noqa: PLC0415 - only for a file with names

    return ask(access, read_payees) if has_key(access) else None


def has_key(access: Access) -> bool:
    """Whether there is a key to ask the API with."""
    if os.environ.get("GLOMO_API_KEY"):
        return True
    profile = profiles.load().select(access.profile)
    return profile is not None and (profile.keyring or bool(profile.api_key))


@asynccontextmanager
async def connected(glomo: AsyncGlomo) -> AsyncGenerator[AsyncGlomo]:
    """Close the client in the end; errors of the network name the host."""
    try:
        async with glomo:
            yield glomo
    except GlomoError as error:
        name_host(error, glomo)
        raise


def name_host(error: BaseException, glomo: AsyncGlomo) -> None:
    """Note at an error of the network which host was called."""
    from glomo.batch.errors import HaltedError  # noqa: PLC0415 - only for a failure

    network = (TransportError, OutcomeUnknownError, HaltedError)
    if isinstance(error, network) and not getattr(error, "__notes__", None):
        error.add_note(f"host: {urlsplit(glomo.base_url).netloc}")


def ask(access: Access, question: Callable[[AsyncGlomo], Awaitable[T]]) -> T:
    """Open a client, ask it one thing, close it."""

    async def asked() -> T:
        async with connected(connect(access)) as glomo:
            return await question(glomo)

    return asyncio.run(asked())


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
