"""One story's way as a trace, as OpenTelemetry's own exporter has it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from wire.store.values import NewRevision
from wire.story import Action, Delivery, DeliveryState, Document, Outcome, Standing

pytest.importorskip("opentelemetry.sdk", reason="the extra [otel] is not installed")

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from wire.operate.tracing import StoryTraces

pytestmark = pytest.mark.slow(2)

START = datetime(2026, 3, 2, 7, tzinfo=UTC)


def version(seq: int = 7, story_id: str = "01m8") -> NewRevision:
    origin = SimpleNamespace(source="agency")
    made = SimpleNamespace(
        seq=seq,
        story_id=story_id,
        version=2,
        action=Action.UPDATE,
        standing=Standing.LIVE,
        accepted_at=START + timedelta(seconds=1),
        story=SimpleNamespace(origin=origin),
    )
    return cast(NewRevision, SimpleNamespace(revision=made))


def delivery(seq: int = 7, attempt: int = 1) -> Delivery:
    return Delivery(
        id=1,
        endpoint="cms",
        lane="cms/0",
        story_id="01m8",
        version=2,
        seq=seq,
        action=Action.UPDATE,
        key="k",
        attempt=attempt,
        created_at=START,
        document=Document(format="text", media_type="text/plain", body=b"secret copy", suffix="txt"),
    )


def outcome(state: DeliveryState, status: int | None) -> Outcome:
    return Outcome(
        delivery_id=1,
        state=state,
        started_at=START + timedelta(seconds=2),
        ended_at=START + timedelta(seconds=3),
        status=status,
        detail="secret copy",
    )


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    made = InMemorySpanExporter()
    yield made
    made.shutdown()


def spans(exporter: InMemorySpanExporter) -> dict[str, Any]:
    return {span.name: span for span in exporter.get_finished_spans()}


def test_a_way_is_one_trace_from_the_drop_to_the_endpoint(exporter: InMemorySpanExporter) -> None:
    traces = StoryTraces(exporter, desk="news.example", batched=False)
    traces.shown(version(), dropped_s=START.timestamp(), shown_at=START + timedelta(seconds=1.5))
    traces.settled(delivery(), outcome(DeliveryState.DONE, 204))
    found = spans(exporter)
    assert set(found) == {"story", "take in", "keep and show", "deliver"}
    root = found["story"]
    assert len({span.context.trace_id for span in found.values()}) == 1
    assert root.parent is None
    children = [span for name, span in found.items() if name != "story"]
    assert {span.parent.span_id for span in children} == {root.context.span_id}
    assert len({span.context.span_id for span in found.values()}) == 4
    assert (root.end_time - root.start_time) == 1_500_000_000
    assert root.attributes["wire.source"] == "agency"
    assert found["deliver"].attributes["http.response.status_code"] == 204
    assert found["deliver"].status.is_unset


def test_an_attempt_of_a_later_run_belongs_to_the_same_trace() -> None:
    first, second = InMemorySpanExporter(), InMemorySpanExporter()
    StoryTraces(first, desk="d", batched=False).shown(version(), dropped_s=None, shown_at=START)
    StoryTraces(second, desk="d", batched=False).settled(delivery(), outcome(DeliveryState.DEAD, 500))
    root, late = first.get_finished_spans()[-1], second.get_finished_spans()[0]
    assert late.context.trace_id == root.context.trace_id
    assert late.parent is not None
    assert late.parent.span_id == root.context.span_id
    assert not late.status.is_ok


def test_no_copy_leaves_by_a_trace(exporter: InMemorySpanExporter) -> None:
    traces = StoryTraces(exporter, desk="d", batched=False)
    traces.settled(delivery(), outcome(DeliveryState.DUE, 500))
    assert "secret copy" not in "".join(span.to_json() for span in exporter.get_finished_spans())


def test_a_share_of_the_stories_is_traced_whole_or_not_at_all() -> None:
    exporter = InMemorySpanExporter()
    traces = StoryTraces(exporter, desk="d", share=0.5, batched=False)
    for seq in range(200):
        traces.shown(version(seq), dropped_s=None, shown_at=START)
        traces.settled(delivery(seq), outcome(DeliveryState.DONE, 200))
    by_trace: dict[int, int] = {}
    for span in exporter.get_finished_spans():
        assert span.context is not None
        by_trace[span.context.trace_id] = by_trace.get(span.context.trace_id, 0) + 1
    assert set(by_trace.values()) == {4}
    assert 60 < len(by_trace) < 140


def test_nothing_of_it_is_imported_unless_traces_are_wanted() -> None:
    code = (
        "import sys, wire.app, wire.operate.tracing;"
        " print([n for n in sys.modules if n.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
