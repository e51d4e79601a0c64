"""How the command line words what the library advises."""

from __future__ import annotations

from glomo.diagnosis import Diagnosis, Remedy

_WORDS = {
    Remedy.SEARCH_PURPOSE_CODES: "find one with glomo purpose-codes search WORDS",
    Remedy.RETRY_REJECTED: "--retry-failed",
}


def advice_of(diagnosis: Diagnosis) -> str:
    """What to do instead; empty if there is no advice."""
    return diagnosis.advice_in(_WORDS) or ""


def worded(diagnosis: Diagnosis | None) -> str:
    """What is wrong and what to do, as one text; empty if nothing is known."""
    if diagnosis is None:
        return ""
    advice = advice_of(diagnosis)
    return f"{diagnosis.problem}: {advice}" if advice else diagnosis.problem
