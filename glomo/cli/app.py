"""The commands put together, and how they end."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from . import payouts, purpose_codes, reads
from .console import out, say
from .failure import EXPECTED, exit_status, report
from .sandbox_command import sandbox

app = typer.Typer(
    name="glomo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Glomo payments: pay files of payouts, run a local sandbox, look things up. "
    "The key is read from GLOMO_API_KEY.",
)
app.add_typer(payouts.app, name="payouts")
app.command()(sandbox)
app.command()(reads.balances)
app.add_typer(reads.beneficiaries, name="beneficiaries")
app.add_typer(purpose_codes.app, name="purpose-codes")
app.command()(reads.whoami)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(out(), f"glomo {version('glomo')}")
        raise typer.Exit


@app.callback()
def _root(
    debug: Annotated[  # read by run(), which has to know it before the command line is parsed
        bool, typer.Option("--debug", help="Show the traceback of an error.")
    ] = False,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version),
    ] = False,
) -> None:
    """Glomo payments."""


def run(arguments: Sequence[str]) -> int | str | None:
    """Run the command line and return its exit status.

    An error that says enough ends in one line on stderr; with `--debug`, anywhere on the line,
    in its traceback.
    """
    rest = [argument for argument in arguments if argument != "--debug"]
    debug = len(rest) < len(arguments)
    if not debug:
        # Retries and cancelled calls: the report says what they came to.
        logging.getLogger("glomo").addHandler(logging.NullHandler())
    try:
        app(["--debug", *rest] if debug and rest else rest, prog_name="glomo")
    except SystemExit as done:
        return done.code
    except EXPECTED as error:
        if debug:
            raise
        report(error)
        return exit_status(error)
    return 0
