"""What is published: the package and its twin without the tool that writes the twin, and a source
archive that has all that its documentation needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def build(target: str, folder: Path) -> Path:
    """The file that a build writes into an empty folder."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel would install."""
    folder = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(build("wheel", folder)).extractall(folder / "site")
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


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the source archive unpacks into."""
    folder = tmp_path_factory.mktemp("source")
    with tarfile.open(build("sdist", folder)) as files:
        files.extractall(folder, filter="data")
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    return unpacked


def test_the_source_archive_has_what_its_pages_include_and_link_to(source: Path) -> None:
    needed: set[Path] = set()
    for page in [*source.rglob("docs/**/*.md"), *source.glob("*.md")]:
        text = page.read_text("utf-8")
        named = re.findall(r"^```\{(?:literal)?include\} (\S+)$", text, re.M)
        named += [link for link in re.findall(r"\]\(([^)#\s]+)", text) if ":" not in link]
        needed |= {(page.parent / name).resolve() for name in named}
    assert (source / "CONTRIBUTING.md").resolve() in needed
    missing = [str(path.relative_to(source.resolve())) for path in needed if not path.exists()]
    assert missing == []


def test_the_source_archive_has_every_page_and_picture(source: Path) -> None:
    def files(folder: Path) -> set[Path]:
        paths = (path for path in (folder / "docs").rglob("*") if path.is_file())
        return {path.relative_to(folder) for path in paths if "__pycache__" not in path.parts}

    assert files(source) == files(ROOT)
