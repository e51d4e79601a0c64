"""Three workers that are killed, frozen and cut off from their database while the API misbehaves.

    eval "$(.ci/services start /tmp/services)"
    python -m tests.distributed.torture --rows 1500

Workers with clocks hours apart pay a batch over PostgreSQL. They are killed (SIGKILL) and frozen
past their lease (SIGSTOP, then SIGCONT), and the database is restarted. Then the sandbox's ledger
must hold each reference of the file exactly once, the journal must agree with it row by row, and a
trigger must have seen no write of a worker that no longer had the slice. `--no-fence` takes the
fence away, and the verdict must then be that such writes have happened.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from glomo import AsyncGlomo
from glomo.batch import Batch, identity_of
from glomo.distributed import Database, batch_progress, batch_report, plan
from tests.chaos import ControlPlane, sandbox_process, write_sample_file

_LEASE = 3.0
_WORKERS = 3
_FROZEN_SECONDS = 4 * _LEASE
_CLOCKS = (0.0, 3 * 3600.0, -2 * 3600.0)
_LONGEST_SECONDS = 240.0

_WATCH = """
    CREATE TABLE torture_write (reference text, writer text, holder text, zombie boolean);
    CREATE FUNCTION torture_watch() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        writer text := current_setting('application_name');
        holder text;
    BEGIN
        IF writer ~ '^[0-9]+$' THEN
            SELECT split_part(s.holder, '/', 2) INTO holder FROM glomo_slice s
            WHERE s.batch = new.batch AND s.slice = new.slice;
            INSERT INTO torture_write
            VALUES (new.reference, writer, holder, writer IS DISTINCT FROM holder);
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER torture_watch BEFORE UPDATE ON glomo_row
        FOR EACH ROW EXECUTE FUNCTION torture_watch();
"""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much torture."""

    rows: int = 1500
    faults: float = 0.1
    kills: int = 3
    freezes: int = 3
    restarts: int = 1
    seed: int = 0
    fence: bool = True
    rate_limit: int = 3000


@dataclass
class Verdict:
    """What came of it."""

    plan: Plan
    deeds: Counter[str] = field(default_factory=Counter)
    payouts: int = 0
    writes: int = 0
    zombie_writes: int = 0
    paid_twice: list[str] = field(default_factory=list)
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything is as promised."""
        return not (self.complaints or self.paid_twice or self.zombie_writes)

    def __str__(self) -> str:
        deeds = ", ".join(f"{name} {times}" for name, times in sorted(self.deeds.items()))
        held = "each reference once, journal agrees, no write by a zombie"
        lines = [
            ("rows", f"{self.plan.rows:,} by {_WORKERS} workers, lease {_LEASE:.0f} s"),
            ("torture", deeds or "none"),
            ("payouts", f"{self.payouts:,} in {self.seconds:.0f} s"),
            ("zombies", f"{self.zombie_writes:,} of {self.writes:,} writes of rows"),
            ("verdict", held if self.ok else "BROKEN"),
        ]
        table = [f"{name:<10}{value}" for name, value in lines]
        return "\n".join(
            [*table, *(f"  {one}" for one in [*self.paid_twice, *self.complaints][:20])]
        )


class Workers:
    """Three processes, each replaced when it has gone."""

    def __init__(self, torture: Plan, environment: dict[str, str], log: Any) -> None:
        self._torture = torture
        self._environment = environment
        self._log = log
        self._all: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Fill up the places of those that have gone."""
        for place in range(_WORKERS):
            if place == len(self._all):
                self._all.append(self._spawn(place))
            elif self._all[place].poll() not in (None, 0):
                self._all[place] = self._spawn(place)

    def pick(
        self, chance: random.Random, frozen: list[subprocess.Popen[bytes]]
    ) -> subprocess.Popen[bytes] | None:
        """One that is running."""
        running = [one for one in self._all if one.poll() is None and one not in frozen]
        return chance.choice(running) if running else None

    def stop(self) -> None:
        """End them, and wait."""
        for worker in self._all:
            worker.send_signal(signal.SIGCONT)
            worker.kill()
            worker.wait()

    def _spawn(self, place: int) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.distributed.torture_worker"]
        words += ["--lease", str(_LEASE), "--clock", str(_CLOCKS[place])]
        words += ["--rate-limit", str(self._torture.rate_limit)]
        if not self._torture.fence:
            words.append("--no-fence")
        return subprocess.Popen(
            words, env=self._environment, stdout=self._log, stderr=subprocess.STDOUT
        )


async def torture(setup: Plan, folder: Path, dsn: str) -> Verdict:
    """Run it over an empty database."""
    began = time.monotonic()
    verdict = Verdict(setup)
    file = write_sample_file(folder / "payouts.csv", setup.rows, setup.seed)
    with (
        sandbox_process(
            file, faults=setup.faults, seed=setup.seed, rate_limit=setup.rate_limit
        ) as settings,
        ControlPlane(settings["GLOMO_BASE_URL"]) as control,
        (folder / "workers.log").open("ab") as log,
    ):
        environment = {**os.environ, **settings, "GLOMO_POSTGRES": dsn}
        batch = Batch.from_csv(file, name="torture")
        async with Database(dsn, patience=60.0) as database:
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute(_WATCH)
            glomo = AsyncGlomo(settings["GLOMO_API_KEY"], base_url=settings["GLOMO_BASE_URL"])
            await plan(database, batch.plan(), identity_of(glomo, "torture"), slice_size=60)
            workers = Workers(setup, environment, log)
            try:
                await _torment(setup, database, workers, verdict)
            finally:
                workers.stop()
            report = await batch_report(database, "torture", batch.plan())
            ledger = control.ledger()
        with psycopg.connect(dsn) as connection:
            row = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE zombie) FROM torture_write"
            ).fetchone()
            verdict.writes, verdict.zombie_writes = row or (0, 0)
    payouts = {one["request_id"]: one for one in ledger["payouts"]}
    counts = Counter(one["request_id"] for one in ledger["payouts"])
    verdict.payouts = len(ledger["payouts"])
    verdict.paid_twice += [f"{one} was paid {n} times" for one, n in counts.items() if n != 1]
    for result in report.results:
        payout = payouts.pop(result.request_id or "", None)
        if payout is None or payout["id"] != result.payout_id:
            verdict.complaints.append(f"{result} is not what the ledger has: {payout}")
    verdict.complaints += [f"{one} is in the ledger and in no row" for one in payouts]
    verdict.seconds = time.monotonic() - began
    return verdict


async def _torment(setup: Plan, database: Database, workers: Workers, verdict: Verdict) -> None:
    chance = random.Random(f"torture/{setup.seed}")
    deeds = ["kill"] * setup.kills + ["freeze"] * setup.freezes + ["restart"] * setup.restarts
    chance.shuffle(deeds)
    frozen: list[tuple[float, subprocess.Popen[bytes]]] = []
    moments = [setup.rows * (n + 1) // (len(deeds) + 2) for n in range(len(deeds))]
    until = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < until:
        workers.start()
        now = time.monotonic()
        for thaw_at, worker in [one for one in frozen if one[0] <= now]:
            worker.send_signal(signal.SIGCONT)
            frozen.remove((thaw_at, worker))
        progress = await batch_progress(database, "torture")
        if progress.finished and not frozen:
            return
        if moments and progress.accepted >= moments[0] and len(frozen) < _WORKERS - 1:
            moments.pop(0)
            deed = deeds.pop(0)
            verdict.deeds[deed] += 1
            worker = workers.pick(chance, [one for _, one in frozen])
            if deed == "restart":
                command = os.environ.get("GLOMO_TEST_POSTGRES_RESTART", "").split()
                await asyncio.to_thread(subprocess.run, command, check=bool(command))
            elif worker is not None and deed == "kill":
                worker.kill()
            elif worker is not None:
                worker.send_signal(signal.SIGSTOP)
                frozen.append((now + _FROZEN_SECONDS, worker))
        await asyncio.sleep(0.1)
    verdict.complaints.append(f"it was not finished after {_LONGEST_SECONDS:.0f} s")


def run(setup: Plan) -> Verdict:
    """Run it in a database and a folder of its own."""
    server = os.environ["GLOMO_TEST_POSTGRES"]
    name = f"torture_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        with tempfile.TemporaryDirectory(prefix="glomo-torture-") as folder:
            return asyncio.run(torture(setup, Path(folder), server.rpartition("/")[0] + f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.distributed.torture", description=__doc__
    )
    defaults = Plan()
    for name in ("rows", "kills", "freezes", "restarts", "seed", "rate_limit"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(defaults, name))
    parser.add_argument("--faults", type=float, default=defaults.faults)
    parser.add_argument("--no-fence", dest="fence", action="store_false")
    if not os.environ.get("GLOMO_TEST_POSTGRES"):
        print("skipped: no PostgreSQL; `.ci/services start DIR` starts one")
        return 0
    setup = Plan(**vars(parser.parse_args()))
    verdict = run(setup)
    print(verdict)
    if not setup.fence:
        # The mutation must be noticed: zombies write, and may leave the journal wrong. Nothing is
        # paid twice all the same, because `request_id` holds.
        return 0 if verdict.zombie_writes and not verdict.paid_twice else 1
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
