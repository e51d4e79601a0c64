"""An error as JSON, for programs: the last line on stdout, with the same fields for every error."""

from __future__ import annotations

from glomo.batch.errors import PlanError

from .json_output import print_json_line
from .plan_summary import problem_as_json


def print_failure(error: BaseException, message: str, hint: str) -> None:
    """Print one line: `{"event": "error", "error": {"type": ..., "message": ..., "hint": ...}}`.

    Args:
        error: what went wrong. Its class is `type`; its `request_id` is the idempotency key of the
            call, or null. A file with mistakes lists them as `problems`.
        message: what went wrong, in words.
        hint: what to do about it.
    """
    fields: dict[str, object] = {
        "type": type(error).__name__,
        "message": message,
        "hint": hint,
        "request_id": getattr(error, "request_id", None),
    }
    if isinstance(error, PlanError):
        fields["problems"] = [problem_as_json(problem) for problem in error.every_problem]
    print_json_line({"event": "error", "error": fields})
