"""What stands around the entries of a feed: its head by feedgen and by JSON Feed, rendered once.

Rules: RSS 2.0 with the RSS Advisory Board's profile, RFC 4287 (Atom), RFC 5005 (archives), JSON Feed 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Protocol
from uuid import NAMESPACE_DNS, uuid5

from feedgen.feed import FeedGenerator

from wire.errors import RenderError
from wire.ports import House
from wire.ports.feeds import FeedInfo
from wire.publish.feeds import jsonfeed
from wire.publish.feeds.feedgen_repairs import (
    AtomParts,
    AtomPrefixes,
    FeedLinks,
    RssParts,
    RssPrefixes,
    in_plain_text,
    repair_feedgen,
    rfc822,
)
from wire.story import Story

RSS_TYPE = "application/rss+xml; charset=utf-8"
ATOM_TYPE = "application/atom+xml; charset=utf-8"

#: What an empty feed says of its last change: it must not be "now", or the bytes would never settle.
NEVER_CHANGED = datetime(2000, 1, 1, tzinfo=UTC)

#: How people are written in the configuration: ``Name`` or ``mail@host (Name)``.
_WITH_MAIL = re.compile(r"(?P<email>[^\s@()]+@[^\s@()]+) \((?P<name>[^()]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One feed as configured."""

    id: str  #: ``[a-z0-9-]+``; its addresses and its permanent identity are built from it
    title: str
    description: str = ""  #: falls back to the title: RSS demands one
    language: str | None = None  #: BCP 47; falls back to the house's
    limit: int = 100  #: entries
    change: Callable[[Story], Story] | None = None  #: to stories before they stand in it
    edition: str = "feed"  #: the same for feeds with the same change, which share their entries
    selective: bool = False  #: of near-duplicates it shows one, so that another may change which
    home_page: str | None = None  #: absolute URL of its page; falls back to ours, ``/feeds/ID``
    ttl_minutes: int = 1  #: how long a reader may keep it without asking again
    authors: tuple[str, ...] = ()  #: ``Name`` or ``mail@host (Name)``; the house when empty
    rights: str | None = None
    image: str | None = None  #: absolute URL of a GIF, JPEG or PNG, at most 144 by 400 pixels
    hubs: tuple[str, ...] = ()  #: WebSub hubs that are told of its changes
    private: bool = False  #: shown to its readers alone
    kill_notice: bool = False  #: withdrawn stories stay as a notice; else they only vanish


class Joinable(Protocol):
    """What a head joins: an entry in every format, empty where it has none."""

    @property
    def updated(self) -> datetime:
        """Its last change."""
        ...

    @property
    def tombstone(self) -> bytes:
        """What Atom says before the entries of one that was taken back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """A feed's bytes before and after its entries, rendered once; only the date and one link move."""

    format: str  #: ``rss``, ``atom`` or ``json``
    media_type: str
    before: bytes = field(repr=False)  #: up to the date of the last change
    after: bytes = field(repr=False)  #: from behind that date to where the entries begin
    tail: bytes = field(repr=False)

    def join(self, entries: Sequence[Joinable], older: str | None = None) -> bytes:
        """The whole feed: these entries, in this order. Its date is the latest change of any entry.

        older  address of the archive that goes on where the feed ends (RFC 5005, 4)
        """
        bodies = (body for entry in entries if (body := getattr(entry, self.format)))
        if self.format == "json":
            return b"".join((self.before, b",".join(bodies), self.tail))
        graves = (entry.tombstone for entry in entries if self.format == "atom")
        changed = modified(entries)
        date = rfc822(changed) if self.format == "rss" else changed.astimezone(UTC).isoformat()
        return b"".join(
            (self.before, date.encode(), self.after, self._link(older), *graves, *bodies, self.tail)
        )

    def _link(self, older: str | None) -> bytes:
        if older is None:
            return b""
        name = "atom:link" if self.format == "rss" else "link"
        return f'<{name} href="{escape(older)}" rel="prev-archive" type="application/atom+xml"/>'.encode()


def modified(entries: Sequence[Joinable]) -> datetime:
    """The latest change of any entry; `NEVER_CHANGED` of none."""
    return max((entry.updated for entry in entries), default=NEVER_CHANGED)


def heads(spec: FeedSpec, house: House) -> dict[str, FeedHead]:
    """The heads of one feed by format. Raises RenderError when feedgen refuses the configuration."""
    try:
        rss = in_plain_text(feed_generator(spec, house, "rss").rss_str())
        atom = in_plain_text(feed_generator(spec, house, "atom").atom_str())
    except ValueError as exc:
        raise RenderError(f"feed {spec.id} cannot be written: {exc}") from exc
    opening = jsonfeed.opening(_json_facts(spec, house))
    return {
        "rss": dated_head("rss", RSS_TYPE, rss, date="lastBuildDate", tail=b"</channel></rss>"),
        "atom": dated_head("atom", ATOM_TYPE, atom, date="updated", tail=b"</feed>"),
        "json": FeedHead(
            format="json", media_type=jsonfeed.MEDIA_TYPE, before=opening, after=b"", tail=b"]}"
        ),
    }


def info_of(spec: FeedSpec) -> FeedInfo:
    """A feed as people and OPML see it."""
    return FeedInfo(id=spec.id, title=spec.title, description=spec.description, language=spec.language)


def feed_id(spec: FeedSpec, house: House) -> str:
    """The feed's permanent identity: neither title nor address can move it."""
    return uuid5(NAMESPACE_DNS, f"{house.id}/feeds/{spec.id}").urn


def feed_url(spec: FeedSpec, house: House, format: str) -> str:
    """Where the feed is served."""
    return f"{house.base_url}/feeds/{spec.id}.{format}"


def archive_url(spec: FeedSpec, house: House, page: str) -> str:
    """Where a page of the feed's past is served, by its name: ``YYYY-MM-DD``, UTC."""
    return f"{house.base_url}/feeds/{spec.id}/archive/{page}.atom"


def feed_generator(
    spec: FeedSpec,
    house: House,
    format: str,
    *,
    own: str | None = None,
    links: Sequence[tuple[str, str]] = (),
) -> FeedGenerator:
    """The feed as feedgen's generator, without entries and with a fixed date of change.

    own    its own address, where that is not the feed's
    links  relation and address of further Atom documents (RFC 5005); with any of them it is an archive
    """
    repair_feedgen()
    own_type = (RSS_TYPE if format == "rss" else ATOM_TYPE).partition(";")[0]
    feed = FeedGenerator()
    feed.register_extension("wire_rss", RssPrefixes, RssParts, atom=False, rss=True)
    feed.register_extension("wire_atom", AtomPrefixes, AtomParts, atom=True, rss=False)
    feed.register_extension("wire_links", FeedLinks, atom=True, rss=True)
    # an archive is no topic: nobody is told of its changes
    feed.wire_links.hubs, feed.wire_links.archive = () if links else spec.hubs, links
    feed.id(feed_id(spec, house))
    feed.title(spec.title)
    feed.description(spec.description or spec.title)
    feed.language(spec.language or house.language)
    feed.updated(NEVER_CHANGED)
    _add_people(feed, spec, house)
    feed.generator("wire")
    feed.ttl(spec.ttl_minutes)
    if spec.rights:
        feed.rights(spec.rights)
    if spec.image and format == "rss":
        feed.image(url=spec.image)  # title and link of the image are the channel's then, as the profile asks
    elif spec.image:
        feed.logo(spec.image)
    feed.link(href=own or feed_url(spec, house, format), rel="self", type=own_type)
    # last, since RSS takes the last as its own
    feed.link(href=_page(spec, house), rel="alternate", type="text/html")
    return feed


def person(text: str) -> dict[str, str]:
    """``Name`` or ``mail@host (Name)`` as ``name`` and, where known, ``email``."""
    found = _WITH_MAIL.fullmatch(text)
    return {"name": found["name"], "email": found["email"]} if found else {"name": text}


def _add_people(feed: FeedGenerator, spec: FeedSpec, house: House) -> None:
    """RSS names an editor by mail address alone, the first; Atom every author."""
    if not spec.authors:
        feed.author({"name": house.name, "uri": house.home_page})
    for author in map(person, spec.authors):
        feed.author(author)
    reachable = [text for text in spec.authors if _WITH_MAIL.fullmatch(text)]
    if reachable:
        feed.managingEditor(reachable[0])


def _json_facts(spec: FeedSpec, house: House) -> dict[str, object]:
    authors: list[dict[str, str]] = [{"name": person(text)["name"]} for text in spec.authors]
    return {
        "title": spec.title,
        "home_page_url": _page(spec, house),
        "feed_url": feed_url(spec, house, "json"),
        "description": spec.description or spec.title,
        "icon": spec.image,
        "authors": authors or [{"name": house.name, "url": house.home_page}],
        "language": spec.language or house.language,
        "hubs": [{"type": "WebSub", "url": hub} for hub in spec.hubs],
    }


def _page(spec: FeedSpec, house: House) -> str:
    return spec.home_page or f"{house.base_url}/feeds/{spec.id}"


def dated_head(format: str, media_type: str, empty: bytes, *, date: str, tail: bytes) -> FeedHead:
    """Take an empty feed apart at its date and its end."""
    opening, closing = f"<{date}>".encode(), f"</{date}>".encode()
    before, _, rest = empty.removesuffix(tail).partition(opening)
    _, _, after = rest.partition(closing)
    return FeedHead(
        format=format, media_type=media_type, before=before + opening, after=closing + after, tail=tail
    )
