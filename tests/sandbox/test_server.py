"""A sandbox on a port, and steered from another process."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from typing import Any

import anyio
import httpx
import jwt
import pytest

from glomo.sandbox import Sandbox, SandboxServer, sandbox_key
from glomo.sandbox.server.responses import CONNECTION


def test_it_listens_until_closed(sandbox: Sandbox) -> None:
    with sandbox.serve() as server:
        assert server.base_url == f"{server.origin}/api"
        assert httpx.get(f"{server.origin}/_sandbox/health").json() == {"status": "ok"}
        assert httpx.get(f"{server.base_url}/v1/balances").status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.origin}/_sandbox/health")
    server.close()  # twice is once
    assert not [one for one in threading.enumerate() if one.name == "glomo-sandbox"]


def test_its_records_outlive_the_server(sandbox: Sandbox, body_of: Any) -> None:
    for number in range(2):
        with sandbox.serve() as server:
            httpx.post(
                f"{server.base_url}/v1/payouts",
                json=body_of(sandbox, request_id=str(number)),
                headers={"Authorization": "Bearer secret"},
            )
    assert sandbox.ledger.counts() == {"0": 1, "1": 1}


def test_answers_leave_at_once_and_are_dated_once(sandbox: Sandbox) -> None:
    nodelay: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        accepted = scope[CONNECTION].abort.__self__.get_extra_info("socket")
        nodelay.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await sandbox.app(scope, receive, send)

    with SandboxServer(app, sandbox.engine) as server:
        response = httpx.get(f"{server.origin}/api/v1/balances")
    assert nodelay == [1]
    assert len(response.headers.get_list("date")) == 1


def test_it_is_silent(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG), sandbox.serve() as server:
        sandbox.lose_response(operation=None)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{server.base_url}/v1/teapots", headers={"Authorization": "Bearer x"})
    assert [one for one in caplog.records if one.name.startswith("uvicorn")] == []
    assert capfd.readouterr() == ("", "")


def test_a_taken_port_is_an_error(sandbox: Sandbox) -> None:
    with sandbox.serve() as server:
        port = int(server.origin.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            sandbox.serve(port=port)


async def test_serving_until_cancelled(sandbox: Sandbox) -> None:
    ready: list[str] = []
    async with anyio.create_task_group() as group:

        async def visit(base_url: str) -> None:
            ready.append(base_url)
            async with httpx.AsyncClient() as http:
                assert (await http.get(f"{base_url}/v1/balances")).status_code == 401
            group.cancel_scope.cancel()

        group.start_soon(sandbox.serve_forever, "127.0.0.1", 0, visit)
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient() as http:
            await http.get(ready[0])


# ------------------------------------------------------------------------ control plane


@pytest.fixture
def control(sandbox: Sandbox, server: httpx.Client) -> Any:
    with httpx.Client(base_url=server.base_url.copy_with(path="/_sandbox")) as client:
        yield client


def test_the_control_plane_steers_and_tells(
    control: httpx.Client, server: httpx.Client, body_of: Any, sandbox: Sandbox
) -> None:
    seeded = control.post(
        "/beneficiaries",
        json=[{"id": "bene_a"}, {"id": "bene_b", "bank_error": "INVALID_VPA"}],
    ).json()["data"]
    assert [one["id"] for one in seeded] == ["bene_a", "bene_b"]
    for name in ("a", "b"):
        body = body_of(sandbox, beneficiary_id=f"bene_{name}", request_id=name)
        server.post("/v1/payouts", json=body)
    assert control.post("/settle").json() == {"settled": 1}
    ledger = control.get("/ledger").json()
    rows = [(one["request_id"], one["status"], one["error_code"]) for one in ledger["payouts"]]
    assert rows == [("a", "success", None), ("b", "failed", "INVALID_VPA")]
    assert ledger["payouts"][0]["beneficiary_id"] == "bene_a"
    assert ledger["totals"] == {"USD": 125_000}
    assert ledger["counts"] == {"a": 1, "b": 1}
    assert ledger["balances"]["USD"]["paid"] == 126_350
    available = ledger["balances"]["USD"]["available"]
    funded = control.post("/fund", json={"currency": "USD", "minor": 5}).json()
    assert funded == {"currency": "USD", "available": available + 5}


def test_faults_come_and_go(control: httpx.Client, server: httpx.Client) -> None:
    control.post("/faults", json={"rate": 1.0, "kind": "fail_before", "status": 503})
    assert [server.get("/v1/balances").status_code for _ in range(3)] == [503] * 3
    assert control.get("/health").status_code == 200
    assert control.get("/ledger").json()["faults"] == {"fail_before": 3}
    control.delete("/faults")
    assert server.get("/v1/balances").status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {}),
        ("/faults", {"rate": 2}),
        ("/faults", {"rate": "much"}),
        ("/faults", {"kind": "earthquake"}),
        ("/faults", {"kind": "delay", "how_long": 3}),
        ("/faults", 5),
        ("/beneficiaries", {"iban": "DE00"}),
        ("/beneficiaries", {"status": "gone"}),
        ("/fund", {"currency": "USD", "minor": 1.5}),
        ("/fund", {"currency": "USD"}),
        ("/fund", {"currency": "dollars", "minor": 5}),
    ],
)
def test_nonsense_is_refused(control: httpx.Client, path: str, body: Any) -> None:
    response = control.post(path, json=body)
    assert response.status_code == 400
    assert response.json()["message"]


async def test_only_this_machine_may_steer(sandbox: Sandbox, api_of: Any) -> None:
    far = api_of(sandbox, source="10.0.0.9")
    assert (await far.http.get("/_sandbox/ledger")).status_code == 403
    assert (await far.get("v1/balances")).status_code == 200
    near = api_of(sandbox, source="::1")
    assert (await near.http.get("/_sandbox/ledger")).status_code == 200


# --------------------------------------------------------------------------------- keys


def test_a_sandbox_key_says_what_it_is(key: str) -> None:
    assert jwt.get_unverified_header(key) == {"alg": "RS256", "typ": "JWT"}
    claims = jwt.decode(key, options={"verify_signature": False})
    assert claims == {"sub": "merchant_sandbox", "env": "sandbox"}
    assert sandbox_key("m2") != key


def test_without_its_packages_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['starlette'] = None\n"
        "import glomo; assert 'glomo.sandbox' not in sys.modules\n"
        "try: import glomo.sandbox\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "pip install 'glomo[sandbox]'" in done.stdout
