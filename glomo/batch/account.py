"""Whether a key is for the account that a journal's payouts are in.

A key usually says whose it is, and the journal's identity is compared with that. For one that does
not say, the payouts must tell: without this, rows paid in a sandbox would count as paid for good.
An id that the API does not have proves nothing by itself, as the response that brought it may have
been wrong: the row's `request_id` is looked up as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from glomo import errors
from glomo.client import AsyncGlomo

from .errors import JournalMismatchError
from .journal import Entry, Journal
from .outcomes import look_up

_ENTRIES = 3
"""How many entries are asked about before an account counts as another one."""


async def refuse_unknown_account(glomo: AsyncGlomo, journal: Journal) -> None:
    """A key that does not say whose it is must know the journal's payouts.

    Raises:
        JournalMismatchError: it does not.
    """
    if glomo.subject is not None:
        return
    sample: list[Entry] = []
    async for entry in journal.accepted_entries():
        sample.append(entry)
        if len(sample) == _ENTRIES:
            break
    if sample and not await knows_payouts(glomo, sample):
        raise JournalMismatchError(
            f"this key's account does not have {sample[0].payout_id}, which the journal has as "
            f"the payout of {sample[0].reference}: the journal belongs to another account or "
            "environment. Nothing was sent"
        )


async def knows_payouts(glomo: AsyncGlomo, accepted: Sequence[Entry]) -> bool:
    """Whether the account has a payout of one of the first few of these accepted entries."""
    for entry in accepted[:_ENTRIES]:
        if await _has_payout(glomo, entry):
            return True
    return False


async def _has_payout(glomo: AsyncGlomo, entry: Entry) -> bool:
    with suppress(errors.NotFoundError):
        if entry.payout_id is not None:
            await glomo.payouts.retrieve(entry.payout_id)
            return True
    outcome = await look_up(glomo, entry)
    return outcome is not None and outcome.payout is not None
