"""Any answer either fits its model or raises DecodingError; models behave as values."""

import copy
import importlib
import json
import pickle
import pkgutil
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import glomo.models
from glomo.errors import DecodingError
from glomo.models.beneficiaries import BankAccountParams, Beneficiary
from glomo.models.payouts import Payout, PayoutStatus
from glomo.models.undocumented import UndocumentedResponse
from glomo.pages import PageMeta
from glomo.serialization.codec import structure
from glomo.serialization.json import parse_json
from glomo.serialization.model import OMIT, Model, OpenEnum, Params, fields_of, wire_name
from glomo.serialization.status import Status

for _module in pkgutil.walk_packages(glomo.models.__path__, "glomo.models."):
    importlib.import_module(_module.name)


def subclasses(cls: type) -> list[type]:
    by_name: dict[str, type] = {}
    for sub in cls.__subclasses__():
        for each in (sub, *subclasses(sub)):
            # attrs makes a slotted class anew; the one of the module counts.
            if each.__module__.startswith("glomo.models"):
                module = importlib.import_module(each.__module__)
                if getattr(module, each.__name__, None) is each:
                    by_name[f"{each.__module__}.{each.__name__}"] = each
    return [by_name[name] for name in sorted(by_name)]


MODELS = subclasses(Model)
for _model in MODELS:
    attrs.resolve_types(_model)  # `sample` reads them, whichever test comes first
PARAMS = subclasses(Params)
ENUMS = [cls for cls in subclasses(OpenEnum) if len(cls)]  # type: ignore[arg-type]
NUMBERS = (
    st.integers()
    | st.sampled_from([10**400, -(10**400)])
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [Decimal("1E+999999"), Decimal("1E-999999"), Decimal("-0"), Decimal("1000.0")]
    )
    | st.floats()
    | st.sampled_from([Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")])
)
TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        *("2025-05-06T09:36:04Z", "2025-05-06", "9999-12-31T23:59:59-23:59", "USD", "usd"),
        *("", "\ud800", "1.5", "NaN", "1e999999999999", "success", "x" * 10_000),
    ]
)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS
KEYS = st.sampled_from(
    ["id", "status", "amount", "currency", "data", "extra", "self", "new-one", ""]
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


def objects(cls: type) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that have the model's fields, and anything in them."""
    names = [wire_name(a) for a in fields_of(cls)]
    return st.dictionaries(st.sampled_from([*names, "unknown"]), JSON, max_size=6)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_any_json_fits_or_is_a_decoding_error(cls: type[Model]) -> None:
    @settings(
        max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(objects(cls) | JSON)
    def check(value: Any) -> None:
        try:
            read = structure(value, cls)
        except DecodingError as error:
            problem = error
        else:
            assert isinstance(read, cls)
            assert len(repr(read)) > 0
            if cls is not UndocumentedResponse:
                fields = {wire_name(a): a.name for a in fields_of(cls) if a.name != "extra"}
                assert read.extra.keys() - fields.keys() == value.keys() - fields.keys()
                # A field that does not fit is passed over, and kept as it came.
                for name in read.extra.keys() & fields.keys():
                    assert getattr(read, fields[name]) in (None, ())
                    assert read.extra[name] is value[name]
            return
        assert problem.path
        assert str(problem).startswith(problem.path)
        assert pickle.loads(pickle.dumps(problem)).path == problem.path

    check()


def sample(kind: Any, depth: int = 0) -> Any:
    """A JSON value that fits, found by trying."""
    tries: list[Any] = [5, "2025-05-06T09:36:04Z", "USD", True, {"amount": 5, "currency": "USD"}]
    tries += [[], {}, [{"amount": 5, "currency": "USD"}], {"a": "b"}]
    if isinstance(kind, type) and issubclass(kind, Model) and depth < 6:
        return {
            wire_name(a): sample(a.type, depth + 1)
            for a in fields_of(kind)
            if a.name != "extra" and "variants" not in a.metadata
        }
    for member in getattr(kind, "__args__", ()):
        if isinstance(member, type) and issubclass(member, Model):
            value = sample(member, depth + 1)
            tries = [[value], value, *tries]
    for value in tries:
        try:
            structure(value, kind)
        except DecodingError:
            continue
        return value
    raise AssertionError(kind)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_models_are_values(cls: type[Model]) -> None:
    raw = {**sample(cls), "added_by_the_api": {"shown_nowhere": 1}}
    one, two = structure(raw, cls), structure(copy.deepcopy(raw), cls)
    assert one == two
    if cls is not UndocumentedResponse:  # keeps everything in `extra`
        assert one.extra == {"added_by_the_api": {"shown_nowhere": 1}}
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one)):
        assert again == one
        assert type(again) is cls
        assert repr(again) == repr(one)
    different = structure({**raw, "added_by_the_api": 2}, cls)
    assert different != one
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.extra = {}  # type: ignore[misc]
    with pytest.raises((AttributeError, attrs.exceptions.FrozenInstanceError)):
        one.brand_new = 1  # type: ignore[attr-defined]
    assert not hasattr(one, "__dict__")
    with pytest.raises(TypeError):
        hash(one)
    assert "added_by_the_api" in repr(one)
    assert "shown_nowhere" not in repr(one)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_a_field_that_the_api_leaves_out_or_nulls_is_read_alike(cls: type[Model]) -> None:
    required = [a for a in fields_of(cls) if a.default is attrs.NOTHING]
    least = {wire_name(a): sample(a.type) for a in required}
    nulls = {wire_name(a): None for a in fields_of(cls) if a.name != "extra"}
    if cls is not UndocumentedResponse:  # shows an object as it came
        assert structure(least, cls) == structure({**nulls, **least}, cls)


@pytest.mark.parametrize("cls", [*MODELS, *PARAMS], ids=lambda cls: cls.__name__)
def test_models_hold_no_client_and_are_slotted(cls: type) -> None:
    assert "__dict__" not in dir(cls)
    assert all(a.kw_only for a in fields_of(cls))


@pytest.mark.parametrize("cls", PARAMS, ids=lambda cls: cls.__name__)
def test_parameters_are_sent_only_where_given(cls: type) -> None:
    given_fields = {a.alias: "x" for a in fields_of(cls) if a.default is attrs.NOTHING}
    one = cls(**given_fields)
    assert one == pickle.loads(pickle.dumps(one)) == copy.deepcopy(one)
    assert "OMIT" not in repr(one)
    for a in fields_of(cls):
        if a.default is not attrs.NOTHING and getattr(one, a.name) is not None:
            assert getattr(one, a.name) is OMIT


@pytest.mark.parametrize("cls", ENUMS, ids=lambda cls: cls.__name__)
def test_enumerations_are_open(cls: type[OpenEnum]) -> None:
    for value in (*(member.value for member in cls), "brand_new", "", "Naïve value"):
        member = cls(value)
        assert type(member) is cls
        assert member == value
        assert str(member) == f"{member}" == value
        assert hash(member) == hash(value)
        assert json.dumps(member) == json.dumps(value)
        assert member in {value}
        assert repr(member) == repr(value)
        assert member.known == (value in {each.value for each in cls})
        for again in (pickle.loads(pickle.dumps(member)), copy.copy(member), copy.deepcopy(member)):
            assert again == member
            assert type(again) is cls
    assert cls("brand_new") not in list(cls)
    assert len({cls("brand_new"), cls("brand_new")}) == 1
    for wrong in (5, None, b"x", 1.5):
        with pytest.raises(ValueError, match="not a valid"):
            cls(wrong)  # type: ignore[arg-type]


def test_a_status_that_is_not_known_is_not_terminal() -> None:
    assert PayoutStatus.SUCCESS.terminal
    assert not PayoutStatus.QUEUED.terminal
    assert not PayoutStatus("brand_new").terminal
    assert issubclass(PayoutStatus, Status)


def test_a_decoding_error_names_the_place() -> None:
    raw = {"id": "payout_1", "status": "queued", "fees": {"fx_fee": {"amount": 1.5}}}
    with pytest.raises(DecodingError) as caught:
        structure(raw, Payout)
    assert caught.value.path == "payout.fees.fx_fee.amount"
    with pytest.raises(DecodingError) as caught:
        structure({**raw, "fees": None, "taxes": [{}, {"amount": "5"}]}, Payout)
    assert caught.value.path == "payout.taxes[1].amount"


def test_account_numbers_are_masked_wherever_a_model_is_shown() -> None:
    raw = {
        "id": "bene_1",
        "status": "active",
        "bank_account": {"account_number": "12345678901234", "currency": "USD"},
        "upi_account": {"upi_id": "someone@bank"},
        "extra_account_number": "12345678901234",
    }
    shown = repr(structure(raw, Beneficiary))
    assert "1234567890" not in shown
    assert "1234" in shown  # the last four tell accounts apart
    assert "someone@" not in shown
    params = BankAccountParams(account_number="12345678901234", currency="USD")
    assert "1234567890" not in repr(params)


def test_deep_answers_do_not_break_anything() -> None:
    body = b'{"id": "payout_1", "status": "queued", "new": ' + b"[" * 500 + b"]" * 500 + b"}"
    read = structure(parse_json(body), Payout)
    assert repr(read) == "Payout(extra={'new'}, id='payout_1', status='queued')"
    assert read == structure(parse_json(body), Payout)


def test_what_has_no_unknown_fields_shares_a_mapping_that_nobody_can_change() -> None:
    first, second = structure({"id": "payout_1", "status": "success"}, Payout), PageMeta()
    assert first.extra == second.extra == {}
    with pytest.raises(TypeError, match="copy them"):
        first.extra["note"] = 1  # type: ignore[index]
    with pytest.raises(TypeError, match="copy them"):
        first.extra.update(note=1)  # type: ignore[attr-defined]
    for same in (pickle.loads(pickle.dumps(first)), copy.deepcopy(first)):
        assert same == first
        assert same.extra is first.extra


def test_an_object_that_is_not_whole_can_be_shown() -> None:
    assert repr(Payout.__new__(Payout)) == "Payout()"
