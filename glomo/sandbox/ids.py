"""Identifiers that depend on nothing but the seed and a running number."""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Ids:
    """Makes `payout_x7Kc02LmQ9aB`-like ids.

    The n-th id of a prefix is a hash of seed, prefix and n, so a sandbox that is reloaded from its
    state file goes on where it stopped and never repeats one.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def make(self, prefix: str, number: int) -> str:
        """The `number`-th id with this prefix."""
        return f"{prefix}_{self._token(prefix, str(number), 12)}"

    def bank_reference(self, payout_id: str) -> str:
        """The unique transaction reference (UTR) that the bank gives to a payout."""
        digits = int.from_bytes(self._digest("utr", payout_id), "big") % 10**16
        return f"GLMSN{digits:016d}"

    def account_number(self, beneficiary_id: str) -> str:
        """A made-up bank account number for a seeded beneficiary."""
        return f"{int.from_bytes(self._digest('account', beneficiary_id), 'big') % 10**12:012d}"

    def _token(self, prefix: str, of: str, length: int) -> str:
        value = int.from_bytes(self._digest(prefix, of), "big")
        letters: list[str] = []
        for _ in range(length):
            value, digit = divmod(value, len(_ALPHABET))
            letters.append(_ALPHABET[digit])
        return "".join(letters)

    def _digest(self, kind: str, of: str) -> bytes:
        return hashlib.blake2b(f"{self._seed}/{kind}/{of}".encode(), digest_size=16).digest()
