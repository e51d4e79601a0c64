"""What every call goes through: keys, limits, unknown paths, pages."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from glomo.sandbox import Clock, Sandbox, sandbox_key


@pytest.mark.parametrize("key", [None, "", "test_abc", "live_abc"])
async def test_no_key_and_publishable_keys_are_turned_away(
    sandbox: Sandbox, api_of: Any, key: str | None
) -> None:
    api = api_of(sandbox, None)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    response = await api.http.get("/api/v1/balances", headers=headers)
    assert response.status_code == 401
    message = "Missing token" if key is None else "Invalid API key"
    assert response.json() == {"error": "Unauthorized", "message": message}


async def test_basic_credentials_are_no_key(sandbox: Sandbox, api_of: Any) -> None:
    api = api_of(sandbox, None)
    assert (await api.http.get("/api/v1/balances", auth=("secret", ""))).status_code == 401


async def test_only_configured_keys_pass_where_some_are(make_api: Any, api_of: Any) -> None:
    sandbox = make_api(keys=["one", "two"]).sandbox
    for key, status in (("one", 200), ("two", 200), ("three", 401)):
        assert (await api_of(sandbox, key).get("v1/balances")).status_code == status


async def test_an_expired_key_is_turned_away_by_the_sandbox_clock(api_of: Any) -> None:
    clock = Clock()
    api = api_of(Sandbox(clock=clock), sandbox_key(expires_in=timedelta(hours=1)))
    assert (await api.get("v1/balances")).status_code == 200
    clock.advance(timedelta(hours=2))
    assert (await api.get("v1/balances")).status_code == 401


async def test_mock_endpoints_do_not_exist_for_a_production_key(
    api: Any, api_of: Any, key: str
) -> None:
    payout = await api.paid()
    production = api_of(api.sandbox, sandbox_key(env="production"))
    assert (await production.mock(payout, "success")).status_code == 404
    reviewed = await production.patch(
        "v2/beneficiaries/bene_supplier/mock-review", {"review_action": "approve"}
    )
    assert reviewed.status_code == 404
    assert (await production.get("v1/balances")).status_code == 200
    assert (await api_of(api.sandbox, key).mock(payout, "success")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("v1/payouts/payout_nothere00000", 404, "Payout not found"),
        ("v1/payouts/pout_older0000000", 404, "Payout not found"),
        ("v1/payouts/bene_supplier", 400, "Id must start with 'payout_'"),
        ("v2/beneficiaries/bene_nobody", 404, "Beneficiary not found"),
        ("v2/beneficiaries/payout_1", 400, "Id must start with 'bene_'"),
    ],
)
async def test_what_is_not_there(api: Any, path: str, status: int, message: str) -> None:
    response = await api.get(path)
    assert response.status_code == status
    error = {400: "Bad Request", 404: "Not Found"}[status]
    assert response.json() == {"error": error, "message": message}
    assert response.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("path", ["v1/teapots", "v1/payouts/", "v1/payouts/payout_1/cancel"])
async def test_an_unserved_path_never_looks_like_a_missing_object(api: Any, path: str) -> None:
    response = await api.get(path)  # of the last one, the API has a PATCH only
    assert response.status_code == 404
    assert response.json() == {
        "error": "Not Served",
        "message": f"The sandbox does not serve GET /api/{path}",
        "code": "NOT_SERVED_BY_SANDBOX",
    }


async def test_every_response_is_dated_by_the_sandbox_clock(api: Any, clock: Clock) -> None:
    for path in ("v1/balances", "v1/teapots"):
        clock.advance(timedelta(minutes=1))
        response = await api.get(path)
        dated = parsedate_to_datetime(response.headers["date"])
        assert dated == clock().astimezone(UTC).replace(microsecond=0)


async def test_the_limit_is_a_sliding_minute_for_each_source(
    make_api: Any, api_of: Any, clock: Clock
) -> None:
    api = make_api(rate_limit=3, clock=clock)

    async def status() -> int:
        return (await api.get("v1/balances")).status_code

    assert await status() == 200
    clock.advance(timedelta(seconds=30))
    assert [await status() for _ in range(4)] == [200, 200, 429, 429]
    refused = await api.get("v1/balances")
    assert refused.json() == {"message": "Too Many Requests"}
    assert (await api_of(api.sandbox, source="10.0.0.2").get("v1/balances")).status_code == 200
    clock.advance(timedelta(seconds=30))  # the first has left the window, the other two have not
    assert [await status() for _ in range(2)] == [200, 429]


async def test_a_refused_call_has_no_effect(make_api: Any) -> None:
    api = make_api(rate_limit=1)
    await api.paid(request_id="INV-1")
    assert (await api.pay(request_id="INV-2")).status_code == 429
    assert api.sandbox.ledger.count("INV-2") == 0


async def test_no_limit_if_none_is_wanted(make_api: Any) -> None:
    api = make_api(rate_limit=None)
    for _ in range(3):
        assert (await api.get("v1/balances")).status_code == 200


async def test_the_sandbox_remembers_what_it_was_asked(api: Any) -> None:
    await api.paid(request_id="INV-1")
    await api.pay(request_id="INV-1")
    await api.get("v1/payouts", request_id="INV-1")
    assert list(api.sandbox.requests) == [
        ("POST", "/api/v1/payouts", 201, "INV-1"),
        ("POST", "/api/v1/payouts", 409, "INV-1"),
        ("GET", "/api/v1/payouts", 200, "INV-1"),
    ]


# ------------------------------------------------------------------------------ pages


async def test_pages_are_newest_first_and_described(api: Any) -> None:
    payout_ids = [(await api.paid())["id"] for _ in range(5)]
    first = (await api.get("v1/payouts", per_page=2)).json()
    assert [one["id"] for one in first["data"]] == [payout_ids[4], payout_ids[3]]
    assert first["page_meta"] == {
        "current": 1,
        "previous": None,
        "next": 2,
        "per_page": 2,
        "pages": 3,
        "count": 5,
    }
    last = (await api.get("v1/payouts", per_page=2, page=3)).json()
    assert [one["id"] for one in last["data"]] == [payout_ids[0]]
    assert (last["page_meta"]["previous"], last["page_meta"]["next"]) == (2, None)
    beyond = (await api.get("v1/payouts", per_page=2, page=4)).json()
    assert (beyond["data"], beyond["page_meta"]["next"]) == ([], None)


async def test_an_empty_list(api: Any) -> None:
    empty = (await api.get("v1/payouts")).json()
    assert empty["data"] == []
    assert empty["page_meta"]["per_page"] == 20
    assert (empty["page_meta"]["pages"], empty["page_meta"]["count"]) == (0, 0)


async def test_per_page_is_clamped_not_refused(api: Any) -> None:
    assert (await api.get("v1/payouts", per_page=5000)).json()["page_meta"]["per_page"] == 100


@pytest.mark.parametrize(
    "query",
    [{"page": "0"}, {"page": "x"}, {"per_page": "-1"}, {"before": "soon"}, {"status": "lost"}],
)
async def test_a_wrong_filter_is_refused(api: Any, query: dict[str, str]) -> None:
    response = await api.get("v1/payouts", **query)
    assert response.status_code == 400
    assert next(iter(query)) in response.json()["message"]


async def test_filters(api: Any, clock: Clock) -> None:
    api.sandbox.add_beneficiary("bene_other")
    old = await api.paid(request_id="INV-1")
    clock.advance(timedelta(seconds=10))
    new = await api.paid(beneficiary_id="bene_other")
    await api.mock(new, "success")

    async def listed_ids(**query: str) -> list[str]:
        return [one["id"] for one in (await api.get("v1/payouts", **query)).json()["data"]]

    assert await listed_ids(request_id="INV-1") == [old["id"]]
    assert await listed_ids(request_id="INV-2") == []
    assert await listed_ids(status="success") == [new["id"]]
    assert await listed_ids(status="in_progress") == [old["id"]]
    assert await listed_ids(beneficiary_id="bene_other") == [new["id"]]
    assert await listed_ids(beneficiary_id="bene_other", status="in_progress") == []
    between = "2026-09-09T07:00:15Z"
    assert await listed_ids(before=between) == [old["id"]]
    assert await listed_ids(after=between) == [new["id"]]
    assert await listed_ids(before="2026-09-09T09:00:15.000+02:00") == [old["id"]]


async def test_a_pinned_list_does_not_drift(api: Any, clock: Clock) -> None:
    payout_ids = [(await api.paid())["id"] for _ in range(4)]
    clock.advance(timedelta(seconds=1))
    pin = clock().isoformat()
    first = (await api.get("v1/payouts", per_page=2, before=pin)).json()["data"]
    clock.advance(timedelta(seconds=1))
    await api.paid()
    second = (await api.get("v1/payouts", per_page=2, page=2, before=pin)).json()["data"]
    assert [one["id"] for one in first + second] == payout_ids[::-1]
