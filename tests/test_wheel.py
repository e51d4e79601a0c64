"""What is installed: the package and its twin, without the tool that writes the twin."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel would install."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_generator_is_not_in_it(installed: Path) -> None:
    assert not list(installed.rglob("*generat*"))


def test_everything_else_of_both_packages_is(installed: Path) -> None:
    def modules(folder: Path) -> set[Path]:
        return {
            path.relative_to(folder)
            for package in ("glomo", "glomo_sync")
            for path in (folder / package).rglob("*.py")
        }

    generator = {path for path in modules(ROOT) if path.parts[1] == "generate"}
    assert modules(installed) == modules(ROOT) - generator
    assert (installed / "glomo" / "py.typed").exists()
    assert (installed / "glomo_sync" / "py.typed").exists()


def test_it_works_without_the_generator(installed: Path) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(installed)!r})
import glomo_sync
print(glomo_sync.__file__)
print(type(glomo_sync.Glomo("sk-unit").payouts).__module__)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=installed,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    file, module = done.stdout.split()
    assert Path(file).is_relative_to(installed)
    assert module == "glomo_sync.resources.payouts"
