"""`glomo webhooks`: send events from a sandbox that is running, verify what has arrived."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
from cyclopts import Parameter

from glomo import webhooks
from glomo.cli.failures import FAILED, OK, CommandError
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json
from glomo.errors import SignatureError

SandboxUrl = Annotated[str, Parameter(help="The sandbox's address.", env_var="GLOMO_BASE_URL")]
_SANDBOX = "http://127.0.0.1:8787"


def trigger(
    event: Annotated[str, Parameter(name="EVENT", help="As payout.failed.")],
    /,
    *,
    set_: Annotated[
        tuple[str, ...], Parameter(name="--set", help="FIELD=VALUE of the event's data.")
    ] = (),
    base_url: SandboxUrl = _SANDBOX,
    json_output: JsonOutput = False,
) -> int:
    """Have a sandbox send an event without anything having happened."""
    data: dict[str, str] = {}
    for change in set_:
        name, equals, value = change.partition("=")
        if not equals or not name:
            raise CommandError(f"--set {change} is not FIELD=VALUE", hint="--set status=failed")
        data[name] = value
    return _show(_steer(base_url, "trigger", {"event": event, "data": data}), json_output)


def resend(
    event_id: Annotated[
        str | None, Parameter(name="ID", help="Of the event. Default: the last one.")
    ] = None,
    /,
    *,
    base_url: SandboxUrl = _SANDBOX,
    json_output: JsonOutput = False,
) -> int:
    """Have a sandbox deliver an event again."""
    body = {} if event_id is None else {"id": event_id}
    return _show(_steer(base_url, "resend", body), json_output)


def verify(
    file: Annotated[Path, Parameter(name="FILE", help="The body, byte for byte as it came.")],
    /,
    *,
    signature: Annotated[str, Parameter(help="The X-Glomopay-Signature header.")],
    secret: Annotated[str, Parameter(help="The signing secret.", env_var="GLOMO_WEBHOOK_SECRET")],
    json_output: JsonOutput = False,
) -> int:
    """Check the signature of a webhook. Exit status 1: it is not genuine."""
    body, problem = file.read_bytes(), None
    try:
        webhooks.verify(body, signature, secret)
    except SignatureError as error:
        problem = str(error)
    if json_output:
        print_json({"valid": problem is None, "problem": problem})
    else:
        say(out(), "genuine" if problem is None else f"not genuine: {problem}")
    return OK if problem is None else FAILED


def _steer(base_url: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            response = client.post(f"{origin}/_sandbox/webhooks/{action}", json=body)
        content: Any = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, json.JSONDecodeError) as error:
        raise CommandError(
            f"no sandbox responds at {origin}",
            FAILED,
            hint="glomo sandbox starts one; --base-url names its address",
        ) from error
    if response.status_code != 200:
        raise CommandError(
            str(content.get("message", content)), hint="the dashboard lists the events it knows"
        )
    event: dict[str, Any] = content
    return event


def _show(event: dict[str, Any], json_output: bool) -> int:
    if json_output:
        print_json(event)
        return OK
    name = f"{event['entity_type']}.{event['event_type']}"
    say(out(), f"event {event['id']}   {name}")
    for delivery in event["deliveries"]:
        say(out(), f"to {delivery['url'] or 'a receiver'}   {delivery['state']}", indent=2)
    if not event["deliveries"]:
        say(out(), "no endpoint takes it: glomo sandbox --forward-to URL")
    return OK
