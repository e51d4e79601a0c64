"""A call from a signal handler in the middle of the first use of a resource.

A handler runs between two steps of whatever the main thread does, an import included; the import
cannot go on before the handler has returned. The scripts run the handler's code where the import
system asks for a module that a resource needs, which is such a place.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import sys
from {package} import {client} as Client
from glomo.errors import ConfigurationError

client, seen = Client("sk-unit"), []

class Interruption:
    def find_spec(self, name, path=None, target=None):
        if {where} and not seen:
            seen.append(name)
            try:
                client.{called}
            except ConfigurationError as error:
                seen.append(str(error))
            else:
                seen.append("")
        return None

sys.meta_path.insert(0, Interruption())
client.payouts
assert len(seen) == 2, "nothing was interrupted"
print(seen[1])
print(type(client.payouts).__name__, type(client.balances).__name__)
"""
INSIDE = "name.startswith('glomo') and 'glomo.resources.payouts' in sys.modules"


def run(package: str, client: str, *, called: str) -> list[str]:
    script = SCRIPT.format(package=package, client=client, called=called, where=INSIDE)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("package", "client"), [("glomo", "AsyncGlomo"), ("glomo_sync", "Glomo")])
def test_the_resource_that_is_being_imported_says_so(package: str, client: str) -> None:
    message, kinds = run(package, client, called="payouts")
    assert "interrupted by a call of 'payouts', from a signal handler" in message
    assert "nothing was sent" in message
    assert "`client.payouts`" in message
    # The interrupted use goes on as if nothing had happened, and so does everything after it.
    assert kinds == "PayoutsResource BalancesResource"


@pytest.mark.parametrize(("package", "client"), [("glomo", "AsyncGlomo"), ("glomo_sync", "Glomo")])
def test_another_resource_works_or_says_so(package: str, client: str) -> None:
    message, kinds = run(package, client, called="balances")
    assert not message or "interrupted by a call of 'balances'" in message
    assert kinds == "PayoutsResource BalancesResource"
