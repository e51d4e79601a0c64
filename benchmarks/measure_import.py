"""What importing a package costs, in interpreters of its own."""

from __future__ import annotations

import resource
import subprocess
import sys

# glomo imports its parts when they are first used: what counts is the client, ready to be made.
IMPORTS = {
    "glomo": "from glomo import AsyncGlomo",
    "stripe": "import stripe",
    "modern-treasury": "import modern_treasury",
    "bare httpx": "import httpx",
}


def _cpu_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """Milliseconds of CPU beyond an interpreter that imports nothing, and modules loaded."""
    importing = IMPORTS[contender]
    code = f"import sys; before = len(sys.modules); {importing}; print(len(sys.modules) - before)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    imported = min(_cpu_seconds(importing) for _ in range(size))
    baseline = min(_cpu_seconds("pass") for _ in range(size))
    return {"cpu_ms": (imported - baseline) * 1e3, "modules": float(loaded.stdout)}
