"""`POST /api-keys/rotate`: a new secret key, while the old one ends after a while."""

from __future__ import annotations

from datetime import timedelta

from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.keys import claims_of

from .endpoint import Request, Resource, Response, Route

_LONGEST_SECONDS = 604_800


def _rotate(request: Request) -> Response:
    seconds = request.json().get("expire_after_in_seconds")
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise bad_request("Validation failed: Expire after in seconds must be an integer")
    if not 0 <= seconds <= _LONGEST_SECONDS:
        raise bad_request(
            f"Validation failed: Expire after in seconds must be between 0 and {_LONGEST_SECONDS}"
        )
    account = request.account
    expires_at = account.now() + timedelta(seconds=seconds)
    claims = claims_of(request.key)
    with account.engine.transaction():
        key = account.engine.keys.issue(
            str(claims.get("sub", account.merchant_id)), env=str(claims.get("env", "sandbox"))
        )
        account.engine.keys.revoke(request.key, expires_at)
    return Response({"secret_key": key, "previous_key_expires_at": wire_time(expires_at)})


RESOURCE = Resource(routes=(Route("api_keys.rotate", "POST", "/api-keys/rotate", _rotate),))
