"""The script people write first: watch a folder, render whole feeds with feedgen, post to everyone inline.

``python -m bench.naive FOLDER COUNT FEEDS URL…`` waits for files in FOLDER/inbox, writes FOLDER/outbox/N.atom
and N.rss, posts each story to every URL, and ends after COUNT stories. No store, no retry, no order: what it
forgets at the end is gone. It is here to be compared with.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests
from feedgen.feed import FeedGenerator
from lxml import etree
from watchfiles import Change, watch

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LIMIT = 100


@dataclass(frozen=True)
class Story:
    """What the feeds show."""

    guid: str
    headline: str
    html: str
    arrived: datetime
    document: bytes


def read(path: Path) -> Story:
    """Parse one NewsML-G2 file."""
    document = path.read_bytes()
    root = etree.fromstring(document)
    body = "".join(etree.tostring(p, encoding="unicode") for p in root.iter(f"{XHTML}p"))
    headline = root.findtext(f".//{NAR}headline") or ""
    return Story(root.get("guid") or path.name, headline, body, datetime.now(tz=UTC), document)


def render(number: int, stories: list[Story], outbox: Path) -> None:
    """Write one feed from nothing, in both formats."""
    feed = FeedGenerator()
    feed.id(f"https://news.example/feeds/{number}")
    feed.title(f"Feed {number}")
    feed.description(f"Feed {number}")
    feed.link(href=f"https://news.example/feeds/{number}", rel="alternate")
    for story in stories[-LIMIT:]:
        entry = feed.add_entry()
        entry.id(story.guid)
        entry.title(story.headline)
        entry.link(href=f"https://news.example/stories/{story.guid}")
        entry.published(story.arrived)
        entry.updated(story.arrived)
        entry.content(story.html, type="html")
    feed.atom_file(str(outbox / f"{number}.atom"))
    feed.rss_file(str(outbox / f"{number}.rss"))


def arrivals(inbox: Path) -> Iterator[Path]:
    """New files, those that lie there already first."""
    seen = set()
    for path in sorted(inbox.iterdir()):
        seen.add(path)
        yield path
    for changes in watch(inbox, debounce=50, step=5):
        for change, name in sorted(changes):
            path = Path(name)
            if change is Change.added and path not in seen:
                seen.add(path)
                yield path


def main() -> None:
    """Take in COUNT stories and end."""
    folder, count, feeds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    inbox, outbox = folder / "inbox", folder / "outbox"
    outbox.mkdir(exist_ok=True)
    stories: list[Story] = []
    for path in arrivals(inbox):
        story = read(path)
        stories.append(story)
        for number in range(feeds):
            render(number, stories, outbox)
        for url in sys.argv[4:]:
            requests.post(url, data=story.document, headers={"Content-Type": "application/xml"}, timeout=10)
        path.unlink()
        if len(stories) == count:
            return


if __name__ == "__main__":
    main()
