"""The everyday reads: `glomo balances`, `glomo payouts list`, `glomo beneficiaries show`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from glomo.batch import advice_for
from glomo.client import AsyncGlomo
from glomo.money import Money
from glomo.serialization.model import OMIT

from .as_json import to_json
from .connection import connect
from .console import amount, out, say, table

T = TypeVar("T")
BaseUrl = Annotated[
    str | None,
    typer.Option(help="The API's address up to /api. Default: GLOMO_BASE_URL, or the live API."),
]
Limit = Annotated[int, typer.Option(min=1, help="At most so many, newest first.")]
AsJson = Annotated[bool, typer.Option("--json", help="The API's own fields, for programs.")]

beneficiaries = typer.Typer(no_args_is_help=True, help="Read beneficiaries.")


def ask(base_url: str | None, question: Callable[[AsyncGlomo], Awaitable[T]]) -> T:
    """Open a client, ask it one thing, close it."""

    async def asked() -> T:
        async with connect(base_url) as glomo:
            return await question(glomo)

    return asyncio.run(asked())


def balances(base_url: BaseUrl = None) -> None:
    """What is available and what is on its way, by currency."""
    found = ask(base_url, lambda glomo: glomo.balances.retrieve())
    rows = [
        (currency, _figures(found.available.get(currency)), _figures(found.pending.get(currency)))
        for currency in sorted({*found.available, *found.pending})
    ]
    headings = ("currency", "available", "pending")
    out().print(table(headings, rows, right=("available", "pending")))


def whoami(base_url: BaseUrl = None) -> None:
    """Whether the key works, where, and for what."""

    async def question(glomo: AsyncGlomo) -> tuple[str, str]:
        await glomo.balances.retrieve()
        return glomo.base_url, glomo.environment or "unknown (the key does not say)"

    address, environment = ask(base_url, question)
    say(out(), f"API          {address}")
    say(out(), f"environment  {environment}")
    say(out(), "the key is accepted")


def list_payouts(
    status: Annotated[str | None, typer.Option(help="Only payouts that stand so.")] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
    base_url: BaseUrl = None,
) -> None:
    """The newest payouts."""

    wanted = OMIT if status is None else status
    found = ask(base_url, lambda glomo: glomo.payouts.list(status=wanted).collect(limit=limit))
    if as_json:
        say(out(), to_json(found))
        return
    rows = [
        (
            payout.id,
            payout.status,
            _money(payout.source),
            _money(payout.destination),
            payout.beneficiary_id or "",
            payout.error_code or "",
            f"{payout.created_at:%Y-%m-%d %H:%M}" if payout.created_at else "",
        )
        for payout in found
    ]
    headings = ("id", "status", "source", "destination", "beneficiary", "error", "created (UTC)")
    out().print(table(headings, rows, right=("source", "destination"), no_fold=("id", "status")))


def show_payout(
    payout_id: Annotated[str, typer.Argument(metavar="ID", help="payout_...")],
    as_json: AsJson = False,
    base_url: BaseUrl = None,
) -> None:
    """One payout."""
    payout = ask(base_url, lambda glomo: glomo.payouts.retrieve(payout_id))
    if as_json:
        say(out(), to_json(payout))
        return
    _fields(
        ("id", payout.id),
        ("status", payout.status),
        ("source", _money(payout.source)),
        ("destination", _money(payout.destination)),
        ("rail", payout.payment_rail),
        ("beneficiary", payout.beneficiary_id),
        ("purpose code", payout.purpose_code),
        ("invoice", payout.invoice_number),
        ("request_id", payout.request_id),
        ("bank reference", payout.utr),
        ("created", payout.created_at and payout.created_at.isoformat()),
        ("error", payout.error_code),
        ("", payout.error_description),
        ("what to do", advice_for(payout.error_code)),
    )


@beneficiaries.command("list")
def list_beneficiaries(
    status: Annotated[str | None, typer.Option(help="active, pending or rejected.")] = None,
    limit: Limit = 20,
    base_url: BaseUrl = None,
) -> None:
    """The newest beneficiaries."""

    wanted = OMIT if status is None else status
    rows = [
        (
            found.id,
            found.status,
            found.name or "",
            (found.bank_account and found.bank_account.currency) or "",
            (found.bank_account and found.bank_account.name) or "",
        )
        for found in ask(
            base_url, lambda glomo: glomo.beneficiaries.list(status=wanted).collect(limit=limit)
        )
    ]
    headings = ("id", "status", "name", "currency", "bank")
    out().print(table(headings, rows, no_fold=("id", "status", "currency")))


@beneficiaries.command("show")
def show_beneficiary(
    beneficiary_id: Annotated[str, typer.Argument(metavar="ID", help="bene_...")],
    base_url: BaseUrl = None,
) -> None:
    """One beneficiary; of account numbers the last four characters."""
    found = ask(base_url, lambda glomo: glomo.beneficiaries.retrieve(beneficiary_id))
    account = found.bank_account
    _fields(
        ("id", found.id),
        ("status", found.status),
        ("name", found.name),
        ("type", found.type),
        ("category", found.category),
        ("nickname", found.nickname),
        ("account", account and _ending(account.account_number)),
        ("currency", account and account.currency),
        ("bank", account and account.name),
        ("SWIFT code", account and account.swift_code),
        ("routing number", account and account.local_routing_number),
        ("UPI id", found.upi_account and _ending(found.upi_account.upi_id)),
        ("created", found.created_at and found.created_at.isoformat()),
    )


def _fields(*fields: tuple[str, object]) -> None:
    shown = [(name, str(value)) for name, value in fields if value not in (None, "")]
    out().print(table(("", ""), shown, no_fold=("",)) if shown else "")


def _money(money: Money | None) -> str:
    return "" if money is None else amount(money)


def _figures(money: Money | None) -> str:
    return "" if money is None else f"{money.amount:,f}"


def _ending(number: str | None) -> str | None:
    if not number:
        return None
    return "…" + number[-4:] if len(number) > 6 else "…"
