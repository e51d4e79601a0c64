"""`/payin`: payment links."""

from __future__ import annotations

from datetime import UTC, datetime

from glomo.sandbox.engine import payins, quotes, reviews, rfis
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.clock import read_time, wire_time
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.store import Record, public

from . import fields, payin_lists, payin_request, payin_rfis
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

KIND = payins.LINK
_STATUSES = frozenset(
    {
        "active",
        "paid",
        "failed",
        "action_required",
        "cancelled",
        "partially_paid",
        "under_review",
        "expired",
    }
)
_REMINDERS = (1, 2, 7, 14)
_CHANGEABLE = ("reminder_frequency", "expires_at")
_RFI_REFUSED = "Invalid rfi_doc_id or payment link not in action_required status"


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    if body.get("source_amount") is not None and body.get("target_amount") is not None:
        raise bad_request("You can only send source_amount or target_amount, not both.")
    quote = payin_request.quote_of(account, body, KIND)
    terms = payin_request.terms(account, body, quote, strict_methods=False)
    if quote is None:
        expires = _expires_at(account, body)
    else:
        expires = datetime.fromtimestamp(quote["_expires"], UTC)
    link: Record = {
        **terms.fields,
        **payin_request.details(account, body, terms.fields["amount"]),
        "reminder_frequency": _reminders(body),
        **terms.own,
    }
    if link.get("purpose_code") is None:
        raise bad_request("purpose_code is missing")
    notify = fields.flag(body, "notify_customer")
    link = {
        "id": account.new_id("plink", KIND),
        "status": "active",
        **{key: value for key, value in link.items() if value is not None or key == "notes"},
        "notify_customer": True if notify is None else notify,
        "expires_at": wire_time(expires),
        "last_reminder_sent_at": None,
        **account.stamps(),
        "_kind": KIND,
    }
    with account.engine.transaction():
        if quote is not None:
            quotes.use(account, quote)
        link = payins.start(account, link, expires)
    return Response(public(link), 201)


def _expires_at(account: Account, body: Json) -> datetime:
    moment = read_time(fields.required(body, "expires_at"))
    if moment is None:
        raise bad_request("expires_at is invalid")
    if moment <= account.now():
        raise bad_request("Validation failed: Expires at must be in the future")
    if moment > payins.months_after(account.now(), payins.LINK_MONTHS):
        raise bad_request("Validation failed: Expires at cannot be more than 6 months from now")
    return moment


def _reminders(body: Json) -> int | None:
    days = body.get("reminder_frequency")
    if days is None:
        return None
    if isinstance(days, bool) or days not in _REMINDERS:
        raise bad_request("reminder_frequency does not have a valid value")
    return int(days)


def _list(request: Request) -> Response:
    keep = payin_lists.filter_of(request.query, _STATUSES)
    return page_of(request, request.account.store.all(KIND), keep)


def _of_path(request: Request) -> Record:
    link = request.account.store.get(KIND, request.id("plink", "payin"))
    if link is None:
        raise not_found("Payment link")
    return link


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _update(request: Request) -> Response:
    account, link, body = request.account, _of_path(request), request.json()
    fields.permit(body, _CHANGEABLE)
    changes: Record = {}
    expires = None
    if body.get("expires_at") is not None:
        if "_quoted" in link:
            raise bad_request("expires_at cannot be specified when quote_id is present")
        expires = _expires_at(account, body)
        changes["expires_at"] = wire_time(expires)
    reminders = _reminders(body)
    if reminders is not None:
        changes["reminder_frequency"] = reminders
    if link["status"] not in payins.OPEN:
        raise bad_request("Payment link cannot be updated in its current state")
    with account.engine.transaction():
        return Response(public(payins.reschedule(account, link, changes, expires)))


def _cancel(request: Request) -> Response:
    link = _of_path(request)
    with request.account.engine.transaction():
        return Response(public(payins.cancel(request.account, link)))


def _update_rfi(request: Request) -> Response:
    return payin_rfis.respond(request, _of_path(request), _RFI_REFUSED)


def _mock_mark_reviewed(request: Request) -> Response:
    account, link = request.account, _of_path(request)
    rfi = rfis.of(account, link["id"])
    if link["status"] != "under_review" or rfi is None:
        raise bad_request("Payment link is not under review.")
    with account.engine.transaction():
        reviews.decide(account, rfi)
    return Response(public(account.store.get(KIND, link["id"]) or link))


RESOURCE = Resource(
    routes=(
        Route("payment_links.create", "POST", "/payin", _create),
        Route("payment_links.list", "GET", "/payin", _list),
        Route("payment_links.retrieve", "GET", "/payin/{id}", _retrieve),
        Route("payment_links.update", "PATCH", "/payin/{id}", _update),
        Route("payment_links.cancel", "PATCH", "/payin/{id}/cancel", _cancel),
        Route("payment_links.update_rfi", "PATCH", "/payin/{id}/update-rfi", _update_rfi),
        Route(
            "payment_links.mock_mark_reviewed",
            "PATCH",
            "/payin/{id}/mock_mark_reviewed",
            _mock_mark_reviewed,
            mock=True,
        ),
    ),
    indexes=((KIND, "status"),),
    timers={payins.EXPIRE: payins.expire, payins.REMIND: payins.remind},
)
