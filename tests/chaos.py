"""A payout run that is killed again and again while the API misbehaves.

    python -m tests.chaos --rows 2000 --faults 0.2 --kills 5
    python -m tests.chaos --rows 500 --faults 0.4 --kills 5 --misbehaving

A sandbox in a process of its own loses responses, fails after the commit, cuts connections. The run
is killed (SIGKILL) at random moments and started anew until it ends. Then the sandbox's ledger must
hold each reference of the file exactly once, and the results file must agree with it row by row.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

_GLOMO = (sys.executable, "-m", "glomo.cli")
_MOST_RUNS = 12
_LOOK_EVERY_SECONDS = 0.02


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much chaos."""

    rows: int = 2000
    faults: float = 0.2
    kills: int = 5
    seed: int = 0
    rate_limit: int = 3000
    misbehaving: bool = False


@dataclass
class Verdict:
    """What came of it."""

    plan: Plan
    killed_at: list[int] = field(default_factory=list)
    """Payouts in the ledger when the run was killed."""
    runs: int = 0
    status: int | None = None
    faults: dict[str, int] = field(default_factory=dict)
    payouts: int = 0
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything is as promised."""
        return not self.complaints

    def __str__(self) -> str:
        faults = ", ".join(f"{kind} {times}" for kind, times in sorted(self.faults.items()))
        lines = [
            ("rows", f"{self.plan.rows:,}"),
            ("faults", f"{sum(self.faults.values()):,}: {faults}"),
            ("killed at", ", ".join(f"{at:,}" for at in self.killed_at) or "never"),
            ("runs", f"{self.runs}, the last with exit status {self.status}"),
            ("payouts made", f"{self.payouts:,} in {self.seconds:.0f} s"),
            ("verdict", "each reference once, results agree" if self.ok else "BROKEN"),
        ]
        table = [f"{name:<14}{value}" for name, value in lines]
        complaints = [f"  {complaint}" for complaint in self.complaints[:20]]
        if len(self.complaints) > 20:
            complaints.append(f"  ... and {len(self.complaints) - 20} more")
        return "\n".join([*table, *complaints])


def chaos(plan: Plan, folder: Path) -> Verdict:
    """Run it in this folder, which should be empty."""
    began = time.monotonic()
    verdict = Verdict(plan)
    file = write_sample_file(folder / "payouts.csv", plan.rows, plan.seed)
    server = (
        misbehaving_process(faults=plan.faults, seed=plan.seed)
        if plan.misbehaving
        else sandbox_process(file, faults=plan.faults, seed=plan.seed, rate_limit=plan.rate_limit)
    )
    with server as settings, ControlPlane(settings["GLOMO_BASE_URL"]) as control:
        with (folder / "run.log").open("ab") as log:
            _run_until_it_ends(plan, file, settings, control, log, verdict)
        ledger = control.ledger()
    verdict.faults = ledger["faults"]
    verdict.payouts = len(ledger["payouts"])
    verdict.complaints += complaints(file, ledger["payouts"])
    if verdict.status != 0:
        verdict.complaints.append(f"the last run ended with exit status {verdict.status}")
    if len(verdict.killed_at) != plan.kills:
        verdict.complaints.append(f"killed {len(verdict.killed_at)} times, not {plan.kills}")
    verdict.seconds = time.monotonic() - began
    return verdict


def write_sample_file(file: Path, rows: int, seed: int) -> Path:
    """A payout file that is right in every respect."""
    with file.open("w") as out:
        arguments = ("payouts", "sample", "--rows", str(rows), "--seed", str(seed))
        subprocess.run([*_GLOMO, *arguments], stdout=out, check=True)
    return file


@contextmanager
def sandbox_process(
    file: Path, *, faults: float, seed: int, rate_limit: int
) -> Generator[dict[str, str]]:
    """A sandbox in its own process; yields what its lines for the shell set."""
    options = {
        "--port": 0,
        "--payouts": file,
        "--faults": faults,
        "--seed": seed,
        "--rate-limit": rate_limit,
    }
    words = [*_GLOMO, "sandbox", *(str(part) for pair in options.items() for part in pair)]
    with _server([*words, "--quiet"]) as settings:  # nobody reads what it prints
        yield settings


@contextmanager
def misbehaving_process(*, faults: float, seed: int) -> Generator[dict[str, str]]:
    """The server of `tests.misbehaving_server` in its own process."""
    words = [sys.executable, "-m", "tests.misbehaving_server"]
    with _server([*words, "--faults", str(faults), "--seed", str(seed)]) as settings:
        yield {**settings, "GLOMO_API_KEY": "sk-of-no-account"}


@contextmanager
def _server(words: list[str]) -> Generator[dict[str, str]]:
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("export "):
                    yield dict(re.findall(r"(\w+)=(\S+)", line))
                    break
            else:
                raise RuntimeError(f"the server ended with {process.wait()}")
        finally:
            process.terminate()


class ControlPlane:
    """Looks into the sandbox over its control plane."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._http = httpx.Client(base_url=f"{parts.scheme}://{parts.netloc}", timeout=30)

    def ledger(self) -> dict[str, Any]:
        response = self._http.get("/_ledger")  # the misbehaving server's
        if response.status_code != 200:
            response = self._http.get("/_sandbox/ledger")
        ledger: dict[str, Any] = response.raise_for_status().json()
        return ledger

    def paid(self) -> int:
        return len(self.ledger()["payouts"])

    def __enter__(self) -> ControlPlane:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()


def _run_until_it_ends(
    plan: Plan,
    file: Path,
    settings: dict[str, str],
    control: ControlPlane,
    log: Any,
    verdict: Verdict,
) -> None:
    rng = random.Random(f"chaos/{plan.seed}")
    moments = sorted(rng.sample(range(plan.rows), plan.kills))
    rate = ("--rate-limit", str(plan.rate_limit))
    command = [*_GLOMO, "payouts", "run", str(file), "--yes", *rate]
    while verdict.runs < _MOST_RUNS + plan.kills:
        verdict.runs += 1
        with subprocess.Popen(
            command, env={**os.environ, **settings}, stdout=log, stderr=log
        ) as run:
            try:
                if moments and _reached(moments[0], run, control):
                    moments.pop(0)
                    run.kill()
                    run.wait()
                    verdict.killed_at.append(control.paid())
                    continue
                verdict.status = run.wait()
            finally:
                run.kill()
        # A run that could not settle every row says so (1), and the same command goes on.
        if verdict.status != 1:
            return


def _reached(moment: int, run: subprocess.Popen[bytes], control: ControlPlane) -> bool:
    """Wait until so many payouts are made; false if the run ended before."""
    while True:
        try:
            run.wait(_LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            if control.paid() > moment:
                return True
        else:
            return False


def complaints(file: Path, payouts: Iterable[dict[str, Any]]) -> Generator[str]:
    """Where a payout file, the ledger's payouts and the results file do not agree."""
    payouts = list(payouts)
    file_rows = _read(file)
    report = file.with_suffix(".results.csv")
    if not report.exists():
        yield "there is no results file"
        return
    results = _read(report)
    by_id = {payout["id"]: payout for payout in payouts}
    counts = Counter(payout["request_id"] for payout in payouts)
    if len(payouts) != len(file_rows):
        yield f"{len(payouts)} payouts for {len(file_rows)} rows"
    yield from (f"{request_id} was paid {n} times" for request_id, n in counts.items() if n != 1)
    if [row["reference"] for row in results] != [row["reference"] for row in file_rows]:
        yield "the results file has other references than the file"
        return
    for row, result in zip(file_rows, results, strict=True):
        payout = by_id.pop(result["payout_id"], None)
        if payout is None:
            yield f"{row['reference']}: no payout {result['payout_id']!r} in the ledger"
            continue
        agreement = {
            "status": (result["status"], "accepted"),
            "request_id": (result["request_id"], payout["request_id"]),
            "beneficiary": (row["beneficiary_id"], payout["beneficiary_id"]),
            "currency": (row["source_currency"], payout["source_currency"]),
            "amount": (row["source_amount"].replace(".", ""), str(payout["source_amount"])),
            "invoice": (row["invoice_number"], payout["invoice_number"]),
        }
        now, before = payout["status"], result["payout_status"]
        if now != before and (before, now) != ("in_progress", "success"):  # it settled meanwhile
            yield f"{row['reference']}: payout status {before!r} and {now!r}"
        for what, (one, other) in agreement.items():
            if one != other:
                yield f"{row['reference']}: {what} {one!r} and {other!r}"
    yield from (f"{payout['id']} is in no row of the results" for payout in by_id.values())


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    defaults = Plan()
    parser.add_argument("--rows", type=int, default=defaults.rows)
    parser.add_argument("--faults", type=float, default=defaults.faults)
    parser.add_argument("--kills", type=int, default=defaults.kills)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--rate-limit", type=int, default=defaults.rate_limit)
    parser.add_argument(
        "--misbehaving",
        action="store_true",
        help="use tests.misbehaving_server: wrong objects, stray responses, late commits, lag",
    )
    parser.add_argument("--keep", type=Path, help="a folder for the files, to look at afterwards")
    arguments = vars(parser.parse_args())
    keep: Path | None = arguments.pop("keep")
    plan = Plan(**arguments)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        verdict = chaos(plan, keep)
    else:
        with tempfile.TemporaryDirectory(prefix="glomo-chaos-") as folder:
            verdict = chaos(plan, Path(folder))
    print(verdict)
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
