"""Who may steer: no other site, no rebound name, no other machine."""

from __future__ import annotations

import httpx
import pytest

from glomo.sandbox import Sandbox

PATHS = ("/", "/requests", "/webhooks", "/_sandbox/ledger", "/static/dashboard.css")


async def get(sandbox: Sandbox, path: str, source: str = "127.0.0.1", **headers: str) -> int:
    transport = httpx.ASGITransport(sandbox.app, client=(source, 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.get(path, headers=headers)).status_code


@pytest.mark.parametrize("path", PATHS)
async def test_a_rebound_name_reads_nothing(sandbox: Sandbox, path: str) -> None:
    for host in ("evil.example", "evil.example:8787", "localhost.evil.example", "127.0.0.1.x", ""):
        assert await get(sandbox, path, host=host) == 403
    for host in ("localhost", "LOCALHOST:1", "127.0.0.1:8787", "[::1]:8787"):
        assert await get(sandbox, path, host=host) == 200


@pytest.mark.parametrize("path", PATHS)
async def test_other_machines_are_refused_unless_told_otherwise(
    sandbox: Sandbox, path: str
) -> None:
    assert await get(sandbox, path, "10.0.0.9") == 403
    with Sandbox(trusted_hosts=["box.internal"]) as trusting:
        assert await get(trusting, path, "10.0.0.9", host="box.internal:8787") == 200
        assert await get(trusting, path, "10.0.0.9", host="evil.example") == 403
        assert await get(trusting, path, "10.0.0.9") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"origin": "https://localhost:8787"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_page_of_another_site_steers_nothing(
    sandbox: Sandbox, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    before = sandbox.clock()
    fund = {"currency": "USD", "minor": 5}
    available = sandbox.ledger.balances["USD"]["available"]
    for path, body in (("/clock", {"action": "advance", "seconds": "60"}), ("/faults", {})):
        assert (await http.post(path, data=body, headers=headers)).status_code == 403
    assert (await http.post("/_sandbox/fund", json=fund, headers=headers)).status_code == 403
    assert sandbox.clock() == before
    assert sandbox.ledger.balances["USD"]["available"] == available


async def test_its_own_page_and_programs_steer(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    own = {"origin": "http://localhost:8787", "sec-fetch-site": "same-origin"}
    fund = {"currency": "USD", "minor": 5}
    for headers in (own, {}):
        response = await http.post("/_sandbox/fund", json=fund, headers=headers)
        assert response.status_code == 200


async def test_pages_are_framed_by_nobody(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
