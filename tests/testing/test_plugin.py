"""The fixtures as users have them: in a test run of their own, without an import."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

PAY = """
import pytest

A = dict(source_currency="USD", destination_currency="INR", source_amount=125000,
         payment_rail="neft", purpose_code="S1005")

async def pay_supplier(glomo, beneficiary, invoice):
    return await glomo.payouts.create(beneficiary_id=beneficiary["id"], request_id=invoice, **A)
"""


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nanyio_mode = 'auto'\n")
    pytester.makepyfile(PAY + test)
    return pytester.runpytest_subprocess("-q", "-W", "error", *arguments)


def test_a_supplier_is_paid_once_although_the_response_is_lost(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.mark.anyio
async def test_supplier_is_paid(glomo_sandbox, glomo_client, glomo_beneficiary):
    glomo_sandbox.lose_response(after_commit=True, operation="payouts.create", times=1)
    await pay_supplier(glomo_client, glomo_beneficiary, "INV-17")
    assert glomo_sandbox.ledger.paid_once("INV-17")
    glomo_sandbox.clock.advance(minutes=5)
    assert glomo_sandbox.webhooks.delivered("payout.success")

def test_from_synchronous_code(glomo_sandbox, glomo_sync_client, glomo_beneficiary):
    payout = glomo_sync_client.payouts.create(beneficiary_id=glomo_beneficiary["id"], **A)
    assert glomo_sync_client.payouts.retrieve(payout.id).source_amount == 125000
""",
    )
    result.assert_outcomes(passed=3)  # asyncio and trio, and the synchronous one


@pytest.mark.parametrize("plugins", [(), ("-p", "no:anyio")])
def test_a_coroutine_test_needs_no_other_plugin(
    pytester: pytest.Pytester, plugins: tuple[str, ...]
) -> None:
    pytester.makepyfile(
        PAY
        + """
SEEN = []

async def test_supplier_is_paid(glomo_sandbox, glomo_client, glomo_beneficiary):
    await pay_supplier(glomo_client, glomo_beneficiary, "INV-17")
    SEEN.append(glomo_sandbox.ledger.paid_once("INV-17"))

class TestPayments:
    @pytest.mark.glomo(queueing=True)
    @pytest.mark.parametrize("invoice", ["INV-1", "INV-2"])
    async def test_in_a_class(self, glomo_client, glomo_beneficiary, invoice):
        payout = await pay_supplier(glomo_client, glomo_beneficiary, invoice)
        assert (payout.status, payout.request_id) == ("queued", invoice)

async def test_that_fails(glomo_client):
    await glomo_client.payouts.retrieve("payout_none")

def test_it_was_run():
    assert SEEN == [True]
"""
    )
    result = pytester.runpytest_subprocess("-q", "-W", "error", *plugins)
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*NotFoundError*", "*GET /api/v1/payouts/payout_none -> 404*"])


def test_a_marker_sets_the_sandbox_up(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.mark.glomo(queueing=True, balances={"USD": 5}, seed=3)
def test_options(glomo_sandbox):
    assert glomo_sandbox.options.queueing
    assert glomo_sandbox.ledger.balances["USD"]["available"] == 5

@pytest.mark.glomo(quueing=True)
def test_a_misspelling(glomo_sandbox): ...
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*has no quueing*queueing*"])


def test_a_failed_test_shows_what_the_sandbox_saw(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_it(glomo_sandbox, glomo_sync_client, glomo_beneficiary):
    glomo_sync_client.payouts.create(
        beneficiary_id=glomo_beneficiary["id"], request_id="INV-9", **A)
    assert False
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*Glomo sandbox*", "*POST /api/v1/payouts -> 201*INV-9*", "*1250.00 USD*INV-9*"]
    )


def test_a_live_key_or_address_fails(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
from glomo import AsyncGlomo
from glomo.sandbox import sandbox_key
from glomo_sync import Glomo

def test_key():
    AsyncGlomo(sandbox_key(env="production"))

def test_address():
    with Glomo("sk-x", max_retries=0) as glomo:
        glomo.balances.retrieve()
""",
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*production key*glomo_client*"])
    result.stdout.fnmatch_lines(["*connected to api.glomopay.com*"])


def test_the_seed_is_an_option(pytester: pytest.Pytester) -> None:
    test = """
def test_it(glomo_sandbox, glomo_beneficiary):
    print("BENE", glomo_beneficiary["id"])
"""
    outputs = {
        seed: [
            line
            for line in run(pytester, test, "-s", f"--glomo-seed={seed}").outlines
            if "BENE" in line
        ]
        for seed in (1, 1, 2)
    }
    assert outputs[1] != outputs[2]


def test_a_run_without_glomo_imports_none_of_it(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
import sys

def test_it():
    assert "starlette" not in sys.modules
""",
    )
    result.assert_outcomes(passed=1)
