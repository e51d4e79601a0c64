"""What every model is made of: frozen attrs classes, open enumerations, left-out fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from typing import Any, Final, Literal, NoReturn, Self, TypeVar, cast, dataclass_transform

import attrs

C = TypeVar("C", bound=type)


class _Left(Enum):
    OMIT = "OMIT"

    def __repr__(self) -> str:
        return "OMIT"

    def __bool__(self) -> bool:
        return False


OMIT: Final = _Left.OMIT
"""The default of an optional request field: it is not sent at all. `None` is sent as null."""
Omit = Literal[_Left.OMIT]


def _masked(value: object) -> str:
    """The last four characters of an account number are all that a repr shows."""
    text = str(value)
    return repr("…" + text[-4:] if len(text) > 6 else "…")


def secret(*, default: Any = None) -> Any:
    """A field that identifies an account or a person: shown masked in every repr."""
    return attrs.field(default=default, repr=_masked)


def hidden() -> Any:
    """A field that is a credential: a repr shows only that it is there."""
    return attrs.field(default=None, repr=lambda _: "'***'", metadata={"credential": True})


def is_credential(a: attrs.Attribute[Any]) -> bool:
    """Whether a field is a credential, which leaves its object by the attribute alone."""
    return bool(a.metadata.get("credential"))


def wire(name: str, *, default: Any = None) -> Any:
    """A field whose name in the API's JSON is not a Python name."""
    return attrs.field(default=default, metadata={"wire": name})


def always_sent(*, wire: str | None = None, secret: bool = False, default: Any = None) -> Any:
    """A field that the API sends with every object, so that its type need not allow `None`.

    The type is the API's promise. Should the field be missing after all, or hold what does not fit
    (which is logged), it reads as `None` rather than hide the object.

    Args:
        wire: its name in the API's JSON, where that is not a Python name.
        secret: whether it is shown masked.
    """
    metadata: dict[str, Any] = {"always": True, **({"wire": wire} if wire else {})}
    return attrs.field(default=default, metadata=metadata, repr=_masked if secret else True)


def chosen_by(tag: str, variants: Mapping[str, type]) -> Any:
    """A field whose model depends on its neighbour `tag`.

    `variants` are the models by value of the neighbour; with any other value, what came stays a
    mapping, of which a repr shows the keys only.
    """
    return attrs.field(
        default=None, repr=_keys_or_repr, metadata={"tag": tag, "variants": variants}
    )


def _keys_or_repr(value: object) -> str:
    if not isinstance(value, Mapping):
        return repr(value)
    keys = cast("Mapping[object, object]", value)
    return f"{{{', '.join(map(repr, keys))}}}"


def fields_of(cls: type) -> tuple[attrs.Attribute[Any], ...]:
    """The attrs fields of a model, in order."""
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cast("type[attrs.AttrsInstance]", cls))
    return fields


def wire_name(attribute: attrs.Attribute[Any]) -> str:
    """The field's name in the API's JSON."""
    name: str = attribute.metadata.get("wire", attribute.name)
    return name


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(attrs.field, secret, hidden, wire, always_sent, chosen_by),
)
def model(cls: C) -> C:
    """Make a frozen, slotted attrs class, built by keyword, equal by value."""
    # Mappings (notes, extra) are unhashable, so a hash would work for some objects only.
    model_class: C = attrs.define(cls, frozen=True, kw_only=True, repr=False, unsafe_hash=False)
    return model_class


def _refuse_change(*_: Any, **__: Any) -> NoReturn:
    raise TypeError("the unknown fields of an object are as they came: copy them with dict()")


_REFUSE: Any = _refuse_change


class _Nothing(dict[str, Any]):
    """An empty mapping that stays so: nearly every object has no unknown field, and shares it."""

    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = _REFUSE
    clear = pop = popitem = setdefault = update = _REFUSE

    def __reduce__(self) -> str:
        return "NOTHING"


NOTHING: Final[Mapping[str, Any]] = _Nothing()


@model
class Model:
    """An object of the API. Fields that the SDK does not know are in `extra`."""

    extra: Mapping[str, Any] = NOTHING

    def __repr__(self) -> str:
        """Only the fields that are set; account numbers masked."""
        return _repr(self, lambda value: value is None or value in ((), {}))

    # Imported where they are used: what they need is made of models.

    def to_dict(self) -> dict[str, Any]:
        """The object as plain JSON values by the API's names.

        Amounts are minor units, times text in UTC, what is missing is `None`. Credentials (a
        merchant's token, a new secret key) are left out; account numbers are whole.
        """
        from .plain import model_to_plain  # noqa: PLC0415

        return model_to_plain(self)

    def to_json(self) -> str:
        """The same as JSON text."""
        from .plain import model_to_json  # noqa: PLC0415

        return model_to_json(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read an object from its plain form, as `to_dict` gives it or as the API sends it.

        Raises:
            DecodingError: it does not fit; its path names the field.
        """
        from .codec import structure  # noqa: PLC0415

        return structure(dict(data) if isinstance(data, Mapping) else data, cls)  # pyright: ignore[reportUnnecessaryIsInstance]

    def _repr_html_(self) -> str:
        from .html import object_table  # noqa: PLC0415

        return object_table(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: Any) -> dict[str, Any]:
        from .plain import pydantic_schema  # noqa: PLC0415

        return pydantic_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: Any) -> dict[str, Any]:
        from .plain import json_schema  # noqa: PLC0415

        return json_schema(cls)


@model
class Params:
    """A nested object of a request. A field left at `OMIT` is not sent; `None` is sent as null."""

    def __repr__(self) -> str:
        return _repr(self, lambda value: value is OMIT)


def _repr(instance: Any, left_out: Callable[[object], bool]) -> str:
    shown: list[str] = []
    for a in fields_of(instance.__class__):
        # A reader that failed halfway may be reported with the object that it was filling.
        if not hasattr(instance, a.name):
            continue
        value: Any = getattr(instance, a.name)
        if left_out(value):
            continue
        if a.name == "extra":
            shown.append(f"extra={{{', '.join(map(repr, value))}}}")
            continue
        shown.append(f"{a.name}={(a.repr if callable(a.repr) else repr)(value)}")
    return f"{type(instance).__name__}({', '.join(shown)})"


class OpenEnum(StrEnum):
    """An enumeration that the API may extend: an unknown value is a member without a name.

    Members are strings: `payout.status == "success"` and `payout.status is PayoutStatus.SUCCESS`
    are both true; an unknown value compares by its text.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        """Whether this SDK knows the value."""
        return self.value in type(self)._value2member_map_

    def __repr__(self) -> str:
        return repr(self.value)
