"""The exposition, read by Prometheus' own parser."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from wire.common.metrics import Family, Histogram, Sample, exposition, gauge, labelled


def parsed(*families: Family) -> dict[str, object]:
    text = exposition(families).decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_numbers_come_back_as_they_were() -> None:
    found = parsed(
        gauge("wire_a", "A.", 0.25),
        labelled("wire_b_total", "B.", {(("source", "dpa"), ("action", "new")): 12}, kind="counter"),
    )
    assert found == {("wire_a",): 0.25, ("wire_b_total", ("action", "new"), ("source", "dpa")): 12}


@pytest.mark.parametrize("value", ['quote " in it', "back\\slash", "two\nlines", "zażółć", "\\n", ""])
def test_whatever_stands_in_a_label_comes_back(value: str) -> None:
    found = parsed(labelled("wire_a", 'Help with " and \\ and\nnewline.', {(("source", value),): 1}))
    assert found == {("wire_a", ("source", value)): 1}


def test_what_is_not_known_is_left_out() -> None:
    assert exposition([gauge("wire_a", "A.", None)]).strip() == b""


def test_a_histogram_counts_up_to_each_bound() -> None:
    times = Histogram("endpoint", bounds_s=(1.0, 10.0))
    for took_s in (0.5, 1.0, 5.0, 50.0, -3.0):
        times.observe(took_s, "cms")
    found = parsed(times.family("wire_t_seconds", "T."))
    assert found == {
        ("wire_t_seconds_bucket", ("endpoint", "cms"), ("le", "1.0")): 3,
        ("wire_t_seconds_bucket", ("endpoint", "cms"), ("le", "10.0")): 4,
        ("wire_t_seconds_bucket", ("endpoint", "cms"), ("le", "+Inf")): 5,
        ("wire_t_seconds_sum", ("endpoint", "cms")): 56.5,
        ("wire_t_seconds_count", ("endpoint", "cms")): 5,
    }


def test_a_sample_without_labels_has_no_braces() -> None:
    family = Family(name="wire_a", help="A.", samples=[Sample(value=3)])
    assert b"\nwire_a 3\n" in exposition([family])
