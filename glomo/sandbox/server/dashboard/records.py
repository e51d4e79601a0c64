"""The records of all merchants, as one list: the dashboard shows a platform with its merchants."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from glomo.sandbox.engine import rfis
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.store import Record

from .kinds import KINDS, money, row

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

_BALANCES = ("available", "held", "pending")


def count(sandbox: Sandbox, kind: str) -> int:
    """How many records of a kind there are."""
    return sum(account.store.count(kind) for account in sandbox.engine.accounts())


def newest(sandbox: Sandbox, kind: str) -> Iterator[dict[str, Any]]:
    """Rows of a kind, newest first."""
    streams = [_newest_of(account, kind) for account in sandbox.engine.accounts()]
    merged = heapq.merge(*streams, key=lambda pair: -pair[1].get("_created", 0))
    for account, record in merged:
        yield row(KINDS[kind], key_of(kind, record), record, account.id)


def latest(sandbox: Sandbox, number: int) -> list[dict[str, Any]]:
    """The newest rows of the main kinds, with their kinds."""
    rows = [
        {**record, "kind": kind.table}
        for kind in KINDS.values()
        if kind.main
        for record in islice(newest(sandbox, kind.table), number)
    ]
    rows.sort(key=lambda row: row["created_at"], reverse=True)
    return rows[:number]


def get(sandbox: Sandbox, kind: str, key: str) -> tuple[Account, Record] | None:
    """A record and the account that it belongs to; None if there is none."""
    account = sandbox.engine.owner(kind, key)
    record = account.store.get(kind, key)
    return None if record is None else (account, record)


def key_of(kind: str, record: Record) -> str:
    """The id of a record."""
    return str(record["merchant_id" if kind == "merchant" else "id"])


def kind_of(sandbox: Sandbox, key: str) -> str | None:
    """The kind of the record with this id, if there is a page of it."""
    return next((kind for kind in KINDS if get(sandbox, kind, key) is not None), None)


def related(sandbox: Sandbox, account: Account, key: str, record: Record) -> list[tuple[str, str]]:
    """The kinds and ids of the records that a record names, of its merchant and of its request for
    information."""
    texts = [value for value in record.values() if isinstance(value, str)]
    texts += [account.id] if account.id is not None else []
    if (rfi := rfis.of(account, key)) is not None:
        texts.append(str(rfi["id"]))
    kinds = {text: kind_of(sandbox, text) for text in texts if text != key}
    return [(kind, text) for text, kind in kinds.items() if kind is not None]


def balances(account: Account) -> list[dict[str, str]]:
    """What an account has in each currency."""
    books = account.books
    return [
        {
            "currency": currency,
            **{
                name: money(books.balance(name, currency), currency).removeprefix(f"{currency} ")
                for name in _BALANCES
            },
        }
        for currency in books.currencies()
    ]


def _newest_of(account: Account, kind: str) -> Iterator[tuple[Account, Record]]:
    for record in reversed(account.store.all(kind)):
        yield account, record
