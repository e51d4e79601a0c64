"""The command line: `glomo payouts run november.csv`, `glomo sandbox`, and everyday reads."""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["main"]


def main() -> None:
    """Run the command line on the process's arguments and exit with its status.

    0: all went well. 1: something was refused, lost or interrupted. 2: a file, an argument or a
    setting that cannot work; nothing was sent.
    """
    try:
        for package in ("rich", "typer"):
            import_module(package)
    except ImportError as missing:
        sys.exit(_needs_extra(missing))
    from .app import run  # noqa: PLC0415 - imports typer

    sys.exit(run(sys.argv[1:]))


def _needs_extra(missing: ImportError) -> int:
    print(
        f"glomo: the command line needs the package {missing.name!r}: pip install 'glomo[cli]'",
        file=sys.stderr,
    )
    return 2
