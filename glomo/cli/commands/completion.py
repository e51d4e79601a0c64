"""`glomo completion`: completion with the Tab key in bash, zsh, fish and PowerShell."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from glomo.cli.failures import CommandError
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json

Shell = Literal["bash", "zsh", "fish", "powershell"]


def completion(
    shell: Annotated[
        Shell | None, Parameter(name="SHELL", help="Default: the shell that this is called from.")
    ] = None,
    /,
    *,
    install: Annotated[
        bool, Parameter(help="Put it where the shell finds it, and add it to the start-up file.")
    ] = False,
    json_output: JsonOutput = False,
) -> None:
    """Print the completion script of a shell, or install it with --install."""
    from cyclopts.completion.detect import ShellDetectionError  # noqa: PLC0415

    from glomo.cli.app import build  # noqa: PLC0415 - it imports every command's table

    try:
        if install:
            path = build().install_completion(shell=shell)
            if json_output:
                print_json({"file": path})
                return
            say(out(), f"installed in {path}; it works in the next shell")
            return
        script = build().generate_completion(shell=shell)
        if json_output:
            print_json({"script": script})
            return
        sys.stdout.write(script)
    except ShellDetectionError:
        raise CommandError(
            "the shell cannot be told",
            hint="name it: glomo completion bash (zsh, fish, powershell)",
        ) from None
