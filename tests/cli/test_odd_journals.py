"""A journal's place that is taken by something else: said in one line, and nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROWS = ["r0,bene_A,USD,INR,10.00,neft,S1301"]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS = [pipe, circle, device, Path.mkdir]


@pytest.mark.parametrize("make", KINDS)
def test_a_journal_that_is_no_file_is_refused(
    cli: Any, service: Any, payout_file: Any, make: Callable[[Path], None]
) -> None:
    file = payout_file(ROWS)
    make(file.with_suffix(".journal"))
    for command in ("run", "status", "report"):
        ended = cli("payouts", command, file)
        assert ended.status == 2, ended.text
        assert ended.err.startswith("glomo: ")
        assert "Traceback" not in ended.err
    assert not service.sandbox.ledger.payouts


@pytest.mark.parametrize("make", KINDS)
def test_one_beside_the_file_that_is_no_file_does_no_harm(
    cli: Any, service: Any, payout_file: Any, make: Callable[[Path], None]
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(ROWS)
    make(file.with_name("other.journal"))
    assert cli("payouts", "run", file).status == 0
    assert len(service.sandbox.ledger.payouts) == 1
