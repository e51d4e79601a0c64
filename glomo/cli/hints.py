"""What to do about an error, in a sentence."""

from __future__ import annotations

import sqlite3

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
    (
        errors.IdempotencyConflictError,
        "compare the two, and choose a new request_id only if it is a new payment",
    ),
    (errors.InsufficientBalanceError, "add funds: glomo balances shows what is available"),
    (
        errors.StatusError,
        "correct what the message names; nothing was moved",
    ),
    (
        errors.DecodingError,
        "what responds there may not be Glomo: glomo config shows the address",
    ),
    (errors.ParameterError, "correct the value and try again; nothing was sent"),
    (errors.DeadlineError, "the network or the API is slow: try again in a while"),
    (errors.TransportError, "try again in a while"),
    (FileNotFoundError, "check the name and the folder"),
    (PermissionError, "check who may read and write the file and its folder"),
    (OSError, "check the file, its folder and the space on the disk"),
    (
        sqlite3.Error,
        "check the disk and the file; keep the journal: it knows what was paid",
    ),
)


def _batch_hints() -> tuple[tuple[type[BaseException], str], ...]:
    """Of the errors of a batch, whose modules a command without a file does not import."""
    from glomo.batch import approval  # noqa: PLC0415
    from glomo.batch import errors as batch_errors  # noqa: PLC0415

    return (
        (
            batch_errors.PlanError,
            "mend these cells and save the file; glomo payouts plan FILE checks it again",
        ),
        (
            batch_errors.HaltedError,
            "the same command goes on where it stopped, and looks up first what was sent",
        ),
        (
            batch_errors.JournalLockedError,
            "wait until the other run has ended, or stop it with Ctrl-C",
        ),
        (
            batch_errors.JournalMismatchError,
            "glomo whoami says which account and environment the key is for; --name and "
            "--journal give the file a batch of its own",
        ),
        (batch_errors.ChangedRowsError, "glomo payouts status FILE shows what was sent"),
        (
            batch_errors.JournalError,
            "keep the journal: it knows what was paid; --journal names another file",
        ),
        (batch_errors.BatchError, "glomo payouts status FILE shows how far it is"),
        (
            approval.ApprovalError,
            "the approver looks at the file as it is now: glomo payouts plan FILE --approve-as "
            "NAME",
        ),
    )


def hint_for(error: BaseException) -> str:
    """What to do about an error."""
    own = getattr(error, "hint", None)
    if isinstance(own, str):
        return own
    for kind, hint in (*_batch_hints(), *_HINTS):
        if isinstance(error, kind):
            return hint
    return "--debug, anywhere on the line, shows where it happened"
