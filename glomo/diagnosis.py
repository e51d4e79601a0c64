"""What is wrong, and what to do about it, as data: each surface puts it in its own words.

A problem is a sentence's end ("is not a payment rail of Glomo"), advice is an instruction ("write
neft"), and a `Remedy` is an instruction that each surface words for itself: the library says
"send rejected rows again", the command line says `--retry-failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class Remedy(StrEnum):
    """An action that depends on where the user is. The value is the library's own wording."""

    ADD_FUNDS = "add funds"
    CORRECT_BENEFICIARY = "correct the beneficiary"
    CORRECT_ROW = "correct the row"
    RETRY_REJECTED = "send rejected rows again"
    DO_NOT_RESEND = "do not send it again, ask Glomo"
    COMPARE_PAYOUT = "compare the two, and give the row a new reference only if it is a new payout"
    LOOK_UP_NAME = "write it as bene_..., or have plan(payees=...) look names up"
    SHOW_HIDDEN = "show it or delete it; include_hidden=True pays hidden rows, too"
    SEARCH_PURPOSE_CODES = "search glomo.purpose_codes"


@frozen
class Diagnosis:
    """What is wrong with a value, and what to do about it.

    Attributes:
        problem: what is wrong, without the value itself.
        advice: what to write or do instead, where that is one thing whatever the surface.
        remedies: what to do instead, in this order, for the surface to word.
    """

    problem: str
    advice: str | None = None
    remedies: tuple[Remedy, ...] = ()

    def advice_in(self, words: Mapping[Remedy, str]) -> str | None:
        """The advice in a surface's own words; a remedy without words keeps its own."""
        if self.remedies:
            return ", then ".join(words.get(remedy, remedy.value) for remedy in self.remedies)
        return self.advice

    def __str__(self) -> str:
        advice = self.advice_in({})
        return f"{self.problem}: {advice}" if advice else self.problem
