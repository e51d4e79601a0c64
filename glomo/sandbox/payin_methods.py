"""What only the dashboard, the bank or the vendor does to payins, as a test asks for it."""

from __future__ import annotations

from urllib.parse import urlencode

from .engine import payins, payments, reviews, rfis, splits
from .engine.engine import Engine
from .engine.options import PAYMENT_METHODS
from .engine.payment_errors import CODES
from .engine.store import Record, public
from .engine.webhooks.signing import sign


class PayinMethods:
    """Ways to move the payins and payments of every account."""

    engine: Engine

    def add_split(
        self,
        payment_method: str = "bank_transfer",
        *,
        merchant_share_bps: int = 0,
        price_id: str | None = None,
        live: bool = True,
    ) -> str:
        """Put a pricing split in place, which no operation of the API creates. Returns its id.

        Parameters:
            payment_method: whose fee it splits: `bank_transfer`, `pay_via_bank` or `card`.
            merchant_share_bps: the merchant's share of the transaction fee, 10000 is all of it;
                the customer bears the rest.
            price_id: the dynamic rule that it points at; without, one of its own. Payins must
                declare a split for every rule of a method.
            live: whether the rule is still dynamic.
        """
        if payment_method not in PAYMENT_METHODS:
            raise ValueError(f"payment_method is one of {PAYMENT_METHODS}, not {payment_method!r}")
        if not 0 <= merchant_share_bps <= 10_000:
            raise ValueError(f"merchant_share_bps is 0 to 10000, not {merchant_share_bps}")
        with self.engine.transaction():
            split = splits.add(
                self.engine.account(),
                payment_method,
                merchant_share_bps=merchant_share_bps,
                price_id=price_id,
                live=live,
            )
        return str(split["id"])

    def retire_split(self, split_id: str) -> None:
        """Let a split go stale: its rule is no longer dynamic. Raises KeyError if there is none."""
        with self.engine.transaction():
            store = self.engine.owner(splits.KIND, split_id).store
            split = _existing(store.get(splits.KIND, split_id), split_id)
            store.put(splits.KIND, split_id, {**split, "live": False})

    def add_funds(self, currency: str, minor: int) -> Record:
        """Top up the balance by an add-funds payin (`addfunds_...`), as in the dashboard.

        Unlike `fund` it is a payment with its webhooks. Returns the payment as the API shows it.
        """
        with self.engine.transaction():
            payment = payments.add_funds(self.engine.account(), currency, minor)
        self.engine.tick()
        return public(payment)

    def complete_payment(self, payment_id: str, error_code: str | None = None) -> Record:
        """End a payment in progress: the customer enters the password, or the bank responds.

        With an `error_code` (`PAYMENT_DECLINED`) it fails. Raises KeyError if there is no such
        payment, ValueError if it is not in progress or the code is unknown.
        """
        if error_code is not None and error_code not in CODES:
            raise ValueError(f"error_code is one of {sorted(CODES)}, not {error_code!r}")
        with self.engine.transaction():
            account = self.engine.owner(payments.KIND, payment_id)
            payment = _existing(account.store.get(payments.KIND, payment_id), payment_id)
            if payment["status"] != "in_progress":
                raise ValueError(f"{payment_id} is {payment['status']}, not in_progress")
            finished = payments.finish(account, payment, error_code)
        self.engine.tick()
        return public(finished)

    def callback_url(self, payment_id: str, secret_key: str) -> str:
        """Where the customer's browser is sent at the end of a server-to-server payment.

        It is the payment's `callback_url` with `status` and `signature` in the query, signed with
        your API secret key. Raises KeyError if there is no such payment, ValueError if it is not
        over, or not of an order that was paid server to server.
        """
        with self.engine.store.lock:
            store = self.engine.owner(payments.KIND, payment_id).store
            payment = _existing(store.get(payments.KIND, payment_id), payment_id)
        if payment["status"] not in ("success", "failed"):
            raise ValueError(f"{payment_id} is {payment['status']}: nobody is sent back yet")
        if "_callback_url" not in payment:
            raise ValueError(f"{payment_id} was not paid server to server for an order")
        message = "|".join((payment["payin_id"], payment_id, payment["status"]))
        signature = sign(secret_key, message.encode())
        query = urlencode({"status": payment["status"], "signature": signature})
        address: str = payment["_callback_url"]
        return f"{address}{'&' if '?' in address else '?'}{query}"

    def decide_rfi(self, rfi_id: str, *, approved: bool = True) -> Record:
        """End the review behind an RFI. Returns the RFI as the API shows it.

        Raises KeyError if there is no such RFI, ValueError if it is not `under_review`.
        """
        with self.engine.transaction():
            account = self.engine.owner(rfis.KIND, rfi_id)
            rfi = _existing(account.store.get(rfis.KIND, rfi_id), rfi_id)
            if rfi["status"] != "under_review":
                raise ValueError(f"{rfi_id} is {rfi['status']}, not under_review")
            decided = reviews.decide(account, rfi, approved=approved)
        self.engine.tick()
        return public(decided)

    def rfi_of(self, subject_id: str) -> Record | None:
        """The last RFI of a payin, payment, payout or refund: a payout does not tell its own."""
        with self.engine.store.lock:
            every = (rfis.of(account, subject_id) for account in self.engine.accounts())
            rfi = next((candidate for candidate in every if candidate is not None), None)
        return None if rfi is None else public(rfi)

    def lock_refunds(self, payment_id: str, times: int = 1) -> None:
        """Let the next refunds of a payment meet another one that is just being made (409)."""
        with self.engine.transaction():
            store = self.engine.owner(payments.KIND, payment_id).store
            payment = _existing(store.get(payments.KIND, payment_id), payment_id)
            store.put(payments.KIND, payment_id, {**payment, "_refund_locks": times})

    def hide_transaction(self, payment_id: str, *, hidden: bool = True) -> None:
        """Let a payment have no transaction at the bank yet, for `mock-funds-available` to miss.

        Raises KeyError if there is no such payment.
        """
        with self.engine.transaction():
            store = self.engine.owner(payments.KIND, payment_id).store
            payment = _existing(store.get(payments.KIND, payment_id), payment_id)
            store.put(payments.KIND, payment_id, {**payment, "_transaction_missing": hidden})

    def fail_payin(self, payin_id: str) -> Record:
        """Let an order or a payment link fail. Returns it as the API shows it."""
        with self.engine.transaction():
            account = self.engine.owner(payins.kind_of(payin_id) or payins.ORDER, payin_id)
            payin = _existing(payins.get(account, payin_id), payin_id)
            failed = payins.fail(account, payin)
        self.engine.tick()
        return public(failed)


def _existing(record: Record | None, record_id: str) -> Record:
    if record is None:
        raise KeyError(record_id)
    return record
