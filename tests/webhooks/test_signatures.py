"""The vendor's published vector, and everything near it that must not pass."""

from __future__ import annotations

import hashlib
import hmac
import pickle
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomo import webhooks
from glomo.errors import ConfigurationError, ParameterError, SignatureError
from glomo.webhooks.secrets import Secrets
from glomo.webhooks.signatures import MAX_BODY_BYTES, read_secrets

SECRET = "whsec_2f1c9b7a4d6e8031"
BODY = (
    b'{"data":{"amount":250000,"beneficiary":{"country":"DEU","name":"Acme GmbH"},'
    b'"created_at":"2026-09-09T07:00:09Z","currency":"USD","id":"payout_6a8fd80eo6coZ",'
    b'"status":"success"},"entity_type":"payout","event_type":"success"}'
)
SIGNATURE = "d5b5a68b9729f41c4a46f1e94c750bf10fb32f345a5467cbfec7739df83f2c02"


def test_the_published_vector_verifies() -> None:
    assert len(BODY) == 223
    webhooks.verify(BODY, SIGNATURE, SECRET)
    assert webhooks.sign(BODY, SECRET) == SIGNATURE


def _digest(key: bytes, message: bytes, algorithm: str = "sha256") -> str:
    return hmac.new(key, message, algorithm).hexdigest()


KEY = SECRET.encode()

HOSTILE_SIGNATURES: dict[str, str | None] = {
    "missing": None,
    "empty": "",
    "blank": " ",
    "with the prefix": "sha256=" + SIGNATURE,
    "with the prefix in capitals": "SHA256=" + SIGNATURE,
    "in capitals": SIGNATURE.upper(),
    "with a space before": " " + SIGNATURE,
    "with a line end": SIGNATURE + "\n",
    "with a zero byte": SIGNATURE + "\0",
    "too short": SIGNATURE[:-1],
    "too long": SIGNATURE + "0",
    "one digit changed": "e" + SIGNATURE[1:],
    "last digit changed": SIGNATURE[:-1] + "3",
    "twice": f"{SIGNATURE},{SIGNATURE}",
    "all zero": "0" * 64,
    "not hexadecimal": "g" * 64,
    "digits of another script": "\u0660" * 64,
    "base64": "1bWmi5cp9BxKRvHpTHUL8Q+zLzRaVGfL/sdznfg/LAI=",
    "another secret's": _digest(b"whsec_other", BODY),
    "the empty secret's": _digest(b"", BODY),
    "another algorithm's": _digest(KEY, BODY, "sha512")[:64],
    "a plain hash": hashlib.sha256(BODY).hexdigest(),
    "secret and body joined": hashlib.sha256(KEY + BODY).hexdigest(),
    "of an empty body": _digest(KEY, b""),
    "of the secret as hexadecimal": _digest(KEY.hex().encode(), BODY),
    "of key and message swapped": _digest(BODY, KEY),
    "a lone surrogate": "\ud800" * 64,
}


@pytest.mark.parametrize("name", HOSTILE_SIGNATURES)
def test_a_hostile_signature_is_refused(name: str) -> None:
    with pytest.raises(SignatureError):
        webhooks.verify(BODY, HOSTILE_SIGNATURES[name], SECRET)


HOSTILE_BODIES = {
    "another amount": BODY.replace(b"250000", b"950000"),
    "another order of keys": BODY.replace(
        b'"entity_type":"payout","event_type":"success"',
        b'"event_type":"success","entity_type":"payout"',
    ),
    "a space": BODY.replace(b":", b": ", 1),
    "a line end": BODY + b"\n",
    "a byte order mark": b"\xef\xbb\xbf" + BODY,
    "UTF-16": BODY.decode().encode("utf-16"),
    "cut": BODY[:-1],
    "empty": b"",
    "too long": BODY + b" " * MAX_BODY_BYTES,
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
def test_a_changed_body_is_refused(name: str) -> None:
    with pytest.raises(SignatureError):
        webhooks.verify(HOSTILE_BODIES[name], SIGNATURE, SECRET)


def test_a_body_that_is_too_long_is_refused_though_it_is_signed() -> None:
    body = b" " * (MAX_BODY_BYTES + 1)
    with pytest.raises(SignatureError, match="1048577 bytes"):
        webhooks.verify(body, webhooks.sign(body, SECRET), SECRET)
    webhooks.verify(body[1:], webhooks.sign(body[1:], SECRET), SECRET)


def test_the_prefix_has_a_message_of_its_own() -> None:
    with pytest.raises(SignatureError, match="starts with 'sha256='"):
        webhooks.verify(BODY, "sha256=" + SIGNATURE, SECRET)


@pytest.mark.parametrize("body", [BODY.decode(), {"data": {}}, None])
def test_a_body_that_is_not_bytes_is_the_callers_mistake(body: object) -> None:
    with pytest.raises(ParameterError, match=r"await request\.body\(\)"):
        webhooks.verify(body, SIGNATURE, SECRET)  # type: ignore[arg-type]


def test_a_signature_of_bytes_is_the_callers_mistake() -> None:
    with pytest.raises(ParameterError, match="signature must be text"):
        webhooks.verify(BODY, SIGNATURE.encode(), SECRET)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [bytearray(BODY), memoryview(BODY)])
def test_other_kinds_of_bytes_verify(body: bytes) -> None:
    webhooks.verify(body, SIGNATURE, SECRET)


# ------------------------------------------------------------------ several secrets


@pytest.mark.parametrize(
    "secrets",
    [
        SECRET,
        f"whsec_new, {SECRET}",
        f",, {SECRET} ,",
        ["whsec_new", SECRET],
        (SECRET, "whsec_old"),
        ["", SECRET, "  "],
        [None, SECRET],
    ],
)
def test_any_of_several_secrets_verifies(secrets: str | list[str]) -> None:
    webhooks.verify(BODY, SIGNATURE, secrets)


@pytest.mark.parametrize("secrets", ["", " ", ",", " , ,", [], [""], ["", " "], [None], ()])
def test_no_secret_at_all_is_refused_and_never_believes(secrets: str | list[str]) -> None:
    with pytest.raises(ConfigurationError, match="secrets holds no secret"):
        webhooks.verify(BODY, _digest(b"", BODY), secrets)


@pytest.mark.parametrize("secrets", [b"whsec", [b"whsec"], [7]])
def test_a_secret_that_is_not_text_is_refused(secrets: object) -> None:
    with pytest.raises(ParameterError, match="secrets must be text"):
        webhooks.verify(BODY, SIGNATURE, secrets)  # type: ignore[arg-type]


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_WEBHOOK_SECRET", f"whsec_new,{SECRET},")
    webhooks.verify(BODY, SIGNATURE)
    monkeypatch.setenv("GLOMO_WEBHOOK_SECRET", "whsec_new")
    with pytest.raises(SignatureError):
        webhooks.verify(BODY, SIGNATURE)
    monkeypatch.delenv("GLOMO_WEBHOOK_SECRET")
    with pytest.raises(ConfigurationError, match="GLOMO_WEBHOOK_SECRET holds no secret"):
        webhooks.verify(BODY, SIGNATURE)


def test_every_secret_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    # However early one matches: the time must not tell which secret is in use.
    compared: list[str] = []
    compare = hmac.compare_digest

    def count(one: bytes, other: bytes) -> bool:
        compared.append(one.decode())
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", count)
    webhooks.verify(BODY, SIGNATURE, [SECRET, "whsec_old", "whsec_older"])
    assert len(compared) == 3


# ------------------------------------------------------------------ nothing shows a secret


def test_no_error_shows_a_secret_or_the_right_signature() -> None:
    for call in (webhooks.verify, webhooks.parse):
        with pytest.raises(SignatureError) as caught:
            call(BODY, "0" * 64, SECRET)
        shown = "".join(traceback.TracebackException.from_exception(
            caught.value, capture_locals=True
        ).format())  # fmt: skip
        # This file's own frame holds the secret; the SDK's must not.
        own_frames = shown[shown.index("glomo/webhooks") :]
        assert SECRET not in own_frames
        assert SIGNATURE not in str(caught.value)


@pytest.mark.parametrize("secrets", [[SECRET, 5], {SECRET: 1, 5: 2}, 5])
def test_secrets_that_cannot_be_are_not_shown_with_those_beside_them(secrets: Any) -> None:
    for call in (read_secrets, webhooks.Router):
        with pytest.raises(ParameterError, match="secrets must be text, not int") as caught:
            call(secrets)
        shown = "".join(traceback.TracebackException.from_exception(
            caught.value, capture_locals=True
        ).format())  # fmt: skip
        assert SECRET not in shown[shown.index("glomo/webhooks") :]


def test_secrets_have_no_repr_and_no_pickle() -> None:
    secrets = read_secrets([SECRET, "whsec_old"])
    assert repr(secrets) == "<2 secrets>"
    with pytest.raises(TypeError):
        pickle.dumps(secrets)
    assert isinstance(secrets, Secrets)


def test_signature_errors_pickle() -> None:
    error = pickle.loads(pickle.dumps(SignatureError("no")))
    assert isinstance(error, SignatureError)
    assert str(error) == "no"


# ------------------------------------------------------------------ properties


@given(body=st.binary(max_size=300), secret=st.text(min_size=1).filter(str.strip))
def test_what_is_signed_verifies(body: bytes, secret: str) -> None:
    secret = secret.encode(errors="ignore").decode() or "x"
    if not secret.strip():
        return
    webhooks.verify(body, webhooks.sign(body, secret), [secret])


@given(at=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_no_bit_of_the_body_can_be_changed(at: int, bit: int) -> None:
    changed = bytearray(BODY)
    changed[at] ^= 1 << bit
    with pytest.raises(SignatureError):
        webhooks.verify(bytes(changed), SIGNATURE, SECRET)


@given(signature=st.text(max_size=80))
def test_no_text_but_the_signature_verifies(signature: str) -> None:
    with pytest.raises(SignatureError):
        webhooks.verify(BODY, signature, SECRET)
