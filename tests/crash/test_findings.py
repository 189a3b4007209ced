"""The crash test's own rules go red when they are broken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crash import findings
from tests.harness.ledger import Dropped
from tests.harness.receiver import Arrival


def _arrival(**changes: Any) -> Arrival:
    plain: dict[str, Any] = {
        "at": 0.0,
        "endpoint": "cms",
        "key": "msg_1",
        "story": "abc",
        "version": 1,
        "action": "new",
        "sha256": "00",
        "size": 1,
        "media_type": "",
        "signed": True,
        "answer": "200",
    }
    return Arrival(**{**plain, **changes})


def _dropped(version: int) -> Dropped:
    return Dropped(number=1, guid="g", version=version, kind="new", sha256="", at=0.0)


def test_repeats_with_the_same_key_and_body_are_allowed() -> None:
    assert not list(findings.keys_or_bodies_differ([_arrival(), _arrival(answer="500")]))


@pytest.mark.parametrize("changes", [{"key": "msg_2"}, {"sha256": "01"}, {"version": 2}, {"story": "abd"}])
def test_a_second_key_a_second_body_or_a_shared_key_is_found(changes: dict[str, Any]) -> None:
    assert list(findings.keys_or_bodies_differ([_arrival(), _arrival(**changes)]))


def test_an_older_version_after_a_newer_is_found() -> None:
    in_order = [_arrival(version=1), _arrival(version=2), _arrival(version=2)]
    assert not list(findings.overtaken(in_order))
    assert not list(findings.overtaken([_arrival(version=2), _arrival(endpoint="archive", version=1)]))
    assert list(findings.overtaken([*in_order, _arrival(version=1)]))


@pytest.mark.parametrize(("answer", "complete"), [("200", True), ("reset", True), ("500", False)])
def test_a_story_counts_as_delivered_only_when_its_latest_version_was_taken(
    answer: str, complete: bool
) -> None:
    arrivals = [_arrival(version=1), _arrival(version=2, answer=answer)]
    missing = list(findings.not_delivered(arrivals, ["cms"], {"g": _dropped(2)}, {"g": "abc"}))
    assert (not missing) is complete


@pytest.mark.parametrize(
    ("feed", "sound"),
    [
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id></entry></feed>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id>", False),
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<entry><id>a</id></entry>" * 2 + b"</feed>",
            False,
        ),
    ],
)
def test_half_a_feed_or_a_doubled_entry_is_found(feed: bytes, sound: bool) -> None:
    assert (not list(findings.half_or_doubled_feed(feed))) is sound
