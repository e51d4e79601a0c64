"""Identifiers that depend on nothing but the seed and a running number."""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Ids:
    """Makes `payout_x7Kc02LmQ9aB`-like ids.

    The n-th id of a prefix is a hash of seed, merchant, prefix and n, so a sandbox that is reloaded
    from its state file goes on where it stopped and never repeats one.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def make(self, prefix: str, number: int | str, merchant_id: str | None = None) -> str:
        """The `number`-th id with this prefix."""
        kind = prefix if merchant_id is None else f"{merchant_id}/{prefix}"
        return f"{prefix}_{self.token(kind, str(number), 12)}"

    def bank_reference(self, payout_id: str) -> str:
        """The unique transaction reference (UTR) that the bank gives to a transfer."""
        return f"GLMSN{self.digits('utr', payout_id, 16)}"

    def account_number(self, of: str) -> str:
        """An invented bank account number."""
        return self.digits("account", of, 12)

    def digits(self, kind: str, of: str, length: int) -> str:
        """So many decimal digits that follow from the seed and what they are for."""
        value = int.from_bytes(self._digest(kind, of), "big") % 10**length
        return f"{value:0{length}d}"

    def token(self, kind: str, of: str, length: int) -> str:
        """So many letters and digits that follow from the seed and what they are for."""
        value = int.from_bytes(self._digest(kind, of), "big")
        letters: list[str] = []
        for _ in range(length):
            value, digit = divmod(value, len(_ALPHABET))
            letters.append(_ALPHABET[digit])
        return "".join(letters)

    def _digest(self, kind: str, of: str) -> bytes:
        return hashlib.blake2b(f"{self._seed}/{kind}/{of}".encode(), digest_size=16).digest()
