"""What documents say of a story that its source takes back: what its notice says, not what the story said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.desk.test_judge import NOW, kept, story
from wire.desk.desk import Desk
from wire.desk.dispatch import Outlet
from wire.desk.significance import told
from wire.desk.succession import Place
from wire.story import Kept, Picture, PubStatus, Story

DESK = Desk(
    house_id="news.example",
    feeds=lambda _: ("all",),
    endpoints=lambda _: ("cms",),
    outlets={"cms": Outlet(id="cms", document="newsml-g2")},
)
FLOOD = story(guid="urn:x:1", version=3, body_html="<p>The harbour is closed.</p>", word_count=4)


def documents_say(kill: Story, before: Kept | None) -> Story:
    verdict = DESK.decide(kill, Place(kept=before), content_sha256="now", now=NOW, random=1)
    return verdict.printed or kill


def kill(**said: Any) -> Story:
    return replace(FLOOD, version=4, pub_status=PubStatus.CANCELED, **said)


def test_a_notice_is_told_in_its_own_words() -> None:
    notice = kill(headline="KILL Flood", body_html="<p>Kill it: wrong harbour.</p>", word_count=4)
    assert documents_say(notice, kept(told=told(FLOOD))) == notice
    assert documents_say(notice, None) == notice


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"headline": "KILL Flood", "word_count": 101},
        {"headline": "KILL", "pictures": (Picture(caption="It"),)},
    ],
    ids=["the same words", "a whole story", "its picture"],
)
def test_a_kill_that_is_the_story_once_more_only_names_it(said: dict[str, Any]) -> None:
    again = kill(ed_notes=("Wrong harbour.",), description="It is closed.", **said)
    before = replace(again, version=3, pub_status=PubStatus.USABLE)
    printed = documents_say(again, kept(told=told(before)))
    assert (printed.headline, printed.ed_notes) == (again.headline, again.ed_notes)
    assert (printed.body_html, printed.description, printed.pictures) == ("", None, ())
