"""The way of one story as an OpenTelemetry trace: from the drop to the feeds, and each attempt to deliver it.

A trace's ids are made of the story's own, so that attempts of a later run still belong to it. Spans tell ids
and times, never copy. Nothing of OpenTelemetry is imported unless traces are wanted.
"""

from __future__ import annotations

import threading
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from wire import __version__
from wire.errors import CommandError
from wire.store.values import NewRevision
from wire.story import Delivery, Outcome

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter

_HOW = "install it by `pip install 'wire-desk[otel]'`, or take [traces] out of the configuration"
_STOP_MS = 2000

Attributes = dict[str, str | int]


def exporter_to(url: str) -> SpanExporter:
    """Sends spans to a collector by OTLP over HTTP. Raises CommandError when the extra is not installed."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as exc:
        raise CommandError(f"[traces] needs OpenTelemetry, which is not installed: {_HOW}") from exc
    return OTLPSpanExporter(endpoint=url, timeout=10)


class StoryTraces:
    """Tells the ways of stories; `wire.flow.tally.Traces`. Thread-safe; spans leave in the background."""

    def __init__(
        self, exporter: SpanExporter, *, desk: str, share: float = 1.0, batched: bool = True
    ) -> None:
        """``share``: of the stories that are traced, 0 to 1."""
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

        class Ids(RandomIdGenerator):
            """Gives the ids that the thread asked for, else random ones."""

            wanted = threading.local()

            def generate_trace_id(self) -> int:
                made: int | None = getattr(self.wanted, "trace", None)
                return made or super().generate_trace_id()

            def generate_span_id(self) -> int:
                made: int | None = getattr(self.wanted, "span", None)
                return made or super().generate_span_id()

        self._ids = Ids()
        self._sampler = ParentBased(TraceIdRatioBased(share))
        self._provider = TracerProvider(
            resource=Resource.create(
                {"service.name": "wire", "service.version": __version__, "service.instance.id": desk}
            ),
            sampler=self._sampler,
            id_generator=self._ids,
        )
        processor: SpanProcessor = BatchSpanProcessor(exporter) if batched else SimpleSpanProcessor(exporter)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("wire", __version__)
        self._share = share

    def shown(self, new: NewRevision, *, dropped_s: float | None, shown_at: datetime) -> None:
        """A version was committed: the root of its trace."""
        made = new.revision
        accepted_ns, shown_ns = _ns(made.accepted_at), _ns(shown_at)
        dropped_ns = accepted_ns if dropped_s is None else min(round(dropped_s * 1e9), accepted_ns)
        about: Attributes = {
            "wire.story": made.story_id,
            "wire.version": made.version,
            "wire.action": made.action.value,
            "wire.standing": made.standing.value,
            "wire.source": made.story.origin.source,
        }
        trace, span = _ids_of(made.story_id, made.seq)
        self._ids.wanted.trace, self._ids.wanted.span = trace, span
        try:
            root = self._tracer.start_span("story", start_time=dropped_ns, attributes=about)
        finally:
            self._ids.wanted.trace = self._ids.wanted.span = None
        context = self._context(trace, span)
        for name, begun_ns, ended_ns in (
            ("take in", dropped_ns, accepted_ns),
            ("keep and show", accepted_ns, shown_ns),
        ):
            self._tracer.start_span(name, context, start_time=begun_ns).end(max(begun_ns, ended_ns))
        root.end(max(dropped_ns, shown_ns))

    def settled(self, delivery: Delivery, outcome: Outcome) -> None:
        """An attempt ended: a child of the version's root."""
        from opentelemetry.trace import Status, StatusCode

        about: Attributes = {
            "wire.story": delivery.story_id,
            "wire.version": delivery.version,
            "wire.endpoint": delivery.endpoint,
            "wire.attempt": delivery.attempt,
            "wire.outcome": outcome.state.value,
        }
        if outcome.status is not None:
            about["http.response.status_code"] = outcome.status
        context = self._context(*_ids_of(delivery.story_id, delivery.seq))
        span = self._tracer.start_span(
            "deliver", context, start_time=_ns(outcome.started_at), attributes=about
        )
        if outcome.state.value != "done":
            span.set_status(Status(StatusCode.ERROR))
        span.end(max(_ns(outcome.started_at), _ns(outcome.ended_at)))

    def stop(self) -> None:
        """Send what is left, for a moment at most."""
        self._provider.force_flush(_STOP_MS)
        self._provider.shutdown()

    def _context(self, trace: int, span: int) -> Any:
        """Where a child belongs: to a root that is traced, or to one that is not."""
        from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

        is_traced = trace & (1 << 64) - 1 < round(self._share * (1 << 64))
        flags = TraceFlags(TraceFlags.SAMPLED if is_traced else TraceFlags.DEFAULT)
        parent = SpanContext(trace_id=trace, span_id=span, is_remote=False, trace_flags=flags)
        return set_span_in_context(NonRecordingSpan(parent))


def _ids_of(story_id: str, seq: int) -> tuple[int, int]:
    """Trace and root span of a version: 16 and 8 bytes, never zero."""
    digest = sha256(f"{story_id}:{seq}".encode()).digest()
    return int.from_bytes(digest[:16], "big") or 1, int.from_bytes(digest[16:24], "big") or 1


def _ns(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000
