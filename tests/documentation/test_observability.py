"""The code of docs/observability.md, and the tree of spans that the page shows."""

from __future__ import annotations

import re

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from glomo import AsyncGlomo
from glomo.instrumentation.opentelemetry import OpenTelemetryObserver
from glomo.sandbox import Sandbox
from tests.docs import all_blocks, blocks, fences, run, sections

PAGE = "observability.md"
BENEFICIARY = "bene_5JU9yv0lGSUP"


def tree(spans: list[ReadableSpan], parent: int | None = None, indent: str = "") -> list[str]:
    """Spans as the page draws them."""
    children = [span for span in spans if (span.parent and span.parent.span_id) == parent]
    children.sort(key=lambda span: span.start_time or 0)
    lines: list[str] = []
    for span in children:
        last = span is children[-1]
        root = parent is None
        mark, pad = ("", "") if root else ("└── " if last else "├── ", "    " if last else "│   ")
        lines.append(f"{indent}{mark}{_label(span)}".rstrip())
        assert span.context is not None
        lines += tree(spans, span.context.span_id, indent + pad)
    return lines


def _label(span: ReadableSpan) -> str:
    attributes = dict(span.attributes or {})
    details = []
    if status := attributes.get("http.response.status_code"):
        details.append(str(status))
    if error := attributes.get("error.type"):
        details.append(f"error.type={error}")
    resends = attributes.get("http.request.resend_count")
    if resends and status:
        details.append(f"resend_count={resends}")
    return f"{span.name:<20}{', '.join(details)}" if details else span.name


async def test_a_lost_response_is_the_tree_of_the_page(
    served: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers: list[trace.TracerProvider] = []
    monkeypatch.setattr(trace, "set_tracer_provider", providers.append)  # once a process
    names = run(*blocks(PAGE, "OpenTelemetry"), *blocks(PAGE, "In production"))
    exporter = InMemorySpanExporter()
    provider = names["set_up_tracing"](exporter)
    assert providers == [provider]
    monkeypatch.setattr(trace, "get_tracer", lambda name, **_: provider.get_tracer(name))
    served.lose_response(after_commit=True, operation="payouts.create", times=1)
    observer = OpenTelemetryObserver(tracer_provider=provider)
    async with AsyncGlomo(observers=[observer]) as glomo:
        await names["pay_supplier"](glomo, "INV-17", BENEFICIARY)
    provider.shutdown()
    spans = list(exporter.get_finished_spans())
    (shown,) = fences(sections(PAGE)["In production"], "text")
    assert "\n".join(tree(spans)) + "\n" == shown
    assert served.ledger.paid_once("INV-17")


async def test_every_metric_is_on_the_page(served: Sandbox) -> None:
    table = re.findall(r"^\| `([\w.]+)` \| (s?) ?\|", sections(PAGE)["OpenTelemetry"], re.MULTILINE)
    created: list[tuple[str, str]] = []

    class Meters(MeterProvider):
        def get_meter(self, *arguments, **options):  # type: ignore[no-untyped-def]
            meter = super().get_meter(*arguments, **options)
            for kind in ("create_histogram", "create_counter"):
                create = getattr(meter, kind)
                setattr(meter, kind, _noting(create, created))
            return meter

    OpenTelemetryObserver(meter_provider=Meters(metric_readers=[InMemoryMetricReader()]))
    assert created == table


def _noting(create, created):  # type: ignore[no-untyped-def]
    def note(name: str, unit: str = "", *rest: str) -> object:
        created.append((name, unit))
        return create(name, unit, *rest)

    return note


async def test_an_observer_of_ones_own_and_the_log(served: Sandbox) -> None:
    names = run(*all_blocks(PAGE))
    assert names["slow"] == []
    await names["client"].aclose()
