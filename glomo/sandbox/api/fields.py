"""Reading the fields of a request body, each with the error it deserves."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from glomo.sandbox.engine.errors import bad_request

from .endpoint import Json


def permit(body: Json, allowed: Collection[str]) -> None:
    """Reject a field that the request does not have (`additionalProperties: false`)."""
    for name in body:
        if name not in allowed:
            raise bad_request(f"{name} is not a permitted parameter")


def text(body: Json, name: str, *, longest: int | None = None) -> str | None:
    """An optional string; absent, null and blank are the same."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise bad_request(f"{name} must be a string")
    if longest is not None and len(value) > longest:
        raise bad_request(f"{name} is too long (maximum is {longest} characters)")
    return value if value.strip() else None


def required(body: Json, name: str) -> str:
    """A string that must be there."""
    value = text(body, name)
    if value is None:
        raise bad_request(f"{name} is missing")
    return value


def choice(name: str, value: str, allowed: Iterable[str]) -> str:
    """One of the allowed values."""
    if value not in allowed:
        raise bad_request(f"{name} does not have a valid value")
    return value


def amount(body: Json, name: str) -> int | None:
    """An optional amount in minor units: a JSON integer, nothing that merely looks like one."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise bad_request(f"{name} must be an integer")
    if value < 1:
        raise bad_request(f"{name} must be greater than 0")
    if value > 10**15:
        raise bad_request(f"{name} is too large")
    return value


def ids(body: Json, name: str, prefix: str) -> list[str]:
    """An optional list of ids of one kind."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad_request(f"{name} must be an array")
    accepted: list[str] = []
    for item in cast("list[object]", value):
        if not isinstance(item, str) or not item.startswith(f"{prefix}_"):
            raise bad_request(f"{name} must contain ids that start with '{prefix}_'")
        accepted.append(item)
    return accepted


def flag(body: Json, name: str) -> bool | None:
    """An optional JSON boolean."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_request(f"{name} must be a boolean")
    return value


def notes(body: Json) -> dict[str, str] | None:
    """The caller's own key-value pairs, strings to strings."""
    pairs = part(body, "notes")
    for key, value in (pairs or {}).items():
        if not isinstance(value, str):
            raise bad_request(f"notes.{key} must be a string")
    return pairs


def part(body: Json, name: str) -> Json | None:
    """An optional nested object."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request(f"{name} must be an object")
    return cast("Json", value)
