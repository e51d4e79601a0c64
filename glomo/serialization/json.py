"""JSON text to plain values. Numbers with a point become `Decimal`, never a binary float."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_plain = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def parse_plain(body: bytes) -> Any:
    """Parse with the standard library."""
    return _plain.decode(body.decode())


def _fastest() -> Callable[[bytes], Any]:
    """msgspec's parser where the `fast` extra is installed: a third of the time."""
    try:
        import msgspec  # noqa: PLC0415 - optional
    except ImportError:
        return parse_plain
    return msgspec.json.Decoder(float_hook=Decimal).decode


def _first_time(body: bytes) -> Any:
    global _parse  # noqa: PLW0603 - looked for once, when there is something to parse
    _parse = _fastest()
    return _parse(body)


_parse: Callable[[bytes], Any] = _first_time


def parse_json(body: bytes) -> Any:
    """The JSON value of an answer's body.

    Raises:
        ValueError: not JSON, or nested too deep.
    """
    try:
        return _parse(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    except ArithmeticError as error:
        raise ValueError("a number that nothing can hold") from error
