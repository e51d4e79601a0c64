"""Measures glomo beside the clients that one might use instead.

    python -m benchmarks                       everything
    python -m benchmarks create sync           some subjects
    python -m benchmarks --json figures.json   figures for machines, too
    python -m benchmarks profile create        where a create's time goes

Every contender runs in a process of its own against a server in another one; contenders take turns,
and the median of their runs counts. CPU time is user and system time of the client's process, so
the server's speed and the machine's other work hardly matter; the ratios hold on other machines.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.contenders import versions
from benchmarks.contest import Results, Subject, hold, local_server
from benchmarks.subjects import SUBJECTS


def _table(subject: Subject, results: Results) -> str:
    """The results as a table: a line a variant and contender."""
    first = subject.contenders[0].name
    headings = "".join(f"{name.replace('_', ' '):>26}" for name in subject.more)
    lines = [f"{'':>6}  {'':<18}{subject.unit:>18}{'spread':>12}{'/ ' + first:>10}{headings}"]
    for (name, variant), figures in results.of.items():
        ratio = results.ratio(name, first, variant, subject.main)
        figure = figures[subject.main]
        line = f"{variant:>6}  {name:<18}{figure.median:>18,.1f}{figure.spread:>12}"
        line += f"{ratio:>10.2f}" if ratio is not None else f"{'':>10}"
        line += "".join(
            f"{figures[extra].median:>26,.1f}" if extra in figures else f"{'':>26}"
            for extra in subject.more
        )
        lines.append(line)
    return "\n".join(lines)


def _as_json(subject: Subject, results: Results, rounds: int, size: int) -> dict[str, Any]:
    return {
        "subject": subject.name,
        "title": subject.title,
        "rounds": rounds,
        "size": size,
        "results": [
            {
                "contender": name,
                "variant": variant,
                "figures": {
                    key: {"median": figure.median, "runs": figure.runs}
                    for key, figure in figures.items()
                },
            }
            for (name, variant), figures in results.of.items()
        ],
        "aims": [
            {"text": aim.text, "limit": aim.limit, "value": aim.value(results)}
            for aim in subject.aims
        ],
    }


def _report(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _measure(
    names: list[str], rounds: int, scale: float, path: Path | None, variants: list[str]
) -> None:
    about: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": versions(),
        "command": f"python -m benchmarks {' '.join(sys.argv[1:])}".strip(),
        "subjects": [],
    }
    print(about["at"], about["machine"], about["command"], sep="; ")
    print(", ".join(f"{name} {number}" for name, number in about["versions"].items()))
    for name in names:
        subject = SUBJECTS[name]
        if variants:
            chosen = tuple(variant for variant in subject.variants if variant in variants)
            subject = replace(subject, variants=chosen or subject.variants)
        amount = max(1, round(subject.size * scale))
        results, notes = hold(subject, rounds, amount, _report)
        _report("")
        print(f"\n{subject.name}: {subject.title} ({rounds} runs of {amount:,})")
        print(_table(subject, results))
        for note in notes:
            print(f"  {note}")
        if subject.aims:
            print("aims (of medians):")
            print(*(aim.render(results) for aim in subject.aims), sep="\n")
        sys.stdout.flush()
        about["subjects"].append(_as_json(subject, results, rounds, amount) | {"notes": notes})
        if path is not None:
            path.write_text(json.dumps(about, indent=1) + "\n")


def _profile(arguments: list[str]) -> int:
    with local_server() as origin:
        command = [sys.executable, "-m", "benchmarks.profile", origin, *arguments]
        return subprocess.run(command, check=False).returncode


def main() -> int:
    """The command line."""
    if sys.argv[1:2] == ["profile"]:
        return _profile(sys.argv[2:])
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--rounds", type=int, default=5, help="runs of each contender")
    parser.add_argument("--scale", type=float, default=1.0, help="more or less work in a run")
    parser.add_argument("--variant", action="append", default=[], help="such as 200 (in flight)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    arguments = parser.parse_args()
    unknown = set(arguments.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(
            f"no such subject: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}"
        )
    _measure(
        arguments.subjects or list(SUBJECTS),
        arguments.rounds,
        arguments.scale,
        arguments.json,
        arguments.variant,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
