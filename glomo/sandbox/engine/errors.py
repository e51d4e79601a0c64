"""The API's errors: one flat body, `{"error", "message"}`, now and then with a `code`."""

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


class ApiError(Exception):
    """A request that ends in an error response; nothing was committed."""

    def __init__(
        self, status: int, message: str, code: str | None = None, *, reason: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.reason = reason or REASONS.get(status, "Error")

    def body(self) -> dict[str, str]:
        """The body of the response. The gateway's 429 carries a message only."""
        if self.status == 429:
            return {"message": self.message}
        body = {"error": self.reason, "message": self.message}
        return body if self.code is None else {**body, "code": self.code}


def bad_request(message: str, code: str | None = None) -> ApiError:
    """400."""
    return ApiError(400, message, code)


def not_found(what: str) -> ApiError:
    """404 `Payout not found`."""
    return ApiError(404, f"{what} not found")


def unprocessable(message: str) -> ApiError:
    """422."""
    return ApiError(422, message)


def record_exists() -> ApiError:
    """409 for a `request_id` that was used before."""
    return ApiError(409, "Record already exists")


def state_change_not_allowed() -> ApiError:
    """400 for a step that the life cycle does not have."""
    return bad_request("State change not allowed")


def insufficient_balance(shortfall: int) -> ApiError:
    """400 with the amount (minor units of the source currency) that is missing."""
    return bad_request(
        "Account has insufficient balance to process this transaction. "
        f"Additional amount required: {shortfall}.",
        "INSUFFICIENT_BALANCE",
    )
