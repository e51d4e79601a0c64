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

from .engine.clock import Clock
from .engine.keys import sandbox_key
from .engine.ledger import Ledger
from .engine.options import Fees, Options
from .sandbox import Sandbox
from .server.app import RequestRecord
from .server.faults import Fault, FaultKind
from .server.port import SandboxServer

del _starlette, _uvicorn

__all__ = [
    "Clock",
    "Fault",
    "FaultKind",
    "Fees",
    "Ledger",
    "Options",
    "RequestRecord",
    "Sandbox",
    "SandboxServer",
    "sandbox_key",
]
