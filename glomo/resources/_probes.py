"""Parts of objects that several resources have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def answered(_: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether an RFI on the object has been answered, as `StateProbe` asks."""
    return now.get("status") != "action_required"


def cancelled(_: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the object is cancelled, as `StateProbe` asks."""
    return now.get("status") == "cancelled"
