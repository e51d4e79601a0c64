"""The recipes of CONTRIBUTING.md name files that exist, and one for each usual change."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
RECIPES = dict(re.findall(r"^### (A new .+?)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
CHANGES = (
    *("operation", "field", "replay rule", "CSV column", "sandbox fault", "command"),
    *("webhook event", "check", "observability signal"),
)


def test_there_is_a_recipe_for_every_usual_change() -> None:
    assert list(RECIPES) == [f"A new {change}" for change in CHANGES]


@pytest.mark.parametrize("recipe", RECIPES)
def test_what_a_recipe_names_is_there(recipe: str) -> None:
    paths = re.findall(r"(?:glomo|glomo_sync|tests|docs)/[\w./-]+", RECIPES[recipe])
    assert paths
    for path in paths:
        assert (ROOT / path.rstrip(".")).exists(), f"{recipe}: {path}"
    for tests in re.findall(r"pytest ([\w/ ]+)", RECIPES[recipe]):
        for path in tests.split():
            assert (ROOT / path).is_dir(), f"{recipe}: {path}"
