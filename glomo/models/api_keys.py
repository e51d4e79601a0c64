"""API keys: replacing the one in use."""

from __future__ import annotations

from datetime import datetime

from glomo.serialization.model import Model, hidden, model


@model
class RotatedApiKey(Model):
    """A new secret key, and when the old one ends.

    The key shows in no repr. It is what this object is for, though, so a pickle of the object
    holds it.
    """

    secret_key: str | None = hidden()
    previous_key_expires_at: datetime | None = None
