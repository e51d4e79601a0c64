"""The secrets that sign. While one is replaced by the next, several are good at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NoReturn

from glomo.errors import ConfigurationError, ParameterError


class Secrets:
    """One or more secrets, shown nowhere: not in a repr, not in a pickle."""

    __slots__ = ("_keys",)

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        self._keys = keys

    @classmethod
    def read(
        cls, secrets: str | Sequence[str] | None, *, environment: str, parameter: str
    ) -> Secrets:
        """Read the secrets that a caller passed.

        Args:
            secrets: a secret, several in one text with commas between them, or a sequence of them.
                Empty entries are dropped. `None` reads the environment.
            environment: the environment variable to read then.
            parameter: what the caller's parameter is called, for the errors.

        Raises:
            ConfigurationError: no secret is left. Without one, everything would be believed.
            ParameterError: something else than text.
        """
        try:
            origin = parameter
            if secrets is None:
                origin, secrets = environment, os.environ.get(environment, "")
            if isinstance(secrets, str):
                secrets = secrets.split(",")
            elif not hasattr(secrets, "__iter__"):
                cls._encode(secrets, parameter)
            keys = tuple(cls._encode(entry, parameter) for entry in secrets)
        finally:
            del secrets
        keys = tuple(key for key in keys if key)
        if not keys:
            raise ConfigurationError(
                f"{origin} holds no secret: pass {parameter}=, or set {environment} to one "
                "or several with commas between them"
            )
        return cls(keys)

    @staticmethod
    def _encode(entry: object, parameter: str) -> bytes:
        if entry is None:  # a variable that is not set, and that the caller looked up
            return b""
        if not isinstance(entry, str):
            raise ParameterError(
                f"{parameter} must be text, not {type(entry).__name__}", parameter=parameter
            )
        return entry.strip().encode()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"<{len(self)} secret{'s' if len(self) > 1 else ''}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets do not pickle: read them anew in the other process")
