"""Where calls are sent: the requests they become, and the limits they share."""

from __future__ import annotations

import random
from typing import Any, TypeVar

from attrs import frozen

from glomo.errors import ClosedError, ParameterError, ProductionKeyError
from glomo.http.request import encode_body, encode_headers, encode_path, encode_query
from glomo.settings import SecretKey

from .attempt import Attempts
from .operation import Call, Operation, Replay
from .run import Jitter, Run
from .transport import WireRequest

T = TypeVar("T")

_JSON = (b"content-type", b"application/json")


@frozen
class Limits:
    """What a client allows a call: seconds in all, retries, and bytes of an answer."""

    timeout: float
    max_retries: int
    max_response_bytes: int


class Pipeline:
    """Sends calls. One a client."""

    def __init__(
        self,
        *,
        key: SecretKey,
        base_url: str,
        user_agent: str,
        attempts: Attempts,
        limits: Limits,
        rng: Jitter = random.random,
    ) -> None:
        self._key = key
        self._base_url = base_url
        self.attempts = attempts
        self._limits = limits
        self.rng = rng
        self.max_retries = limits.max_retries
        self._closed = False
        self._static = (
            (b"accept", b"application/json"),
            (b"accept-encoding", b"gzip"),
            (b"user-agent", user_agent.encode()),
        )

    def reset(self) -> None:
        """Forget the event loop and the connections without touching them: after a fork."""
        self.attempts.reset()

    async def aclose(self) -> None:
        """Close the connections. Later calls raise `ClosedError`."""
        self._closed = True
        await self.attempts.aclose()

    async def send(self, op: Operation[T], call: Call) -> T:
        """Carry out one call by its operation's replay rule.

        Raises:
            ParameterError: the request cannot be made; nothing was sent.
            StatusError: the API refused.
            TransportError: no answer came, and nothing was done.
            OutcomeUnknownError: something may have been done.
            IdempotencyConflictError: the request_id belongs to another request.
            DecodingError: the answer does not fit the model.
        """
        if self._closed:
            raise ClosedError(f"{op.name}: the client was closed")
        if op.replay is Replay.MOCK and self._key.environment == "production":
            raise ProductionKeyError(
                f"{op.name} works in the sandbox only, and this is a production key"
            )
        self._key.refuse_expired()
        run = Run(self, op, call)
        self.attempts.enter_loop()
        result: T = await run.result()
        return result

    def request(self, op: Operation[Any], call: Call) -> WireRequest:
        """The call's request, whole: nothing can be found wrong with it later."""
        path, query = encode_path(op, call), encode_query(op, call)
        headers = [*self._static]
        content: Any = encode_body(op, call)
        if call.upload is not None:
            length = str(call.upload.length).encode()
            headers += [
                (b"content-type", call.upload.content_type.encode()),
                (b"content-length", length),
            ]
            content = call.upload.open()
        elif content is not None:
            headers.append(_JSON)
        extra = encode_headers(op, call)
        if extra:
            replaced = {name for name, _ in extra}
            headers = [*(h for h in headers if h[0] not in replaced), *extra]
        return WireRequest(
            op.method,
            f"{self._base_url}{path}?{query}" if query else f"{self._base_url}{path}",
            # Nothing after this fails: no traceback finds the key among this frame's variables.
            ((b"authorization", self._key.authorization), *headers),
            content if content is not None else b"",
            self._limits.max_response_bytes,
        )

    def timeout(self, op: Operation[Any], call: Call) -> float:
        """The call's total time in seconds."""
        timeout = call.options.get("timeout", self._limits.timeout)
        number = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)  # pyright: ignore[reportUnnecessaryIsInstance]
        if not number or not timeout > 0:
            raise ParameterError(
                f"{op.name}: timeout must be a positive number of seconds, not {timeout!r}",
                parameter="timeout",
                operation=op.name,
            )
        return timeout
