"""`.ci/release` refuses what is no release, and says why; what it builds, the gate builds too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from glomo import __version__

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / ".ci" / "release"
DATED = "# Changelog\n\n## 1.2.3 (2026-11-24)\n\n- A change.\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script is for a POSIX shell")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clean checkout of a package of version 1.2.3."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci" / "release")
    (tmp_path / "glomo").mkdir()
    version = '"""The version: "quoted"."""\n\n__version__ = "1.2.3"\n'
    (tmp_path / "glomo" / "_version.py").write_text(version)
    (tmp_path / "CHANGELOG.md").write_text(DATED)
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "A commit")


def released(checkout: Path, python: str = sys.executable) -> str:
    """Why it was refused."""
    ended = subprocess.run(
        ["bash", str(checkout / ".ci" / "release")],
        env={**os.environ, "PYTHON": python},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert not (checkout / "dist").exists()
    return ended.stderr


def test_what_is_not_committed_is_no_release(checkout: Path) -> None:
    (checkout / "glomo" / "new.py").write_text("")
    assert "no release: commit first" in released(checkout)


@pytest.mark.parametrize(
    "changes",
    [
        "# Changelog\n\n## 1.2.3\n",
        "# Changelog\n\n## 1.2.30 (2026-11-24)\n",
        "# Changelog\n\n## 1x2.3 (2026-11-24)\n",
    ],
)
def test_the_changelog_has_a_dated_section_of_the_version(checkout: Path, changes: str) -> None:
    (checkout / "CHANGELOG.md").write_text(changes)
    commit(checkout)
    assert "CHANGELOG.md has no section '## 1.2.3 (YYYY-MM-DD)'" in released(checkout)


def test_changes_that_no_version_has_are_no_release(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text(DATED.replace("## 1.2.3", "## Unreleased\n\n## 1.2.3"))
    commit(checkout)
    assert "still has changes under Unreleased" in released(checkout)


def test_a_version_is_released_once(checkout: Path) -> None:
    git(checkout, "tag", "v1.2.3")
    assert "v1.2.3 exists" in released(checkout)


def test_without_nox_it_says_what_is_missing(checkout: Path) -> None:
    assert "nox is missing" in released(checkout, "/bin/false")


def test_what_is_in_order_is_built(checkout: Path) -> None:
    """It comes as far as the build, which this checkout has no description of."""
    assert "no release" not in released(checkout)


def test_the_changelog_begins_with_this_version_or_what_follows_it() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[0] == "Unreleased" or headings[0].startswith(f"{__version__} (")
    dated = [heading for heading in headings if heading != "Unreleased"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", one) for one in dated)
