"""Proxies and certificates as the environment names them."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from glomo import AsyncGlomo, errors
from glomo.http.transports.environment import proxy_for, tls_context

BASE = "https://api.test/api"


def test_the_environment_s_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for(BASE) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("HTTP_PROXY", "plain.test:8080")
    assert proxy_for(BASE) == "http://proxy.test:3128"
    assert proxy_for("http://inside.test/api") == "http://plain.test:8080"
    for loopback in ("http://localhost:8000/api", "http://127.0.0.1/api", "https://[::1]/api"):
        assert proxy_for(loopback) is None
    monkeypatch.setenv("NO_PROXY", "example.com,.test")
    assert proxy_for(BASE) is None
    monkeypatch.setenv("NO_PROXY", "*")
    assert proxy_for("https://api.other/api") is None


def test_a_proxy_for_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all.test:1")
    assert proxy_for(BASE) == "http://all.test:1"


@pytest.mark.parametrize("transport", [None, "aiohttp"])
@pytest.mark.parametrize(
    "proxy",
    [
        "ftp://user:hunter2@proxy.test",
        "http://user:hunter2@[::1",
        "http://user:hunter2@proxy.test:port",
        "http://",
    ],
)
def test_a_proxy_that_is_none_is_explained(
    monkeypatch: pytest.MonkeyPatch, proxy: str, transport: Any
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(errors.ConfigurationError, match="proxy") as caught:
        AsyncGlomo("sk-unit", base_url=BASE, transport=transport)
    assert "hunter2" not in str(caught.value)


def test_a_socks_proxy_is_not_for_aiohttp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://user:hunter2@proxy.test:1080")
    with pytest.raises(errors.ConfigurationError, match="leave transport= out") as caught:
        AsyncGlomo("sk-unit", base_url=BASE, transport="aiohttp")
    assert "hunter2" not in str(caught.value)


def test_servers_are_verified() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context is tls_context()


@pytest.mark.parametrize("transport", [None, "aiohttp"])
@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_certificates_that_cannot_be_read_are_explained_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, transport: Any
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(errors.ConfigurationError, match="SSL_CERT_FILE"):
        AsyncGlomo("sk-unit", base_url=BASE, transport=transport)
