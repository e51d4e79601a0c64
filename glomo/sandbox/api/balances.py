"""`GET /balances`."""

from __future__ import annotations

from .endpoint import Request, Resource, Response, Route


def _retrieve(request: Request) -> Response:
    books = request.account.books

    def amounts(account: str) -> list[dict[str, object]]:
        return [
            {"currency": currency, "amount": books.balance(account, currency)}
            for currency in books.currencies()
        ]

    # `pending` is money on its way in. A hold for a payout is not: it has merely left `available`.
    return Response({"available": amounts("available"), "pending": amounts("pending")})


RESOURCE = Resource(routes=(Route("balances.retrieve", "GET", "/balances", _retrieve),))
