"""Events for the tests of a handler.

    event = testing.event(webhooks.PayoutFailed, id="payout_1", error_code="INVALID_BENE_IFSC")
    await failed(event)

or as Glomo delivers it, for the test of an endpoint:

    delivery = testing.delivery(webhooks.PayoutFailed, secret=SECRET, id="payout_1")
    client.post("/glomo", content=delivery.body, headers=delivery.headers)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import frozen

from glomo.errors import DecodingError, ParameterError

from .event import Event, UnreadableEvent, known_events
from .examples import example
from .parsing import read_event
from .signatures import HEADER, sign

E = TypeVar("E", bound=Event)


@frozen
class Delivery:
    """A signed request: send `body` as it is, with `headers`."""

    body: bytes
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers."""
        return {"Content-Type": "application/json", HEADER: self.signature}


def event(event_class: type[E], /, **data: Any) -> E:
    """An event as `parse` returns it.

    Args:
        event_class: the event.
        data: fields of its `data` by their names in the API, in place of the example's.

    Raises:
        ParameterError: a base class, which stands for several events.
        DecodingError: a field does not fit.
    """
    event = read_event(payload(event_class, **data))
    if isinstance(event, UnreadableEvent):
        raise DecodingError(event.reason, path=event.path)
    return cast("E", event)


def payload(event_class: type[Event], /, **data: Any) -> dict[str, Any]:
    """An event as the JSON object that Glomo sends, to change and to sign by hand.

    Args:
        event_class: the event.
        data: fields of its `data` by their names in the API, in place of the example's.

    Raises:
        ParameterError: a base class, which stands for several events.
    """
    for entity_type, event_type, candidate in known_events():
        if candidate is event_class:
            content = {**example(entity_type, event_type), **data}
            return {"data": content, "entity_type": entity_type, "event_type": event_type}
    raise ParameterError(
        f"{event_class.__name__} is no event of its own: name one, such as PayoutFailed",
        parameter="event_class",
    )


def delivery(event_class: type[Event], /, *, secret: str, **data: Any) -> Delivery:
    """An event as Glomo delivers it: its bytes and their signature.

    Args:
        event_class: the event.
        secret: the endpoint's secret.
        data: fields of its `data` by their names in the API, in place of the example's.

    Raises:
        ParameterError: a base class, which stands for several events.
    """
    return signed(payload(event_class, **data), secret=secret)


def signed(payload: Mapping[str, Any], *, secret: str) -> Delivery:
    """Any JSON object as Glomo would deliver it: keys sorted, no spaces.

    Args:
        payload: the object. Amounts are whole numbers: one with a point has another form on
            Glomo's side, and is refused.
        secret: the endpoint's secret.

    Raises:
        ParameterError: the object holds a number with a point, or something else than JSON.
    """
    try:
        body = _canonical(payload)
        return Delivery(body, sign(body, secret))
    finally:
        del secret


def _canonical(payload: Mapping[str, Any]) -> bytes:
    """JSON as RFC 8785 has it, for objects without fractions: those have a form of their own."""
    _refuse_fractions(payload)
    try:
        text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except TypeError as error:
        raise ParameterError(f"the event is not JSON: {error}", parameter="payload") from None
    return text.encode()


def _refuse_fractions(value: object) -> None:
    if isinstance(value, float):
        raise ParameterError(
            f"{value!r} has a point: amounts are whole numbers of minor units", parameter="payload"
        )
    if isinstance(value, Mapping):
        for entry in cast("Mapping[str, object]", value).values():
            _refuse_fractions(entry)
    if isinstance(value, list):
        for entry in cast("list[object]", value):
            _refuse_fractions(entry)
