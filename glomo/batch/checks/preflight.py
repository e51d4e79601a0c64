"""Every check of a plan, in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from glomo.batch.earlier_payments import OtherBatch
from glomo.batch.plan import Plan
from glomo.batch.problems import Problem
from glomo.client import AsyncGlomo
from glomo.money import Money

from .beneficiaries import bank_details_checked, beneficiary_problems, read_beneficiaries
from .breakdown import RailTotal, rail_totals
from .duplicates import duplicates_in_batches, duplicates_in_file
from .duration import estimated_duration
from .fees import FeeEstimate, estimate_fees
from .funds import Funds, funds_needed
from .limits import above_limit

RECENT = timedelta(days=90)
"""How far back a payment is looked for that may be the same."""


@frozen
class Questions:
    """What is to be looked at.

    Attributes:
        limits: the largest amount that needs no second look, by currency.
        other_batches: journals in which the same payments may be.
        recent: how far back those count.
        quote: ask the API for quotes, and estimate the fees from them.
        rate_limit: requests a minute that paying keeps to; 0 for no limit.
        paid: what earlier runs have paid of the plan, by source currency.
    """

    limits: Mapping[str, Money] = field(factory=dict[str, Money])
    other_batches: tuple[OtherBatch, ...] = ()
    recent: timedelta = RECENT
    quote: bool = False
    rate_limit: int = 3000
    paid: Mapping[str, Money] = field(factory=dict[str, Money])


@frozen
class Preflight:
    """What was found out about a plan.

    Attributes:
        rails: rows and sums by currency and rail.
        warnings: what a person should look at.
        duration: the least time that paying takes.
        funds: the balances before and after; empty without a client.
        fees: what it costs, if that was asked.
        bank_details_checked: whether check digits and countries of IBANs and SWIFT codes were
            looked at, which takes the extra `bank`; `None` if there are none to look at.
    """

    rails: tuple[RailTotal, ...]
    warnings: tuple[Problem, ...]
    duration: timedelta
    funds: tuple[Funds, ...] = ()
    fees: FeeEstimate | None = None
    bank_details_checked: bool | None = None


async def preflight(
    plan: Plan,
    questions: Questions,
    glomo: AsyncGlomo | None = None,
    *,
    now: datetime | None = None,
) -> Preflight:
    """Look at everything that can be looked at. Nothing is paid.

    Args:
        plan: the plan.
        questions: what to look at.
        glomo: the client; without one only the file and the journals are looked at.
        now: the time; left out, the machine's.
    """
    since = (now or datetime.now(UTC)) - questions.recent
    warnings = [*plan.warnings, *_offline(plan, questions, since)]
    rails, fees = rail_totals(plan), None
    duration = estimated_duration(len(plan), rate_limit=questions.rate_limit)
    if glomo is None:
        return Preflight(rails, tuple(warnings), duration)
    beneficiaries = await read_beneficiaries(glomo, plan)
    warnings += beneficiary_problems(plan.rows, beneficiaries)
    if questions.quote:
        fees = await estimate_fees(glomo, plan)
    balances = (await glomo.balances.retrieve()).available
    funds = funds_needed(
        balances,
        plan.totals if fees is None else fees.debits,
        None if fees is None else fees.fees,
        paid=questions.paid,
    )
    checked = bank_details_checked(beneficiaries.values())
    return Preflight(rails, tuple(warnings), duration, funds, fees, checked)


def _offline(plan: Plan, questions: Questions, since: datetime) -> Iterable[Problem]:
    yield from above_limit(plan, questions.limits)
    yield from duplicates_in_file(plan)
    yield from duplicates_in_batches(plan, questions.other_batches, since=since)
