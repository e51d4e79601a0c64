"""Keys that cannot work are refused before anything is sent, and no key is ever shown."""

import base64
import json
import logging
import pickle
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from glomo import AsyncGlomo, errors
from glomo.sandbox import sandbox_key
from glomo.settings import SecretKey

from .fakes import ScriptedTransport, wire_response


@cache
def signer(which: str = "right") -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def signed(key: rsa.RSAPrivateKey | None = None, **claims: Any) -> str:
    return jwt.encode(claims, key or signer(), algorithm="RS256")


def unsigned(payload: bytes) -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    return f"{part(json.dumps({'alg': 'RS256', 'typ': 'JWT'}).encode())}.{part(payload)}.c2ln"


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("", "GLOMO_API_KEY"),
        (" ", "white space"),
        ("sk secret", "white space"),
        ("sk-secret\n", "line break"),
        ("\tsk-secret", "white space"),
        ("sk\u00a0secret", "white space"),
        ("test_abcdef", "secret key of the dashboard"),
        ("live_abcdef", "secret key of the dashboard"),
        ("sk-s\u00e9cret", "copy the secret key again"),
        ("sk-\x00secret", "copy the secret key again"),
        ("sk-\u200bsecret", "copy the secret key again"),
        (b"sk-secret", "is text"),
        (12, "is text"),
    ],
)
def test_a_key_that_cannot_work_is_refused_with_advice(key: Any, advice: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=advice):
        AsyncGlomo(key)


def test_an_expired_key_is_refused() -> None:
    with pytest.raises(errors.ConfigurationError, match="expired"):
        AsyncGlomo(sandbox_key(expires_in=timedelta(seconds=-1)))


def test_a_key_that_expires_while_in_use_is_refused_then(monkeypatch: pytest.MonkeyPatch) -> None:
    key = SecretKey(sandbox_key(expires_in=timedelta(hours=1)))
    now = time.time()
    monkeypatch.setattr("glomo.settings.time.time", lambda: now + 3601)
    with pytest.raises(errors.ConfigurationError, match="expired"):
        key.refuse_expired()


async def test_an_expired_key_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = ScriptedTransport(wire_response(200, {}))
    glomo = AsyncGlomo(sandbox_key(expires_in=timedelta(hours=1)), transport=transport)
    now = time.time()
    monkeypatch.setattr("glomo.settings.time.time", lambda: now + 3601)
    with pytest.raises(errors.ConfigurationError, match="expired"):
        await glomo.balances.retrieve()
    assert transport.sent == []


@pytest.mark.parametrize(
    ("claims", "environment"),
    [
        ({"env": "production"}, "production"),
        ({"env": "sandbox"}, "sandbox"),
        ({"env": "Production"}, None),
        ({"env": ["production"]}, None),
        ({"env": None}, None),
        ({}, None),
    ],
)
def test_the_environment_is_what_the_key_says(claims: Any, environment: str | None) -> None:
    assert AsyncGlomo(signed(sub="merchant_1", **claims)).environment == environment


@pytest.mark.parametrize(
    "key",
    [
        "sk-unit",
        "a.b.c",
        "....",
        unsigned(b"[]"),
        unsigned(b"not json"),
        unsigned(b"[" * 50_000),
        unsigned(b'{"exp": ' + b"9" * 5000 + b"}"),
    ],
    ids=range(7),
)
def test_a_secret_key_that_is_no_jwt_passes(key: str) -> None:
    glomo = AsyncGlomo(key)
    assert glomo.environment is None


@pytest.mark.parametrize(
    "exp", [b"1e400", b"true", b'"soon"', b"null", b"9" * 400, b"[1]", b"NaN", b"99999999999.5"]
)
def test_an_expiry_that_is_no_moment_does_not_refuse(exp: bytes) -> None:
    key = unsigned(b'{"env": "sandbox", "exp": ' + exp + b"}")
    assert AsyncGlomo(key).environment == "sandbox"


def test_a_fractional_expiry_in_the_past_counts() -> None:
    with pytest.raises(errors.ConfigurationError, match="expired"):
        AsyncGlomo(unsigned(b'{"exp": 1600000000.5}'))


def test_the_signature_is_verified_if_a_public_key_is_given() -> None:
    key = signed(env="sandbox", sub="m", aud="glomo-mcp", iat=int(time.time()) + 900, nbf=2**40)
    assert AsyncGlomo(key, public_key=pem(signer())).environment == "sandbox"
    assert AsyncGlomo(signed(sub=5), public_key=pem(signer())).environment is None


@pytest.mark.parametrize(
    ("make", "public_key", "message"),
    [
        (signed, lambda: pem(signer("wrong")), "not signed by the given public key"),
        (signed, lambda: "-----BEGIN PUBLIC KEY-----\nxx\n-----END PUBLIC KEY-----", "PEM"),
        (signed, lambda: "", "PEM"),
        (signed, lambda: "no pem", "PEM"),
        (lambda: "sk-unit", lambda: pem(signer()), "no JWT"),
        (lambda: jwt.encode({}, "s" * 64, algorithm="HS256"), lambda: pem(signer()), "RS256"),
        (lambda: jwt.encode({}, None, algorithm="none"), lambda: pem(signer()), "RS256"),
    ],
)
def test_a_key_that_cannot_be_verified_is_refused(
    make: Callable[[], str], public_key: Callable[[], str], message: str
) -> None:
    with pytest.raises(errors.ConfigurationError, match=message):
        AsyncGlomo(make(), public_key=public_key())


def test_an_expired_key_is_expired_even_if_its_signature_is_right() -> None:
    key = signed(exp=int(time.time()) - 10)
    with pytest.raises(errors.ConfigurationError, match="expired"):
        AsyncGlomo(key, public_key=pem(signer()))


def test_the_environment_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
    assert AsyncGlomo().environment == "sandbox"
    monkeypatch.delenv("GLOMO_API_KEY")
    with pytest.raises(errors.ConfigurationError, match="empty"):
        AsyncGlomo()


# ------------------------------------------------------------------ the key is never shown

SECRET = "sk-SECRETSECRETSECRET"


def everything_shown(error: BaseException) -> str:
    """What the most talkative error reporter would print: our frames with their variables."""
    seen: list[str] = []
    pending: list[BaseException | None] = [error]
    while pending:
        current = pending.pop()
        if current is None:
            continue
        pending += [current.__cause__, current.__context__]
        report = traceback.TracebackException.from_exception(current, capture_locals=True)
        for frame in report.stack:
            if "/glomo/" in frame.filename and "/tests/" not in frame.filename:
                seen += [f"{name}={value}" for name, value in (frame.locals or {}).items()]
        seen += [str(current), repr(current), repr(current.args), repr(vars(current))]
        seen += traceback.format_exception(current)
    return "\n".join(seen)


def assert_hidden(error: BaseException) -> None:
    shown = everything_shown(error)
    assert "SECRET" not in shown.replace("SecretKey", "")
    assert b"SECRET" not in pickle.dumps(error)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: AsyncGlomo(f"{SECRET}\n"),
        lambda: AsyncGlomo(f"test_{SECRET}"),
        lambda: AsyncGlomo(f"{SECRET}\u00e9"),
        lambda: AsyncGlomo(SECRET, public_key=pem(signer())),
        lambda: AsyncGlomo(SECRET, public_key="no pem"),
        lambda: AsyncGlomo(SECRET, timeout=0),
        lambda: AsyncGlomo(SECRET, rate_limit=0),
        lambda: AsyncGlomo(SECRET, base_url="http://example.com/api"),
        lambda: AsyncGlomo(SECRET, base_url=f"https://user:{SECRET}@example.com/api"),
        lambda: AsyncGlomo(SECRET, base_url=f"user:{SECRET}@example.com/api"),
    ],
)
def test_a_refusal_does_not_show_the_key(spoil: Callable[[], object]) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        spoil()
    shown = everything_shown(caught.value)
    # The address is the caller's own variable; its text is in no message, though.
    lines = [line for line in shown.splitlines() if not line.startswith(("base_url=", "url="))]
    assert SECRET not in "\n".join(line for line in lines if "lambda" not in line)


@pytest.mark.parametrize(
    "outcome",
    [
        wire_response(401, {"message": "Unauthorized"}),
        wire_response(500),
        OSError("boom"),
        RuntimeError("boom"),
    ],
)
async def test_a_failing_call_does_not_show_the_key(outcome: Any) -> None:
    glomo = AsyncGlomo(SECRET, transport=ScriptedTransport(outcome, outcome), max_retries=0)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        await glomo.balances.retrieve()
    assert_hidden(caught.value)


async def test_a_request_that_cannot_be_made_does_not_show_the_key() -> None:
    glomo = AsyncGlomo(SECRET, transport=ScriptedTransport())
    with pytest.raises(errors.ParameterError) as caught:
        await glomo.balances.retrieve(extra_headers={"bad name": "x"})
    assert_hidden(caught.value)
    with pytest.raises(errors.ParameterError) as caught:
        await glomo.payouts.retrieve("payout_1", extra_query={"q": 1.5})
    assert_hidden(caught.value)


async def test_the_key_is_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    transport = ScriptedTransport(wire_response(500), wire_response(200, {"available": []}))
    glomo = AsyncGlomo(SECRET, transport=transport)
    with glomo.capture() as raw:
        await glomo.balances.retrieve()
    request = transport.sent[0]
    assert dict(request.headers)[b"authorization"] == f"Bearer {SECRET}".encode()
    for thing in (glomo, glomo.payouts, request, raw, SecretKey(SECRET), glomo._driver):
        assert "SECRET" not in repr(thing).replace("SecretKey", "")
    assert caplog.records
    assert "SECRET" not in caplog.text


def test_neither_the_key_nor_a_client_pickles() -> None:
    with pytest.raises(TypeError, match="does not pickle"):
        pickle.dumps(SecretKey(SECRET))
    glomo = AsyncGlomo(SECRET, transport=ScriptedTransport())
    with pytest.raises(TypeError):
        pickle.dumps(glomo)
