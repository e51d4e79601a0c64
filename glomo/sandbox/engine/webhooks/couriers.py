"""Carrying a webhook to an endpoint: one attempt, over HTTP or in this process."""

from __future__ import annotations

import queue
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import anyio
import httpx

from .endpoints import Receiver, WebhookRequest

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to. Only a 200 is a delivery."""

    status: int | None
    error: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the endpoint has taken it."""
        return self.status == 200


def call(receiver: Receiver, request: WebhookRequest) -> Outcome:
    """Hand a webhook to a receiver in this process."""
    try:
        result = receiver(request)
        if isinstance(result, Awaitable):
            result = _run(cast("Awaitable[object]", result))
    except Exception as error:
        return Outcome(500, f"{type(error).__name__}: {error}")
    status = result if isinstance(result, int) and not isinstance(result, bool) else 200
    return Outcome(status)


def post(client: httpx.Client, url: str, request: WebhookRequest) -> Outcome:
    """Post a webhook; it is not redirected."""
    try:
        response = client.post(url, content=request.body, headers=request.headers)
    except httpx.TimeoutException:
        return Outcome(None, f"no response within {TIMEOUT_SECONDS:.0f} s")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(None, f"{type(error).__name__}: {error}")
    return Outcome(response.status_code)


def _run(awaitable: Awaitable[object]) -> object:
    """Run an awaitable to its end, whether or not this thread has a loop already."""
    results: list[object] = []
    errors: list[BaseException] = []

    async def wait() -> None:
        results.append(await awaitable)

    def target() -> None:
        try:
            anyio.run(wait)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=target, name="glomo-sandbox-receiver", daemon=True)
    thread.start()
    thread.join(TIMEOUT_SECONDS)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"no result within {TIMEOUT_SECONDS:.0f} s")
    return results[0]


class HttpCourier:
    """Posts webhooks from threads of its own, one for each address: a slow endpoint keeps nobody
    else waiting, and its own webhooks stay in order."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._queues: dict[str, queue.SimpleQueue[Callable[[httpx.Client], None] | None]] = {}
        self._busy = 0

    def submit(self, url: str, job: Callable[[httpx.Client], None]) -> None:
        """Do a job with the address's client, soon."""
        with self._lock:
            jobs = self._queues.get(url)
            if jobs is None:
                jobs = self._queues[url] = queue.SimpleQueue()
                threading.Thread(
                    target=self._work, args=(jobs,), name="glomo-sandbox-webhooks", daemon=True
                ).start()
            self._busy += 1
        jobs.put(job)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is under way; False if that takes longer."""
        with self._lock:
            return self._lock.wait_for(lambda: self._busy == 0, seconds)

    def close(self) -> None:
        """End the threads when they have done their present job."""
        with self._lock:
            for jobs in self._queues.values():
                jobs.put(None)
            self._queues.clear()

    def _work(self, jobs: queue.SimpleQueue[Callable[[httpx.Client], None] | None]) -> None:
        # An environment's proxy must not see what goes to an endpoint on this machine.
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            while (job := jobs.get()) is not None:
                try:
                    job(client)
                finally:
                    with self._lock:
                        self._busy -= 1
                        self._lock.notify_all()
