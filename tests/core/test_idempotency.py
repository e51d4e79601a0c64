"""The request_id of a row never changes, and no two rows share one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomo import OMIT, request_id_for
from glomo.errors import ParameterError
from glomo.idempotency import new_request_id

from .fakes import NEW, ScriptedTransport, body_of, client, payout, wire_response

NAMES = st.text(st.characters(), min_size=1, max_size=100)


@given(NAMES, NAMES)
def test_it_is_short_printable_and_always_the_same(batch: str, reference: str) -> None:
    request_id = request_id_for(batch, reference)
    assert request_id == request_id_for(batch, reference)
    assert re.fullmatch(r"[A-Za-z0-9._-]{32,64}", request_id)


@given(NAMES, NAMES, NAMES, NAMES)
def test_pairs_do_not_collide(a: str, b: str, c: str, d: str) -> None:
    assert ((a, b) == (c, d)) == (request_id_for(a, b) == request_id_for(c, d))


def test_where_the_name_ends_matters() -> None:
    assert request_id_for("a", "b.c") != request_id_for("a.b", "c")
    assert request_id_for("a", "b") != request_id_for("b", "a")
    assert request_id_for("é", "1") != request_id_for("e\u0301", "1")


def test_it_stays_the_same_between_releases() -> None:
    # A batch begun with one release and resumed with the next must not pay again.
    assert request_id_for("payroll-2026-11", "row-0017") == (
        "payroll-2026-11.row-0017-4a017f4fd29adee74fa562f1557940b7"
    )


@pytest.mark.parametrize(("batch", "reference"), [("", "x"), ("x", ""), ("", "")])
def test_both_names_are_needed(batch: str, reference: str) -> None:
    with pytest.raises(ValueError, match="request_id"):
        request_id_for(batch, reference)


def test_fresh_keys_are_fresh() -> None:
    assert len({new_request_id() for _ in range(1000)}) == 1000


async def test_a_create_has_the_caller_s_key_or_a_fresh_one() -> None:
    transport = ScriptedTransport(*[wire_response(200, payout(request_id=None))] * 3)
    glomo = client(transport)
    for request_id in ("mine", None, OMIT):
        await glomo.payouts.create(**NEW, request_id=request_id)
    own, fresh, another = (body_of(request)["request_id"] for request in transport.sent)
    assert own == "mine"
    assert fresh.startswith("glomo-")
    assert another.startswith("glomo-")
    assert fresh != another
    with pytest.raises(ParameterError, match="request_id"):
        await glomo.payouts.create(**NEW, request_id="")
