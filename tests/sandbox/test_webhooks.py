"""Webhooks: what is sent, how it is signed, when it is tried again."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from glomo.sandbox import Clock, Options, Sandbox
from glomo.sandbox.engine.options import LIVE_RETRIES, SANDBOX_RETRIES
from glomo.sandbox.engine.webhooks import WebhookRequest, couriers
from glomo.sandbox.engine.webhooks import deliveries as log
from glomo.sandbox.engine.webhooks.events import CATALOGUE
from glomo.sandbox.engine.webhooks.signing import canonical, sign

VECTOR = (
    b'{"data":{"amount":250000,"beneficiary":{"country":"DEU","name":"Acme GmbH"},'
    b'"created_at":"2026-09-09T07:00:09Z","currency":"USD","id":"payout_6a8fd80eo6coZ",'
    b'"status":"success"},"entity_type":"payout","event_type":"success"}'
)


class Inbox:
    """Takes webhooks, and responds as a test wants."""

    def __init__(self, *statuses: int) -> None:
        self.requests: list[WebhookRequest] = []
        self.statuses = list(statuses)

    def __call__(self, request: WebhookRequest) -> int:
        self.requests.append(request)
        return self.statuses.pop(0) if self.statuses else 200

    @property
    def names(self) -> list[str]:
        bodies = [json.loads(one.body) for one in self.requests]
        return [f"{one['entity_type']}.{one['event_type']}" for one in bodies]


@contextmanager
def listening(inbox: Inbox) -> Iterator[str]:
    """The inbox on a port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(inbox(WebhookRequest(body, dict(self.headers))))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/glomo"
        server.shutdown()
        thread.join()


def test_the_vendors_test_vector() -> None:
    body = canonical(json.loads(VECTOR))
    assert body == VECTOR
    assert (
        sign("whsec_2f1c9b7a4d6e8031", body)
        == "d5b5a68b9729f41c4a46f1e94c750bf10fb32f345a5467cbfec7739df83f2c02"
    )


async def test_every_step_of_a_payout_is_sent_signed_and_canonical(api: Any) -> None:
    inbox = Inbox()
    endpoint = api.sandbox.webhooks.add_receiver(inbox, secret="whsec_é")
    payout = await api.paid(notes={"b": "ü", "a": "1"})
    done = (await api.mock(payout, "success")).json()
    assert inbox.names == ["payout.in_progress", "payout.success"]
    request = inbox.requests[1]
    assert json.loads(request.body)["data"] == done
    assert request.body == canonical(json.loads(request.body))
    expected = hmac.new("whsec_é".encode(), request.body, hashlib.sha256).hexdigest()
    assert request.signature == expected
    assert "whsec" not in repr(endpoint)


async def test_each_snapshot_is_of_its_own_moment(api: Any) -> None:
    inbox = Inbox()
    api.sandbox.webhooks.add_receiver(inbox)
    api.sandbox.webhooks.pause()
    await api.mock(await api.paid(), "success")
    api.sandbox.webhooks.resume()
    assert [json.loads(one.body)["data"]["status"] for one in inbox.requests] == [
        "in_progress",
        "success",
    ]


async def test_nothing_is_sent_of_what_was_undone(make_api: Any) -> None:
    api = make_api(balances={"USD": 1})
    inbox = Inbox()
    api.sandbox.webhooks.add_receiver(inbox)
    assert (await api.pay()).status_code == 400
    assert inbox.names == []
    assert api.sandbox.webhooks.events() == []


@pytest.mark.parametrize("retries", [SANDBOX_RETRIES, LIVE_RETRIES])
async def test_retries_follow_the_schedule_and_then_stop(
    make_api: Any, clock: Clock, retries: tuple[timedelta, ...]
) -> None:
    api = make_api(clock=clock, webhook_retries=retries)
    inbox = Inbox(*[500] * 20)
    api.sandbox.webhooks.add_receiver(inbox)
    await api.paid()
    assert len(inbox.requests) == 1
    for number, wait in enumerate(retries, start=2):
        clock.advance(wait - timedelta(seconds=1))
        assert len(inbox.requests) == number - 1
        clock.advance(seconds=1)
        assert len(inbox.requests) == number
    clock.advance(days=30)
    assert len(inbox.requests) == 1 + len(retries)
    (delivery,) = api.sandbox.webhooks.deliveries()
    assert delivery["state"] == "failed"
    assert {one["status"] for one in delivery["attempts"]} == {500}
    assert api.sandbox.webhooks.delivered() == []
    assert len({one.body for one in inbox.requests}) == 1  # always the first snapshot


async def test_one_long_advance_is_the_same_history_as_many_short_ones(api: Any) -> None:
    inbox = Inbox(500, 500, 500)
    api.sandbox.webhooks.add_receiver(inbox)
    await api.paid()
    api.sandbox.clock.advance(hours=1)
    (delivery,) = api.sandbox.webhooks.deliveries()
    assert [one["at"][11:19] for one in delivery["attempts"]] == [
        "07:00:09",
        "07:01:09",
        "07:03:09",
        "07:08:09",
    ]
    assert delivery["state"] == "delivered"


@pytest.mark.parametrize("status", [201, 204, 302, 404])
async def test_only_a_200_is_a_delivery(api: Any, status: int) -> None:
    inbox = Inbox(status)
    api.sandbox.webhooks.add_receiver(inbox)
    await api.paid()
    assert api.sandbox.webhooks.delivered("payout.*") == []
    api.sandbox.clock.advance(minutes=1)
    assert len(api.sandbox.webhooks.delivered("payout.in_progress")) == 1


async def test_a_receiver_that_raises_is_tried_again(api: Any) -> None:
    calls: list[bytes] = []

    async def receive(request: WebhookRequest) -> None:
        calls.append(request.body)
        if len(calls) == 1:
            raise RuntimeError("no database")

    api.sandbox.webhooks.add_receiver(receive)
    await api.paid()
    (delivery,) = api.sandbox.webhooks.deliveries()
    assert delivery["attempts"][0]["error"] == "RuntimeError: no database"
    api.sandbox.clock.advance(minutes=1)
    assert len(calls) == 2


async def test_every_endpoint_gets_what_it_asked_for(api: Any) -> None:
    everything, payouts, successes = Inbox(), Inbox(), Inbox()
    api.sandbox.webhooks.add_receiver(everything)
    api.sandbox.webhooks.add_receiver(payouts, events=["payout.*"])
    api.sandbox.webhooks.add_receiver(successes, events=["payout.success"])
    await api.mock(await api.paid(), "success")
    api.sandbox.webhooks.trigger("webhook_test.test")
    assert everything.names == ["payout.in_progress", "payout.success", "webhook_test.test"]
    assert payouts.names == ["payout.in_progress", "payout.success"]
    assert successes.names == ["payout.success"]


async def test_a_removed_receiver_gets_nothing_and_its_place_stays_empty(api: Any) -> None:
    first, second, third = Inbox(), Inbox(), Inbox()
    hooks = api.sandbox.webhooks
    removed = hooks.add_receiver(first)
    paused = hooks.add_receiver(second)
    hooks.endpoints.remove(removed.id)
    hooks.add_receiver(third)
    hooks.endpoints.set_active(paused.id, False)
    await api.paid()
    hooks.endpoints.set_active(paused.id, True)
    await api.paid()
    assert [len(one.requests) for one in (first, second, third)] == [0, 1, 2]


@pytest.mark.parametrize("entity", sorted(CATALOGUE))
def test_every_event_can_be_triggered(sandbox: Sandbox, entity: str) -> None:
    inbox = Inbox()
    sandbox.webhooks.add_receiver(inbox)
    for event in CATALOGUE[entity]:
        sandbox.webhooks.trigger(f"{entity}.{event}")
    assert inbox.names == [f"{entity}.{event}" for event in CATALOGUE[entity]]


def test_what_no_event_fits_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"no event fits 'payout\.paid'"):
        sandbox.webhooks.add_receiver(Inbox(), events=["payout.paid"])
    with pytest.raises(ValueError, match=r"there is no event 'payout\.paid'"):
        sandbox.webhooks.trigger("payout.paid")
    with pytest.raises(ValueError, match="an http:// or https:// URL"):
        sandbox.webhooks.add_endpoint("localhost:8000")


async def test_out_of_order_and_twice_on_demand(api: Any) -> None:
    inbox = Inbox()
    api.sandbox.webhooks.add_receiver(inbox)
    api.sandbox.webhooks.pause()
    await api.mock(await api.paid(), "success")
    assert inbox.names == []
    api.sandbox.webhooks.duplicate()
    api.sandbox.webhooks.resume("reversed")
    assert inbox.names == ["payout.success", "payout.success", "payout.in_progress"]


async def test_an_old_event_can_be_sent_again(api: Any) -> None:
    inbox = Inbox()
    api.sandbox.webhooks.add_receiver(inbox)
    await api.mock(await api.paid(), "success")
    (first, _) = api.sandbox.webhooks.events()
    api.sandbox.webhooks.resend(first["id"])
    assert inbox.names[-1] == "payout.in_progress"
    assert inbox.requests[-1].body == inbox.requests[0].body
    with pytest.raises(KeyError):
        api.sandbox.webhooks.resend("99")


async def test_a_triggered_event_looks_like_the_last_of_its_kind(api: Any) -> None:
    inbox = Inbox()
    payout = await api.paid()
    api.sandbox.webhooks.add_receiver(inbox)
    api.sandbox.webhooks.trigger("payout.failed", error_code="INVALID_VPA")
    sent = json.loads(inbox.requests[0].body)["data"]
    assert sent == {**payout, "status": "failed", "error_code": "INVALID_VPA"}
    assert api.sandbox.ledger.payouts == [payout]  # nothing happened


async def test_without_an_endpoint_the_log_is_the_receiver(make_api: Any, clock: Clock) -> None:
    api = make_api(clock=clock, settle_after=timedelta(seconds=5))
    await api.paid(request_id="INV-17")
    assert not api.sandbox.webhooks.delivered("payout.success")
    clock.advance(minutes=5)
    (event,) = api.sandbox.webhooks.delivered("payout.success")
    assert event["data"]["request_id"] == "INV-17"


async def test_the_log_is_bounded(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST_EVENTS", 5)
    api.sandbox.webhooks.add_receiver(Inbox())
    for _ in range(12):
        await api.paid()
    assert len(api.sandbox.webhooks.events()) == 5
    assert len(api.sandbox.webhooks.deliveries()) == 5


async def test_a_receiver_may_call_the_api(api: Any) -> None:
    seen: list[str] = []

    async def receive(request: WebhookRequest) -> None:
        identifier = json.loads(request.body)["data"]["id"]
        other = type(api)(api.sandbox)
        async with other.http:
            seen.append((await other.get(f"v1/payouts/{identifier}")).json()["status"])

    api.sandbox.webhooks.add_receiver(receive)
    await api.paid()
    assert seen == ["in_progress"]


# ------------------------------------------------------------------------------ over HTTP


async def test_delivery_over_http(api: Any) -> None:
    inbox = Inbox(503)
    with listening(inbox) as url:
        endpoint = api.sandbox.webhooks.add_endpoint(url)
        await api.paid()
        assert api.sandbox.webhooks.flush()
        assert len(inbox.requests) == 1
        api.sandbox.clock.advance(minutes=1)
        assert api.sandbox.webhooks.flush()
    assert inbox.names == ["payout.in_progress"] * 2
    headers = {key.lower(): value for key, value in inbox.requests[1].headers.items()}
    assert headers["content-type"] == "application/json"
    assert headers["x-glomopay-signature"] == sign(endpoint.secret, inbox.requests[1].body)
    assert len(headers["x-glomopay-signature"]) == 64


async def test_an_endpoint_that_is_not_there_is_a_failed_attempt(api: Any) -> None:
    with listening(Inbox()) as url:
        pass
    api.sandbox.webhooks.add_endpoint(url)
    await api.paid()
    assert api.sandbox.webhooks.flush()
    (delivery,) = api.sandbox.webhooks.deliveries()
    assert delivery["attempts"][0]["status"] is None
    assert "ConnectError" in delivery["attempts"][0]["error"]


async def test_an_endpoint_that_does_not_respond_in_time_is_a_failed_attempt(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it accepts, and that is all
        api.sandbox.webhooks.add_endpoint(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        await api.paid()
        assert api.sandbox.webhooks.flush()
    (delivery,) = api.sandbox.webhooks.deliveries()
    (attempt,) = delivery["attempts"]
    assert attempt["status"] is None
    assert attempt["error"].startswith("no response within")
    assert delivery["state"] == "pending"


async def test_a_slow_endpoint_keeps_no_other_waiting(api: Any) -> None:
    inbox, released = Inbox(), threading.Event()

    class Slow(Inbox):
        def __call__(self, request: WebhookRequest) -> int:
            assert released.wait(20)
            return super().__call__(request)

    with listening(Slow()) as first, listening(inbox) as second:
        api.sandbox.webhooks.add_endpoint(first)
        api.sandbox.webhooks.add_endpoint(second)
        await api.paid()
        while not inbox.requests:  # while the other one still holds its own
            api.sandbox.engine.tick()
        released.set()
        assert api.sandbox.webhooks.flush()
    assert len(api.sandbox.webhooks.delivered("payout.in_progress")) == 1


def test_a_served_sandbox_settles_and_delivers_by_itself() -> None:
    inbox = Inbox()
    arrived = threading.Event()

    def receive(request: WebhookRequest) -> None:
        inbox(request)
        if inbox.names[-1] == "payout.success":
            arrived.set()

    sandbox = Sandbox(options=Options(settle_after=timedelta(milliseconds=20)))
    sandbox.add_beneficiary("bene_supplier")
    sandbox.webhooks.add_receiver(receive)
    with sandbox.serve() as server:
        httpx.post(
            f"{server.base_url}/v1/payouts",
            headers={"Authorization": "Bearer secret"},
            json={
                "beneficiary_id": "bene_supplier",
                "purpose_code": "S1005",
                "source_currency": "USD",
                "destination_currency": "INR",
                "source_amount": 1000,
            },
        ).raise_for_status()
        assert arrived.wait(20)
    assert inbox.names == ["payout.in_progress", "payout.success"]


async def test_the_secret_is_the_same_at_every_start(sandbox: Sandbox) -> None:
    url = "https://example.test/glomo"
    one, again = sandbox.webhooks.add_endpoint(url), Sandbox().webhooks.add_endpoint(url)
    assert one.secret == again.secret
    assert one.secret.startswith("whsec_")
    assert Sandbox(seed=1).webhooks.add_endpoint(url).secret != one.secret


async def test_a_pending_delivery_survives_a_restart(
    tmp_path: Path, make_api: Any, clock: Clock
) -> None:
    inbox = Inbox(500)
    with listening(inbox) as url:
        api = make_api(state=tmp_path / "state.db", clock=clock)
        api.sandbox.webhooks.add_endpoint(url)
        await api.paid()
        api.sandbox.webhooks.flush()
        api.sandbox.close()
        again = make_api(state=tmp_path / "state.db", clock=Clock(clock()))
        again.sandbox.clock.advance(minutes=1)
        assert again.sandbox.webhooks.flush()
        again.sandbox.close()
    assert inbox.names == ["payout.in_progress"] * 2
