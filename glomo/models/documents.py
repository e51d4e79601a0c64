"""Documents: files that go with payments, payouts and requests for information."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import DocumentStatus
from glomo.serialization.model import Model, always_sent, model


@model
class Document(Model):
    """An uploaded file: `document_name` as it was given, `file_name` as the API keeps it.

    `preview_url` comes with an upload only.
    """

    id: str
    status: DocumentStatus
    document_name: str = always_sent()
    file_name: str = always_sent()
    preview_url: str | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
