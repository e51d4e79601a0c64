"""A waiter reads until the end of the life cycle, patiently, and never longer than told."""

import pickle
from typing import Any

import pytest

from glomo import errors
from glomo.models.orders import OrderStatus
from glomo.models.payment_links import PaymentLinkStatus
from glomo.polling import wait_for

from .fakes import Outcome, ScriptedTransport, client, lost, payout, refused, silence, wire_response
from .virtual_time import now


def is_at(status: str) -> Outcome:
    return wire_response(200, payout(status=status))


async def wait(
    *script: Outcome, until: Any = None, timeout: Any = 600.0
) -> tuple[Any, ScriptedTransport]:
    """As `payouts.wait` does, in virtual time."""
    transport = ScriptedTransport(*script)
    read = client(transport, max_retries=0).payouts.retrieve
    done = await wait_for(
        lambda left: read("payout_1", timeout=left),
        "payout_1",
        until=until,
        timeout=timeout,
        clock=now,
    )
    return done, transport


async def test_resources_wait_so() -> None:
    glomo = client(ScriptedTransport(is_at("queued"), is_at("success")))
    assert (await glomo.payouts.wait("payout_1", timeout=60)).status == "success"


async def test_it_ends_at_a_terminal_status() -> None:
    for end in ("success", "failed", "cancelled"):
        done, transport = await wait(is_at("queued"), is_at("in_progress"), is_at(end))
        assert done.status == end
        assert len(transport.sent) == 3


@pytest.mark.parametrize(
    "until",
    [
        "in_progress",
        ["in_progress", "x"],
        {"in_progress"},
        lambda p: p.status == "in_progress",
    ],
)
async def test_it_ends_where_it_is_told_to(until: Any) -> None:
    done, _ = await wait(is_at("queued"), is_at("in_progress"), until=until)
    assert done.status == "in_progress"
    done, _ = await wait(is_at("queued"), is_at("failed"), until=until)
    assert done.status == "failed"


async def test_a_status_that_is_not_known_is_waited_through() -> None:
    done, _ = await wait(is_at("brand_new"), is_at("success"))
    assert done.status == "success"


@pytest.mark.parametrize(
    "failure",
    [lost(), refused(), wire_response(500), wire_response(503), wire_response(429), silence],
    ids=range(6),
)
async def test_passing_failures_are_waited_through(failure: Outcome) -> None:
    done, _ = await wait(failure, failure, is_at("success"), timeout=3000)
    assert done.status == "success"


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_lasting_failures_are_raised(status: int) -> None:
    with pytest.raises(errors.StatusError):
        await wait(is_at("queued"), wire_response(status))


async def test_the_time_is_kept_and_the_last_object_handed_over() -> None:
    began = now()
    with pytest.raises(errors.WaitTimeoutError, match=r"payout_1.*queued") as caught:
        await wait(*[is_at("queued")] * 100, timeout=100)
    assert now() - began <= 100
    assert isinstance(caught.value, TimeoutError)
    assert pickle.loads(pickle.dumps(caught.value)).last_seen.status == "queued"
    began = now()
    with pytest.raises(errors.WaitTimeoutError, match="could not be read") as caught:
        await wait(*[silence] * 20, timeout=100)
    assert now() - began <= 100
    assert caught.value.last_seen is None


async def test_it_asks_less_and_less_often() -> None:
    _, transport = await wait(*[is_at("queued")] * 20, is_at("success"), timeout=3000)
    pauses = [b - a for a, b in zip(transport.at, transport.at[1:], strict=False)]
    assert pauses[:3] == [1, 1.5, 2.25]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30


@pytest.mark.parametrize("timeout", [0, -1, None, "60", float("nan"), True])
async def test_the_time_is_a_positive_number(timeout: Any) -> None:
    with pytest.raises(errors.ParameterError, match="timeout"):
        await wait(timeout=timeout)


@pytest.mark.parametrize("timeout", [0.5, 1, 5, 20, 100, 600.5])
async def test_it_waits_as_long_as_it_was_told_to(timeout: float) -> None:
    began = now()
    with pytest.raises(errors.WaitTimeoutError):
        await wait(*[is_at("queued")] * 100, timeout=timeout)
    assert now() - began == pytest.approx(timeout)


@pytest.mark.parametrize("at", [0.1, 12.9, 13.2, 15, 18.8, 19.6])
async def test_what_happens_until_shortly_before_the_end_is_seen(at: float) -> None:
    began = now()

    def status(_: object) -> Any:
        return is_at("success" if now() - began >= at else "queued")

    done, _ = await wait(*[status] * 100, timeout=20)
    assert done.status == "success"
    assert at <= now() - began <= 20


async def test_a_condition_is_waited_for_beyond_a_success() -> None:
    with_reference = wire_response(200, payout(status="success", utr="UTR1"))
    done, transport = await wait(
        is_at("queued"), is_at("success"), with_reference, until=lambda p: p.utr is not None
    )
    assert done.utr == "UTR1"
    assert len(transport.sent) == 3


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_no_condition_is_waited_for_beyond_a_failure(end: str) -> None:
    done, transport = await wait(is_at("queued"), is_at(end), until=lambda p: False)
    assert done.status == end
    assert len(transport.sent) == 2


async def test_statuses_are_not_waited_for_beyond_the_end() -> None:
    done, transport = await wait(is_at("queued"), is_at("success"), until="action_required")
    assert done.status == "success"
    assert len(transport.sent) == 2


def test_an_expired_order_or_link_is_not_at_an_end() -> None:
    for status in (OrderStatus.EXPIRED, PaymentLinkStatus.EXPIRED):
        assert not status.terminal
    for done in ("paid", "failed", "cancelled"):
        assert OrderStatus(done).terminal
        assert PaymentLinkStatus(done).terminal
