"""A payouts API that misbehaves, with a ledger of its own: it shares no code with the sandbox.

    python -m tests.misbehaving_server --faults 0.3 --seed 7

It keeps the one promise that the real API gives (a `request_id` is carried out once) and breaks
what it can besides: responses are lost before and after the commit, come as a page of HTML, show
another payout (with or without its request_id), are followed by a stray response on the same
connection, or are lost though the payout is made a while later, after another attempt has been
refused; look-ups lag behind, or ignore their filter. `GET /_ledger` tells what was really paid.

Each operation has a schedule of its own: every so-many-th request goes wrong, each time in the next
way, so that however requests overlap, enough of them bring every kind of fault.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

FAULTS = (
    "cut_before",
    "cut_after",
    "fail_before",
    "fail_after",
    "html",
    "wrong_object",
    "wrong_object_without_request_id",
    "stray_response",
    "late_commit",
    "late_commit_then_refused",
    "throttled",
)
LIST_FAULTS = ("list_lag", "list_unfiltered", "list_fail")
_LAG_SECONDS = 0.6
_LATE_SECONDS = 1.5


@dataclass
class Schedule:
    """Which requests of an operation go wrong, and how."""

    kinds: Sequence[str]
    rate: float
    requests: int = 0
    faults: int = 0

    def fault(self) -> str:
        """The fault of the next request; empty if it goes well."""
        self.requests += 1
        if int(self.requests * self.rate) == self.faults:
            return ""
        self.faults += 1
        return self.kinds[self.faults % len(self.kinds)]


@dataclass
class Response:
    """What goes over the wire; `None` for the status: the connection is cut."""

    status: int | None
    body: bytes = b""
    stray: bytes = b""
    kind: str = "application/json"


@dataclass
class Server:
    """The API."""

    faults: float
    seed: int
    payouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    born: dict[str, float] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    late: set[asyncio.Task[None]] = field(default_factory=set)
    refuse: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"misbehaving/{self.seed}")
        order = self.chance.sample(FAULTS, len(FAULTS))
        self.creates = Schedule(order, self.faults)
        self.look_ups = Schedule(LIST_FAULTS, self.faults)
        self.lists = Schedule(LIST_FAULTS, self.faults / 2)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request by request."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                method, target, _ = lines[0].split(" ")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                length = int(headers.get("content-length", "0"))
                body = await reader.readexactly(length)
                response = self.respond(method, target, body)
                if response.status is None:
                    break
                writer.write(_bytes(response.status, response.body, response.kind))
                if response.stray:
                    writer.write(_bytes(200, response.stray, "application/json"))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def respond(self, method: str, target: str, body: bytes) -> Response:
        """What becomes of a request."""
        parts = urlsplit(target)
        path, query = parts.path, parse_qs(parts.query)
        if path == "/_ledger":
            ledger = {"payouts": [*self.payouts.values()], "faults": dict(self.counts)}
            return _json(200, {**ledger, "requests": self.requests})
        self.requests += 1
        if path == "/api/v1/balances":
            plenty = dict.fromkeys(("USD", "EUR", "GBP", "AED", "SGD", "AUD"), 10**14)
            return _json(200, {"available": plenty})
        if path == "/api/v1/payouts" and method == "POST":
            return self.create(json.loads(body))
        if path == "/api/v1/payouts":
            return self.list(query)
        payout = next((one for one in self.payouts.values() if path.endswith(one["id"])), None)
        return _json(200, payout) if payout else _json(404, {"message": "Payout not found"})

    def create(self, parameters: dict[str, Any]) -> Response:
        """Pay, and say so; or not."""
        request_id = parameters["request_id"]
        self.attempts[request_id] += 1
        # Nothing goes on for ever: what was tried often is served well.
        fault = self.creates.fault() if self.attempts[request_id] <= 3 else ""
        self.counts.update([fault] if fault else [])
        if request_id in self.refuse:  # the attempt before this one is still under way
            self.refuse.discard(request_id)
            return _json(400, {"message": "This beneficiary verification is pending"})
        if fault == "throttled":
            return _json(429, {"message": "Too many requests"})
        if fault == "cut_before":
            return Response(None)
        if fault == "fail_before":
            return _json(503, {"message": "Unavailable"})
        if fault.startswith("late_commit"):
            task = asyncio.get_running_loop().create_task(self.commit_late(parameters))
            self.late.add(task)
            task.add_done_callback(self.late.discard)
            if fault.endswith("refused"):
                self.refuse.add(request_id)
            return Response(None)
        if request_id in self.payouts:
            return _json(409, {"error": "Conflict", "message": "Record already exists"})
        payout = self.commit(parameters)
        if fault == "cut_after":
            return Response(None)
        if fault == "fail_after":
            return _json(500, {"message": "Internal error"})
        if fault == "html":
            return Response(200, b"<html>Welcome</html>", kind="text/html")
        others = [one for one in self.payouts.values() if one is not payout]
        if fault.startswith("wrong_object") and others:
            other = dict(self.chance.choice(others))
            if fault.endswith("request_id"):
                del other["request_id"]
            return _json(201, other)
        response = _json(201, payout)
        if fault == "stray_response" and others:
            response.stray = json.dumps(self.chance.choice(others)).encode()
        return response

    async def commit_late(self, parameters: dict[str, Any]) -> None:
        """The request was still under way behind the error."""
        await asyncio.sleep(_LATE_SECONDS)
        if parameters["request_id"] not in self.payouts:
            self.commit(parameters)

    def commit(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Make the payout."""
        payout = {
            **parameters,
            "id": f"payout_{len(self.payouts):08}",
            "status": "in_progress",
            "created_at": datetime.now(UTC).isoformat(),
        }
        self.payouts[parameters["request_id"]] = payout
        self.born[payout["id"]] = time.monotonic()
        return payout

    def list(self, query: dict[str, list[str]]) -> Response:
        """The list, newest first; as it was a moment ago, if it lags."""
        fault = (self.look_ups if "request_id" in query else self.lists).fault()
        self.counts.update([fault] if fault else [])
        if fault == "list_fail":
            return _json(502, {"message": "Bad gateway"})
        rows = [*reversed(self.payouts.values())]
        if fault == "list_lag":
            now = time.monotonic()
            rows = [one for one in rows if now - self.born[one["id"]] > _LAG_SECONDS]
        if "request_id" in query and fault != "list_unfiltered":
            rows = [one for one in rows if one["request_id"] == query["request_id"][0]]
        for name, holds in (("before", _not_after), ("after", _not_before)):
            if name in query:
                bound = datetime.fromisoformat(query[name][0])
                rows = [one for one in rows if holds(one["created_at"], bound)]
        page, size = (
            int(query.get(name, [d])[0]) for name, d in (("page", "1"), ("per_page", "20"))
        )
        shown = rows[(page - 1) * size : page * size]
        more = page + 1 if page * size < len(rows) else None
        meta = {"current": page, "next": more, "per_page": size, "count": len(rows)}
        return _json(200, {"data": shown, "page_meta": meta})


def _not_after(created_at: str, bound: datetime) -> bool:
    return datetime.fromisoformat(created_at) <= bound


def _not_before(created_at: str, bound: datetime) -> bool:
    return datetime.fromisoformat(created_at) >= bound


def _json(status: int, value: object) -> Response:
    return Response(status, json.dumps(value).encode())


def _bytes(status: int, body: bytes, kind: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    server = Server(arguments.faults, arguments.seed)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 20)
    port = listening.sockets[0].getsockname()[1]
    print(f"export GLOMO_BASE_URL=http://127.0.0.1:{port}/api", flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
