"""What a request for information asks for: one shape, whatever the API calls its parts.

RFIs and payments list it as `documents_required`, orders and payment links as `rfi_documents`,
refunds among their `documents`, as those that have no `id` yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from glomo.serialization.model import Model, model


@model
class RfiRequirement(Model):
    """A document that an RFI asks for: answer it by its `rfi_doc_id`.

    At most `max_count` documents answer it; `None` is one.
    """

    rfi_doc_id: str | None = None
    description: str | None = None
    multiple_allowed: bool | None = None
    max_count: int | None = None


class NamedDocument(Protocol):
    """A required document of an order or a payment link."""

    @property
    def rfi_doc_id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...


class DocumentSlot(Protocol):
    """A document of a refund. Without an `id` it is one that is asked for."""

    @property
    def id(self) -> str | None: ...
    @property
    def type(self) -> str | None: ...
    @property
    def rfi_doc_id(self) -> str | None: ...


def from_names(documents: Iterable[NamedDocument]) -> tuple[RfiRequirement, ...]:
    """The requirements of an order or a payment link."""
    return tuple(
        RfiRequirement(rfi_doc_id=each.rfi_doc_id, description=each.name) for each in documents
    )


def from_slots(documents: Iterable[DocumentSlot]) -> tuple[RfiRequirement, ...]:
    """The requirements of a refund."""
    return tuple(
        RfiRequirement(rfi_doc_id=each.rfi_doc_id, description=each.type)
        for each in documents
        if each.id is None and each.rfi_doc_id is not None
    )
