"""What operators' tools are told by a running daemon."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.flow.conftest import Desk
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

Labels = tuple[tuple[str, str], ...]


def scraped(daemon: Daemon) -> Mapping[tuple[str, Labels], float]:
    answer = daemon.get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def test_a_story_is_counted_and_timed_all_the_way(desk: Desk) -> None:
    daemon = desk.daemon
    item = copydesk.newsml(41)
    daemon.drop_item(item)
    eventually(lambda: desk.receiver.arrivals("cms"), what="pushed")
    daemon.drop("empty-headers.bin", bytes(range(256)) * 20)
    eventually(daemon.quarantined, what="quarantined")

    def delivered() -> bool:
        return scraped(daemon).get(("wire_drop_to_delivered_seconds_count", (("endpoint", "cms"),))) == 1

    eventually(delivered, what="the delivery is timed")
    daemon.feed()
    found = scraped(daemon)
    assert found["wire_stories_total", (("action", "new"), ("source", "inbox"))] == 1
    assert found["wire_files_total", (("outcome", "stories"), ("source", "inbox"))] == 1
    assert found["wire_files_total", (("outcome", "quarantined"), ("source", "inbox"))] == 1
    assert found["wire_drop_to_feed_seconds_count", ()] == 1
    assert 0 < found["wire_drop_to_feed_seconds_sum", ()] < 30
    assert found["wire_delivery_attempts_total", (("endpoint", "cms"), ("outcome", "done"))] == 1
    assert found["wire_feed_renders_total", (("format", "atom"),)] >= 1
    assert found["wire_quarantined_ratio", ()] == 0.5
    assert found["wire_quarantine_stories", ()] == 1
    assert found["wire_store_bytes", (("part", "database"),)] > 10_000
    assert found["wire_inbox_files", ()] == 0
    assert found["wire_ready", ()] == found["wire_live", ()] == 1
    assert found["process_resident_memory_bytes", ()] > 10_000_000


def test_what_waits_for_an_endpoint_is_shown_by_state(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of(
        endpoints=[{"id": "cms", "type": "http", "url": "http://127.0.0.1:9/nobody"}],
        retry={"delays_s": [3600]},
    )
    daemon.start()
    daemon.drop_item(copydesk.newsml(1))

    def waiting() -> bool:
        found = scraped(daemon)
        failed = found.get(("wire_delivery_attempts_total", (("endpoint", "cms"), ("outcome", "again"))))
        return failed == 1 and found.get(("wire_deliveries", (("endpoint", "cms"), ("state", "due")))) == 1

    eventually(waiting, what="one delivery waits")
    assert ("wire_endpoint_failing_seconds", (("endpoint", "cms"),)) in scraped(daemon)


def test_health_says_live_and_ready_apart(desk: Desk) -> None:
    for path in ("/health", "/health/live", "/health/ready"):
        answer = desk.daemon.get(path)
        assert answer.status == 200
        said = json.loads(answer.body)
        assert (said["live"], said["ready"], said["why"], said["alarms"]) == (True, True, [], [])


def test_a_quiet_source_is_shown_in_status_health_and_metrics(daemon_of: Callable[..., Daemon]) -> None:
    daemon = daemon_of(sources=[{"id": "agency", "quiet_after_s": 1}])
    daemon.start()

    def told() -> bool:
        alarms = daemon.status()["alarms"]
        return any("nothing came from agency" in alarm["message"] for alarm in alarms)

    eventually(told, limit_s=40, what="the alarm")
    assert daemon.get("/health").status == 200, "a quiet source is no reason to restart anything"
    assert scraped(daemon)["wire_alarm", (("about", "agency"), ("kind", "quiet-source"))] == 1
    done = daemon.wire("status", status=2)
    assert "! nothing came from agency" in done.stdout
    assert "Ask the agency or check its line" in done.stdout
