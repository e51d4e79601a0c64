"""The code of docs/sandbox.md."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from glomo.sandbox import FaultKind
from tests.docs import DOCS, blocks, run

PAGE = "sandbox.md"


async def test_the_page_runs_from_top_to_bottom(capsys: Any) -> None:
    names = run(*blocks(PAGE))
    names["sandbox"].set_options(settle_after=timedelta())  # the reader can wait, a test need not
    assert await names["pay"]("INV-17") == "success"
    names = run(*blocks(PAGE, "What happened"), sandbox=names["sandbox"])
    assert "126350" in capsys.readouterr().out
    common: dict[str, Any] = {"Sandbox": type(names["sandbox"])}
    options = run(*blocks(PAGE, "Options"), **common)["sandbox"].options
    assert options.queueing
    assert options.maker_checker
    sandbox = run(*blocks(PAGE, "Time"), **common)["sandbox"]
    assert sandbox.clock.frozen
    run(*blocks(PAGE, "Faults"), sandbox=sandbox)
    run(*blocks(PAGE, "State"), sandbox=sandbox)
    received = run(*blocks(PAGE, "Webhooks"), sandbox=sandbox)["received"]
    assert len(received) == 3
    assert received[0].signature
    sandbox.close()


def test_every_kind_of_fault_is_described() -> None:
    text = (DOCS / PAGE).read_text("utf-8")
    assert [kind for kind in FaultKind if f"`{kind}`" not in text] == []
