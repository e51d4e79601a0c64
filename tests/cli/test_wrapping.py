"""Text on a terminal: no word and no amount is broken, however narrow it is."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from glomo.cli.output.console import say, say_parts

TEXT = "337 rows (AED 52,974.28, USD 218,213.28, KWD -1.500) went out before, as batch 'nov60'"


@pytest.mark.parametrize("width", range(20, 90))
@pytest.mark.parametrize("show", ["say", "say_parts"])
def test_a_currency_stays_with_its_amount(width: int, show: str) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, color_system=None)
    if show == "say":
        say(console, TEXT, indent=2)
    else:
        say_parts(console, [TEXT], indent=2)
    lines = stream.getvalue().splitlines()
    assert " ".join("\n".join(lines).split()) == TEXT
    assert "\N{NO-BREAK SPACE}" not in stream.getvalue()
    assert all(len(line) <= width for line in lines)
    assert not any(re.search(r"\b(AED|USD|KWD)$", line) for line in lines)
