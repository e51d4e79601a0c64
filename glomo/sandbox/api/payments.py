"""`/payment`."""

from __future__ import annotations

from glomo.sandbox.engine import payins, payments, reviews, rfis
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, not_found, state_change_not_allowed
from glomo.sandbox.engine.payments import KIND
from glomo.sandbox.engine.rates import DESTINATION_CURRENCIES
from glomo.sandbox.engine.store import Record, public

from . import fields, payment_request, rfi_documents, subscription_payments
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of
from .payment_lists import filter_of

_SMALLEST_MOCK = 100
_REMITTERS = {"Sanctioned_Entity": True, "Non_Sanctioned_Entity": False}
_PAYIN_KEYS = ("payin_id", "order_id", "payment_link_id", "id")
"""How `connect-payin` calls the payin is not documented: any of these will do."""


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    name, subject_id = payment_request.subject(body)
    request_id = fields.text(body, "request_id", longest=128)
    if request_id is not None and account.store.find(*payments.REQUEST_ID, request_id):
        raise bad_request("Payment already exists for this request_id")
    if name == "subscription_id":
        payment = subscription_payments.read(account, body, subject_id, request_id)
    else:
        payment = _of_order(account, body, subject_id)
    if request_id is not None:
        payment["_request_id"] = request_id
    with account.engine.transaction():
        payment = payments.begin(account, payment)
    return Response({**public(payment), "next_steps": _next_steps(payment)}, 201)


def _of_order(account: Account, body: Json, order_id: str) -> Record:
    order = payment_request.payable(account, order_id)
    method = payment_request.payment_method(
        body, lrs="lrs" in order, methods=order["payment_methods"]
    )
    _check_no_attempt(account, order)
    minor, currency = payins.due(order, method.method["type"])
    payment = payments.draft(account, method.method, minor, currency, method.sender)
    payment = payments.of_payin(account, payment, order)
    return payment | {
        "_otp": method.outcome.needs_otp,
        "_outcome": method.outcome.error_code,
        "_callback_url": method.callback_url,
    }


def _next_steps(payment: Record) -> Record | None:
    if payment["status"] != "in_progress":
        return None
    return {"url": f"https://sandbox.glomo.invalid/3ds/{payment['id']}"}


def _check_no_attempt(account: Account, payin: Record) -> None:
    if "lrs" in payin and payments.under_way(account, payin):
        raise bad_request("The order has an existing in progress payment")


def _create_mock(request: Request) -> Response:
    account, body = request.account, request.json()
    minor = fields.amount(body, "amount")
    if minor is None:
        raise bad_request("amount is missing")
    if minor < _SMALLEST_MOCK:
        raise bad_request(f"amount must be greater than or equal to {_SMALLEST_MOCK}")
    currency = fields.required(body, "currency")
    if currency not in DESTINATION_CURRENCIES:
        raise bad_request("Currency not supported")
    remitter = fields.text(body, "remitter_name") or "Non_Sanctioned_Entity"
    fields.choice("remitter_name", remitter, _REMITTERS)
    payin_id, method = fields.text(body, "payin_id"), fields.text(body, "payment_method")
    payin = None
    if payin_id is not None:
        payin = payins.get(account, payin_id)
        if payin is None:
            raise not_found("Payin")
        _check_no_attempt(account, payin)
    elif method is None:
        raise bad_request("payin_id or payment_method must be provided")
    if method is not None:
        fields.choice("payment_method", method, ("BankTransfer",))
    with account.engine.transaction():
        payment = payments.draft(account, _transfer(account, remitter), minor, currency, remitter)
        payment["_hit"] = payment["_hit"] or _REMITTERS[remitter]
        payment = payments.receive(account, payment, payin)
    return Response(public(payment), 201)


def _transfer(account: Account, sender: str) -> Record:
    ids, number = account.engine.ids, str(account.store.count(KIND) + 1)
    return {
        "type": payments.BANK_TRANSFER,
        "details": {
            "sender_name": sender,
            "sender_country": "USA",
            "sender_account_number": ids.digits("sender", number, 10),
            "receiver_account_number": ids.account_number(account.id or "merchant"),
            "sender_bank_name": "Sandbox Bank",
            "sender_bank_country": "USA",
            "sender_bank_address": "1 Bank Street",
            "swift_code": None,
            "local_routing_number": ids.digits("routing", number, 9),
            "external_reference": f"GLM{ids.token('reference', number, 6)}",
            "transfer_type": "local",
            "remittance_information": None,
        },
    }


def _list(request: Request) -> Response:
    store, query = request.account.store, request.query
    keep = filter_of(query)
    request_id, payin_id = query.get("request_id"), query.get("payin_id")
    if request_id:
        records = store.find(*payments.REQUEST_ID, request_id)
    elif payin_id:
        records = store.find(*payments.PAYIN, payin_id)
    else:
        return page_of(request, store.all(KIND), keep)
    return page_of(request, records, keep)


def _of_path(request: Request) -> Record:
    payment = request.account.store.get(KIND, request.id("payt"))
    if payment is None:
        raise not_found("Payment")
    return payment


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _update_rfi(request: Request) -> Response:
    account, payment = request.account, _of_path(request)
    documents = rfi_documents.read(account, request.json(), "id")
    rfi = rfis.of(account, payment["id"])
    if rfi is None or payment["compliance_status"] != "action_required":
        raise state_change_not_allowed()
    with account.engine.transaction():
        reviews.respond(account, rfi, documents)
    return Response(public(account.store.get(KIND, payment["id"]) or payment))


def _mock_funds_available(request: Request) -> Response:
    payment = _of_path(request)
    problem = None
    if payment["status"] != "success":
        problem = "Payment must be in success status"
    elif not payment["_lrs"]:
        problem = "Payment must be from LRS gateway"
    elif request.account.options.direct_settlement:
        problem = "Payment must not have direct settlement enabled"
    elif payment.get("_transaction_missing"):
        problem = "No transaction found for payment"
    elif payment["funds_available"]:
        problem = "Transaction already has funds available"
    if problem is not None:  # the one error body without a message
        return Response({"error": problem}, 400)
    with request.account.engine.transaction():
        payment = payments.make_available(request.account, payment)
    return Response(
        {
            "data": public(payment),
            "message": "Payment funds available status updated successfully",
        }
    )


def _list_eligible_payins(request: Request) -> Response:
    account, payment = request.account, _of_path(request)
    open_payins = sorted(
        (
            payin
            for kind in (payins.ORDER, payins.LINK)
            for payin in account.store.find(kind, "status", "active")
        ),
        key=lambda payin: payin["_created"],
    )
    return page_of(request, open_payins, lambda payin: payments.connectable(payment, payin))


def _connect_payin(request: Request) -> Response:
    account, payment, body = request.account, _of_path(request), request.json()
    names = [value for key in _PAYIN_KEYS if (value := fields.text(body, key)) is not None]
    if not names:
        raise bad_request("payin_id is missing")
    payin = payins.get(account, names[0])
    if payin is None:
        raise not_found("Payin")
    with account.engine.transaction():
        return Response(public(payments.connect(account, payment, payin)))


RESOURCE = Resource(
    routes=(
        Route("payments.create", "POST", "/payment", _create),
        Route("payments.list", "GET", "/payment", _list),
        Route("payments.create_mock", "POST", "/payment/mock", _create_mock, mock=True),
        Route("payments.retrieve", "GET", "/payment/{id}", _retrieve),
        Route("payments.update_rfi", "PATCH", "/payment/{id}/update_rfi", _update_rfi),
        Route(
            "payments.mock_funds_available",
            "PATCH",
            "/payment/{id}/mock-funds-available",
            _mock_funds_available,
            mock=True,
        ),
        Route(
            "payments.list_eligible_payins",
            "GET",
            "/payment/{id}/eligible-payins",
            _list_eligible_payins,
        ),
        Route("payments.connect_payin", "POST", "/payment/{id}/connect-payin", _connect_payin),
    ),
    indexes=(payments.REQUEST_ID, payments.PAYIN),
    timers={payments.COMPLETE: payments.complete},
)
