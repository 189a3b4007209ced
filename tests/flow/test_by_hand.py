"""What people order on the command line, from the story's files to its history."""

from __future__ import annotations

import json
import re
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
    id = _id(desk, item)
    eventually(lambda: _versions(desk, id) == [1], what="the story at the endpoint")
    return item


def _id(desk: Desk, item: copydesk.Item) -> str:
    """Our id of a story that stands in the feed."""
    [link] = [entry.link for entry in desk.daemon.feed().entries if entry.title == item.headline]
    return str(link).rpartition("/")[2]


def _versions(desk: Desk, id: str) -> list[int]:
    return [arrival.version for arrival in desk.receiver.arrivals("cms") if arrival.story == id]


def _shown(desk: Desk, item: copydesk.Item) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk.daemon.wire("show", item.guid, "--json", status=0).stdout)
    return found


def _files(desk: Desk, id: str) -> list[Path]:
    return list(desk.daemon.outbox.glob(f"newsml/*/*/*/{id}-v*.xml"))


def test_a_kill_takes_the_story_back_everywhere_a_release_brings_it_back_and_the_history_says_who(
    desk: Desk, story: copydesk.Item
) -> None:
    id = _id(desk, story)
    desk.daemon.wire("kill", id, "--note", "The figures are wrong.", status=0)
    assert story.headline not in desk.daemon.titles()
    assert desk.daemon.get(f"/stories/{id}").status == 410
    assert _files(desk, id) == []
    eventually(lambda: _versions(desk, id) == [1, 2], what="the kill at the endpoint")
    kill = next(a for a in desk.receiver.arrivals("cms") if a.story == id and a.version == 2)
    document = desk.receiver.body(kill).decode()
    assert "stat:canceled" in document and "The figures are wrong." in document
    assert "inlineXML" not in document, "a kill repeats nothing of what it takes back"
    desk.daemon.drop_item(copydesk.newsml(story.number, 5, kind="update"))
    eventually(lambda: not desk.daemon.inbox_files(), what="the update taken in")
    assert story.headline not in desk.daemon.titles(), "killed by hand is killed whatever its source sends"

    desk.daemon.wire("release", id, status=0)
    assert copydesk.newsml(story.number, 5).headline in desk.daemon.titles()
    assert desk.daemon.get(f"/stories/{id}").status == 200
    eventually(lambda: _versions(desk, id) == [1, 2, 6], what="the release at the endpoint")
    history = _shown(desk, story)["history"]
    assert [(event["what"], event["note"]) for event in history] == [
        ("killed by hand", "The figures are wrong."),
        ("released by hand", None),
    ]
    assert all(event["who"] and event["at"] for event in history)


def test_an_embargo_by_hand_hides_the_story_until_it_is_released(desk: Desk, story: copydesk.Item) -> None:
    id = _id(desk, story)
    desk.daemon.wire("embargo", id, "2099-01-01T00:00", "--note", "asked by the source", status=0)
    assert story.headline not in desk.daemon.titles()
    assert desk.daemon.get(f"/stories/{id}").status == 404
    assert _files(desk, id) == []
    desk.daemon.wire("release", id, status=0)
    assert story.headline in desk.daemon.titles()
    # the recall in between may have been on its way or not
    eventually(lambda: _versions(desk, id) in ([1, 3], [1, 2, 3]), what="the release at the endpoint")


def test_an_embargo_without_an_end_is_shown_as_such(desk: Desk, story: copydesk.Item) -> None:
    id = _id(desk, story)
    desk.daemon.wire("embargo", id, "--open", status=0)
    assert re.search(
        r"^embargoed +until released$", desk.daemon.wire("show", id, status=0).stdout, re.MULTILINE
    )


def test_a_correction_by_hand_takes_the_storys_place(
    desk: Desk, story: copydesk.Item, tmp_path: Path
) -> None:
    id = _id(desk, story)
    file = tmp_path / "right.txt"
    file.write_text(f"Id: {story.guid}\nHeadline: Harbour talks, put right\n\nOSLO - The talks go on.\n")
    desk.daemon.wire("correct", str(file), "--note", "wrong figure", status=0)
    assert "Harbour talks, put right" in desk.daemon.titles()
    eventually(lambda: _versions(desk, id) == [1, 2], what="the correction at the endpoint")
    assert _shown(desk, story)["revisions"][-1]["action"] == "correction"


def test_what_cannot_be_done_is_refused_with_the_reason(desk: Desk, story: copydesk.Item) -> None:
    refused = [
        (("kill", "nosuchstory", "--note", "x"), "there is no story nosuchstory"),
        (("release", story.guid), "it is live: nothing keeps it back"),
        (("embargo", story.guid, "tomorrow"), "is no time"),
        (("embargo", story.guid, "9999-12-31T23:59-14:00"), "is no time that a story can wait for"),
    ]
    for words, reason in refused:
        assert reason in desk.daemon.wire(*words, status=1).stderr
    assert "say until when" in desk.daemon.wire("embargo", story.guid, status=2).stderr
    assert story.headline in desk.daemon.titles()


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
