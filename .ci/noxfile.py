"""The gate as named sessions: `nox -f .ci/noxfile.py -l` lists them, `-s lint` runs one.

`.ci/run` prepares a machine and runs them all. Most sessions use the environment that nox is
started in (`pip install -e '.[dev]'`); what is about installing has environments of its own.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parents[1]
LOWEST = ROOT / ".ci" / "lowest.py"

nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = [
    *("lint", "types", "twin", "docs", "package", "core", "coverage", "torture", "distributed"),
    *("lowest", "pythons"),
]

TEST_TOOLS = (
    *("pytest", "pytest-xdist", "hypothesis", "respx", "trio", "socksio", "httpx2", "trustme"),
    *("opentelemetry-sdk", "time-machine", "freezegun", "jsonschema", "fastapi", "gevent"),
)
PYTHONS = ("3.12", "3.13", "3.14")


def _python(version: str) -> str | None:
    """An interpreter of this version, if the machine has one that starts."""
    candidates = [
        *glob.glob(f"/root/.pyenv/versions/{version}.*/bin/python"),
        *glob.glob(str(Path.home() / f".pyenv/versions/{version}.*/bin/python")),
        shutil.which(f"python{version}"),
    ]
    for candidate in candidates:
        if candidate is None:
            continue
        tried = subprocess.run([candidate, "-c", ""], capture_output=True, check=False)
        if tried.returncode == 0:
            return candidate
    return None


def _python_m(session: nox.Session, *command: str) -> None:
    session.run(sys.executable, "-m", *command, external=True)


def _unpacked_source(session: nox.Session) -> Path:
    """The folder of a source archive that was built and unpacked."""
    folder = ROOT / "build" / "source"
    shutil.rmtree(folder, ignore_errors=True)
    _python_m(session, "hatchling", "build", "-t", "sdist", "-d", str(folder))
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    return source


@nox.session(venv_backend="none")
def lint(session: nox.Session) -> None:
    """Style, with ruff."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    _python_m(session, "ruff", "check", ".")
    _python_m(session, "ruff", "format", "--check", ".")


@nox.session(venv_backend="none")
def types(session: nox.Session) -> None:
    """mypy --strict and pyright."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    _python_m(session, "mypy")
    _python_m(session, "pyright")


@nox.session(venv_backend="none")
def twin(session: nox.Session) -> None:
    """The generated twin is what its generator writes."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    _python_m(session, "glomo_sync.generate", "--check")


@nox.session(venv_backend="none")
def docs(session: nox.Session) -> None:
    """The documentation, warnings as errors; its links, its Markdown twins and `llms.txt`.

    It is built from what the source archive holds, so that whoever has that can build it, too.
    """
    session.chdir(ROOT)  # nox starts in the folder of its file
    shutil.rmtree(ROOT / "build" / "docs", ignore_errors=True)  # a removed page is a broken link
    pages = str(_unpacked_source(session) / "docs")
    _python_m(session, "sphinx", "-W", "-q", "--keep-going", "-b", "html", pages, "build/docs")
    _python_m(session, "tests.documentation.site", "build/docs")
    if shutil.which("chromium"):
        folder = session.create_tmp()
        session.run(sys.executable, "docs/pictures.py", "--to", folder, external=True, silent=True)
        taken = {path.name for path in Path(folder).glob("*.webp")}
        if taken != {path.name for path in (ROOT / "docs" / "_static").glob("*.webp")}:
            session.error("docs/pictures.py makes other pictures than docs/_static has")


@nox.session
def package(session: nox.Session) -> None:
    """What is published: built, checked, and without the generator."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    session.install("--quiet", "build", "twine", "hatchling")
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", "--outdir", "dist", ".", silent=True)
    session.run("twine", "check", "--strict", *glob.glob(str(ROOT / "dist" / "*")))


@nox.session
def core(session: nox.Session) -> None:
    """The core alone: few distributions, and the client works without any extra."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    session.install("--quiet", ".")
    with session.chdir(session.create_tmp()):
        session.run(
            "python",
            "-c",
            "import glomo, glomo_sync; glomo.AsyncGlomo('sk-core'); glomo_sync.Glomo('sk-core')",
        )
    listed = session.run("python", "-m", "pip", "list", "--format=freeze", silent=True) or ""
    ours = {"glomo", "pip", "setuptools", "wheel"}
    names = {line.partition("==")[0] for line in str(listed).splitlines() if "==" in line} - ours
    session.log(f"{len(names)} distributions: {', '.join(sorted(names))}")
    if len(names) > 14:
        session.error("the core installs more than 14 distributions")


@nox.session(venv_backend="none")
def coverage(session: nox.Session) -> None:
    """Lines and branches of the library that its tests run; the floor is in pyproject.toml."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    tests = ("core", "resources", "protocol", "operations", "webhooks", "batch", "instrumentation")
    # One process: a worker imports the package, with pytest's plugin, before it could measure.
    _python_m(session, "coverage", "run", "-m", "pytest", "-q", *(f"tests/{one}" for one in tests))
    _python_m(session, "coverage", "report", "--skip-covered")


@nox.session(venv_backend="none")
def torture(session: nox.Session) -> None:
    """The longer suites: sequences of four outcomes, killed batches, the sandbox under load."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    _python_m(session, "tests.protocol.exhaustion", "4")
    _python_m(session, "tests.chaos", "--rows", "1000", "--faults", "0.2", "--kills", "4")
    _python_m(session, "tests.transports.cancellations")
    _python_m(session, "tests.sandbox.torture")
    _python_m(session, "tests.sandbox.fuzz", "--examples", "150")


@nox.session(venv_backend="none")
def distributed(session: nox.Session) -> None:
    """Many machines and misbehaving APIs; skips what has no server (`.ci/services start DIR`)."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    chaos = ("tests.chaos", "--rows", "400", "--faults", "0.4", "--kills", "4", "--misbehaving")
    _python_m(session, *chaos, "--rate-limit", "100000")
    torture = ("tests.distributed.torture", "--rows", "900", "--rate-limit", "6000")
    _python_m(session, *torture)
    _python_m(session, "tests.distributed.recipes")


@nox.session(venv_backend="none")
def measurements(session: nox.Session) -> None:
    """What depends on a quiet machine, or on chance: not part of the gate."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    _python_m(session, "tests.distributed.rate", "--seconds", "75")
    _python_m(session, "tests.distributed.requests")
    torture = ("tests.distributed.torture", "--rows", "900", "--rate-limit", "6000", "--no-fence")
    _python_m(session, *torture, "--kills", "0", "--restarts", "0", "--freezes", "4")
    _python_m(session, "benchmarks")


@nox.session
def lowest(session: nox.Session) -> None:
    """The tests with the lowest versions that pyproject.toml allows."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    pins = Path(session.create_tmp()) / "lowest.txt"
    printed = session.run("python", str(LOWEST), str(ROOT / "pyproject.toml"), silent=True)
    pins.write_text(str(printed), "utf-8")
    session.install("--quiet", ".[bank,cli,distributed,fast,otel,sandbox]", "-c", str(pins))
    session.install("--quiet", *TEST_TOOLS, "-c", str(pins))
    session.run(
        "python", "-m", "pytest", "-q", "-n", "auto", "tests/core", "tests/resources", "tests/batch"
    )


@nox.session(venv_backend="none")
@nox.parametrize("version", PYTHONS)
def pythons(session: nox.Session, version: str) -> None:
    """The tests of the core and of the twin on other interpreters, where the machine has them."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    interpreter = _python(version)
    if interpreter is None:
        session.skip(f"no Python {version} here")
    environment = ROOT / "build" / f"python-{version}"
    session.run(str(interpreter), "-m", "venv", str(environment), external=True)
    python = str(environment / "bin" / "python")
    pip = (python, "-m", "pip", "install", "--quiet")
    session.run(*pip, ".[bank,fast,sandbox]", *TEST_TOOLS, external=True)
    tests = ("tests/core", "tests/resources", "tests/bridge")
    session.run(python, "-m", "pytest", "-q", "-n", "auto", *tests, external=True)


@nox.session(venv_backend="none")
def quick(session: nox.Session) -> None:
    """The inner loop, under a minute: what has changed, linted, type-checked and tested."""
    session.chdir(ROOT)  # nox starts in the folder of its file
    lint(session)
    twin(session)
    _python_m(session, "mypy")
    tests = _touched()
    session.log(f"tests: {' '.join(tests) or 'none'}")
    if tests:
        _python_m(session, "pytest", "-q", "-x", "-n", "auto", *tests)


def _changed() -> set[Path]:
    """The files that differ from the main branch, committed or not."""
    base = os.environ.get("GLOMO_BASE", "main")
    commands = (
        ["git", "diff", "--name-only", f"{base}..."],
        ["git", "diff", "--name-only", "HEAD"],
        ["git", "ls-files", "--others", "--exclude-standard"],
    )
    # Without a branch of this name (a fresh clone of another), what is not committed counts.
    runs = [subprocess.run(c, capture_output=True, text=True, check=False) for c in commands]
    return {Path(line) for run in runs for line in run.stdout.splitlines()}


def _touched() -> list[str]:
    """The tests of what has changed: changed tests themselves, and the folder of a module."""
    tests: set[str] = {"tests/test_house.py"}
    homes = {
        "http": ("tests/core", "tests/protocol"),
        "serialization": ("tests/core", "tests/operations"),
        "models": ("tests/resources", "tests/contract", "tests/operations"),
        "resources": ("tests/resources", "tests/contract", "tests/operations"),
        "validation": ("tests/resources",),
    }
    for path in _changed():
        home, *rest = path.parts
        if home == "tests" and path.name.startswith("test_"):
            tests.add(str(path))
        elif home == "tests" and len(rest) > 1:
            tests.add(f"tests/{rest[0]}")
        elif home == "glomo_sync":
            tests.add("tests/bridge")
        elif home == "glomo":
            own = f"tests/{rest[0]}"
            # What has no folder of its own is tested with the core.
            tests.update(homes.get(rest[0], (own if (ROOT / own).exists() else "tests/core",)))
    return sorted(test for test in tests if (ROOT / test).exists())
