"""What every event is, and the register of those that this SDK knows.

A delivery is an object of three: `entity_type` (what it is about), `event_type` (what happened)
and `data`, the resource as it was then. Each pair has a class of its own in `events/`, each entity
a base class above them:

    Event                      anything, also what this SDK does not know; `data` is a mapping
    ├── PayoutEvent            any event of a payout; `data` is a `Payout`
    │   ├── PayoutSucceeded
    │   └── ...
    ├── ...
    └── UnreadableEvent        an event whose `data` does not fit its model; `data` is a mapping

An event type that is new to this SDK comes as its entity's base class, a new entity as `Event`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, dataclass_transform

import attrs

from glomo.serialization.model import Model
from glomo.serialization.model import model as frozen

E = TypeVar("E", bound="type[Event]")


@frozen
class Event:
    """An event of Glomo.

    `data` is the resource's model, or a mapping if this SDK does not know the entity. `raw` is
    `data` as it came, a mapping in every case.
    """

    entity_type: str
    event_type: str
    data: Any
    raw: Mapping[str, Any] = attrs.field(eq=False)

    @property
    def dedupe_key(self) -> str:
        """The same for every delivery of this event.

        Made of `entity_type`, `data.id`, `event_type` and `data.status`; for the balance, which
        has neither id nor status, of `data.payment_id` and `data.timestamp`.
        """
        kind = kind_of(self.entity_type, self.event_type)
        event_type = kind.event_type or self.event_type
        status = self.raw.get("status")
        parts = [self.entity_type, _identity(self.raw, kind), event_type, _text(status)]
        if self.entity_type == "balance":
            parts = [self.entity_type, *map(_text, map(self.raw.get, ("payment_id", "timestamp")))]
        return ":".join(parts)

    def __repr__(self) -> str:
        # The data may hold account numbers, which only the models know how to mask.
        data = repr(self.data) if isinstance(self.data, Model) else f"<{len(self.raw)} fields>"
        return f"{type(self).__name__}({self.entity_type!r}, {self.event_type!r}, data={data})"


@frozen
class UnreadableEvent(Event):
    """An event whose `data` does not fit its model.

    `data` is the mapping as it came, `path` the field that does not fit, `reason` why not, and
    `event_class` the class that the event would have.
    """

    data: Mapping[str, Any]
    event_class: type[Event]
    path: str
    reason: str


class Kind(NamedTuple):
    """What an event is read as. `identity` is where its resource keeps its id."""

    event_class: type[Event]
    model: type[Model] | None = None
    identity: str = "id"
    event_type: str | None = None


_ENTITIES: dict[str, Kind] = {}
_EVENTS: dict[tuple[str, str], Kind] = {}
_UNKNOWN = Kind(Event)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field,))
def entity(
    entity_type: str, model: type[Model] | None, *, identity: str = "id"
) -> Callable[[E], E]:
    """Make the base class of an entity's events; `model` is what their `data` is read as."""

    def register(cls: E) -> E:
        event_class = frozen(cls)
        _ENTITIES[entity_type] = Kind(event_class, model, identity)
        return event_class

    return register


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field,))
def event(event_type: str, *spellings: str) -> Callable[[E], E]:
    """Make the class of an event. `spellings` are other forms of its type seen in the field."""

    def register(cls: E) -> E:
        event_class = frozen(cls)
        entity_type, kind = next(
            (name, kind)
            for name, kind in _ENTITIES.items()
            if issubclass(event_class, kind.event_class)
        )
        for spelling in (event_type, *spellings):
            _EVENTS[entity_type, spelling] = kind._replace(
                event_class=event_class, event_type=event_type
            )
        return event_class

    return register


def kind_of(entity_type: str, event_type: str) -> Kind:
    """What to read an event as: its own class, its entity's, or `Event`."""
    return _EVENTS.get((entity_type, event_type)) or _ENTITIES.get(entity_type, _UNKNOWN)


def known_events() -> Iterator[tuple[str, str, type[Event]]]:
    """Every entity type and event type that has a class, with it."""
    for (entity_type, event_type), kind in _EVENTS.items():
        yield entity_type, event_type, kind.event_class


def _identity(raw: Mapping[str, Any], kind: Kind) -> str:
    """The resource's id. What has none is known by its content, which a redelivery repeats."""
    identity = _text(raw.get("id") or raw.get(kind.identity))
    if identity:
        return identity
    content = json.dumps(raw, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _text(value: Any) -> str:
    return "" if value is None else str(value)
