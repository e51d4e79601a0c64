"""Where a key may be sent, and limits under which no call could succeed."""

from typing import Any

import pytest

from glomo import AsyncGlomo, errors
from glomo.settings import DEFAULT_BASE_URL, resolve_base_url

from .fakes import KEY, ScriptedTransport


@pytest.mark.parametrize(
    "url",
    [
        "https://api.glomopay.com/api",
        "https://api.example.com:8443/api",
        "http://localhost:8000/api",
        "http://127.0.0.1:8000/api",
        "http://127.8.9.10/api",
        "http://[::1]:8000/api",
        "http://LOCALHOST/api",
    ],
)
def test_addresses_that_a_key_may_be_sent_to(url: str) -> None:
    assert resolve_base_url(url) == url
    assert resolve_base_url(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.glomopay.com/api",
        "http://10.0.0.1/api",
        "http://0.0.0.0/api",
        "http://[2001:db8::1]/api",
        "http://127.0.0.1.evil.com/api",
        "http://localhost.evil.com/api",
        "http://notlocalhost/api",
    ],
)
def test_plain_http_goes_to_loopback_only(url: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="allow_http=True"):
        resolve_base_url(url)
    assert resolve_base_url(url, allow_http=True) == url
    assert AsyncGlomo(KEY, base_url=url, allow_http=True, transport=ScriptedTransport())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://api.glomopay.com/api/v1", "leave it off"),
        ("https://api.glomopay.com/api/v2/", "leave it off"),
        ("https://user:pw@api.glomopay.com/api", "user name"),
        ("https://@api.glomopay.com/api", "user name"),
        ("https://api.glomopay.com\\@evil.com/api", "user name"),
        ("https://api.glomopay.com\\.evil.com/api", "character"),
        ("user:pw@api.glomopay.com/api", "user name"),
        ("https://api.glomopay.com/api?x=1", "no query"),
        ("https://api.glomopay.com/api#x", "no query"),
        ("https://api.glomopay.com/a pi", "space"),
        ("https://api.glomo\tpay.com/api", "space"),
        ("https://api.glomopay.com/api\n", "space"),
        ("https://api.glomopay.com/\x00api", "character"),
        ("ftp://api.glomopay.com/api", "not an address"),
        ("api.glomopay.com/api", "not an address"),
        ("https:///api", "not an address"),
        ("https://[::1/api", "not an address"),
        ("https://host:port/api", "not an address"),
        ("", "not an address"),
    ],
)
def test_addresses_that_are_refused(url: str, message: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=message) as caught:
        resolve_base_url(url)
    assert "pw" not in str(caught.value)


def test_the_environment_names_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve_base_url(None) == DEFAULT_BASE_URL
    monkeypatch.setenv("GLOMO_BASE_URL", "")
    assert resolve_base_url(None) == DEFAULT_BASE_URL
    monkeypatch.setenv("GLOMO_BASE_URL", "http://localhost:1/api/")
    assert resolve_base_url(None) == "http://localhost:1/api"
    assert resolve_base_url("https://other.test/api") == "https://other.test/api"
    assert AsyncGlomo(KEY, transport=ScriptedTransport()).base_url == "http://localhost:1/api"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *[("timeout", value) for value in (0, -1, None, "60", True, float("nan"))],
        *[("max_retries", value) for value in (-1, 1.5, None, True)],
        *[("max_in_flight", value) for value in (0, -1, 0.5, None)],
        *[("max_response_bytes", value) for value in (0, -1, None, 1e6)],
        *[("rate_limit", value) for value in (0, -1, 2.5, "3000", True)],
    ],
)
def test_limits_that_cannot_work_are_refused(setting: str, value: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match=setting):
        AsyncGlomo(KEY, transport=ScriptedTransport(), **{setting: value})


def test_limits_that_can() -> None:
    AsyncGlomo(
        KEY,
        transport=ScriptedTransport(),
        timeout=1e6,
        max_retries=0,
        max_in_flight=1,
        max_response_bytes=1,
        rate_limit=1,
    )
