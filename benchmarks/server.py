"""A local server that responds at once, always the same: what is measured is the client.

`python -m benchmarks.server` prints its port and serves until its standard input closes.
A GET with `page=` gets that page of a list; everything else with one payout. Payouts
with a `request_id` other than the example's are kept, and then the list has these.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

PER_PAGE = 100
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_EXAMPLE = b"req-7f3a9c20"
PAGES = 1000

PAYOUT = {
    "id": "payout_DdWp_HUbOnlg",
    "status": "in_progress",
    "destination_amount": 8235000,
    "destination_currency": "INR",
    "source_amount": 100000,
    "source_currency": "USD",
    "beneficiary_id": "bene_5JU9yv0lGSUP",
    "documents": [
        {"id": "doc_nYUqLpuYQ0M8", "type": "invoice", "status": "uploaded", "rfi_doc_id": None}
    ],
    "purpose_code": "S0017",
    "mid_market_rate": {"currency": "INR", "rate": 82.3512},
    "fees": {
        "fx_fee": {"currency": "USD", "amount": 200},
        "txn_fee": {"currency": "USD", "amount": 100},
    },
    "created_at": "2026-06-01T12:00:00Z",
    "updated_at": "2026-06-01T12:00:00Z",
    "utr": None,
    "request_id": "req-7f3a9c20",
    "payment_rail": "neft",
    "invoice_number": "INV-2026-001",
    "fee_collection_mode": "merchant",
    "error_code": None,
    "error_description": None,
    "customer_error_description": None,
    "quote_id": None,
    "taxes": [],
    "notes": {"internal_ref": "batch-42"},
}


def response(body: bytes, *headers: bytes) -> bytes:
    """A whole HTTP response."""
    return b"\r\n".join(
        [
            b"HTTP/1.1 200 OK",
            b"content-type: application/json; charset=utf-8",
            b"date: Sun, 22 Nov 2026 10:00:00 GMT",
            b"content-length: %d" % len(body),
            *headers,
            b"",
            body,
        ]
    )


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


_BEFORE_ID, _AFTER_ID = _dump(PAYOUT).split(PAYOUT["id"])


def bare_page(number: int) -> bytes:
    """A page of distinct payouts, as a bare list. Cheap to make, so that nobody waits for it."""
    first = (number - 1) * PER_PAGE
    ids = (f"payout_{first + n:012d}" for n in range(PER_PAGE))
    return f"[{','.join(f'{_BEFORE_ID}{id}{_AFTER_ID}' for id in ids)}]".encode()


def page(number: int) -> bytes:
    """The same page with what two pagers look for.

    Glomo reads `data` and `page_meta`, stripe `data` and `has_more`. modern-treasury's client gets
    the bare list, and its cursor as a header.
    """
    meta = {
        "current": number,
        "previous": number - 1 or None,
        "next": number + 1 if number < PAGES else None,
        "per_page": PER_PAGE,
        "pages": PAGES,
        "count": PAGES * PER_PAGE,
    }
    head = {
        "object": "list",
        "url": "/v1/payouts",
        "has_more": number < PAGES,
        "page_meta": meta,
    }
    return b'%s,"data":%s}' % (_dump(head)[:-1].encode(), bare_page(number))


class Ledger:
    """The payouts of a batch."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self.by_request_id: dict[str, bytes] = {}
        self.by_id: dict[str, bytes] = {}

    def create(self, body: bytes) -> bytes:
        """Keep a payout, as it was asked for."""
        parameters = json.loads(body)
        row = self.by_request_id.get(parameters["request_id"])
        if row is None:
            now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            payout = {**PAYOUT, **parameters, "id": f"payout_{len(self.rows):012d}"}
            row = _dump({**payout, "created_at": now, "updated_at": now, "documents": []}).encode()
            self.rows.append(row)
            self.by_request_id[parameters["request_id"]] = self.by_id[payout["id"]] = row
        return response(row)

    def page(self, query: dict[str, str]) -> bytes:
        """A page, newest first."""
        number, size = int(query.get("page", 1)), int(query.get("per_page", PER_PAGE))
        if "request_id" in query:
            row = self.by_request_id.get(query["request_id"])
            chosen, next_page = ([row] if row is not None else []), None
        else:
            last = len(self.rows) - (number - 1) * size
            chosen = self.rows[max(0, last - size) : max(0, last)][::-1]
            next_page = number + 1 if last > size else None
        meta = {
            "current": number,
            "previous": number - 1 or None,
            "next": next_page,
            "per_page": size,
        }
        return response(b'{"page_meta":%s,"data":[%s]}' % (_dump(meta).encode(), b",".join(chosen)))


class Server(asyncio.Protocol):
    """Reads requests, responds to each at once."""

    single = response(_dump(PAYOUT).encode())
    pages: dict[tuple[str, int], bytes] = {}  # noqa: RUF012 - one cache for the process
    ledger = Ledger()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            length = _LENGTH.search(head)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(self.buffer) < total:
                return
            body = self.buffer[end + 4 : total]
            self.buffer = self.buffer[total:]
            self.transport.write(self.respond(head, body))

    def respond(self, head: bytes, body: bytes) -> bytes:
        line = head[: head.index(b"\r\n")].decode()
        if not line.startswith("GET"):
            is_own_create = line.startswith("POST /api/v1/payouts ") and _EXAMPLE not in body
            return self.ledger.create(body) if is_own_create else self.single
        target = line.split(" ")[1]
        if self.ledger.rows:
            row = self.ledger.by_id.get(target.rpartition("/")[2])
            return (
                response(row) if row else self.ledger.page(dict(parse_qsl(urlsplit(target).query)))
            )
        number, shape = _page_number(target), "bare" if "payment_orders" in target else "list"
        cached = self.pages.get((shape, number))
        if cached is None:
            if shape == "list":
                cached = response(page(number))
            else:
                has_more = number < PAGES
                cursor = [b"x-after-cursor: %d" % (number + 1)] if has_more else []
                cached = response(bare_page(number), b"x-per-page: 100", *cursor)
            self.pages[(shape, number)] = cached
        return cached


def _page_number(target: str) -> int:
    """The page asked for, however the client asks: `page`, `after_cursor` or `starting_after`."""
    match = re.search(r"[?&](page|after_cursor)=(\d+)", target)
    if match:
        return int(match[2])
    match = re.search(r"[?&]starting_after=payout_0*(\d+)", target)
    return int(match[1]) // PER_PAGE + 2 if match else 1


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
