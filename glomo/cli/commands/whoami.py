"""`glomo whoami`: whether the key works, where, and for what."""

from __future__ import annotations

from glomo.cli.connection import ask
from glomo.cli.options import DEFAULT_ACCESS, Access, JsonOutput
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.output.tables import show_fields
from glomo.client import AsyncGlomo


def whoami(*, json_output: JsonOutput = False, access: Access = DEFAULT_ACCESS) -> None:
    """Whether the key works, where, and for what."""

    async def question(glomo: AsyncGlomo) -> tuple[str, str | None, str | None]:
        await glomo.balances.retrieve()
        return glomo.base_url, glomo.environment, glomo.subject

    address, environment, account = ask(access, question)
    if json_output:
        print_json({"api": address, "environment": environment, "account": account})
        return
    show_fields(
        out(),
        (
            ("API", address),
            ("environment", environment or "unknown (the key does not say)"),
            ("account", account),
        ),
    )
    say(out(), "the key is accepted")
