"""What a JSON value becomes in a model, and what it must not become."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from glomo import Money
from glomo.errors import DecodingError
from glomo.serialization import json as parsing
from glomo.serialization.codec import strict, structure
from glomo.serialization.json import parse_json, parse_plain
from glomo.serialization.model import Mapping, Model, OpenEnum, model


class Colour(OpenEnum):
    RED = "red"


@model
class Thing(Model):
    count: int
    name: str | None = None
    size: int | None = None
    flag: bool | None = None
    rate: Decimal | None = None
    colour: Colour | None = None
    must: Colour = Colour.RED
    cost: Money | None = None
    at: datetime | None = None
    on: date | None = None
    parts: tuple[str, ...] = ()
    notes: Mapping[str, str] | None = None
    any: Any = None


def thing(**fields: Any) -> Thing:
    """A thing, read without passing anything over; what is read so is read the same at speed."""
    value = {"count": 1, "must": "red", **fields}
    with strict():
        read = structure(value, Thing)
    assert structure(value, Thing) == read
    return read


@pytest.mark.parametrize("value", [1000, 1000.0, Decimal("1000.0"), Decimal("1E+3")])
def test_whole_numbers_are_read_whole(value: Any) -> None:
    for field in ("count", "size"):
        read = getattr(thing(**{field: value}), field)
        assert read == 1000
        assert type(read) is int


@pytest.mark.parametrize(
    "value",
    [
        *(1000.5, Decimal("1000.5"), Decimal("1E-9"), Decimal("1E+999999"), Decimal("1e40")),
        *(float("nan"), float("inf"), Decimal("NaN"), "5", "", True, False, [], {}, [5]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("field", ["count", "size"])
def test_what_is_no_whole_number_is_an_error_never_another_number(field: str, value: Any) -> None:
    with pytest.raises(DecodingError) as caught:
        thing(**{field: value})
    assert caught.value.path == f"thing.{field}"
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [1, 0, "true", "", [], Decimal(1)], ids=repr)
def test_only_booleans_are_booleans(value: Any) -> None:
    with pytest.raises(DecodingError, match=r"thing\.flag"):
        thing(flag=value)
    assert thing(flag=True).flag is True


@pytest.mark.parametrize("value", [True, 1.5, Decimal("1.5"), [], {}], ids=repr)
def test_text_is_text(value: Any) -> None:
    with pytest.raises(DecodingError, match=r"thing\.name"):
        thing(name=value)
    assert thing(name=12).name == "12"


@pytest.mark.parametrize("value", [5, True, [], {}, Decimal("1.5")], ids=repr)
@pytest.mark.parametrize("field", ["colour", "must"])
def test_an_enumeration_is_text(field: str, value: Any) -> None:
    with pytest.raises(DecodingError) as caught:
        thing(**{field: value})
    assert caught.value.path == f"thing.{field}"


def test_what_is_required_is_required() -> None:
    for missing in ({"must": "red"}, {"count": None, "must": "red"}):
        with pytest.raises(DecodingError) as caught:
            structure(missing, Thing)
        assert caught.value.path == "thing.count"
    with pytest.raises(DecodingError) as caught:
        structure({"count": 1}, Thing)
    assert caught.value.path == "thing.must"


def test_enumerations_are_members_known_or_not() -> None:
    assert thing(colour="red").colour is Colour.RED
    unknown = thing(colour="blue", must="green")
    assert unknown.colour == "blue"
    assert type(unknown.colour) is type(unknown.must) is Colour
    assert not unknown.must.known


def test_rates_are_exact() -> None:
    read = structure(parse_json(b'{"count": 1, "must": "red", "rate": 0.1}'), Thing).rate
    assert read == Decimal("0.1")
    assert thing(rate="0.011424").rate == Decimal("0.011424")
    assert thing(rate=2).rate == Decimal(2)
    for wrong in ("NaN", "Infinity", "x", "", True, [], Decimal("NaN"), float("inf")):
        with pytest.raises(DecodingError, match=r"thing\.rate"):
            thing(rate=wrong)


def test_money_is_whole_minor_units() -> None:
    cost = thing(cost={"amount": 125000.0, "currency": "usd"}).cost
    assert cost == Money(125000, "USD")
    assert thing(cost=None).cost is None
    assert thing(cost={"amount": None, "currency": None}).cost is None
    for wrong in (
        {"amount": 12.5, "currency": "USD"},
        {"amount": "5", "currency": "USD"},
        {"amount": True, "currency": "USD"},
        {"amount": 5, "currency": "DOLLAR"},
        {"amount": 5},
        {"amount": 10**31, "currency": "USD"},
        {},
        5,
        "5 USD",
        [5, "USD"],
    ):
        with pytest.raises(DecodingError, match=r"thing\.cost"):
            thing(cost=wrong)


NOON = datetime(2025, 5, 6, 12, 0, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-05-06T12:00:04Z", NOON),
        ("2025-05-06T12:00:04.000Z", NOON),
        ("2025-05-06T17:30:04+05:30", NOON),
        ("2025-05-06T12:00:04", NOON),
        ("2025-05-06 12:00:04Z", NOON),
        ("2025-05-06", datetime(2025, 5, 6, tzinfo=UTC)),
        ("2025-05-06T12:00:04.123456Z", NOON.replace(microsecond=123456)),
        ("", None),
    ],
)
def test_times_are_utc(text: str, moment: datetime | None) -> None:
    read = thing(at=text).at
    assert read == moment
    assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["soon", "2025-13-01", "0001-01-01T00:00:00+23:59", 5, True, [], "\ud800"], ids=ascii
)
def test_what_is_no_time_is_an_error(text: Any) -> None:
    with pytest.raises(DecodingError, match=r"thing\.at"):
        thing(at=text)


def test_dates() -> None:
    assert thing(on="2025-05-06").on == date(2025, 5, 6)
    assert thing(on="2025-05-06T12:00:04Z").on == date(2025, 5, 6)
    for wrong in ("05/06/2025", 5, [], True):
        with pytest.raises(DecodingError, match=r"thing\.on"):
            thing(on=wrong)


def test_lists() -> None:
    assert thing(parts=["a", "b"]).parts == ("a", "b")
    assert thing(parts=None).parts == ()
    assert thing(parts="a").parts == ("a",)
    with pytest.raises(DecodingError) as caught:
        thing(parts=["a", None])
    assert caught.value.path == "thing.parts[1]"


def test_notes_are_text_whatever_was_put_in_them() -> None:
    notes = {"a": "x", "b": 1, "c": Decimal("1.50"), "d": None, "e": {"f": [1]}, "g": True}
    read = thing(notes=notes).notes
    assert read == {"a": "x", "b": "1", "c": "1.50", "d": "null", "e": '{"f": [1]}', "g": "true"}
    with pytest.raises(DecodingError, match=r"thing\.notes"):
        thing(notes=[])


def test_unknown_fields_are_kept() -> None:
    assert thing(more={"x": 1}, extra="y").extra == {"more": {"x": 1}, "extra": "y"}


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b'{"a": 1', b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe"),
        *(b'{"a": 1e9999999999999999999}', b"[" * 200_000, b"1 2", b'"\xff"'),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("parser", [parse_plain, parsing._fastest()], ids=["plain", "fastest"])
def test_what_is_no_json_is_a_value_error(
    body: bytes, parser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "_parse", parser)
    with pytest.raises(ValueError, match=r"."):
        parse_json(body)


@pytest.mark.parametrize("parse", [parse_json, parse_plain])
def test_numbers_lose_nothing(parse: Any) -> None:
    assert parse(b"0.1") == Decimal("0.1")
    assert str(parse(b"1.50")) == "1.50"
    assert parse(b"123456789012345678901234567890") == 123456789012345678901234567890
    assert type(parse(b"1e3")) is Decimal
    assert parse(b"12345678901234567890.12") == Decimal("12345678901234567890.12")
