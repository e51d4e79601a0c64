"""One odd field never hides an object; what would change a meaning still does."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from glomo import Money
from glomo.errors import DecodingError
from glomo.models.payments import Payment
from glomo.models.payouts import Payout
from glomo.serialization import _compiler, tolerance
from glomo.serialization.codec import converter, strict, structure, structure_all
from glomo.serialization.json import parse_json
from glomo.serialization.model import Model, OpenEnum, always_sent, model
from glomo.serialization.status import Status


class Colour(OpenEnum):
    RED = "red"


class State(Status):
    DONE = "done"


@model
class Line(Model):
    amount: int | None = None
    currency: str | None = None
    label: str | None = None


@model
class Rate(Model):
    currency: str | None = None
    rate: Decimal | None = None


@model
class Thing(Model):
    id: str
    status: State
    price: Money | None = None
    source_amount: int | None = None
    source_currency: str | None = None
    lines: tuple[Line, ...] = ()
    colour: Colour | None = None
    made_at: datetime = always_sent()
    name: str | None = None
    flag: bool | None = None
    rate: Rate | None = None
    tags: tuple[str, ...] = ()
    notes: Mapping[str, str] | None = None


COMPLETE: dict[str, Any] = {
    "id": "thing_1",
    "status": "done",
    "price": {"amount": 5, "currency": "USD"},
    "source_amount": 5,
    "source_currency": "USD",
    "lines": [{"amount": 1, "currency": "USD", "label": "one"}],
    "colour": "red",
    "made_at": "2025-05-06T12:00:04Z",
    "name": "a name",
    "flag": True,
    "rate": {"currency": "INR", "rate": 83},
    "tags": ["a"],
    "notes": {"a": "b"},
}
ODD: list[Any] = [5.5, [[]], {"odd": []}, True, "odd", -1]


@pytest.fixture(autouse=True)
def _logged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tolerance, "_logged", set())


def _fits(field: str, odd: Any) -> bool:
    """Whether the field takes the value, odd as it is."""
    try:
        with strict():
            structure({**COMPLETE, field: odd}, Thing)
    except DecodingError:
        return False
    return True


MISFITS = [
    (field, odd)
    for field in ("colour", "made_at", "name", "flag", "rate", "tags", "notes")
    for odd in ODD
    if not _fits(field, odd)
]


def test_most_of_these_do_not_fit() -> None:
    assert len(MISFITS) > 30


@pytest.mark.parametrize(("field", "odd"), MISFITS, ids=str)
def test_an_odd_field_reads_as_nothing_and_is_kept(field: str, odd: Any) -> None:
    thing = structure({**COMPLETE, field: odd}, Thing)
    assert getattr(thing, field) == (() if field == "tags" else None)
    assert thing.extra == {field: odd}
    complete = structure(COMPLETE, Thing)
    for other in COMPLETE.keys() - {field}:
        assert getattr(thing, other) == getattr(complete, other)


@pytest.mark.parametrize("odd", [5.5, [], {"odd": []}, True], ids=repr)
@pytest.mark.parametrize(
    "field", ["id", "status", "price", "source_amount", "source_currency", "lines"]
)
def test_identity_status_and_money_are_read_as_they_are_or_not_at_all(field: str, odd: Any) -> None:
    if field == "lines":
        odd = ["no line", odd]
    with pytest.raises(DecodingError) as caught:
        structure({**COMPLETE, field: odd}, Thing)
    assert caught.value.path.startswith(f"thing.{field}")


def test_what_is_odd_inside_is_passed_over_inside() -> None:
    lines = [{"amount": 1, "currency": "USD", "label": {}}, {"amount": 2, "currency": "EUR"}]
    thing = structure({**COMPLETE, "lines": lines}, Thing)
    assert [line.amount for line in thing.lines] == [1, 2]
    assert thing.lines[0].label is None
    assert thing.lines[0].extra == {"label": {}}
    assert thing.extra == {}
    with pytest.raises(DecodingError) as caught:
        structure({**COMPLETE, "lines": [{"amount": 1.5, "currency": "USD"}]}, Thing)
    assert caught.value.path == "thing.lines[0].amount"


def test_a_currency_is_money_only_beside_an_amount() -> None:
    thing = structure({**COMPLETE, "rate": {"currency": [], "rate": 83}}, Thing)
    assert thing.rate is not None
    assert (thing.rate.currency, thing.rate.rate) == (None, 83)


def test_one_odd_object_does_not_hide_its_page(caplog: pytest.LogCaptureFixture) -> None:
    page: list[Any] = [{**COMPLETE, "id": f"thing_{n}"} for n in range(100)]
    page[41]["name"] = {"first": "odd"}
    page[42]["name"] = {"first": "odd"}
    things = structure_all(page, Thing, root="things")
    assert [thing.id for thing in things] == [f"thing_{n}" for n in range(100)]
    assert things[41].extra == {"name": {"first": "odd"}}
    assert [record.getMessage() for record in caplog.records] == [
        "things[41].name: expected text, got an object; "
        "the field reads as None and is in .extra as it came"
    ]
    assert caplog.records[0].levelno == logging.WARNING


def test_a_field_of_every_object_may_be_missing_after_all(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for lacking in (
        {**COMPLETE, "made_at": None},
        {k: v for k, v in COMPLETE.items() if k != "made_at"},
    ):
        assert structure(lacking, Thing).made_at is None
        with strict(), pytest.raises(DecodingError, match=r"thing\.made_at: is missing"):
            structure(lacking, Thing)
    assert not caplog.records


def test_strict_reading_passes_nothing_over_and_reads_the_rest_the_same() -> None:
    with strict():
        assert structure(COMPLETE, Thing) == structure(dict(COMPLETE), Thing)
        with pytest.raises(DecodingError, match=r"thing\.name"):
            structure({**COMPLETE, "name": {}}, Thing)
        with pytest.raises(DecodingError, match=r"things\[0\]\.name"):
            structure_all([{**COMPLETE, "name": {}}], Thing, root="things")
    assert structure({**COMPLETE, "name": {}}, Thing).name is None


def test_what_is_passed_over_is_not_said_with_its_value(caplog: pytest.LogCaptureFixture) -> None:
    payment = {
        "id": "payt_1",
        "status": "success",
        "credit_account_number": {"number": "030950608975"},
    }
    assert structure(payment, Payment).credit_account_number is None
    assert len(caplog.records) == 1
    assert "030950608975" not in caplog.text


def test_deep_nonsense_is_passed_over_too() -> None:
    deep = b'{"id": "payout_1", "status": "queued", "utr": ' + b"[" * 600 + b"]" * 600 + b"}"
    payout = structure(parse_json(deep), Payout)
    assert payout.utr is None
    assert type(payout.extra["utr"]) is list


def test_an_object_that_is_none_is_refused() -> None:
    for value in ([], "text", 5, None):
        with pytest.raises(DecodingError) as caught:
            structure(value, Thing)
        assert caught.value.path == "thing"


def test_an_unknown_field_in_place_of_an_absent_one_is_kept() -> None:
    for absent in COMPLETE.keys() - {"id", "status"}:
        rest = {name: value for name, value in COMPLETE.items() if name != absent}
        null = structure({**COMPLETE, absent: None}, Thing)
        assert structure(rest, Thing) == null
        for count in (1, 2, 3):
            unknown: dict[str, Any] = {f"new_{n}": n for n in range(count)}
            thing = structure({**unknown, **rest}, Thing)
            assert type(thing) is Thing
            assert list(thing.extra.items()) == list(unknown.items())
            assert attrs.evolve(thing, extra={}) == null
    for absent in ("id", "status"):
        with pytest.raises(DecodingError) as caught:
            structure({**{n: v for n, v in COMPLETE.items() if n != absent}, "new": 1}, Thing)
        assert caught.value.path == f"thing.{absent}"


class RefundCause(OpenEnum):
    DUPLICATE = "Duplicate"


@model
class Refund(Model):
    id: str
    cause: RefundCause | None = None
    amount: int | None = None
    documents: tuple[Line, ...] = ()


def test_the_sample_of_a_compiled_reader_is_what_is_emitted() -> None:
    source, _ = _compiler.reader_source(Refund, converter().get_structure_hook)
    assert _compiler.__doc__ is not None
    _, _, sample = _compiler.__doc__.partition("it writes\n")
    sample, _, _ = sample.partition("where `...` stands")
    written = textwrap.dedent(sample).strip().splitlines()
    emitted = source.strip().splitlines()
    assert len(written) == len(emitted)
    for one, other in zip(written, emitted, strict=True):
        head, dots, tail = one.partition("...")
        assert other.startswith(head), one
        assert other.endswith(tail) if dots else one == other
