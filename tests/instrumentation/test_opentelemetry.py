"""One call is one tree of spans that tells what happened."""

import threading
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from glomo import errors
from glomo.instrumentation.opentelemetry import OpenTelemetryObserver
from glomo_sync import Glomo

from ..core.fakes import (
    BASE,
    PAYOUT_PARAMS,
    ScriptedTransport,
    client,
    lost,
    page,
    payout,
    wire_response,
)

EXISTS = wire_response(409, {"message": "Record already exists"})


class Telemetry:
    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.observer = OpenTelemetryObserver(
            tracer_provider=self.provider,
            meter_provider=MeterProvider(metric_readers=[self.reader]),
        )

    @property
    def spans(self) -> dict[str, list[ReadableSpan]]:
        spans: dict[str, list[ReadableSpan]] = {}
        for span in self.exporter.get_finished_spans():
            spans.setdefault(span.name, []).append(span)
        return spans

    @property
    def metrics(self) -> dict[str, Any]:
        data = self.reader.get_metrics_data()
        assert data is not None
        return {
            metric.name: list(metric.data.data_points)
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


async def test_a_create_with_a_lost_response_is_one_tree() -> None:
    telemetry = Telemetry()
    transport = ScriptedTransport(lost(), EXISTS, wire_response(200, page(payout())))
    await client(transport, observers=[telemetry.observer]).payouts.create(**PAYOUT_PARAMS)
    (call,) = telemetry.spans["payouts.create"]
    assert call.status.status_code is StatusCode.UNSET
    first, second = telemetry.spans["POST /v1/payouts"]
    (look_up,) = telemetry.spans["GET /v1/payouts"]
    for span in (first, second, look_up):
        assert span.parent is not None
        assert span.parent.span_id == call.context.span_id
        assert span.kind is SpanKind.CLIENT
        attributes = dict(span.attributes or {})
        assert attributes["server.address"] == "api.test"
        assert "r-1" not in repr(attributes)
    assert dict(first.attributes or {})["error.type"] == "LostError"
    assert first.status.status_code is StatusCode.ERROR
    assert dict(second.attributes or {})["http.response.status_code"] == 409
    assert second.status.status_code is StatusCode.UNSET  # the duplicate was the result
    assert dict(second.attributes or {})["http.request.resend_count"] == 1
    assert "http.request.resend_count" not in dict(look_up.attributes or {})


async def test_what_fails_is_marked() -> None:
    telemetry = Telemetry()
    glomo = client(ScriptedTransport(wire_response(404)), observers=[telemetry.observer])
    with pytest.raises(errors.NotFoundError):
        await glomo.payouts.retrieve("payout_1")
    (call,) = telemetry.spans["payouts.retrieve"]
    assert dict(call.attributes or {})["error.type"] == "NotFoundError"
    (attempt,) = telemetry.spans["GET /v1/payouts/{id}"]
    assert dict(attempt.attributes or {})["error.type"] == "404"


async def test_metrics_count_unknown_outcomes_and_durations() -> None:
    telemetry = Telemetry()
    transport = ScriptedTransport(lost(), *[wire_response(200, page())] * 3)
    glomo = client(transport, observers=[telemetry.observer], max_retries=0)
    with pytest.raises(errors.OutcomeUnknownError):
        await glomo.payouts.create(**PAYOUT_PARAMS)
    metrics = telemetry.metrics
    assert metrics["glomo.outcome_unknown"][0].value == 1
    assert sum(point.count for point in metrics["http.client.request.duration"]) == 4
    (duration,) = metrics["glomo.operation.duration"]
    assert duration.attributes["error.type"] == "OutcomeUnknownError"


def test_the_twin_s_calls_are_children_of_the_caller_s_span() -> None:
    telemetry = Telemetry()
    tracer = telemetry.provider.get_tracer("test")
    transport = ScriptedTransport(wire_response(200, payout()), wire_response(200, payout()))
    glomo = Glomo(
        "sk-unit",
        base_url=BASE,
        transport=transport,
        rate_limit=None,
        observers=[telemetry.observer],
    )

    def work(name: str) -> None:
        with tracer.start_as_current_span(name):
            glomo.payouts.retrieve("payout_1")

    for name in ("one", "two"):
        thread = threading.Thread(target=work, args=(name,))
        thread.start()
        thread.join()
    glomo.close()
    parents = {span.parent.span_id for span in telemetry.spans["payouts.retrieve"] if span.parent}
    assert parents == {telemetry.spans[name][0].context.span_id for name in ("one", "two")}
