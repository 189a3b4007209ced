"""The news sitemap: what became public in the last two days, as Google News and others crawl it.

Rules: sitemaps.org 0.9 with Google's news extension: at most 1,000 stories, none older than two days, a
language of two or three letters (Chinese aside), addresses of one host.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from html import escape

from wire.ports import Clock, House
from wire.ports.feeds import RecentRows
from wire.publish.feeds.heads import NEVER_CHANGED
from wire.publish.wording import story_url, title_of
from wire.story import Revision
from wire.xmltools import clean_line

MEDIA_TYPE = "application/xml; charset=utf-8"
MOST = 1000
AGE = timedelta(days=2)

_OPENING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
)
_CLOSING = b"</urlset>"


class NewsSitemap:
    """The sitemap as of the latest commit. Thread-safe.

    Each version of a story is read and written once; a look at what is recent costs a range of an index.
    """

    name = "sitemap-news.xml"
    media_type = MEDIA_TYPE

    def __init__(
        self, rows: RecentRows, house: House, clock: Clock, *, private: Collection[str] = ()
    ) -> None:
        """private: feeds whose stories, unless they stand in another, are not for everybody."""
        self._rows = rows
        self._private = frozenset(private)
        self._house = house
        self._clock = clock
        self._urls: dict[int, tuple[bytes, datetime]] = {}  # seq -> its url element and its last change
        self._lock = threading.Lock()

    def written(self) -> tuple[bytes, datetime]:
        """The document, and its latest change. Raises StoreError."""
        with self._lock:
            seqs = self._rows.recent(self._clock() - AGE, MOST)
            unknown = [seq for seq in seqs if seq not in self._urls]
            known = self._urls | {made.seq: self._url(made) for made in self._rows.revisions(unknown)}
            self._urls = {seq: known[seq] for seq in seqs if seq in known}
            urls = self._urls.values()
        body = b"".join((_OPENING, *(url for url, _ in urls), _CLOSING))
        return body, max((changed for _, changed in urls), default=NEVER_CHANGED)

    def _url(self, revision: Revision) -> tuple[bytes, datetime]:
        if revision.feeds and self._private.issuperset(revision.feeds):
            return b"", NEVER_CHANGED
        return url_element(revision, self._house), revision.updated


def url_element(revision: Revision, house: House) -> bytes:
    """One story of the sitemap. Pure."""
    published, changed = (
        moment.astimezone(UTC).isoformat(timespec="seconds")
        for moment in (revision.published, revision.updated)
    )
    publication = _nested(
        "news:publication",
        _element("news:name", clean_line(house.name)),
        _element("news:language", sitemap_language(revision.story.language or house.language)),
    )
    news = _nested(
        "news:news",
        publication,
        _element("news:publication_date", published),
        _element("news:title", title_of(revision.story)),
    )
    loc = _element("loc", story_url(revision, house))
    return _nested("url", loc, _element("lastmod", changed), news).encode("utf-8", "replace")


def sitemap_language(tag: str) -> str:
    """A language tag (BCP 47) as the sitemap's schema knows it: its first part, or one of two of Chinese."""
    primary, *rest = tag.lower().split("-")
    if primary != "zh":
        return primary
    return "zh-tw" if {"tw", "hant", "hk", "mo"}.intersection(rest) else "zh-cn"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text, quote=False)}</{name}>"


def _nested(name: str, *parts: str) -> str:
    return f"<{name}>{''.join(parts)}</{name}>"
