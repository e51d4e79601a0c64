"""Answers whose shape is not documented."""

from __future__ import annotations

from typing import Any

from glomo.serialization.codec import converter
from glomo.serialization.model import Model, model
from glomo.serialization.values import is_object


@model
class UndocumentedResponse(Model):
    """What came from a call whose response is not documented.

    An object's fields are in `extra`. Anything else (a list, text, nothing at all) is in `value`.
    """

    value: Any = None


def _read(value: Any, _: Any) -> UndocumentedResponse:
    # Whatever it is, it tells of a call that succeeded: reading it never fails.
    if is_object(value):
        return UndocumentedResponse(extra=value)
    return UndocumentedResponse(value=value)


converter().register_structure_hook(UndocumentedResponse, _read)
