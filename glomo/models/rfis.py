"""RFIs: requests for information, which hold a payment or payout until they are answered."""

from __future__ import annotations

from datetime import datetime

from glomo.models.rfi_requirements import RfiRequirement
from glomo.serialization.model import Model, OpenEnum, Params, model


class RfiStatus(OpenEnum):
    """Where an RFI stands, as far as it is documented. One left unanswered expires."""

    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"


@model
class Rfi(Model):
    """A request for information, documented in part: what else the API sends is in `extra`."""

    id: str | None = None
    status: RfiStatus | None = None
    documents_required: tuple[RfiRequirement, ...] = ()
    reason_code: str | None = None
    reason_code_description: str | None = None
    response_deadline: datetime | None = None

    @property
    def requirements(self) -> tuple[RfiRequirement, ...]:
        """The documents that are asked for."""
        return self.documents_required


@model
class RfiResponse(Params):
    """A document (`doc_id`) that answers one requirement (`rfi_doc_id`) of an RFI."""

    rfi_doc_id: str
    doc_id: str
