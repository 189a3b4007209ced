"""RSS 2.0 and Atom 1.0 by feedgen: each entry rendered once, a feed joined from entries under a head.

The join is byte for byte what feedgen would write for the same entries in one go, once its known
faults are put right (`wire.publish.feedgen_repairs`), at a hundredth of the cost: a new version of a
story costs one entry, whatever number of feeds carries it.

Rules: RSS 2.0 with the RSS Advisory Board's profile, RFC 4287 (Atom), Media RSS.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from operator import attrgetter
from uuid import NAMESPACE_DNS, uuid5

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from wire.errors import RenderError
from wire.iptc import qcodes
from wire.ports import House
from wire.publish.carriage import like_markup, lost
from wire.publish.feedgen_repairs import (
    ATOM_PREFIXES,
    RSS_PREFIXES,
    AtomParts,
    AtomPrefixes,
    RssParts,
    RssPrefixes,
    plain_title,
    repair_feedgen,
    rfc822,
)
from wire.publish.wording import (
    authors,
    entry_id,
    image_type,
    public_pictures,
    story_url,
    title_of,
)
from wire.story import Document, Entry, Picture, PubStatus, Revision, Story
from wire.xmltools import clean_text

RSS_TYPE = "application/rss+xml; charset=utf-8"
ATOM_TYPE = "application/atom+xml; charset=utf-8"

log = logging.getLogger(__name__)

#: What an empty feed says of its last change: it must not be "now", or the bytes would never settle.
NEVER_CHANGED = datetime(2000, 1, 1, tzinfo=UTC)


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


# --- Entries -------------------------------------------------------------------------------------


def render_entry(revision: Revision, house: House) -> Entry:
    """The revision as entry bytes in both formats, without XML declaration or namespaces.

    Pure: the same revision gives the same bytes. Raises RenderError when the story holds characters
    that no XML document may.
    """
    try:
        entry = feed_entry(revision, house)
        rss = _inner(entry.rss_entry(), _RSS_NSMAP)
        atom = _inner(entry.atom_entry(), ATOM_PREFIXES)
    except ValueError as exc:
        raise RenderError(f"story {revision.story_id} cannot be a feed entry: {exc}") from exc
    return Entry(
        seq=revision.seq,
        story_id=revision.story_id,
        published=revision.published,
        updated=revision.updated,
        rss=plain_title(rss),
        atom=atom,
    )


class KeptEntry:
    """A revision's place in feeds: rendered when a feed first shows it, once, and kept.

    A story that scrolls out of every window before anybody looks is never rendered. One that cannot be
    rendered is empty, so that it is missing from the feeds and harms none of them.
    """

    __slots__ = ("__weakref__", "_house", "_rendered", "_revision", "published", "seq", "story_id", "updated")

    def __init__(self, revision: Revision, house: House) -> None:
        self.seq = revision.seq
        self.story_id = revision.story_id
        self.published = revision.published
        self.updated = revision.updated
        self._house = house
        self._revision: Revision | None = revision
        self._rendered: Entry | None = None

    @property
    def rss(self) -> bytes:
        """The ``item``."""
        return self._entry().rss

    @property
    def atom(self) -> bytes:
        """The ``entry``."""
        return self._entry().atom

    def _entry(self) -> Entry:
        # two threads may render the same bytes at once; that is harmless
        revision = self._revision
        if self._rendered is None and revision is not None:
            try:
                self._rendered = render_entry(revision, self._house)
            except RenderError as exc:
                log.error("left out of the feeds: %s", exc, extra={"story": self.story_id})
                self._rendered = Entry(
                    seq=self.seq,
                    story_id=self.story_id,
                    published=self.published,
                    updated=self.updated,
                    rss=b"",
                    atom=b"",
                )
            self._revision = None
        assert self._rendered is not None
        return self._rendered


def feed_entry(revision: Revision, house: House) -> FeedEntry:
    """The revision as feedgen's entry, repairs and extensions attached. Never ed_notes or embargo."""
    repair_feedgen()
    story = revision.story
    pictures = public_pictures(story)
    entry = FeedEntry()
    entry.guid(entry_id(revision, house), permalink=False)
    entry.title(title_of(story))
    entry.published(revision.published.astimezone(UTC))
    entry.updated(revision.updated.astimezone(UTC))
    links = [{"href": story_url(revision, house), "rel": "alternate", "type": "text/html"}]
    entry.link(links := links + _enclosures(pictures))
    _add_text(entry, story)
    entry.category(_categories(story))
    names = [clean_text(name) for name in authors(story)]
    entry.author([{"name": name} for name in names])
    _add_parts(entry, revision, links, names, pictures)
    return entry


def _add_text(entry: FeedEntry, story: Story) -> None:
    """Summary and body, both as HTML: the plain summary is escaped to be so."""
    if story.description:
        entry.summary(escape(clean_text(story.description), quote=False), type="html")
    if story.body_html:
        entry.content(clean_text(story.body_html), type="html")
    if story.copyright_notice:
        entry.rights(clean_text(story.copyright_notice))


def _add_parts(
    entry: FeedEntry,
    revision: Revision,
    links: list[dict[str, str]],
    names: list[str],
    pictures: list[tuple[str, Picture]],
) -> None:
    entry.register_extension("wire_rss", RssParts, atom=False, rss=True)
    rss: RssParts = entry.wire_rss
    rss.creators, rss.pictures = names, pictures
    rss.modified = revision.updated.astimezone(UTC)
    rss.language, rss.rights = revision.story.language, entry.rights()
    entry.register_extension("wire_atom", AtomParts, atom=True, rss=False)
    atom: AtomParts = entry.wire_atom
    atom.links, atom.language, atom.pictures = links, revision.story.language, pictures


def _enclosures(pictures: list[tuple[str, Picture]]) -> list[dict[str, str]]:
    """Pictures of a known type as enclosures; the main one last, since RSS keeps the last alone."""
    return [
        {"href": url, "rel": "enclosure", "type": media_type}
        | ({"length": str(picture.size)} if picture.size else {})
        for url, picture in reversed(pictures)
        if (media_type := image_type(url, picture))
    ]


def _categories(story: Story) -> list[dict[str, str]]:
    """Subjects with their scheme, then keywords; each once."""
    subjects = [_subject(subject.qcode, subject.name) for subject in story.subjects]
    keywords = [(clean_text(keyword), None, None) for keyword in story.keywords]
    unique: dict[tuple[str, str | None], dict[str, str]] = {}
    for term, scheme, label in (*subjects, *keywords):
        if term and (term, scheme) not in unique:
            known = {"term": term, "scheme": scheme, "label": label}
            unique[term, scheme] = {name: value for name, value in known.items() if value}
    return list(unique.values())


@lru_cache(maxsize=2048)
def _subject(qcode: str | None, name: str | None) -> tuple[str, str | None, str | None]:
    """A subject as term, scheme URI and label of an Atom category, as far as known."""
    label = clean_text(name) if name else None
    if qcode is None or not qcodes.is_qcode(qcode):
        return label or "", None, None
    alias, code = qcodes.split(qcode)
    scheme = qcodes.catalogue().get(alias)
    return (code if scheme else qcode), scheme, label


#: Namespaces of an RSS document as feedgen declares them, ours first.
_RSS_NSMAP = {
    **RSS_PREFIXES,
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}


def _inner(element: etree._Element, prefixes: Mapping[str, str]) -> bytes:
    """The element as it stands inside a feed: without the namespaces that the feed's root declares."""
    root = etree.Element("x", nsmap=dict(prefixes))
    root.append(element)
    whole = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return whole[whole.index(b">") + 1 : -len(b"</x>")]


# --- Feeds ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """A feed's bytes before and after its entries, rendered by feedgen once; only the date moves."""

    format: str  #: ``rss`` or ``atom``
    media_type: str
    before: bytes = field(repr=False)  #: up to the date of the last change
    after: bytes = field(repr=False)  #: from behind that date to where the entries begin
    tail: bytes = field(repr=False)

    def join(self, entries: Sequence[Entry | KeptEntry]) -> bytes:
        """The whole feed: these entries, in this order. Its date is the latest change of any entry."""
        changed = modified(entries)
        date = rfc822(changed) if self.format == "rss" else changed.astimezone(UTC).isoformat()
        bodies = map(attrgetter(self.format), entries)
        return b"".join((self.before, date.encode(), self.after, *bodies, self.tail))


def modified(entries: Sequence[Entry | KeptEntry]) -> datetime:
    """The latest change of any entry; `NEVER_CHANGED` of none."""
    return max((entry.updated for entry in entries), default=NEVER_CHANGED)


def heads(spec: FeedSpec, house: House) -> dict[str, FeedHead]:
    """The heads of one feed by format. Raises RenderError when feedgen refuses the configuration."""
    try:
        rss = plain_title(feed_generator(spec, house, "rss").rss_str())
        atom = feed_generator(spec, house, "atom").atom_str()
    except ValueError as exc:
        raise RenderError(f"feed {spec.id} cannot be written: {exc}") from exc
    return {
        "rss": _head("rss", RSS_TYPE, rss, date="lastBuildDate", tail=b"</channel></rss>"),
        "atom": _head("atom", ATOM_TYPE, atom, date="updated", tail=b"</feed>"),
    }


def feed_generator(spec: FeedSpec, house: House, format: str) -> FeedGenerator:
    """The feed as feedgen's generator, without entries and with a fixed date of change."""
    repair_feedgen()
    page = spec.home_page or f"{house.base_url}/feeds/{spec.id}"
    own_type = (RSS_TYPE if format == "rss" else ATOM_TYPE).partition(";")[0]
    feed = FeedGenerator()
    feed.register_extension("wire_rss", RssPrefixes, RssParts, atom=False, rss=True)
    feed.register_extension("wire_atom", AtomPrefixes, AtomParts, atom=True, rss=False)
    feed.id(uuid5(NAMESPACE_DNS, f"{house.id}/feeds/{spec.id}").urn)
    feed.title(spec.title)
    feed.description(spec.description or spec.title)
    feed.language(spec.language or house.language)
    feed.updated(NEVER_CHANGED)
    feed.author({"name": house.name, "uri": house.home_page})
    feed.generator("wire")
    feed.ttl(spec.ttl_minutes)
    feed.link(href=f"{house.base_url}/feeds/{spec.id}.{format}", rel="self", type=own_type)
    feed.link(href=page, rel="alternate", type="text/html")  # last: RSS takes the last link as its own
    return feed


def _head(format: str, media_type: str, empty: bytes, *, date: str, tail: bytes) -> FeedHead:
    """Take an empty feed apart at its date and its end."""
    opening, closing = f"<{date}>".encode(), f"</{date}>".encode()
    before, _, rest = empty.removesuffix(tail).partition(opening)
    _, _, after = rest.partition(closing)
    return FeedHead(
        format=format, media_type=media_type, before=before + opening, after=closing + after, tail=tail
    )


# --- Feeds of one story --------------------------------------------------------------------------


_MAIL_AND_NAME = re.compile(r"[@()]")  #: what makes readers take a name for an address


class _OneStoryFeed:
    """A feed that holds one story; what ``wire convert --to rss`` and ``--to atom`` write."""

    format: str
    media_type: str

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a feed of its own. Raises RenderError."""
        spec = FeedSpec(id=revision.story_id, title=house.name, home_page=house.home_page)
        body = heads(spec, house)[self.format].join([render_entry(revision, house)])
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=body,
            suffix=self.format,
            losses=lost(revision.story, self.format, _losses(revision, house)),
        )


def _losses(revision: Revision, house: House) -> Iterator[str]:
    """What an entry could not carry of single values."""
    story = revision.story
    if entry_id(revision, house) != revision.guid:
        yield "guid"
    if story.pub_status is not PubStatus.USABLE:
        yield "pub_status"
    if story.description and not story.body_html:
        yield "description"  # a summary alone is the text
    if any(_MAIL_AND_NAME.search(name) for name in authors(story)):
        yield "creators.characters"
    yield from like_markup(story)
    schemes = [_subject(subject.qcode, subject.name)[1] for subject in story.subjects]
    if not all(schemes) or len({subject.qcode for subject in story.subjects}) < len(schemes):
        yield "subjects"  # without a scheme a category is a keyword, and each stands once
    shown = public_pictures(story)
    if len(shown) < len(story.pictures):
        yield "pictures"
    if any(url != picture.href for url, picture in shown):
        yield "pictures.href"  # written as a URI


class RssRenderer(_OneStoryFeed):
    """One story as an RSS 2.0 feed."""

    format = "rss"
    media_type = RSS_TYPE


class AtomRenderer(_OneStoryFeed):
    """One story as an Atom 1.0 feed."""

    format = "atom"
    media_type = ATOM_TYPE
