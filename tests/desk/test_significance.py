"""What is news to who has read a story, and what only mends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wire.desk.significance import revised, told
from wire.story import Action, Concept, Kept, Origin, Picture, PubStatus, Rank, Standing, Story

NOW = datetime(2026, 3, 4, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
STORY = Story(
    headline="Bridge closed",
    body_html="<p>The bridge is closed.</p>",
    origin=Origin(format="text", source="desk", file="a.txt", sha256="0" * 64),
)


def kept(**changes: object) -> Kept:
    rank = Rank(version=1, created=None, status=PubStatus.USABLE, embargoed=None, content_sha256="0" * 64)
    fields = {
        "story_id": "s1", "guid": "g", "identity": "i", "source": "desk", "seq": 1, "version": 1,
        "rank": rank, "standing": Standing.LIVE, "first_published": EARLIER, "told": told(STORY),
        "revised": EARLIER,
    }  # fmt: skip
    return Kept(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"keywords": ("bridge",)},
        {"subjects": (Concept(name="transport"),)},
        {"urgency": 3},
        {"ed_notes": ("Please mind the map.",)},
        {"body_html": "<p>The <em>bridge</em>\n is closed.</p>"},
    ],
)
def test_what_nobody_reads_is_no_news(changes: dict[str, object]) -> None:
    digest = told(replace(STORY, **changes))
    assert revised(Action.UPDATE, Standing.LIVE, digest, kept(), NOW) == EARLIER


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "Bridge open"},
        {"body_html": "<p>The bridge is open.</p>"},
        {"description": "In brief"},
        {"byline": "By Example Reporter"},
        {"pictures": (Picture(href="https://pictures.example/a.jpg"),)},
    ],
)
def test_what_readers_see_is_news(changes: dict[str, object]) -> None:
    digest = told(replace(STORY, **changes))
    assert revised(Action.UPDATE, Standing.LIVE, digest, kept(), NOW) == NOW


@pytest.mark.parametrize(
    "action", [Action.NEW, Action.CORRECTION, Action.KILL, Action.WITHHOLD, Action.RELEASE]
)
def test_a_correction_and_all_that_moves_a_story_is_news_whatever_it_says(action: Action) -> None:
    assert revised(action, Standing.LIVE, told(STORY), kept(), NOW) == NOW


def test_what_comes_back_or_comes_first_is_news() -> None:
    assert revised(Action.UPDATE, Standing.LIVE, told(STORY), kept(standing=Standing.WITHHELD), NOW) == NOW
    assert revised(Action.UPDATE, Standing.LIVE, told(STORY), None, NOW) == NOW
