"""Two pairs of eyes: paying only what somebody has approved."""

from __future__ import annotations

from glomo.batch import Plan
from glomo.batch.approval import Approval
from glomo.cli.failures import CommandError
from glomo.cli.output.console import err, say
from glomo.cli.report.files import this_account

from .options import RunOptions


def require_approval(plan: Plan, options: RunOptions) -> Approval | None:
    """The approval that was given, checked against the plan; `None` if none was asked for.

    Raises:
        ApprovalError: it is for another plan, or not signed by the approver's key.
        CommandError: a key was given without an approval.
    """
    if options.approval is None:
        if options.approver_key is not None:
            raise CommandError(
                "--approver-key checks an approval, and there is none",
                hint="name it with --approval FILE",
            )
        return None
    approval = Approval.read(options.approval)
    approval.refuse_other_plan(plan)
    if options.approver_key is not None:
        try:
            public_key = options.approver_key.read_bytes()
        except OSError as error:
            raise CommandError(
                f"--approver-key cannot be read: {error}", hint="name an Ed25519 public key in PEM"
            ) from None
        approval.refuse_unsigned(public_key)
    if approval.account == this_account():
        say(
            err(),
            f"warning: it was approved and is paid by the same user, {approval.account}",
            style="yellow",
        )
    return approval
