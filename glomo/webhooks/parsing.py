"""From the bytes of a delivery to a typed event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from glomo.errors import DecodingError
from glomo.serialization.codec import structure
from glomo.serialization.json import parse_json
from glomo.serialization.values import is_object, kind_of

from .event import Event, Kind, UnreadableEvent
from .event import kind_of as event_kind
from .secrets import Secrets
from .signatures import read_secrets, verify_with


def parse(body: bytes, signature: str | None, secrets: str | Sequence[str] | None = None) -> Event:
    """Verify a delivery and read its event.

        match webhooks.parse(body, signature, SECRETS):
            case webhooks.PayoutSucceeded(data=payout): ...
            case webhooks.PayoutEvent(): ...
            case webhooks.Event(): ...

    Args:
        body: the request's body, byte for byte as it came.
        signature: the header `X-Glomopay-Signature`; `None` if the request has none.
        secrets: the endpoint's secret, or several; left out, `GLOMO_WEBHOOK_SECRET`.

    Returns:
        The event, of the class for its entity and type. One that this SDK does not know comes as
        its entity's base class or as `Event`, one whose `data` does not fit as `UnreadableEvent`:
        no event that was signed is lost.

    Raises:
        SignatureError: the delivery is not from Glomo.
        DecodingError: it was signed, but is no event: not JSON, or without its two types.
        ConfigurationError: no secret was given.
        ParameterError: the body is not bytes.
    """
    try:
        keys = read_secrets(secrets)
    finally:
        del secrets  # error trackers report the variables of every frame
    return parse_with(keys, body, signature)


def parse_with(keys: Secrets, body: bytes, signature: str | None) -> Event:
    """`parse`, with secrets that were read before."""
    verify_with(keys, body, signature)
    try:
        envelope = parse_json(bytes(body))
    except ValueError as error:
        raise DecodingError(f"the body is not JSON: {error}", path="") from None
    return read_event(envelope)


def read_event(envelope: object) -> Event:
    """Read an event from the JSON object that holds it.

    Raises:
        DecodingError: it is no object, or lacks its entity type or event type.
    """
    if not is_object(envelope):
        raise DecodingError(f"expected an event, got {kind_of(envelope)}", path="")
    types = [_text(envelope, name) for name in ("entity_type", "event_type")]
    return _typed(*types, data=envelope.get("data"))


def _text(envelope: Mapping[str, Any], name: str) -> str:
    value = envelope.get(name)
    if type(value) is not str or not value:
        raise DecodingError(f"{name}: expected text, got {kind_of(value)}", path=name)
    return value


def _typed(entity_type: str, event_type: str, *, data: object) -> Event:
    kind = event_kind(entity_type, event_type)
    raw: dict[str, Any] = data if is_object(data) else {}
    if data is not None and not is_object(data):
        error = DecodingError(f"data: expected an object, got {kind_of(data)}", path="data")
        return _unreadable(entity_type, event_type, kind, raw, error)
    if kind.model is None:
        return kind.event_class(entity_type=entity_type, event_type=event_type, data=raw, raw=raw)
    try:
        resource = structure(_with_identity(raw, kind.identity), kind.model, root="data")
    except DecodingError as error:
        return _unreadable(entity_type, event_type, kind, raw, error)
    return kind.event_class(entity_type=entity_type, event_type=event_type, data=resource, raw=raw)


def _with_identity(raw: dict[str, Any], identity: str) -> dict[str, Any]:
    """Every event is documented with `data.id`, though some resources call their id otherwise."""
    if identity in raw or "id" not in raw:
        return raw
    return {**raw, identity: raw["id"]}


def _unreadable(
    entity_type: str, event_type: str, kind: Kind, raw: dict[str, Any], error: DecodingError
) -> UnreadableEvent:
    return UnreadableEvent(
        entity_type=entity_type,
        event_type=event_type,
        data=raw,
        raw=raw,
        event_class=kind.event_class,
        path=error.path,
        reason=str(error),
    )
