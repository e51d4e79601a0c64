"""Writing a file whole or not at all, for its owner alone."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def replacing(target: Path) -> Generator[Path]:
    """A draft beside `target` that takes its place when the block ends well.

    Who is paid how much is nobody else's business: the file can be read by its owner only. Drafts
    that a killed process left are deleted.
    """
    for leftover in target.parent.glob(f".{_escaped(target.name)}.*.tmp"):
        leftover.unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
        with draft.open("r+b") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
