"""A local Glomo for development and tests: stateful, deterministic, and faulty on demand.

It follows the API's own description (life cycles, validations, error texts), knows nothing of the
client, and runs in process over ASGI or on a local port:

    with Sandbox(seed=7).serve() as server:
        print(server.base_url)          # http://127.0.0.1:49152/api
"""

from __future__ import annotations

try:
    import starlette as _starlette
    import uvicorn as _uvicorn
except ImportError as missing:
    raise ImportError(
        f"glomo.sandbox needs the package {missing.name!r}: pip install 'glomo[sandbox]'"
    ) from missing

from .app import RequestRecord
from .clock import Clock
from .faults import FaultKind
from .keys import sandbox_key
from .ledger import Ledger
from .sandbox import Sandbox
from .server import SandboxServer

del _starlette, _uvicorn

__all__ = [
    "Clock",
    "FaultKind",
    "Ledger",
    "RequestRecord",
    "Sandbox",
    "SandboxServer",
    "sandbox_key",
]
