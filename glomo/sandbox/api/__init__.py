"""The API: one module a resource, checks and routes, on top of the engine.

To add a resource, write a module beside these and name it in `RESOURCES`:

    RESOURCE = Resource(
        routes=(
            Route("refunds.create", "POST", "/refunds", _create),
            Route("refunds.retrieve", "GET", "/refunds/{id}", _retrieve),
        ),
        indexes=(("refund", "request_id"),),       # for request.account.store.find(...)
        timers={"refund.settle": _settle},         # for request.account.schedule(...)
        setup=_setup,                              # what a new account has from the start
    )

    def _create(request: Request) -> Response:
        account, body = request.account, request.json()
        fields.permit(body, _FIELDS)               # checks raise ApiError (engine/errors.py)
        with account.engine.transaction():         # all of it, or nothing
            refund = account.store.put("refund", id, {"id": id, ..., **account.stamps()})
            account.books.post("refund", id, [Line(...), Line(...)])   # adds up to zero
            account.schedule(account.now() + timedelta(seconds=5), "refund.settle", id)
            account.emit("refund", refund)         # the webhook `refund.<status>`
        return Response(public(refund), 201)

Records are replaced (`store.put`), never changed in place. Keys that start with an underscore are
the sandbox's own and are not sent. A handler runs under the store's lock and awaits nothing, so
nobody sees a half-done operation. A timer's handler `(account, subject)` runs in a transaction
with `account.now()` at the timer's own moment; it looks first whether there is still something to
do. Large resources split into `refunds.py` (routes), `refund_request.py` (the body) and, where
states and money move by themselves, `engine/refunds.py` (the life cycle).
"""

from __future__ import annotations

from . import (
    api_keys,
    balance_conversions,
    balances,
    bank_account_validation,
    beneficiaries,
    beneficiaries_v1,
    customers,
    documents,
    internal_transfers,
    lrs,
    orders,
    payment_links,
    payments,
    payouts,
    platform,
    prices,
    quotes,
    refunds,
    rfis,
    settlements,
    subscriptions,
    virtual_accounts,
    withdrawal_accounts,
    withdrawals,
)
from .endpoint import Request, Resource, Response, Route

RESOURCES: tuple[Resource, ...] = (
    api_keys.RESOURCE,
    balance_conversions.RESOURCE,
    balances.RESOURCE,
    bank_account_validation.RESOURCE,
    beneficiaries.RESOURCE,
    beneficiaries_v1.RESOURCE,
    customers.RESOURCE,
    documents.RESOURCE,
    internal_transfers.RESOURCE,
    lrs.RESOURCE,
    orders.RESOURCE,
    payment_links.RESOURCE,
    payments.RESOURCE,
    payouts.RESOURCE,
    platform.RESOURCE,
    prices.RESOURCE,
    quotes.RESOURCE,
    refunds.RESOURCE,
    rfis.RESOURCE,
    settlements.RESOURCE,
    subscriptions.RESOURCE,
    virtual_accounts.RESOURCE,
    withdrawal_accounts.RESOURCE,
    withdrawals.RESOURCE,
)

__all__ = ["RESOURCES", "Request", "Resource", "Response", "Route"]
