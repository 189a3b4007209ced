"""What people order on the command line, from the story's files to its history."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flow.conftest import Desk
from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.receiver import Receiver
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Story numbers that no other test of this module uses."""
    return iter(range(7_000, 8_000))


@pytest.fixture
def story(desk: Desk, numbers: Iterator[int]) -> copydesk.Item:
    """A story that is live and was sent."""
    item = copydesk.newsml(next(numbers))
    desk.daemon.drop_item(item)
    eventually(lambda: item.headline in desk.daemon.titles(), what="the story in the feed")
    eventually(lambda: _versions(desk, item) == [1], what="the story at the endpoint")
    return item


def _id(desk: Desk, item: copydesk.Item) -> str:
    [row] = desk.daemon.stories(item.guid)
    found: str = row["id"]
    return found


def _versions(desk: Desk, item: copydesk.Item) -> list[int]:
    id = _id(desk, item)
    return [arrival.version for arrival in desk.receiver.arrivals("cms") if arrival.story == id]


def _shown(desk: Desk, item: copydesk.Item) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk.daemon.wire("show", item.guid, "--json", status=0).stdout)
    return found


def _files(desk: Desk, id: str) -> list[Path]:
    return list(desk.daemon.outbox.glob(f"newsml/*/*/*/{id}-v*.xml"))


def test_a_kill_takes_the_story_back_everywhere_and_a_release_brings_it_back(
    desk: Desk, story: copydesk.Item
) -> None:
    id = _id(desk, story)
    desk.daemon.wire("kill", id, "--note", "The figures are wrong.", status=0)
    assert story.headline not in desk.daemon.titles()
    assert desk.daemon.get(f"/stories/{id}").status == 410
    assert _files(desk, id) == []
    eventually(lambda: _versions(desk, story) == [1, 2], what="the kill at the endpoint")
    kill = next(a for a in desk.receiver.arrivals("cms") if a.story == id and a.version == 2)
    document = desk.receiver.body(kill).decode()
    assert "stat:canceled" in document and "The figures are wrong." in document
    assert "inlineXML" not in document, "a kill repeats nothing of what it takes back"
    desk.daemon.drop_item(copydesk.newsml(story.number, 5, kind="update"))
    eventually(lambda: len(_shown(desk, story)["revisions"]) == 3, what="the update kept")
    assert story.headline not in desk.daemon.titles(), "killed by hand is killed whatever its source sends"

    desk.daemon.wire("release", id, status=0)
    assert copydesk.newsml(story.number, 5).headline in desk.daemon.titles()
    assert desk.daemon.get(f"/stories/{id}").status == 200
    eventually(lambda: _versions(desk, story) == [1, 2, 6], what="the release at the endpoint")


def test_an_embargo_by_hand_hides_the_story_until_it_is_released(desk: Desk, story: copydesk.Item) -> None:
    id = _id(desk, story)
    desk.daemon.wire("embargo", id, "2099-01-01T00:00", "--note", "asked by the source", status=0)
    assert story.headline not in desk.daemon.titles()
    assert desk.daemon.get(f"/stories/{id}").status == 404
    assert _files(desk, id) == []
    desk.daemon.wire("release", id, status=0)
    assert story.headline in desk.daemon.titles()
    eventually(lambda: _versions(desk, story) == [1, 3], what="the release at the endpoint")


def test_a_correction_by_hand_takes_the_storys_place(
    desk: Desk, story: copydesk.Item, tmp_path: Path
) -> None:
    file = tmp_path / "right.txt"
    file.write_text(f"Id: {story.guid}\nHeadline: Harbour talks, put right\n\nOSLO - The talks go on.\n")
    desk.daemon.wire("correct", str(file), "--note", "wrong figure", status=0)
    assert "Harbour talks, put right" in desk.daemon.titles()
    eventually(lambda: _versions(desk, story) == [1, 2], what="the correction at the endpoint")
    assert _shown(desk, story)["revisions"][-1]["action"] == "correction"


def test_the_history_says_who_did_what_and_when(desk: Desk, story: copydesk.Item) -> None:
    desk.daemon.wire("kill", story.guid, "--note", "Not ours.", status=0)
    desk.daemon.wire("release", story.guid, "--note", "It is ours.", status=0)
    history = _shown(desk, story)["history"]
    assert [(event["what"], event["note"]) for event in history] == [
        ("killed by hand", "Not ours."),
        ("released by hand", "It is ours."),
    ]
    assert all(event["who"] and event["at"] for event in history)
    assert "Not ours." in desk.daemon.wire("show", story.guid, status=0).stdout


def test_what_cannot_be_done_is_refused_with_the_reason(desk: Desk, story: copydesk.Item) -> None:
    refused = [
        (("kill", "nosuchstory", "--note", "x"), "there is no story nosuchstory"),
        (("release", story.guid), "it is live: nothing keeps it back"),
        (("embargo", story.guid, "2001-01-01"), "has passed"),
        (("embargo", story.guid, "tomorrow"), "is no time"),
        (("embargo", story.guid), "say until when"),
        (("correct", "nosuchfile.txt"), "cannot be read"),
    ]
    for words, reason in refused:
        assert reason in desk.daemon.wire(*words, status=1).stderr
    assert len(_shown(desk, story)["revisions"]) == 1


def test_orders_are_carried_out_while_no_daemon_runs(
    daemon_of: Callable[..., Daemon], receiver: Receiver
) -> None:
    daemon = daemon_of(endpoints=[{"id": "cms", "type": "http", "url": receiver.url("cms")}])
    item = copydesk.newsml(1)
    daemon.drop_item(item)
    daemon.wire("run", "--once", status=0)
    daemon.wire("kill", item.guid, "--note", "Wrong.", status=0)
    assert list(daemon.outbox.glob("newsml/*/*/*/*.xml")) == []
    assert item.headline not in (daemon.outbox / "feeds" / "all.rss").read_text()
    daemon.wire("run", "--once", status=0)
    assert [arrival.version for arrival in receiver.arrivals("cms")] == [1, 2]
    daemon.wire("audit", status=0)
