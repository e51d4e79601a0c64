"""The pictures of the documentation: all are there, and all are shown."""

from __future__ import annotations

import re

from tests.docs import DOCS, pages

STATIC = DOCS / "_static"
PICTURES = {path.name for path in STATIC.glob("*.webp")}


def test_every_picture_is_shown_in_both_schemes() -> None:
    shown = {
        name
        for page in pages()
        for name in re.findall(r"_static/([\w.-]+)", (DOCS / page).read_text("utf-8"))
    }
    assert shown - {path.name for path in STATIC.iterdir()} == set()
    assert PICTURES - shown == set()
    light = {name for name in PICTURES if "-light." in name}
    assert {name.replace("-light.", "-dark.") for name in light} == PICTURES - light
