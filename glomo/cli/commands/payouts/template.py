"""`glomo payouts template`: an Excel workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.cli.failures import CommandError
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.output.template_workbook import write_template


def template(
    file: Annotated[Path, Parameter(name="FILE", help="The workbook to write: payouts.xlsx")],
    /,
    *,
    rows: Annotated[
        int, Parameter(help="How many rows to prepare.", validator=Number(gte=1, lte=100_000))
    ] = 1000,
    force: Annotated[bool, Parameter(help="Replace FILE if it is there.")] = False,
    json_output: JsonOutput = False,
) -> None:
    """Write an Excel workbook to fill in, with lists of rails, currencies and purpose codes."""
    if file.suffix.lower() != ".xlsx":
        raise CommandError(f"{file} is not a workbook's name", hint="end it with .xlsx")
    if file.exists() and not force:
        raise CommandError(f"{file} is there already", hint="choose another name, or --force")
    write_template(file, rows)
    if json_output:
        print_json({"file": file})
        return
    say(out(), f"{file}: fill in the sheet Payouts, then glomo payouts plan {file}")
