"""Whether the beneficiaries of a plan exist, are active, and can be reached by the rails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import anyio

from glomo import errors
from glomo.bank_details import bank_details_problems, has_bank_extra, needs_bank_extra
from glomo.batch.problems import Problem
from glomo.batch.rows import Row
from glomo.client import AsyncGlomo
from glomo.diagnosis import Diagnosis
from glomo.models.beneficiaries import Beneficiary

from .breakdown import rail_of

_READ_SINGLY = 200
"""So many beneficiaries are read one by one; more are looked for in the list."""

_CONCURRENCY = 16


async def read_beneficiaries(
    glomo: AsyncGlomo, rows: Iterable[Row]
) -> dict[str, Beneficiary | None]:
    """The beneficiaries that rows name, by id; `None` for those that the account does not have.

    Args:
        glomo: the client.
        rows: the rows of a plan.
    """
    identifiers = sorted({row.beneficiary_id for row in rows})
    by_id: dict[str, Beneficiary | None] = {}
    if len(identifiers) > _READ_SINGLY:
        missing = set(identifiers)
        async for page in glomo.beneficiaries.list().pages():
            by_id.update((beneficiary.id, beneficiary) for beneficiary in page)
            missing -= by_id.keys()
            if not missing:
                break
    # The list may not have those of the API's first version.
    remaining = iter([identifier for identifier in identifiers if identifier not in by_id])
    failures: list[Exception] = []
    async with anyio.create_task_group() as group:
        for _ in range(_CONCURRENCY):
            group.start_soon(_read, glomo, remaining, by_id, failures)
    if failures:
        raise failures[0]
    return {identifier: by_id.get(identifier) for identifier in identifiers}


async def _read(
    glomo: AsyncGlomo,
    identifiers: Iterator[str],
    into: dict[str, Beneficiary | None],
    failures: list[Exception],
) -> None:
    for identifier in identifiers:
        if failures:
            return
        try:
            into[identifier] = await glomo.beneficiaries.retrieve(identifier)
        except (errors.NotFoundError, errors.ParameterError):
            into[identifier] = None
        except errors.GlomoError as error:
            # One error, not a group of what happened to be under way.
            failures.append(error)


def beneficiary_problems(
    rows: Sequence[Row], beneficiaries: Mapping[str, Beneficiary | None]
) -> Iterator[Problem]:
    """Rows whose beneficiary cannot be paid as the row says, each beneficiary and rail once."""
    counts: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        key = (row.beneficiary_id, rail_of(row), row.destination_currency)
        counts.setdefault(key, []).append(row)
    for (identifier, rail, currency), members in counts.items():
        diagnosis = _diagnosis(beneficiaries.get(identifier), rail, currency)
        if diagnosis is not None:
            number = members[0].number
            yield Problem(number, "beneficiary_id", identifier, diagnosis, len(members))


def _diagnosis(beneficiary: Beneficiary | None, rail: str, currency: str) -> Diagnosis | None:
    if beneficiary is None:
        return Diagnosis(
            "this account and environment have no such beneficiary",
            "check the id, and that the key is for the right environment",
        )
    if beneficiary.status != "active":
        return Diagnosis(
            f"the beneficiary is {beneficiary.status.value}, not active",
            "wait until Glomo has reviewed it"
            if beneficiary.status == "pending"
            else "it cannot be paid: make a new one",
        )
    if rail == "upi":
        if beneficiary.upi_account is None and beneficiary.bank_account is not None:
            return Diagnosis("the beneficiary has no UPI id, which upi pays to", "use another rail")
        return None
    account = beneficiary.bank_account
    if account is None:
        return Diagnosis(f"the beneficiary has no bank account, which {rail} pays to", "use upi")
    if account.currency is not None and account.currency != currency:
        return Diagnosis(
            f"the beneficiary's account is in {account.currency}, the row pays {currency}",
            f"write {account.currency} as destination_currency, or name another beneficiary",
        )
    return next(bank_details_problems(account, rail), None)


def bank_details_checked(beneficiaries: Iterable[Beneficiary | None]) -> bool | None:
    """Whether IBANs and SWIFT codes were checked in full; `None` if there are none.

    Args:
        beneficiaries: those of a plan.
    """
    accounts = [
        beneficiary.bank_account for beneficiary in beneficiaries if beneficiary is not None
    ]
    if not any(account is not None and needs_bank_extra(account) for account in accounts):
        return None
    return has_bank_extra()
