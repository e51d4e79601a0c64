"""The events that users test their handlers with."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from glomo import webhooks
from glomo.errors import DecodingError, ParameterError
from glomo.webhooks import testing
from glomo.webhooks.event import known_events

SECRET = "whsec_unit"
CLASSES = sorted({cls for _, _, cls in known_events()}, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_delivery_of_every_event_verifies_and_fits(cls: type[webhooks.Event]) -> None:
    delivery = testing.delivery(cls, secret=SECRET)
    event = webhooks.parse(delivery.body, delivery.signature, SECRET)
    assert type(event) is cls
    assert event == testing.event(cls)
    # As the vendor signs: canonical bytes.
    assert delivery.body == rfc8785.dumps(json.loads(delivery.body))
    assert delivery.headers["X-Glomopay-Signature"] == delivery.signature


def test_the_states_of_a_payment() -> None:
    held = testing.event(webhooks.PaymentSucceeded).data
    usable = testing.event(webhooks.PaymentFundsAvailable).data
    review = testing.event(webhooks.PaymentComplianceActionRequired).data
    assert (held.status, held.funds_available) == ("success", False)
    assert (usable.status, usable.funds_available) == ("success", True)
    assert (review.status, review.compliance_status) == ("success", "action_required")


def test_fields_are_the_apis() -> None:
    event = testing.event(webhooks.PayoutFailed, id="payout_1", error_code="NAME_MISMATCH", new=1)
    assert (event.data.id, event.data.error_code) == ("payout_1", "NAME_MISMATCH")
    assert event.data.extra == {"new": 1}
    # The next one is untouched by it.
    assert testing.event(webhooks.PayoutFailed).data.id != "payout_1"


@pytest.mark.parametrize("cls", [webhooks.Event, webhooks.PayoutEvent, webhooks.UnreadableEvent])
def test_a_base_class_is_no_event(cls: type[webhooks.Event]) -> None:
    with pytest.raises(ParameterError, match="is no event of its own"):
        testing.event(cls)


def test_an_event_whose_data_does_not_fit_says_so() -> None:
    with pytest.raises(DecodingError, match=r"data\.source_amount"):
        testing.event(webhooks.PayoutFailed, source_amount="much")


def test_numbers_with_a_point_are_refused() -> None:
    payload = testing.payload(webhooks.PayoutFailed, taxes=[{"amount": 8.5}])
    with pytest.raises(ParameterError, match=r"8\.5 has a point"):
        testing.signed(payload, secret=SECRET)


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(ParameterError, match="is not JSON"):
        testing.delivery(webhooks.PayoutFailed, secret=SECRET, id=object())


# Keys beyond the basic plane are sorted otherwise; no field of the API has one.
_KEYS = st.text(st.characters(max_codepoint=0xD7FF))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
    max_leaves=10,
)


@given(payload=st.dictionaries(_KEYS, _VALUES))
def test_bodies_are_canonical(payload: dict[str, Any]) -> None:
    body = testing.signed(payload, secret=SECRET).body
    assert body == rfc8785.dumps(payload)
