"""How the API says no: one flat body, `{"error", "message"}` and now and then `code`."""

from __future__ import annotations

REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class RefusalError(Exception):
    """A request that is answered with an error; nothing was committed."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code

    def body(self) -> dict[str, str]:
        """The answer's body. The gateway's 429 carries a message only."""
        if self.status == 429:
            return {"message": self.message}
        body = {"error": REASONS.get(self.status, "Error"), "message": self.message}
        return body if self.code is None else {**body, "code": self.code}


def bad_request(message: str, code: str | None = None) -> RefusalError:
    """400."""
    return RefusalError(400, message, code)


def not_found(what: str) -> RefusalError:
    """404 `Payout not found`."""
    return RefusalError(404, f"{what} not found")


def unprocessable(message: str) -> RefusalError:
    """422."""
    return RefusalError(422, message)


def record_exists() -> RefusalError:
    """409 for a `request_id` that was used before."""
    return RefusalError(409, "Record already exists")


def state_change_not_allowed() -> RefusalError:
    """400 for a step that the life cycle does not have."""
    return bad_request("State change not allowed")


def insufficient_balance(shortfall: int) -> RefusalError:
    """400 with the amount (minor units of the source currency) that is missing."""
    return bad_request(
        "Account has insufficient balance to process this transaction. "
        f"Additional amount required: {shortfall}.",
        "INSUFFICIENT_BALANCE",
    )
