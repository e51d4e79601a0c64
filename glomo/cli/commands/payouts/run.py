"""`glomo payouts run`: pay a file."""

from __future__ import annotations

from glomo.cli.failures import CommandError
from glomo.cli.payment_run.options import RunOptions
from glomo.cli.payout_files import PayoutFile, SiblingPaths
from glomo.cli.postgres import refuse_rehearsal

_DEFAULT = RunOptions()


def run(file: PayoutFile, /, *, options: RunOptions = _DEFAULT) -> int:
    """Pay a file. Each row is paid once, however often this is run.

    Ctrl-C stops it, and the same command goes on where it stopped.

    At the end the payouts are read from the API again, and those that are missing, differ or have
    failed since are shown. The results are written beside FILE, as .results.csv; those of a
    rehearsal with --sandbox as .rehearsal.results.csv.

    The exit status is 0 only if every row was accepted.
    """
    if options.sandbox and (options.base_url is not None or options.profile is not None):
        raise CommandError(
            "--sandbox brings its own key and address",
            hint="leave --base-url and --profile out, or --sandbox",
        )
    if options.sandbox:
        refuse_rehearsal(options.postgres)
    from glomo.cli.payment_run.run import pay  # noqa: PLC0415 - help does without it

    return pay(SiblingPaths(file, rehearsal=options.sandbox), options)
