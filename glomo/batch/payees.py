"""Beneficiaries by name: a file may name who is paid as people do, and the API wants ids.

A name stands for an id only if exactly one beneficiary of the account has it, as name or as
nickname, whatever its case and spacing. The plan has the ids: journal, digest and approval are of
those, so that a name which comes to mean somebody else is noticed before anything is sent again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Protocol

from glomo.client import AsyncGlomo
from glomo.diagnosis import Diagnosis, Remedy
from glomo.models.beneficiaries import Beneficiary

from .errors import PlanError

NOT_LOOKED_UP = Diagnosis("is not the id of a beneficiary", remedies=(Remedy.LOOK_UP_NAME,))
"""What is wrong with a name where there are no payees to look it up in."""


class Payees(Protocol):
    """What finds the beneficiary that a name stands for."""

    def find(self, name: str) -> str | Diagnosis:
        """The id, or why there is none.

        Args:
            name: as the file has it.
        """
        ...


class AccountPayees:
    """The beneficiaries of an account, by name and nickname.

    Attributes:
        resolved: the names that were looked up and have an id.
    """

    def __init__(self, beneficiaries: Iterable[Beneficiary]) -> None:
        """Take names and ids; nothing else is kept.

        Args:
            beneficiaries: of one account. Those that were rejected are passed over.
        """
        self.resolved: dict[str, str] = {}
        self._ids: dict[str, set[str]] = {}
        self._spelling: dict[str, str] = {}
        for beneficiary in beneficiaries:
            if beneficiary.status == "rejected":
                continue
            for name in (beneficiary.name, beneficiary.nickname):
                if name:
                    self._ids.setdefault(_key(name), set()).add(beneficiary.id)
                    self._spelling.setdefault(_key(name), name)

    def find(self, name: str) -> str | Diagnosis:
        """The id, or why there is none.

        Args:
            name: as the file has it; case and spacing do not matter.
        """
        ids = sorted(self._ids.get(_key(name), ()))
        if len(ids) == 1:
            self.resolved[name] = ids[0]
            return ids[0]
        if ids:
            candidates = ", ".join(ids[:5])
            return Diagnosis(
                f"is the name of {len(ids)} beneficiaries", f"write the id: {candidates}"
            )
        close = [self._spelling[key] for key in get_close_matches(_key(name), self._ids, n=1)]
        return Diagnosis(
            "is neither the id nor the name or nickname of a beneficiary",
            f"write {close[0]!r} if that is meant" if close else "create it first, or write its id",
        )


async def read_payees(glomo: AsyncGlomo) -> AccountPayees:
    """The beneficiaries of the account, read page by page.

    Args:
        glomo: the client.
    """
    return AccountPayees([beneficiary async for beneficiary in glomo.beneficiaries.list()])


def needs_payees(error: PlanError) -> bool:
    """Whether a file was refused because it names beneficiaries by name.

    Args:
        error: what `Batch.plan` raised.
    """
    return any(problem.diagnosis == NOT_LOOKED_UP for problem in error.every_problem)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
