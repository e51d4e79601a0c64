"""How many requests a payout costs, paid and followed to its end, as the API counts them.

    eval "$(.ci/services start /tmp/services)"
    python -m tests.distributed.requests --rows 5000

Three workers over PostgreSQL pay a file within one address's limit, and `run --wait` follows it
until the money has arrived; one machine does the same with its journal in a file. A sandbox counts.
At most 1.02 requests a payout may reach it, and never more than the limit in any 60 s; while the
workers pay, at least 98% of the limit must be used.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from glomo.sandbox import Sandbox, sandbox_key
from tests.batch.conftest import rows, write_csv

_GLOMO = (sys.executable, "-m", "glomo.cli")
_WORKERS = 3
_PER_MINUTE = 3000
_MOST = 1.02
_LEAST_USED = 0.98
_QUIET_SECONDS = 3.0


@contextmanager
def _workers(count: int, environment: dict[str, str]) -> Iterator[None]:
    running = [
        subprocess.Popen([*_GLOMO, "worker"], env=environment, stderr=subprocess.DEVNULL)
        for _ in range(count)
    ]
    try:
        yield
    finally:
        for worker in running:
            worker.kill()
            worker.wait()


def _measure(name: str, count: int, environment: dict[str, str], *, workers: int) -> bool:
    """Pay and follow a file; whether it cost what it may."""
    seen: list[tuple[float, str]] = []
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(seed=3, rate_limit=_PER_MINUTE))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox.add_beneficiary("bene_supplier")
        sandbox.fund("USD", count * 200_000)
        sandbox.requests.listeners.append(lambda one: seen.append((time.monotonic(), one.method)))
        served = stack.enter_context(sandbox.serve())
        key = {"GLOMO_API_KEY": sandbox_key(), "GLOMO_BASE_URL": served.base_url}
        stack.enter_context(_workers(workers, {**environment, **key}))
        file = write_csv(folder / "payouts.csv", rows(count))
        run = subprocess.Popen(
            [*_GLOMO, "payouts", "run", str(file), "--yes", "--wait"],
            env={**environment, **key},
            stdout=subprocess.DEVNULL,
        )
        while run.poll() is None:
            time.sleep(1)
            # The money arrives some time after the last payout was made.
            paid = len(sandbox.ledger.payouts) == count
            if paid and time.monotonic() - seen[-1][0] > _QUIET_SECONDS:
                sandbox.clock.advance(hours=1)
        payouts = len(sandbox.ledger.payouts)
    methods = Counter(method for _, method in seen)
    each = len(seen) / max(payouts, 1)
    sent = [at for at, method in seen if method == "POST"]
    most = _most_in_a_minute([at for at, _ in seen])
    used = _used(sent)
    print(f"{name}: {payouts:,} payouts, {dict(methods)}: {each:.4f} requests a payout")
    print(f"{'':{len(name)}}  at most {most:,} in any 60 s; {used:.1%} used while paying")
    fair = run.returncode == 0 and payouts == count
    return fair and each <= _MOST and most <= _PER_MINUTE and (used >= _LEAST_USED or not workers)


def _most_in_a_minute(times: Sequence[float]) -> int:
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= 60.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _used(sent: Sequence[float]) -> float:
    """Of the limit, between the first payout and the last of the minutes that are full."""
    if len(sent) < 2 or sent[-1] == sent[0]:
        return 0.0
    return (len(sent) - 1) / (sent[-1] - sent[0]) * 60 / _PER_MINUTE


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser("python -m tests.distributed.requests", description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--only-workers", action="store_true", help="leave the one machine out")
    arguments = parser.parse_args()
    count: int = arguments.rows
    environment = {name: value for name, value in os.environ.items() if name != "GLOMO_POSTGRES"}
    ok = arguments.only_workers or _measure("one machine, SQLite", count, environment, workers=0)
    server = os.environ.get("GLOMO_TEST_POSTGRES")
    if not server:
        print("workers: skipped: no PostgreSQL; `.ci/services start DIR` starts one")
        return 0 if ok else 1
    name = f"requests_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        environment["GLOMO_POSTGRES"] = server.rpartition("/")[0] + f"/{name}"
        ok &= _measure(f"{_WORKERS} workers, PostgreSQL", count, environment, workers=_WORKERS)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
