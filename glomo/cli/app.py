"""The commands put together, and how they end."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module

from cyclopts import App, CycloptsError, Parameter

from glomo._version import __version__

from .failures import EXPECTED, REFUSED, exit_status, report_failure, usage_error
from .tree import GROUPS, READS, all_commands

_COMMANDS = "glomo.cli.commands"
_DEBUG = "--debug, anywhere on the line, shows the traceback of an error."


def build(arguments: Sequence[str] = ()) -> App:
    """The command line.

    Only the module of the command that is called is imported; the help of the others is in the
    tables.

    Args:
        arguments: what was typed after `glomo`.
    """
    app = App(
        name="glomo",
        help="Pay files of payouts, look things up, run a local Glomo.",
        version=lambda: f"glomo {__version__}",
        help_format="plaintext",
        help_epilogue=_DEBUG,
        default_parameter=Parameter(negative=(), show_default=_default),
        result_action="return_int_as_exit_code_else_zero",
    )
    groups = {name: App(name=name, help=summary) for name, summary in GROUPS.items()}
    for reads in READS:
        groups.setdefault(reads.word, App(name=reads.word, help=f"Read {reads.plural}."))
    for command in all_commands():
        *group, name = command.words.split()
        parent = groups[group[0]] if group else app
        module, _, target = f"{_COMMANDS}.{command.target}".partition(":")
        if command.words.split() == list(arguments[: len(group) + 1]):
            # The command that is called has its whole docstring as its help.
            function = getattr(import_module(module), target)
            text: dict[str, str] = {}
            if not isinstance(function, App):
                epilogue = f"For example: glomo {command.example}\n{_DEBUG}"
                text = {"help": _paragraphs(function.__doc__), "help_epilogue": epilogue}
            parent.command(function, name=name, **text)
        else:
            parent.command(f"{module}:{target}", name=name, help=command.summary)
    for group_app in groups.values():
        app.command(group_app)
    return app


def _default(value: object) -> str | None:
    """What the help says of a default: of an option that is off, nothing."""
    off = value is None or value is False or value == ()
    return None if off else str(value)


def _paragraphs(docstring: str | None) -> str:
    """A docstring with each paragraph on one line, to be wrapped by the terminal's width."""
    return "\n\n".join(" ".join(part.split()) for part in (docstring or "").split("\n\n"))


def run(arguments: Sequence[str]) -> int | str | None:
    """Run the command line and return its exit status.

    An error that says enough ends in a line on stderr and a hint, or with `--json` in a line of
    JSON on stdout; with `--debug`, anywhere on the line, in its traceback.
    """
    rest = [argument for argument in arguments if argument != "--debug"]
    debug = len(rest) < len(arguments)
    json_output = "--json" in rest
    if not debug:
        # Retries and cancelled calls: the report says what they came to.
        logging.getLogger("glomo").addHandler(logging.NullHandler())
    try:
        status: int = build(rest)(rest, exit_on_error=False, print_error=False)
    except SystemExit as exited:
        return exited.code
    except CycloptsError as error:
        usage_error(error, json_output=json_output)
        return REFUSED
    except EXPECTED as error:
        if debug:
            raise
        report_failure(error, json_output=json_output)
        return exit_status(error)
    return status
