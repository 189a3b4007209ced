"""Stories made to order for the tests of feeds, board, outbox and pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from wire.ports import House
from wire.story import Action, Concept, Origin, Picture, Revision, Standing, Story

START = datetime(2026, 3, 4, 5, 6, 7, 123000, tzinfo=UTC)
#: A desk whose name needs escaping.
HOUSE = House(
    name="Example News & Desk",
    id="news.example",
    language="en",
    home_page="https://news.example/",
    base_url="https://wire.news.example",
)
ORIGIN = Origin(format="text", source="desk", file="story.txt", sha256="0" * 64)


def make_story(**changes: Any) -> Story:
    """A story that uses every field a feed can carry, with some of them replaced."""
    full: dict[str, Any] = {
        "headline": "Rain & <wind> close the “old” harbour",
        "description": "The harbour at Exampleville & its <piers> were closed.",
        "body_html": "<p>The harbour was closed &amp; emptied on Tuesday.</p><h2>Piers</h2><p>All.</p>",
        "language": "en",
        "byline": "By Example Reporter",
        "creators": ("Example Reporter", "Example Photographer"),
        "dateline": "EXAMPLEVILLE",
        "keywords": ("harbour", "weather & <wind>", "harbour"),
        "subjects": (
            Concept(name="weather", qcode="medtop:17000000"),
            Concept(name="house subject", qcode="house:42"),
            Concept(name="free subject"),
        ),
        "pictures": (
            Picture(
                caption="The empty <harbour>",
                credit="Example Agency",
                href="https://pictures.example/härbour.jpg?a=1&b=2",
                mimetype="image/jpeg",
                width=800,
                height=600,
                size=12345,
            ),
            Picture(caption="A pier", href="https://pictures.example/pier.png"),
            Picture(caption="Only described"),
            Picture(caption="Hostile", href="javascript:alert(1)"),
        ),
        "provider": "Example Agency",
        "copyright_notice": "© 2026 Example Agency & partners",
        "ed_notes": ("SECRET-NOTE to editors",),
        "origin": ORIGIN,
    }
    return Story(**(full | changes))


def make_revision(number: int = 1, *, story: Story | None = None, **changes: Any) -> Revision:
    """The first version of story ``s<number>``, published ``number`` seconds after START."""
    moment = START + timedelta(seconds=number)
    fields: dict[str, Any] = {
        "seq": number,
        "story_id": f"s{number:04}",
        "guid": f"urn:newsml:example.org:20260304:s{number:04}",
        "version": 1,
        "action": Action.NEW,
        "standing": Standing.LIVE,
        "story": story or make_story(),
        "accepted_at": moment,
        "published": moment,
        "updated": moment,
    }
    return Revision(**(fields | changes))


def make_entry(number: int, *, seq: int | None = None, text: str = "", first: int | None = None) -> Revision:
    """A version for tests that look at nothing but its title: ``text``, or the number.

    first  the seq of the story's first version; its number when not given
    """
    return make_revision(
        number,
        story=Story(headline=text or str(number), origin=ORIGIN),
        seq=seq or number,
        published=START + timedelta(seconds=first or number),
        updated=START + timedelta(seconds=seq or number),
    )


class MemoryRows:
    """What stands in feeds, as a store would give it."""

    def __init__(self) -> None:
        self.feeds: dict[str, dict[str, Revision]] = {}
        self.loads = 0
        self.before_return: Callable[[], None] = lambda: None

    def put(self, feed: str, *entries: Revision) -> None:
        """Keep entries; a story's newer version replaces its older one."""
        self.feeds.setdefault(feed, {}).update({entry.story_id: entry for entry in entries})

    def remove(self, feed: str, story_id: str) -> None:
        """Take a story out of a feed."""
        del self.feeds[feed][story_id]

    def window(self, feed: str, limit: int) -> list[Revision]:
        """The newest entries of a feed, newest first."""
        self.loads += 1
        entries = sorted(self.feeds.get(feed, {}).values(), key=lambda entry: entry.story_id)
        entries.sort(key=lambda entry: entry.published, reverse=True)
        self.before_return()
        return entries[:limit]
