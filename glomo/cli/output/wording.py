"""How the command line words what the library advises."""

from __future__ import annotations

from glomo.diagnosis import Diagnosis, Remedy

_WORDS = {
    Remedy.SEARCH_PURPOSE_CODES: "find one with glomo purpose-codes search WORDS",
    Remedy.RETRY_REJECTED: "--retry-failed",
    Remedy.SHOW_HIDDEN: "show it or delete it; --include-hidden pays hidden rows, too",
    Remedy.LOOK_UP_NAME: "write it as bene_..., or set a key: names are looked up with it",
}
_WORDS_FOR_ONE = {
    Remedy.RETRY_REJECTED: "pay it again under a new request_id (a row of a file: --retry-failed)"
}


def advice_of(diagnosis: Diagnosis) -> str:
    """What to do instead; empty if there is no advice."""
    return diagnosis.advice_in(_WORDS) or ""


def worded(diagnosis: Diagnosis | None, *, of_a_file: bool = True) -> str:
    """What is wrong and what to do, as one text; empty if nothing is known.

    Args:
        diagnosis: what is known.
        of_a_file: it is about a row of a payout file, not about an object by itself.
    """
    if diagnosis is None:
        return ""
    advice = diagnosis.advice_in(_WORDS if of_a_file else _WORDS | _WORDS_FOR_ONE)
    return f"{diagnosis.problem}: {advice}" if advice else diagnosis.problem
