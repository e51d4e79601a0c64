"""Whether the checkout's result comes from Glomo.

After a payment, the checkout hands `orderId`, `paymentId`, `status` and `signature` to the page,
and a server-to-server payment sends the customer back to `callback_url` with `status` and
`signature` in the query. Both pass through the customer's browser, so both are signed, with your
API secret key: HMAC-SHA256 of `order_id|payment_id|status`. Take the order's id from your own
session or database; the browser's may be that of another, cheaper order.

A signature proves where the result comes from, not that it is a good one: `status` says that, and
the webhook `payment` `success` is what to deliver on.
"""

from __future__ import annotations

from collections.abc import Sequence

from glomo.errors import ParameterError, SignatureError

from .secrets import Secrets
from .signatures import check_form, digest, matches


def sign_callback(*, order_id: str, payment_id: str, status: str, secret_key: str) -> str:
    """The signature that the checkout would hand over: for tests.

    Args:
        order_id: the order (`order_...`).
        payment_id: the payment (`payt_...`).
        status: the payment's status, such as `success`.
        secret_key: the API secret key.

    Returns:
        64 hexadecimal digits.
    """
    try:
        (key,) = _read([secret_key])
    finally:
        del secret_key
    return digest(_message(order_id, payment_id, status), key)


def verify_callback(
    *,
    order_id: str,
    payment_id: str,
    status: str,
    signature: str | None,
    secret_keys: str | Sequence[str] | None = None,
) -> None:
    """Check the result that the checkout or a `callback_url` handed over. Raises if it is forged.

    Args:
        order_id: the order, from your own session or database.
        payment_id: the payment (`payt_...`).
        status: the status that was handed over.
        signature: the signature that was handed over; `None` if there was none.
        secret_keys: your API secret key, or all that are active while one is replaced. Left out,
            `GLOMO_API_KEY`.

    Raises:
        SignatureError: the signature is missing, malformed or another's.
        ConfigurationError: no key was given.
    """
    try:
        keys = _read(secret_keys)
    finally:
        del secret_keys
    message = _message(order_id, payment_id, status)
    check_form(signature, "the callback's signature")
    if not matches(keys, message, signature):
        raise SignatureError(
            "the callback's signature does not match: its order, payment or status was changed, "
            "or it was signed with a key that is not among secret_keys"
        )


def _read(secret_keys: str | Sequence[str] | None) -> Secrets:
    return Secrets.read(secret_keys, environment="GLOMO_API_KEY", parameter="secret_keys")


def _message(order_id: str, payment_id: str, status: str) -> bytes:
    parts = {"order_id": order_id, "payment_id": payment_id, "status": status}
    for name, value in parts.items():
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise ParameterError(f"{name} must be text, not {type(value).__name__}", parameter=name)
        if not value or "|" in value:
            # With a separator in a part, two different results would have one signature.
            raise SignatureError(f"the callback's {name} is empty or holds '|'")
    return "|".join(parts.values()).encode(errors="surrogatepass")
