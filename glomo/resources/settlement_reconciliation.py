"""Reads a settlement with everything that it is made of, in few requests.

A settlement's payments were mostly made close together, shortly before it, so a page of the list of
payments brings up to a hundred of them, where reading each takes a hundred requests. So lists are
walked back from the settlement as long as their pages hold several of what is wanted, and the rest
is read one by one, several at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import Any, TypeVar, cast

from glomo.bulk_reads import read_each
from glomo.models.orders import Order
from glomo.models.payment_links import PaymentLink
from glomo.models.payments import Payment
from glomo.models.refunds import Refund
from glomo.models.settlement_reconciliation import SettlementLine, SettlementReconciliation
from glomo.models.settlements import Settlement, Transaction
from glomo.money import Money
from glomo.pagination import Pager
from glomo.resources.orders import OrdersResource
from glomo.resources.payment_links import PaymentLinksResource
from glomo.resources.payments import PaymentsResource
from glomo.resources.refunds import RefundsResource
from glomo.serialization.model import OMIT

T = TypeVar("T")

_WORTH_A_PAGE = 2
"""As many objects as a page must hold to be cheaper than reading each."""


async def join_lines(
    settlement: Settlement,
    transactions: Sequence[Transaction],
    *,
    payments: PaymentsResource,
    refunds: RefundsResource,
    orders: OrdersResource,
    payment_links: PaymentLinksResource,
) -> tuple[tuple[SettlementLine, ...], tuple[str, ...]]:
    """The lines with what they belong to, and the ids that the API does not know."""
    before = settlement.created_at or OMIT
    sources = [line.source_id or "" for line in transactions]
    refund_ids = _having(refunds.id_prefixes, sources)
    refunds_by_id = await _read_many(
        refund_ids, lambda: refunds.list(before=before), refunds.retrieve
    )
    refunded = [refund.payment_id or "" for refund in refunds_by_id.values()]
    payment_ids = _having(payments.id_prefixes, [*sources, *refunded])
    payments_by_id = await _read_many(
        payment_ids, lambda: payments.list(status="success", before=before), payments.retrieve
    )
    payin_ids = [payment.payin_id or "" for payment in payments_by_id.values()]
    order_ids = _having(orders.id_prefixes, payin_ids)
    orders_by_id = await _read_many(
        order_ids, lambda: orders.list(status="paid", before=before), orders.retrieve
    )
    # Money that was added to the balance has a payin that cannot be read.
    link_ids = _having(payment_links.id_prefixes[:1], payin_ids)
    links_by_id = await _read_many(
        link_ids, lambda: payment_links.list(status="paid", before=before), payment_links.retrieve
    )
    payins_by_id: dict[str, Order | PaymentLink] = {**orders_by_id, **links_by_id}
    lines = (_line(each, refunds_by_id, payments_by_id, payins_by_id) for each in transactions)
    objects = {**refunds_by_id, **payments_by_id, **payins_by_id}
    ids = (*refund_ids, *payment_ids, *order_ids, *link_ids)
    return tuple(lines), tuple(id for id in ids if id not in objects)


def _line(
    transaction: Transaction,
    refunds: dict[str, Refund],
    payments: dict[str, Payment],
    payins: dict[str, Order | PaymentLink],
) -> SettlementLine:
    source = transaction.source_id or ""
    refund = refunds.get(source)
    payment = payments.get((refund.payment_id or "") if refund else source)
    payin = payins.get(payment.payin_id or "") if payment else None
    return SettlementLine(transaction, payment=payment, refund=refund, payin=payin)


def add_up(
    settlement: Settlement, lines: tuple[SettlementLine, ...], missing: tuple[str, ...]
) -> SettlementReconciliation:
    """Compare a settlement with the sum of its lines, currency by currency."""
    totals: dict[str, int] = defaultdict(int)
    incomplete: list[str] = []
    for line in lines:
        amount = line.settled
        if amount is None:
            incomplete.append(line.transaction.id)
        else:
            totals[amount.currency] += amount.minor
    differences = {currency: -minor for currency, minor in totals.items()}
    # The API sends it always; without it nothing would add up, which is said, not raised.
    stated = cast("Money | None", settlement.money)
    if stated is not None:
        differences[stated.currency] = differences.get(stated.currency, 0) + stated.minor
    return SettlementReconciliation(
        settlement=settlement,
        lines=lines,
        totals={currency: Money(minor, currency) for currency, minor in totals.items()},
        differences={
            currency: Money(minor, currency) for currency, minor in differences.items() if minor
        },
        missing=missing,
        incomplete=tuple(incomplete),
    )


def _having(prefixes: tuple[str, ...], ids: Iterable[str]) -> list[str]:
    return [id for id in dict.fromkeys(ids) if id.startswith(prefixes)]


async def _read_many(
    ids: list[str], listing: Callable[[], Pager[T]], read: Callable[[str], Awaitable[T]]
) -> dict[str, T]:
    objects: dict[str, T] = {}
    if len(ids) > _WORTH_A_PAGE:
        objects = await _pick(set(ids), listing())
    return {**objects, **await read_each([id for id in ids if id not in objects], read)}


async def _pick(ids: set[str], pager: Pager[T]) -> dict[str, T]:
    """What the list's pages hold of what is wanted, as long as they are worth it."""
    objects: dict[str, T] = {}
    # An abandoned walk would go on reading ahead.
    async with aclosing(pager.pages()) as pages:
        async for page in pages:
            items = cast("tuple[Any, ...]", page)
            matches = {item.id: item for item in items if item.id in ids}
            objects.update(matches)
            remaining = len(ids) - len(objects)
            if len(matches) < _WORTH_A_PAGE or remaining < _WORTH_A_PAGE:
                break
    return objects
