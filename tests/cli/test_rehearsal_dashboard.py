from __future__ import annotations

import json
import shlex
from typing import Any

import httpx


def test_a_rehearsal_names_the_command_that_shows_what_was_paid(
    cli: Any, start: Any, payout_file: Any
) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    ended = cli("payouts", "run", file, "--sandbox", "--yes")
    assert ended.status == 0, ended.text
    command = ended.out.strip().splitlines()[-1].partition("see it all: glomo ")[2]
    arguments = [one for one in shlex.split(command) if one != "--open"]
    process = start(*arguments, "--port", 0, "--json")
    dashboard = json.loads(process.line())["dashboard"]
    assert "USD 1,250.00" in httpx.get(f"{dashboard}records/payout").text
