"""The pictures of the documentation: all are there, all are shown, and the script makes them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium")
def test_the_script_makes_them_anew(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DOCS / "pictures.py", "--to", tmp_path], check=True)
    assert {path.name for path in tmp_path.iterdir()} == PICTURES
    for path in tmp_path.iterdir():
        assert path.read_bytes()[8:12] == b"WEBP"
        assert 5_000 < path.stat().st_size < 150_000
