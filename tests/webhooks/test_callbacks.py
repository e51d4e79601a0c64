"""The result that the checkout hands over through the customer's browser."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from glomo import webhooks
from glomo.errors import ConfigurationError, ParameterError, SignatureError

KEY = "sk_test_eyJhbGciOiJSUzI1NiJ9.e30.sig"
RESULT = {"order_id": "order_6819d8046mpKt", "payment_id": "payt_686f7cc3pe69T"}
SIGNATURE = hmac.new(
    KEY.encode(), b"order_6819d8046mpKt|payt_686f7cc3pe69T|success", hashlib.sha256
).hexdigest()


def verify(**changes: Any) -> None:
    arguments = {**RESULT, "status": "success", "signature": SIGNATURE, "secret_keys": KEY}
    webhooks.verify_callback(**{**arguments, **changes})


def test_the_documented_form_verifies() -> None:
    verify()
    assert webhooks.sign_callback(**RESULT, status="success", secret_key=KEY) == SIGNATURE


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "order_another"},
        {"payment_id": "payt_another"},
        {"status": "failed"},
        {"signature": None},
        {"signature": ""},
        {"signature": SIGNATURE.upper()},
        {"signature": "sha256=" + SIGNATURE},
        {"signature": "0" * 64},
        {"secret_keys": "sk_other"},
        {"order_id": ""},
        {"payment_id": "", "status": "payt_686f7cc3pe69T|success"},
        {"order_id": "order_6819d8046mpKt|payt_686f7cc3pe69T", "payment_id": "success"},
        {"status": "\ud800"},
    ],
)
def test_a_forged_result_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        verify(**changes)


def test_the_separator_cannot_be_moved() -> None:
    # Both would sign the same text: a customer must not choose which of them it means.
    moved = {"order_id": "order_6819d8046mpKt", "payment_id": "payt_686f7cc3pe69T|success"}
    with pytest.raises(SignatureError, match="payment_id is empty or holds"):
        verify(**moved, status="x")


def test_any_active_key_verifies() -> None:
    verify(secret_keys=["sk_new", "", KEY])


@pytest.mark.parametrize("keys", ["", [], ["", " "], [None]])
def test_without_a_key_nothing_is_believed(keys: Any) -> None:
    empty = hmac.new(b"", b"order_1|payt_1|success", hashlib.sha256).hexdigest()
    with pytest.raises(ConfigurationError, match="secret_keys holds no secret"):
        verify(order_id="order_1", payment_id="payt_1", signature=empty, secret_keys=keys)


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", KEY)
    verify(secret_keys=None)
    monkeypatch.delenv("GLOMO_API_KEY")
    with pytest.raises(ConfigurationError, match="GLOMO_API_KEY holds no secret"):
        verify(secret_keys=None)


def test_what_is_not_text_is_the_callers_mistake() -> None:
    with pytest.raises(ParameterError, match="payment_id must be text"):
        verify(payment_id=7)
