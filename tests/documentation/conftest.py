from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from glomo.sandbox import Options, Sandbox, sandbox_key


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the code of a page is run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A served sandbox, found by the environment; what is paid in it arrives at once."""
    with Sandbox(rate_limit=None, options=Options(settle_after=timedelta())) as sandbox:
        sandbox.add_beneficiary("bene_5JU9yv0lGSUP")
        with sandbox.serve() as server:
            monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
            monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
            yield sandbox
