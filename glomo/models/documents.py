"""Documents: files that go with payments, payouts and requests for information."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import DocumentStatus
from glomo.serialization.model import Model, model


@model
class Document(Model):
    """An uploaded file: `document_name` as it was given, `file_name` as the API keeps it."""

    id: str
    status: DocumentStatus
    document_name: str | None = None
    file_name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
