"""docs/configuration.md has every argument of the client, every extra and every variable."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

from glomo import AsyncGlomo
from tests.docs import DOCS, sections

ROOT = DOCS.parent
PAGE = "configuration.md"


def names_of(section: str) -> list[str]:
    rows = re.findall(r"^\| (`.+?) \|", sections(PAGE)[section], re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(.+?)`", row)]


def test_every_argument_of_the_client_is_there_with_its_default() -> None:
    parameters = inspect.signature(AsyncGlomo).parameters
    assert names_of("The client") == [*parameters]
    for name in ("timeout", "max_retries", "rate_limit", "max_in_flight"):
        assert f"| `{name}` | {parameters[name].default:g} |" in sections(PAGE)["The client"]


def test_every_extra_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {f"glomo[{name}]" for name in project["optional-dependencies"]} - {"glomo[docs]"}
    assert {name for name in names_of("Installing") if "[" in name} == extras


def test_every_variable_of_the_environment_is_there() -> None:
    sources = [path.read_text("utf-8") for path in Path(ROOT / "glomo").rglob("*.py")]
    read = {name for text in sources for name in re.findall(r"\"(GLOMO_[A-Z_]+)\"", text)}
    assert read - {*names_of("The environment")} == set()
