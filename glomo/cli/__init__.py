"""The command line: `glomo payouts run november.csv`, `glomo sandbox`, and everyday reads.

`tree.py` lists every command; `commands/` has one small file for each; `output/` is what a person
or a program sees. A command imports what it needs when it is called, so that help is instant.
"""

from __future__ import annotations

import sys

__all__ = ["main"]

_EXTRA = frozenset({"cyclopts", "jinja2", "openpyxl", "platformdirs", "rich"})


def main() -> None:
    """Run the command line on the process's arguments and exit with its status.

    0: all went well. 1: something was refused, lost or interrupted. 2: a file, an argument or a
    setting that cannot work; nothing was sent. 130: stopped by Ctrl-C.
    """
    from .output import front_page  # noqa: PLC0415 - the standard library alone
    from .output.streams import Streams  # noqa: PLC0415 - the standard library alone

    arguments = sys.argv[1:]
    streams = Streams()
    status: int | str | None = 0
    try:
        if front_page.is_requested(arguments):
            front_page.show()
        else:
            from .app import run  # noqa: PLC0415 - imports cyclopts

            status = run(arguments)
    except ImportError as error:
        package = _missing_package(error)
        if package is None:
            raise
        print(
            f"glomo: the command line needs the package {package!r}: pip install 'glomo[cli]'",
            file=sys.stderr,
        )
        status = 2
    sys.exit(streams.finish(status))


def _missing_package(error: BaseException | None) -> str | None:
    """The package of the extra whose absence is behind an error; a lazy import may wrap it."""
    while error is not None:
        package = (getattr(error, "name", None) or "").partition(".")[0]
        if package in _EXTRA:
            return package
        error = error.__cause__
    return None
