"""What is measured, who competes in it, and what it should come to."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.contenders import (
    AIOHTTP,
    CORE,
    FAST,
    HTTPX,
    MODERN_TREASURY,
    REQUESTS,
    STRIPE,
    STRIPE_AIOHTTP,
    STRIPE_HTTPX,
    URLLIB3,
)
from benchmarks.contest import Aim, Results, Subject


def _cpu(contender: str, rival: str, variant: str = "") -> Callable[[Results], float | None]:
    return lambda results: results.ratio(contender, rival, variant, "cpu_us")


def _speed(contender: str, rival: str) -> Callable[[Results], float | None]:
    """Objects a CPU second, as a multiple of another's."""
    return lambda results: results.ratio(rival, contender, "", "cpu_us")


def _throughput_kept(contender: str) -> Callable[[Results], float | None]:
    """Calls a CPU second at 1,000 in flight, as a part of those at 50."""

    def value(results: Results) -> float | None:
        many = results.value(contender, "1000", "cpu_us")
        cpu_at_50 = results.value(contender, "50", "cpu_us")
        return cpu_at_50 / many if many and cpu_at_50 else None

    return value


CREATE = Subject(
    "create",
    "a typed payouts.create, by the number in flight",
    "CPU us a call",
    (CORE, FAST, STRIPE_HTTPX, STRIPE_AIOHTTP, MODERN_TREASURY, HTTPX, AIOHTTP),
    variants=("1", "50", "200", "1000"),
    # httpx looks through all its connections for each request: a thousand at once take minutes.
    only={"1000": (CORE, FAST, STRIPE_AIOHTTP, AIOHTTP)},
    size=2000,
    more=("per_second", "gc_us", "first_calls_us"),
    aims=(
        Aim("200 in flight, glomo / stripe (httpx)", _cpu("glomo", "stripe (httpx)", "200"), 0.16),
        Aim("200 in flight, glomo / stripe (aiohttp)", _cpu("glomo", "stripe (aiohttp)", "200"), 1),
        Aim(
            "200 in flight, glomo fast / bare aiohttp",
            _cpu("glomo fast", "bare aiohttp", "200"),
            1.3,
        ),
        Aim(
            "200 in flight, glomo fast / stripe (aiohttp)",
            _cpu("glomo fast", "stripe (aiohttp)", "200"),
            0.45,
        ),
        Aim(
            "glomo, calls a CPU second at 1,000 / at 50",
            _throughput_kept("glomo"),
            1,
            at_least=True,
        ),
        Aim(
            "glomo fast, calls a CPU second at 1,000 / at 50",
            _throughput_kept("glomo fast"),
            1,
            at_least=True,
        ),
    ),
)

SYNC = Subject(
    "sync",
    "a typed synchronous payouts.create, by the number of threads",
    "CPU us a call",
    (CORE, FAST, STRIPE, MODERN_TREASURY, HTTPX, REQUESTS, URLLIB3),
    variants=("1", "32"),
    size=2000,
    aims=(
        Aim("1 thread, glomo / bare httpx", _cpu("glomo", "bare httpx", "1"), 1.3),
        Aim("1 thread, glomo fast / bare httpx", _cpu("glomo fast", "bare httpx", "1"), 0.8),
        Aim("32 threads, glomo fast / bare requests", _cpu("glomo fast", "bare requests", "32"), 1),
    ),
)

PAGING = Subject(
    "paging",
    "reading a long list through the pagers, on the same objects",
    "CPU us an object",
    (CORE, FAST, STRIPE_HTTPX, MODERN_TREASURY),
    size=30_000,
    more=("per_second", "grown_kib"),
    aims=(
        Aim(
            "glomo fast / stripe, objects a CPU second",
            _speed("glomo fast", "stripe (httpx)"),
            15,
            True,
        ),
        Aim(
            "glomo fast / modern-treasury, objects a CPU second",
            _speed("glomo fast", "modern-treasury"),
            7,
            True,
        ),
        Aim("glomo / stripe, objects a CPU second", _speed("glomo", "stripe (httpx)"), 10, True),
        Aim(
            "glomo / modern-treasury, objects a CPU second",
            _speed("glomo", "modern-treasury"),
            5,
            True,
        ),
    ),
)

IMPORT = Subject(
    "import",
    "importing the client, beyond starting Python",
    "CPU ms",
    (CORE, STRIPE, MODERN_TREASURY, HTTPX),
    main="cpu_ms",
    size=10,
    needs_server=False,
    more=("modules",),
    aims=(
        Aim(
            "glomo / stripe",
            lambda results: results.ratio("glomo", "stripe", "", "cpu_ms"),
            0.6,
        ),
    ),
)

BATCH = Subject(
    "batch",
    "a payout batch with a durable journal, without a rate limit; then resuming it, all settled",
    "CPU us a row",
    (CORE, FAST),
    size=20_000,
    more=("per_second", "resume_seconds_per_100k", "peak_mib"),
    aims=(
        Aim(
            "glomo fast, rows a second",
            lambda results: results.value("glomo fast", "", "per_second"),
            2000,
            at_least=True,
        ),
        Aim(
            "glomo fast, seconds to resume 100,000 settled rows",
            lambda results: results.value("glomo fast", "", "resume_seconds_per_100k"),
            3,
        ),
    ),
)

INSTALL = Subject(
    "install",
    "distributions that an installation brings, itself included",
    "distributions",
    (CORE, STRIPE, MODERN_TREASURY),
    main="distributions",
    size=1,
    needs_server=False,
    more=(),
    aims=(
        Aim(
            "glomo, distributions besides itself",
            lambda results: (
                None
                if (count := results.value("glomo", "", "distributions")) is None
                else count - 1
            ),
            14,
        ),
    ),
)

SUBJECTS = {subject.name: subject for subject in (CREATE, SYNC, PAGING, IMPORT, BATCH, INSTALL)}
