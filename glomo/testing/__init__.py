"""Tests of code that uses Glomo, against a whole local Glomo. No account, no network.

    async def test_supplier_is_paid(glomo_sandbox, glomo_client):
        glomo_sandbox.lose_response(after_commit=True, operation="payouts.create", times=1)
        await pay_supplier(glomo_client, "INV-17")
        assert glomo_sandbox.ledger.paid_once("INV-17")

The fixtures need no import: pytest finds them once `glomo[sandbox]` is installed.

| fixture | what it is |
|---|---|
| `glomo_sandbox` | a `glomo.sandbox.Sandbox` of its own for each test, in process |
| `glomo_client` | an `AsyncGlomo` of it |
| `glomo_sync_client` | a `glomo_sync.Glomo` of it, over a loopback port |
| `glomo_beneficiary` | a beneficiary of it to whom payouts succeed |

`@pytest.mark.glomo(queueing=True, faults=0.2, balances={"USD": 0})` sets the sandbox up for one
test. A live key or address among a test's clients fails at once. When a test fails, the last
requests and the balances are in its report. `pytest --glomo-seed=7` picks the seed.

`glomo.testing.router()` is for tests that want no state: respx with a valid response for every
operation. `glomo.testing.state_machine` is a Hypothesis state machine to extend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .responses import router as router
    from .state_machine import GlomoMachine as GlomoMachine

__all__ = ["GlomoMachine", "router"]


def __getattr__(name: str) -> Any:
    if name == "router":
        from .responses import router  # noqa: PLC0415 - respx only for those who use it

        return router
    if name == "GlomoMachine":
        from .state_machine import GlomoMachine  # noqa: PLC0415 - hypothesis likewise

        return GlomoMachine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
