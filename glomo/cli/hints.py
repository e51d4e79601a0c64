"""What to do about an error, in a sentence."""

from __future__ import annotations

from glomo import errors

_HINTS: tuple[tuple[type[BaseException], str], ...] = (
    (
        errors.ProductionKeyError,
        "this call exists in the sandbox only: use a sandbox key, or try it with glomo sandbox",
    ),
    (
        errors.ConfigurationError,
        "glomo config shows which key and address are used, and where they come from",
    ),
    (
        errors.AuthenticationError,
        "the key is wrong, expired or revoked, or belongs to another environment: make a new "
        "secret key in the dashboard (Settings > API & Webhooks)",
    ),
    (
        errors.PermissionDeniedError,
        "the key, this machine's address or the account may not do this: check the allowed "
        "addresses in the dashboard (Settings > API & Webhooks)",
    ),
    (
        errors.NotFoundError,
        "the account and environment of this key do not have it: glomo whoami says which they are",
    ),
    (
        errors.RateLimitError,
        "another program behind the same address uses up the limit: wait a minute, or lower "
        "--rate-limit",
    ),
    (errors.ServerError, "the API has a problem of its own: try again in a while"),
    (
        errors.OutcomeUnknownError,
        "it may have been carried out: look before you repeat it",
    ),
    (
        errors.ConnectError,
        "nothing was sent: check the network, a proxy or a firewall, and the address "
        "(glomo config)",
    ),
    (errors.DeadlineError, "the network or the API is slow: try again in a while"),
    (errors.TransportError, "try again in a while"),
    (FileNotFoundError, "check the name and the folder"),
    (PermissionError, "check who may read and write the file and its folder"),
)


def hint_for(error: BaseException) -> str | None:
    """What to do about an error, where there is something to say beyond its message."""
    own = getattr(error, "hint", None)
    if isinstance(own, str):
        return own
    for kind, hint in _HINTS:
        if isinstance(error, kind):
            return hint
    return None
