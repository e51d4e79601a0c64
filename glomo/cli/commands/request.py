"""`glomo request METHOD PATH`: any operation, also one that this version does not know."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from glomo.cli.connection import connect, connected, moves_money
from glomo.cli.failures import CommandError
from glomo.cli.options import DEFAULT_ACCESS, Access
from glomo.cli.output.json_output import print_json


def request(
    method: Annotated[str, Parameter(name="METHOD", help="GET, POST, PATCH, PUT or DELETE.")],
    path: Annotated[str, Parameter(name="PATH", help="With its version: /v1/payouts.")],
    /,
    *,
    query: Annotated[
        tuple[str, ...], Parameter(help="KEY=VALUE, as often as needed.", negative=())
    ] = (),
    body: Annotated[
        str | None,
        Parameter(help="JSON; @FILE reads a file, - standard input.", allow_leading_hyphen=True),
    ] = None,
    yes: Annotated[
        bool, Parameter(help="Send it with a production key also if it changes something.")
    ] = False,
    json_output: Annotated[
        bool, Parameter(name="--json", help="Errors as JSON, too; the result always is.")
    ] = False,
    access: Access = DEFAULT_ACCESS,
) -> None:
    """Call an operation and print the JSON that it returns.

    It goes through the same limits and retries as every call. What creates or moves something is
    not repeated after a failure, since nothing is known of its rules.
    """
    del json_output  # it is for what prints errors
    method = method.upper()
    pairs: dict[str, str] = {}
    for entry in query:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise CommandError(f"--query {entry!r} is not KEY=VALUE", hint="--query status=failed")
        pairs[key] = value
    content = None if body is None else _content(body)

    async def send() -> Any:
        glomo = connect(access)
        if method not in ("GET", "HEAD") and moves_money(glomo) and not yes:
            raise CommandError(
                f"{method} may move real money over {glomo.base_url}, so nothing was sent",
                hint="--yes sends it; with a sandbox key nothing is asked",
            )
        async with connected(glomo):
            return await glomo.request(method, path, query=pairs or None, body=content)

    print_json(asyncio.run(send()))


def _content(body: str) -> Any:
    try:
        if body == "-":
            text = sys.stdin.read()
        else:
            text = Path(body[1:]).read_text(encoding="utf-8") if body.startswith("@") else body
        return json.loads(text)
    except (ValueError, OSError) as error:
        raise CommandError(
            f"--body cannot be used: {error}", hint='write JSON: \'{"key": "value"}\''
        ) from None
