"""Figures for Prometheus: families of samples, histograms, and the text that is scraped.

The text is Prometheus' exposition format, version 0.0.4: a few lines of ours cost neither the start nor the
memory that its client library does. The official parser reads it in the tests.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

#: What the text is served as.
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Kind = Literal["counter", "gauge", "histogram"]
#: Labels in the order in which they are shown.
Labels = tuple[tuple[str, str], ...]

#: Upper bounds in seconds: from the milliseconds of an idle desk to the hours of an endpoint that is down.
BOUNDS_S = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number of a family."""

    value: float
    labels: Labels = ()
    suffix: str = ""  #: after the family's name: ``_bucket``, ``_sum``, ``_count``


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All samples of one name."""

    name: str
    help: str
    kind: Kind = "gauge"
    samples: Sequence[Sample]


def gauge(name: str, help: str, value: float | None) -> Family:
    """A single number; nothing when it is not known."""
    return Family(name=name, help=help, samples=() if value is None else (Sample(value=value),))


def labelled(
    name: str, help: str, values: Mapping[Labels, float], *, kind: Literal["counter", "gauge"] = "gauge"
) -> Family:
    """A number for each set of labels."""
    return Family(
        name=name,
        help=help,
        kind=kind,
        samples=[Sample(value=value, labels=key) for key, value in values.items()],
    )


def exposition(families: Iterable[Family]) -> bytes:
    """The families as Prometheus reads them; those without samples are left out."""
    lines: list[str] = []
    for family in families:
        if not family.samples:
            continue
        lines.append(f"# HELP {family.name} {_escaped(family.help)}")
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines += [
            f"{family.name}{each.suffix}{_labels(each.labels)} {_number(each.value)}"
            for each in family.samples
        ]
    return ("\n".join(lines) + "\n").encode()


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_quoted(value)}"' for name, value in labels) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(value: str) -> str:
    clean = value.encode("utf-8", "replace").decode("utf-8")
    return _escaped(clean).replace('"', r"\"")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


class Histogram:
    """How long something took, in seconds, for each value of one label. Thread-safe."""

    def __init__(self, label: str | None = None, bounds_s: Sequence[float] = BOUNDS_S) -> None:
        self._label = label
        self._bounds_s = tuple(bounds_s)
        self._lock = threading.Lock()
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def observe(self, took_s: float, of: str = "") -> None:
        """One time. Below zero, as clocks that were set make it, counts as zero."""
        took_s = max(took_s, 0.0)
        with self._lock:
            counts = self._counts.get(of)
            if counts is None:
                counts = self._counts[of] = [0] * (len(self._bounds_s) + 1)
            counts[bisect_left(self._bounds_s, took_s)] += 1
            self._sums[of] = self._sums.get(of, 0.0) + took_s

    def family(self, name: str, help: str) -> Family:
        """Everything observed so far."""
        with self._lock:
            counted = {of: list(counts) for of, counts in sorted(self._counts.items())}
            sums = dict(self._sums)
        samples = [sample for of, counts in counted.items() for sample in self._samples(of, counts, sums[of])]
        return Family(name=name, help=help, kind="histogram", samples=samples)

    def _samples(self, of: str, counts: Sequence[int], total_s: float) -> Iterable[Sample]:
        labels: Labels = ((self._label, of),) if self._label else ()
        below = 0
        for bound, count in zip((*map(str, self._bounds_s), "+Inf"), counts, strict=True):
            below += count
            yield Sample(suffix="_bucket", labels=(*labels, ("le", bound)), value=below)
        yield Sample(suffix="_sum", labels=labels, value=total_s)
        yield Sample(suffix="_count", labels=labels, value=below)
