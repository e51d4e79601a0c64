"""Whatever happens to payouts, no money appears or disappears."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from glomo.sandbox import Options, Sandbox

OPENING = {"USD": 3_000, "EUR": 2_000}
MOCKS = ("pending", "success", "failed", "action_required", "cancelled")

create = st.tuples(
    st.just("create"),
    st.sampled_from(sorted(OPENING)),
    st.one_of(st.integers(1, 1_500), st.just(6623)),
)
step = st.tuples(st.sampled_from((*MOCKS, "cancel", "rfi")), st.integers(0, 7))
other = st.tuples(st.sampled_from(("settle", "release", "approve")), st.integers(0, 7))
fund = st.tuples(st.just("fund"), st.sampled_from(sorted(OPENING)), st.integers(0, 10_000))


def _held(payout: dict[str, Any]) -> int:
    return payout["source_amount"] + sum(fee["amount"] for fee in payout["fees"].values())


@settings(max_examples=80, deadline=None)
@given(
    options=st.fixed_dictionaries(
        {name: st.booleans() for name in ("queueing", "maker_checker", "screening")}
    ),
    deeds=st.lists(st.one_of(create, step, other, fund), max_size=25),
)
async def test_available_held_and_paid_add_up(
    options: dict[str, bool], deeds: list[tuple[Any, ...]]
) -> None:
    sandbox = Sandbox(balances=OPENING, options=Options(settle_after=None, **options))
    sandbox.add_beneficiary("bene_1")
    put_in = dict(OPENING)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(sandbox.app),
        base_url="http://sandbox/api/v1/",
        headers={"Authorization": "Bearer secret"},
    ) as http:
        for name, *rest in deeds:
            payouts = sandbox.ledger.payouts
            if name == "create":
                body = {
                    "beneficiary_id": "bene_1",
                    "purpose_code": "S1005",
                    "source_currency": rest[0],
                    "destination_currency": "INR",
                    "source_amount": rest[1],
                }
                response = await http.post("payouts", json=body)
                assert response.status_code in (201, 400)
            elif name == "fund":
                sandbox.fund(rest[0], rest[1])
                put_in[rest[0]] += rest[1]
            elif name == "settle":
                sandbox.settle()
            elif name == "release":
                sandbox.release()
            elif payouts:
                payout = payouts[rest[0] % len(payouts)]
                if name == "approve":
                    if payout["status"] == "pending_approval":
                        with suppress(ValueError):  # the balance may be short by now
                            sandbox.approve(payout["id"])
                elif name in MOCKS:
                    await http.patch("payouts/mock", json={"id": payout["id"], "status": name})
                elif name == "cancel":
                    await http.patch(f"payouts/{payout['id']}/cancel")
                else:
                    documents = [{"id": "doc_1", "rfi_doc_id": "rfidoc_1"}]
                    await http.patch(
                        f"payouts/{payout['id']}/update_rfi", json={"documents": documents}
                    )
            sandbox.books.check()
            balances = sandbox.ledger.balances
            for currency, balance in balances.items():
                assert min(balance.values()) >= 0
                assert sum(balance.values()) == put_in[currency]
                paid = [
                    _held(one)
                    for one in sandbox.ledger.payouts
                    if one["status"] == "success" and one["source_currency"] == currency
                ]
                assert balance["paid"] == sum(paid)
        shown = (await http.get("balances")).json()["available"]
        assert {one["currency"]: one["amount"] for one in shown} == {
            currency: one["available"] for currency, one in sandbox.ledger.balances.items()
        }


async def test_a_hold_comes_and_goes_with_the_payout(api: Any) -> None:
    def usd() -> tuple[int, int]:
        balance = api.sandbox.ledger.balances["USD"]
        return balance["held"], balance["paid"]

    first, second = await api.paid(), await api.paid()
    assert usd() == (252_700, 0)
    await api.mock(first, "failed")
    assert usd() == (126_350, 0)
    await api.mock(second, "success")
    assert usd() == (0, 126_350)
