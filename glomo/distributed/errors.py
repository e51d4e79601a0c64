"""What can go wrong between machines."""

from __future__ import annotations

from glomo.batch.errors import JournalError, JournalLockedError


class FencedError(JournalError):
    """This worker no longer has the slice: its lease ran out, and another may have taken it.

    Nothing was written and nothing was sent after the lease was lost. It ends the slice's run at
    once; whoever has the slice now looks up what was in flight.
    """


class SliceTakenError(JournalLockedError):
    """Another worker has the slice, or part of the batch: come back later."""


class SliceDoneError(JournalError):
    """The slice was done before it was to be taken: it was delivered twice."""


class DatabaseError(JournalError):
    """The database cannot be reached or used. What it keeps is not touched."""

    hint = "check that the server runs, and the address in --postgres or GLOMO_POSTGRES"
