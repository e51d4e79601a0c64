"""Settlements: what was received goes to the merchant's own bank account.

A settlement of payments has a line (a transaction) for each: what the payment credited, the fees
that were taken of it, and what is settled; the settled amounts add up to the settlement. A payment
can be settled once, and only when its funds are available and no review holds it.

Money: `available` -> `held` when a settlement begins, -> `bank` when it succeeds.
"""

from __future__ import annotations

from .account import Account
from .clock import wire_time
from .errors import unprocessable
from .store import Record

KIND = "settlement"
TRANSACTION = "settlement_transaction"
TRANSACTION_INDEX = (TRANSACTION, "_settlement")
SETTLE = "settlement.settle"
CURRENCIES = ("USD", "EUR", "GBP", "AED", "SGD")
_PAYMENT = "payment"
_WITHHELD = ("action_required", "under_review", "rejected")


def eligible(payment: Record) -> bool:
    """Whether a payment can be settled."""
    return bool(
        payment["status"] == "success"
        and payment["funds_available"]
        and payment["compliance_status"] not in _WITHHELD
        and not payment["_lrs"]
        and payment["payin_type"] != "add_funds"
        and payment.get("settlement_id") is None
    )


def settle_everything(account: Account) -> list[Record]:
    """Settle all eligible payments, as far as the balance goes; one settlement a currency."""
    settlements: list[Record] = []
    for currency in CURRENCIES:
        available, payments = account.books.balance("available", currency), list[Record]()
        for payment in account.store.all(_PAYMENT):
            net = _net(payment)
            if payment["converted_currency"] == currency and eligible(payment) and net <= available:
                payments.append(payment)
                available -= net
        if payments:
            settlements.append(_succeed(account, of_payments(account, payments)))
    return settlements


def of_payments(account: Account, payments: list[Record]) -> Record:
    """Begin a settlement of these payments; raises a 422 unless all of them can be settled."""
    if any(payment.get("settlement_id") is not None for payment in payments):
        raise unprocessable("Payments cannot be settled: some payments are already settled")
    if not all(eligible(payment) for payment in payments):
        raise unprocessable("Payments cannot be settled: some payments are not eligible")
    currencies = {payment["converted_currency"] for payment in payments}
    if len(currencies) > 1:
        raise unprocessable("Payments cannot be settled: they are of different currencies")
    (currency,) = currencies
    fees = sum(payment["_fee"] for payment in payments)
    settlement = _begin(account, currency, sum(map(_net, payments)), fees)
    for payment in payments:
        settled_payment = {**payment, "settlement_id": settlement["id"]}
        account.store.put(_PAYMENT, payment["id"], settled_payment)
        _line(
            account,
            settlement,
            source=(payment["id"], _PAYMENT),
            credit=payment["converted_amount"],
            fee=payment["_fee"],
        )
    return settlement


def of_balance(account: Account, currency: str, minor: int) -> Record:
    """Begin a settlement of an amount, whatever it came from."""
    settlement = _begin(account, currency, minor, 0)
    _line(account, settlement, source=(settlement["id"], "balance"), credit=minor, fee=0)
    return settlement


def settle(account: Account, settlement_id: str) -> None:
    """Timer: the bank has it."""
    settlement = account.store.get(KIND, settlement_id)
    if settlement is not None and settlement["status"] == "in_progress":
        _succeed(account, settlement)


def settle_later(account: Account, settlement: Record) -> Record:
    """Let a settlement succeed after a while; at once, if nothing settles by itself."""
    after = account.options.settle_after
    if after is None:
        return _succeed(account, settlement)
    account.schedule(account.now() + after, SETTLE, settlement["id"])
    return settlement


def _begin(account: Account, currency: str, minor: int, fees: int) -> Record:
    account.books.need(currency, minor)
    settlement: Record = {
        "id": account.new_id("setl", KIND),
        "status": "in_progress",
        "payment_method": "swift_transfer",
        "amount": minor,
        "currency": currency,
        "fees": _fees(currency, fees),
        **account.stamps(),
    }
    account.store.put(KIND, settlement["id"], settlement)
    account.books.transfer(
        KIND, settlement["id"], currency, minor, source="available", target="held"
    )
    account.emit(KIND, settlement)
    return settlement


def _succeed(account: Account, settlement: Record) -> Record:
    account.books.transfer(
        KIND,
        settlement["id"],
        settlement["currency"],
        settlement["amount"],
        source="held",
        target="bank",
    )
    utr = account.engine.ids.bank_reference(settlement["id"])
    done = account.updated(settlement, status="success", utr=utr)
    account.store.put(KIND, settlement["id"], done)
    account.emit(KIND, done)
    return done


def _line(
    account: Account, settlement: Record, *, source: tuple[str, str], credit: int, fee: int
) -> None:
    currency = settlement["currency"]
    line: Record = {
        "id": account.new_id("txn", TRANSACTION),
        "source_id": source[0],
        "source_type": source[1],
        "credit": {"amount": credit, "currency": currency},
        "debit": {"amount": 0, "currency": currency},
        "fees": _fees(currency, fee),
        "settled_amount": {"amount": credit - fee, "currency": currency},
        "processed_at": wire_time(account.now()),
        **account.stamps(),
        "_settlement": settlement["id"],
    }
    account.store.put(TRANSACTION, line["id"], line)


def _fees(currency: str, transaction_fee: int) -> Record:
    return {
        "fx_fee": {"amount": 0, "currency": currency},
        "txn_fee": {"amount": transaction_fee, "currency": currency},
    }


def _net(payment: Record) -> int:
    return int(payment["converted_amount"] - payment["_fee"])
