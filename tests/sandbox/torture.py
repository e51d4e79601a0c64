"""The sandbox under many clients, faults and a receiver that refuses.

    python -m tests.sandbox.torture --operations 2000 --clients 50

Raw HTTP clients do random things to one sandbox on a port, over connections that are cut, while
time moves and a webhook receiver fails now and then. After every operation the books of every
merchant must balance; in the end every request_id has been paid once at most, and every event was
delivered at least once, with a good signature.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from glomo.sandbox import Options, Sandbox
from glomo.sandbox.engine.books import OWN
from glomo.sandbox.engine.webhooks.signing import canonical

_FULL_CHECK_EVERY = 100
_MOST_REFUSALS = 3
_CARDS = ("4532491111111111", "4532442222222222", "4532271111111112", "4556822222222223")
_MERCHANT = {
    "name": "Child Business",
    "address_line1": "456 Commerce Street",
    "city": "Mumbai",
    "state": "Maharashtra",
    "pincode": "400001",
    "registration_number": "REG123456",
    "registration_country": "IND",
    "entity_type": "business",
    "category": "Business Services",
    "sub_category": "Courier Services",
    "operation_countries": ["IND"],
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much of it."""

    operations: int = 2_000
    clients: int = 50
    seed: int = 0
    faults: float = 0.2


@dataclass
class Verdict:
    """What came of it."""

    plan: Plan
    statuses: Counter[str] = field(default_factory=Counter)
    faults: dict[str, int] = field(default_factory=dict)
    postings: int = 0
    events: int = 0
    deliveries: int = 0
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        statuses = ", ".join(f"{status} {n}" for status, n in sorted(self.statuses.items()))
        lines = [
            ("operations", f"{self.plan.operations:,} by {self.plan.clients} clients"),
            ("responses", statuses),
            ("faults", ", ".join(f"{kind} {n}" for kind, n in sorted(self.faults.items()))),
            ("postings", f"{self.postings:,}"),
            ("webhooks", f"{self.events:,} events, {self.deliveries:,} requests to the receiver"),
            ("time", f"{self.seconds:.0f} s"),
            ("verdict", "books balanced, all delivered" if not self.complaints else "BROKEN"),
        ]
        return "\n".join(
            [f"{name:<12}{value}" for name, value in lines]
            + [f"  {complaint}" for complaint in self.complaints[:20]]
        )


class Receiver:
    """Takes webhooks on a port; it refuses some of them, but none more than three times."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"receiver/{seed}")
        self.requests = 0
        self.refusals: Counter[bytes] = Counter()
        self.taken: set[bytes] = set()
        self.secret = ""
        self.forged = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
                body = await reader.readexactly(length)
                signature = head.partition("x-glomopay-signature: ")[2].partition("\r\n")[0]
                status = self._take(body, signature)
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    def _take(self, body: bytes, signature: str) -> int:
        self.requests += 1
        expected = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        self.forged += signature != expected
        if self._random.random() < 0.2 and self.refusals[body] < _MOST_REFUSALS:
            self.refusals[body] += 1
            return 500
        self.taken.add(body)
        return 200


class Clients:
    """The clients, which share the ids of what they created."""

    def __init__(self, plan: Plan, sandbox: Sandbox, base_url: str, verdict: Verdict) -> None:
        self._plan = plan
        self._sandbox = sandbox
        self._base_url = base_url
        self._verdict = verdict
        self._random = random.Random(f"torture/{plan.seed}")
        self._left = plan.operations
        self._ids: dict[str, list[str]] = {}
        self._number = 0
        self._calls: tuple[Callable[[httpx.AsyncClient], Awaitable[None]], ...] = (
            *[self._pay] * 6,
            *[self._mock_payout] * 5,
            self._cancel,
            self._customer,
            *[self._order] * 2,
            *[self._card] * 3,
            self._link,
            *[self._transfer] * 2,
            *[self._refund] * 2,
            self._refund_outcome,
            self._convert,
            self._settle,
            self._withdraw,
            self._onboard,
            self._move,
            self._subscribe,
            self._pay_subscription,
            *[self._advance] * 2,
            self._look,
        )

    async def run(self) -> None:
        await asyncio.gather(*(self._client() for _ in range(self._plan.clients)))

    async def _client(self) -> None:
        async with httpx.AsyncClient(
            base_url=self._base_url, headers={"Authorization": "Bearer secret"}, timeout=60
        ) as http:
            while self._left > 0:
                self._left -= 1
                left = self._left
                await self._random.choice(self._calls)(http)
                self._check(full=left % _FULL_CHECK_EVERY == 0)

    def _check(self, *, full: bool) -> None:
        engine = self._sandbox.engine
        try:
            with engine.store.lock:
                if full:
                    engine.check()
                for account in engine.accounts():
                    sums: Counter[str] = Counter()
                    for name, balances in account.books.balances().items():
                        sums.update(balances)
                        assert name not in OWN or min(balances.values()) >= 0, (name, balances)
                    assert not any(sums.values()), sums
        except (AssertionError, RuntimeError) as wrong:
            self._verdict.complaints.append(f"books: {wrong}")

    async def _send(
        self, http: httpx.AsyncClient, method: str, path: str, body: Any = None
    ) -> dict[str, Any]:
        """The JSON of a good response; nothing of any other."""
        try:
            response = await http.request(method, path, json=body)
        except httpx.TransportError:
            self._verdict.statuses["cut"] += 1
            return {}
        self._verdict.statuses[str(response.status_code)] += 1
        if response.status_code >= 300:
            return {}
        try:
            return dict(response.json())
        except ValueError:
            return {}

    async def _create(
        self, http: httpx.AsyncClient, kind: str, path: str, body: dict[str, Any]
    ) -> None:
        created = await self._send(http, "POST", path, body)
        identifier = created.get("id") or created.get("data", {}).get("merchant_id")
        if identifier:
            self._ids.setdefault(kind, []).append(identifier)

    def _any(self, kind: str) -> str:
        return self._random.choice(self._ids.get(kind, [f"{kind}_nobody"]))

    def _request_id(self) -> str:
        """Mostly a new one, now and then one that was used."""
        if self._random.random() < 0.8 or not self._number:
            self._number += 1
            return f"req-{self._number}"
        return f"req-{self._random.randint(1, self._number)}"

    def _amount(self) -> int:
        return self._random.choice((6_623, self._random.randint(1, 50_000), 5_000_000))

    async def _pay(self, http: httpx.AsyncClient) -> None:
        body = {
            "beneficiary_id": self._random.choice(("bene_good", "bene_wrong")),
            "purpose_code": "S1005",
            "source_currency": self._random.choice(("USD", "EUR")),
            "destination_currency": "INR",
            "source_amount": self._amount(),
            "payment_rail": "neft",
            "request_id": self._request_id(),
        }
        await self._create(http, "payout", "/payouts", body)

    async def _mock_payout(self, http: httpx.AsyncClient) -> None:
        steps = ("pending", "success", "failed", "action_required", "cancelled")
        body = {"id": self._any("payout"), "status": self._random.choice(steps)}
        await self._send(http, "PATCH", "/payouts/mock", body)

    async def _cancel(self, http: httpx.AsyncClient) -> None:
        await self._send(http, "PATCH", f"/payouts/{self._any('payout')}/cancel")

    async def _customer(self, http: httpx.AsyncClient) -> None:
        self._number += 1
        body = {
            "name": "John Doe",
            "customer_type": "individual",
            "email": f"john{self._number}@example.com",
            "address": "123 Main St",
            "city": "Springfield",
            "state": "Illinois",
            "country": "USA",
            "pincode": "62701",
        }
        await self._create(http, "cust", "/customer", body)

    def _payin(self) -> dict[str, Any]:
        return {
            "customer_id": self._any("cust"),
            "amount": self._amount(),
            "currency": self._random.choice(("USD", "EUR")),
            "purpose_code": "P0103",
        }

    async def _order(self, http: httpx.AsyncClient) -> None:
        body = {**self._payin(), "request_id": self._request_id()}
        await self._create(http, "order", "/orders", body)

    async def _link(self, http: httpx.AsyncClient) -> None:
        expires_at = self._sandbox.clock().replace(microsecond=0).isoformat()
        body = {**self._payin(), "expires_at": expires_at.replace("+00:00", "Z")}
        await self._create(http, "plink", "/payin", body)

    async def _card(self, http: httpx.AsyncClient) -> None:
        body = {
            "order_id": self._any("order"),
            "method": "card",
            "card": {"number": self._random.choice(_CARDS)},
            "callback_url": "https://shop.example",
            "request_id": self._request_id(),
        }
        await self._create(http, "payt", "/payment", body)

    async def _transfer(self, http: httpx.AsyncClient) -> None:
        body = {"amount": self._amount() + 100, "currency": "USD", "payment_method": "BankTransfer"}
        if self._random.random() < 0.7:
            body = {"amount": 10_000, "currency": "USD", "payin_id": self._any("order")}
        await self._create(http, "payt", "/payment/mock", body)

    async def _refund(self, http: httpx.AsyncClient) -> None:
        body = {
            "payment_id": self._any("payt"),
            "reason": "Others",
            "request_id": self._request_id(),
        }
        if self._random.random() < 0.5:
            body["amount"] = self._random.randint(1, 5_000)
        await self._create(http, "refund", "/refunds", body)

    async def _refund_outcome(self, http: httpx.AsyncClient) -> None:
        body = {"status": self._random.choice(("success", "failed"))}
        await self._send(http, "PATCH", f"/refunds/{self._any('refund')}/mock_update_status", body)

    async def _convert(self, http: httpx.AsyncClient) -> None:
        pair = self._random.sample(("USD", "EUR", "GBP"), 2)
        body = {
            "source_currency": pair[0],
            "target_currency": pair[1],
            self._random.choice(("source_amount", "target_amount")): self._amount(),
        }
        await self._create(http, "conv", "/balance_conversions", body)

    async def _settle(self, http: httpx.AsyncClient) -> None:
        if self._random.random() < 0.5:
            await self._send(http, "POST", "/settlements/mock-trigger")
            return
        body: dict[str, Any] = {"amount": self._amount(), "balance_currency": "USD"}
        if self._random.random() < 0.5:
            body = {"payment_ids": [self._any("payt")]}
        await self._create(http, "setl", "/settlements", body)

    async def _withdraw(self, http: httpx.AsyncClient) -> None:
        body = {"amount": self._amount(), "balance_currency": "USD"}
        await self._create(http, "withdrawal", "/withdrawals", body)

    async def _onboard(self, http: httpx.AsyncClient) -> None:
        await self._create(http, "merch", "/platform/merchants", _MERCHANT)

    async def _move(self, http: httpx.AsyncClient) -> None:
        sides = [self._any("merch"), "merch_sandbox"]
        self._random.shuffle(sides)
        body = {
            "amount": self._random.randint(1, 5_000),
            "currency": "AED",
            "reference": "torture",
            "from_merchant_id": sides[0],
            "to_merchant_id": sides[1],
        }
        await self._create(http, "inttransfer", "/internal-transfer", body)

    async def _subscribe(self, http: httpx.AsyncClient) -> None:
        today = self._sandbox.clock().date().isoformat()
        body = {
            "customer_id": self._any("cust"),
            "product_name": "Insurance",
            "product_description": "Monthly",
            "amount": self._amount(),
            "currency": "USD",
            "interval_type": "month",
            "interval_count": 1,
            "billing_cycles": 12,
            "start_date": today,
            "expires_at": today,
            "notify_customer": False,
            "starts_with_first_payment": True,
        }
        await self._create(http, "sub", "/subscriptions", body)

    async def _pay_subscription(self, http: httpx.AsyncClient) -> None:
        body = {
            "subscription_id": self._any("sub"),
            "method": "card",
            "card": {"number": self._random.choice(_CARDS)},
            "callback_url": "https://shop.example",
        }
        await self._create(http, "payt", "/payment", body)

    async def _advance(self, _: httpx.AsyncClient) -> None:
        minutes = self._random.choice((0.1, 1, 20, 600))
        await asyncio.to_thread(self._sandbox.clock.advance, minutes=minutes)

    async def _look(self, http: httpx.AsyncClient) -> None:
        paths = ("/payouts", "/payment?per_page=100", "/refunds", "/subscriptions", "/balances")
        await self._send(http, "GET", self._random.choice(paths))


class _Log(logging.Handler):
    """What the sandbox itself complains about."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        self._complaints.append(f"log: {record.getMessage()} {record.exc_info}")


async def torture(plan: Plan) -> Verdict:
    """Do it all; the verdict has complaints if anything is not as promised."""
    began = time.monotonic()
    verdict = Verdict(plan)
    handler = _Log(verdict.complaints)
    logging.getLogger("glomo.sandbox").addHandler(handler)
    receiver = Receiver(plan.seed)
    port = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    sandbox = Sandbox(
        seed=plan.seed,
        rate_limit=None,
        balances=dict.fromkeys(("USD", "EUR", "GBP", "AED"), 20_000_000),
        options=Options(screening=True, partial_refunds=True),
    )
    sandbox.add_beneficiary("bene_good")
    sandbox.add_beneficiary("bene_wrong", bank_error="INVALID_VPA")
    try:
        host, number = port.sockets[0].getsockname()[:2]
        endpoint = sandbox.webhooks.add_endpoint(f"http://{host}:{number}/")
        receiver.secret = endpoint.secret
        with sandbox, sandbox.serve() as server:
            sandbox.random_faults(plan.faults, delay=0.005)
            await Clients(plan, sandbox, f"{server.base_url}/v1", verdict).run()
            sandbox.clear_faults()
            await asyncio.to_thread(_settle_down, sandbox)
        _judge(sandbox, receiver, verdict)
    finally:
        port.close()
        logging.getLogger("glomo.sandbox").removeHandler(handler)
    verdict.seconds = time.monotonic() - began
    return verdict


def _settle_down(sandbox: Sandbox) -> None:
    """Let everything end: what is at the bank, and every retry of a webhook."""
    for _ in range(8):
        sandbox.clock.advance(hours=1)
        sandbox.webhooks.flush(120)


def _judge(sandbox: Sandbox, receiver: Receiver, verdict: Verdict) -> None:
    sandbox.engine.check()
    deliveries = sandbox.webhooks.deliveries()
    verdict.faults = {str(kind): n for kind, n in sandbox.faults.counts.items()}
    verdict.postings = sum(len(one.books.postings()) for one in sandbox.engine.accounts())
    verdict.events = len(sandbox.webhooks.events())
    verdict.deliveries = receiver.requests
    taken = {_key(json.loads(body)) for body in receiver.taken}
    for event in sandbox.webhooks.events():
        if _key(event) not in taken:
            verdict.complaints.append(f"never delivered: {event!r:.200}")
    if undelivered := [one for one in deliveries if one["state"] != "delivered"]:
        verdict.complaints.append(f"{len(undelivered)} deliveries are like {undelivered[0]}")
    if receiver.forged:
        verdict.complaints.append(f"{receiver.forged} webhooks with a wrong signature")
    for request_id, times in sandbox.ledger.counts().items():
        if times != 1:
            verdict.complaints.append(f"{request_id} was paid {times} times")


def _key(event: dict[str, Any]) -> bytes:
    return canonical({key: event[key] for key in ("entity_type", "event_type", "data")})


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox.torture", description=__doc__)
    defaults = Plan()
    parser.add_argument("--operations", type=int, default=defaults.operations)
    parser.add_argument("--clients", type=int, default=defaults.clients)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--faults", type=float, default=defaults.faults)
    verdict = asyncio.run(torture(Plan(**vars(parser.parse_args()))))
    print(verdict)
    return 1 if verdict.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
