"""The control plane: a sandbox in another process, steered over HTTP from this machine only.

GET    /_sandbox/health
GET    /_sandbox/ledger         every payout, totals by currency, counts by request_id
POST   /_sandbox/faults         {"rate": 0.2} | {"kind": "cut_after", "operation": ..., ...}
DELETE /_sandbox/faults
POST   /_sandbox/beneficiaries  one {"id": ..., "currency": ...} or a list of them
POST   /_sandbox/fund           {"currency": "USD", "minor": 125000}
POST   /_sandbox/settle
GET    /_sandbox/webhooks       the events with their deliveries, oldest first
POST   /_sandbox/webhooks/trigger    {"event": "payout.failed", "data": {"error_code": ...}}
POST   /_sandbox/webhooks/resend     {"id": ...}; without an id, the last event
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .access import Access
from .faults import Fault

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

_LEDGER_FIELDS = (
    "id",
    "request_id",
    "status",
    "source_amount",
    "source_currency",
    "destination_amount",
    "destination_currency",
    "beneficiary_id",
    "payment_rail",
    "error_code",
    "invoice_number",
)
_BENEFICIARY_FIELDS = ("id", "currency", "status", "rails", "bank_error", "name")
Action = Callable[[Any], object]


def routes(sandbox: Sandbox, access: Access) -> list[Route]:
    """The control plane's routes."""

    def route(path: str, method: str, action: Action) -> Route:
        return Route(f"/_sandbox/{path}", _guarded(action, access), methods=[method])

    return [
        route("health", "GET", lambda _: {"status": "ok"}),
        route("ledger", "GET", lambda _: _ledger(sandbox)),
        route("faults", "POST", lambda body: _add_faults(sandbox, body)),
        route("faults", "DELETE", lambda _: _clear_faults(sandbox)),
        route("beneficiaries", "POST", lambda body: _add_beneficiaries(sandbox, body)),
        route("fund", "POST", lambda body: _fund(sandbox, body)),
        route("settle", "POST", lambda _: {"settled": sandbox.settle()}),
        route("webhooks", "GET", lambda _: _webhooks(sandbox)),
        route("webhooks/trigger", "POST", lambda body: _trigger(sandbox, body)),
        route("webhooks/resend", "POST", lambda body: _resend(sandbox, body)),
    ]


def _guarded(action: Action, access: Access) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if (problem := access.problem(request)) is not None:
            return _error(403, problem)
        raw = await request.body()
        try:
            return JSONResponse(action(json.loads(raw) if raw else {}))
        except KeyError as error:
            return _error(400, f"{error.args[0]} is missing")
        except (ValueError, TypeError) as error:
            return _error(400, str(error))

    return endpoint


def _error(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status)


def _objects(body: object, *wrapped: str) -> list[dict[str, Any]]:
    """One object, a list of them, or either under one of these keys."""
    if isinstance(body, dict):
        for key in wrapped:
            if key in body:
                return _objects(cast("object", body[key]))
        return [cast("dict[str, Any]", body)]
    if isinstance(body, list):
        items = cast("list[object]", body)
        if all(isinstance(item, dict) for item in items):
            return cast("list[dict[str, Any]]", items)
    raise ValueError("expected a JSON object or a list of objects")


def _ledger(sandbox: Sandbox) -> object:
    ledger = sandbox.ledger
    return {
        "payouts": [{key: payout[key] for key in _LEDGER_FIELDS} for payout in ledger.payouts],
        "totals": ledger.totals(),
        "counts": ledger.counts(),
        "balances": ledger.balances,
        "faults": dict(sandbox.faults.counts),
    }


def _add_faults(sandbox: Sandbox, body: object) -> object:
    faults = [Fault.from_json(fault) for fault in _objects(body, "faults")]
    for fault in faults:
        sandbox.faults.add(fault)
    return {"faults": len(faults)}


def _clear_faults(sandbox: Sandbox) -> object:
    sandbox.clear_faults()
    return {"faults": 0}


def _add_beneficiaries(sandbox: Sandbox, body: object) -> object:
    beneficiaries = _objects(body, "beneficiaries")
    for beneficiary in beneficiaries:
        if unknown := sorted(set(beneficiary) - set(_BENEFICIARY_FIELDS)):
            raise ValueError(f"unknown {unknown}; a beneficiary has {list(_BENEFICIARY_FIELDS)}")
    return {"data": [sandbox.add_beneficiary(**beneficiary) for beneficiary in beneficiaries]}


def _fund(sandbox: Sandbox, body: object) -> object:
    (deposit,) = _objects(body)
    currency: str = deposit["currency"]
    return {"currency": currency, "available": sandbox.fund(currency, deposit["minor"])}


def _webhooks(sandbox: Sandbox) -> object:
    webhooks = sandbox.webhooks
    return {"data": [_with_deliveries(sandbox, event) for event in webhooks.events()]}


def _trigger(sandbox: Sandbox, body: object) -> object:
    (arguments,) = _objects(body)
    data: object = arguments.get("data", {})
    if not isinstance(data, dict):
        raise TypeError("data is an object of fields to change")
    event = sandbox.webhooks.trigger(arguments["event"], **cast("dict[str, Any]", data))
    return _with_deliveries(sandbox, event)


def _resend(sandbox: Sandbox, body: object) -> object:
    (arguments,) = _objects(body)
    events = {event["id"]: event for event in sandbox.webhooks.events()}
    if not events:
        raise ValueError("there is no event yet")
    event_id = str(arguments.get("id") or next(reversed(events)))
    if event_id not in events:
        raise ValueError(f"there is no event {event_id!r}")
    sandbox.webhooks.resend(event_id)
    return _with_deliveries(sandbox, events[event_id])


def _with_deliveries(sandbox: Sandbox, event: dict[str, Any]) -> dict[str, Any]:
    urls = {endpoint.id: endpoint.url for endpoint in sandbox.webhooks.endpoints}
    deliveries = [
        {**delivery, "url": urls.get(delivery["endpoint"])}
        for delivery in sandbox.webhooks.deliveries(event["id"])
    ]
    return {**event, "deliveries": deliveries}
