"""Events as OpenTelemetry spans and metrics (`pip install 'glomo[otel]'`: the API alone).

    from glomo.instrumentation.opentelemetry import OpenTelemetryObserver

    glomo = AsyncGlomo(observers=[OpenTelemetryObserver()])

A call is one span, named after its operation, and each request of it a CLIENT span below that: a
create whose response was lost is one tree of three requests and a look-up. An attempt that failed
on the way to a result is no error of the call; a duplicate that turned out to be the result is no
error at all.

Metrics: `http.client.request.duration`, `glomo.operation.duration` and `glomo.rate_limit.wait` in
seconds; `glomo.outcome_unknown` and `glomo.batch.rows` count.
"""

from __future__ import annotations

import time

from attrs import define, field

try:
    from opentelemetry import metrics, trace
except ImportError as error:
    raise ImportError(
        "glomo.instrumentation.opentelemetry needs OpenTelemetry: pip install 'glomo[otel]'"
    ) from error

from .events import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallStarted,
    Event,
    RowSettled,
    Waited,
    WebhookHandled,
)


@define
class _Attempt:
    name: str
    span: trace.Span
    ended_at: int | None = None
    status: int | None = None
    error_type: str | None = None


@define
class _OpenCall:
    span: trace.Span
    attempts: dict[int, _Attempt] = field(factory=dict[int, _Attempt])


class OpenTelemetryObserver:
    """Makes spans and metrics of a client's events.

    Args:
        tracer_provider, meter_provider: left out, the global ones.
    """

    def __init__(
        self,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        self._tracer = trace.get_tracer("glomo", tracer_provider=tracer_provider)
        meter = metrics.get_meter("glomo", meter_provider=meter_provider)
        self._request_duration = meter.create_histogram("http.client.request.duration", "s")
        self._call_duration = meter.create_histogram("glomo.operation.duration", "s")
        self._wait = meter.create_histogram("glomo.rate_limit.wait", "s")
        self._unknown = meter.create_counter("glomo.outcome_unknown")
        self._rows = meter.create_counter("glomo.batch.rows")
        self._webhooks = meter.create_histogram("glomo.webhook.duration", "s")
        self._calls: dict[int, _OpenCall] = {}

    def on_event(self, event: Event, /) -> None:
        """Take note of an event."""
        match event:
            case CallStarted():
                self._call_started(event)
            case AttemptStarted():
                self._attempt_started(event)
            case AttemptEnded():
                self._attempt_ended(event)
            case Waited():
                if event.reason == "turn":
                    self._wait.record(event.seconds, {"glomo.operation": event.operation})
            case CallEnded():
                self._call_ended(event)
            case RowSettled():
                self._rows.add(1, {"glomo.row.state": event.state})
            case WebhookHandled():
                name = f"{event.entity_type}.{event.event_type}"
                attributes = {"glomo.webhook.event": name, "glomo.webhook.result": event.result}
                self._webhooks.record(event.elapsed, attributes)

    def _call_started(self, event: CallStarted) -> None:
        # The parent is whatever span the caller is in: events come in the caller's context.
        span = self._tracer.start_span(event.operation)
        self._calls[event.call] = _OpenCall(span)

    def _attempt_started(self, event: AttemptStarted) -> None:
        call = self._calls.get(event.call)
        if call is None:
            return
        attributes: dict[str, str | int] = {
            "http.request.method": event.method,
            "url.template": event.url_template,
            "server.address": event.server_address,
        }
        if event.server_port is not None:
            attributes["server.port"] = event.server_port
        name = f"{event.method} {event.url_template}"
        # A look-up is another request than the one whose outcome it finds out.
        resends = sum(attempt.name == name for attempt in call.attempts.values())
        if resends:
            attributes["http.request.resend_count"] = resends
        call.attempts[event.number] = _Attempt(
            name,
            self._tracer.start_span(
                name,
                context=trace.set_span_in_context(call.span),
                kind=trace.SpanKind.CLIENT,
                attributes=attributes,
            ),
        )

    def _attempt_ended(self, event: AttemptEnded) -> None:
        attributes: dict[str, str | int] = {"glomo.operation": event.operation}
        call = self._calls.get(event.call)
        attempt = None if call is None else call.attempts.get(event.number)
        if event.status is not None:
            attributes["http.response.status_code"] = event.status
        elif event.error_type is not None:
            attributes["error.type"] = event.error_type
        self._request_duration.record(event.elapsed, attributes)
        if attempt is not None:
            # It ends for the trace when the call does: only then it is clear what it came to.
            attempt.ended_at = time.time_ns()
            attempt.status, attempt.error_type = event.status, event.error_type

    def _call_ended(self, event: CallEnded) -> None:
        attributes = {"glomo.operation": event.operation}
        error_type = None if event.error is None else type(event.error).__name__
        if error_type is not None:
            attributes["error.type"] = error_type
        self._call_duration.record(event.elapsed, attributes)
        if event.outcome_unknown:
            self._unknown.add(1, {"glomo.operation": event.operation})
        call = self._calls.pop(event.call, None)
        if call is None:
            return
        for attempt in call.attempts.values():
            _end_attempt(attempt, failed=event.error is not None)
        call.span.set_attribute("glomo.attempts", event.attempts)
        if error_type is not None:
            call.span.set_attribute("error.type", error_type)
            call.span.set_status(trace.StatusCode.ERROR, error_type)
        call.span.end()


def _end_attempt(attempt: _Attempt, *, failed: bool) -> None:
    span, error_type = attempt.span, attempt.error_type
    if attempt.status is not None:
        span.set_attribute("http.response.status_code", attempt.status)
        is_error = (
            attempt.status >= 500 or attempt.status == 429 or (failed and attempt.status >= 400)
        )
        error_type = str(attempt.status) if is_error else None
    if error_type is not None:
        span.set_attribute("error.type", error_type)
        span.set_status(trace.StatusCode.ERROR)
    span.end(attempt.ended_at)
