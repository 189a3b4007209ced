"""A story as an entry of RSS 2.0 and Atom 1.0 by feedgen, and of JSON Feed: rendered once.

`heads` joins entries to feeds. The join is byte for byte what feedgen would write for the
same entries in one go, once its known faults are put right (`feedgen_repairs`), at a hundredth
of the cost: a new version of a story costs one entry, whatever number of feeds carries it.

Rules: RSS 2.0 with the RSS Advisory Board's profile, RFC 4287 (Atom), Media RSS.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit
from uuid import NAMESPACE_DNS, uuid5

from feedgen.entry import FeedEntry
from lxml import etree

from wire.errors import RenderError
from wire.iptc import qcodes
from wire.ports import House
from wire.publish.carriage import like_markup, lost, unreadable
from wire.publish.feeds import jsonfeed, tombstones
from wire.publish.feeds.feedgen_repairs import (
    ATOM_PREFIXES,
    RSS_PREFIXES,
    AtomParts,
    Origin,
    RssParts,
    in_plain_text,
    repair_feedgen,
)
from wire.publish.feeds.heads import ATOM_TYPE, RSS_TYPE, FeedSpec, heads
from wire.publish.feeds.languages import known_language
from wire.publish.wording import (
    authors,
    entry_id,
    image_type,
    public_pictures,
    story_url,
    title_of,
)
from wire.story import Document, Entry, Picture, PubStatus, Revision, Story
from wire.xmltools import clean_line, clean_text

log = logging.getLogger(__name__)

_FORMATS = ("rss", "atom", "json")

# --- Entries -------------------------------------------------------------------------------------


class EntryInMaking:
    """A revision as entry bytes, without XML declaration or namespaces; each format written when asked for.

    Pure: the same revision gives the same bytes. Each raises RenderError when the story holds characters
    that no XML document may.
    """

    __slots__ = ("_house", "_revision", "_shared")

    def __init__(self, revision: Revision, house: House) -> None:
        self._revision = revision
        self._house = house
        self._shared: FeedEntry | None = None  # RSS and Atom are two writings of one feedgen entry

    def rss(self) -> bytes:
        """The ``item`` of RSS."""
        with self._told():
            return _inner(self._entry().rss_entry(), _RSS_NSMAP)

    def atom(self) -> bytes:
        """The ``entry`` of Atom."""
        with self._told():
            return _inner(self._entry().atom_entry(), ATOM_PREFIXES)

    def json(self) -> bytes:
        """The item of a JSON Feed."""
        return jsonfeed.item(self._revision, self._house)

    def _entry(self) -> FeedEntry:
        if self._shared is None:
            self._shared = feed_entry(self._revision, self._house)
        return self._shared

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ValueError as exc:
            raise RenderError(f"story {self._revision.story_id} cannot be a feed entry: {exc}") from exc


def render_entry(revision: Revision, house: House) -> Entry:
    """The revision as entry bytes in every format. Raises RenderError."""
    making = EntryInMaking(revision, house)
    return Entry(
        seq=revision.seq,
        story_id=revision.story_id,
        published=revision.published,
        updated=revision.updated,
        rss=making.rss(),
        atom=making.atom(),
        json=making.json(),
    )


EntryKey = tuple[int, str, bool]


def entry_key(spec: FeedSpec, seq: int) -> EntryKey:
    """What feeds have in common that show a revision, by its number, as the same entry."""
    return seq, spec.edition, spec.kill_notice


class KeptEntry:
    """A revision's place in feeds: rendered in a format when a feed first shows it there, once, and kept.

    A story that scrolls out of every window before anybody looks is never rendered. One that cannot be
    rendered is empty, so that it is missing from the feeds and harms none of them. One that was taken back
    is its tombstone, and a notice in its place if asked for.
    """

    __slots__ = (
        *("__weakref__", "_making", "_rendered"),
        *("published", "seq", "story_id", "tombstone", "updated", "withdrawn"),
    )

    def __init__(self, revision: Revision, house: House, *, notice: bool = False) -> None:
        """notice: whether a notice stands in its place when it was taken back"""
        self.seq = revision.seq
        self.story_id = revision.story_id
        self.published = revision.published
        self.updated = revision.updated
        self.withdrawn = revision.standing in tombstones.WITHDRAWN
        #: the ``at:deleted-entry`` of a story that was taken back; empty of any other
        self.tombstone = tombstones.tombstone(revision, house) if self.withdrawn else b""
        shown = tombstones.notice(revision, house) if self.withdrawn else revision
        self._rendered: dict[str, bytes] = {}
        self._making: EntryInMaking | None = None
        if notice or not self.withdrawn:
            self._making = EntryInMaking(shown, house)

    @classmethod
    def of(cls, spec: FeedSpec, revision: Revision, house: House) -> KeptEntry:
        """The revision as this very feed shows it."""
        if spec.change is not None:
            revision = replace(revision, story=spec.change(revision.story))
        return cls(revision, house, notice=spec.kill_notice)

    def settle(self, format: str) -> None:
        """Render it in this format and let go of the story: nobody will ask for another one."""
        self._in(format)
        self._making = None

    @property
    def rss(self) -> bytes:
        """The ``item``."""
        return self._in("rss")

    @property
    def atom(self) -> bytes:
        """The ``entry``."""
        return self._in("atom")

    @property
    def json(self) -> bytes:
        """The item of a JSON Feed."""
        return self._in("json")

    def _in(self, format: str) -> bytes:
        # two threads may render the same bytes at once; that is harmless
        making = self._making
        if (known := self._rendered.get(format)) is not None or making is None:
            return known or b""
        try:
            made: bytes = getattr(making, format)()
        except RenderError as exc:
            log.error("left out of the feeds: %s", exc, extra={"story": self.story_id})
            made = b""
        self._rendered[format] = made
        if len(self._rendered) == len(_FORMATS):
            self._making = None
        return made


def feed_entry(revision: Revision, house: House) -> FeedEntry:
    """The revision as feedgen's entry, repairs and extensions attached. Never ed_notes or embargo."""
    repair_feedgen()
    story = revision.story
    pictures = public_pictures(story)
    entry = FeedEntry()
    entry.guid(entry_id(revision, house), permalink=False)
    entry.title(title_of(story))
    entry.published(revision.published.astimezone(UTC))
    entry.updated(revision.significant_at.astimezone(UTC))
    links = [{"href": story_url(revision, house), "rel": "alternate", "type": "text/html"}]
    entry.link(links := links + _enclosures(pictures))
    _add_text(entry, story)
    entry.category(_categories(story))
    names = [clean_text(name) for name in authors(story)]
    entry.author([{"name": name} for name in names])
    _add_parts(entry, revision, links, names, pictures, house)
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
    house: House,
) -> None:
    entry.register_extension("wire_rss", RssParts, atom=False, rss=True)
    rss: RssParts = entry.wire_rss
    rss.creators, rss.pictures = names, pictures
    rss.modified = revision.significant_at.astimezone(UTC)
    rss.language, rss.rights = known_language(revision.story.language), entry.rights()
    origin = _origin(revision, house)
    rss.origin = origin
    entry.register_extension("wire_atom", AtomParts, atom=True, rss=False)
    atom: AtomParts = entry.wire_atom
    atom.links, atom.language, atom.pictures = links, rss.language, pictures
    atom.origin = origin


def _origin(revision: Revision, house: House) -> Origin | None:
    """The story's provider as a source of its own, unless that is the house itself."""
    provider = clean_line(revision.story.provider or "")
    if not provider or provider == house.name:
        return None
    return Origin(
        id=_provider_id(house.id, provider),
        title=provider,
        updated=revision.significant_at.astimezone(UTC),
    )


@lru_cache(maxsize=256)
def _provider_id(house_id: str, provider: str) -> str:
    return uuid5(NAMESPACE_DNS, f"{house_id}/providers/{provider}").urn


def _enclosures(pictures: list[tuple[str, Picture]]) -> list[dict[str, str]]:
    """Pictures of a known type as enclosures; the main one last, since RSS keeps the last alone.

    A host that is no proper name (RFC 952 knows no ``_``) is for Media RSS alone.
    """
    return [
        {"href": url, "rel": "enclosure", "type": media_type}
        | ({"length": str(picture.size)} if picture.size else {})
        for url, picture in reversed(pictures)
        if (media_type := image_type(url, picture)) and "_" not in urlsplit(url).netloc
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


_LOST = "\ufffd".encode()
#: Namespaces of an RSS document as feedgen declares them, ours first.
_RSS_NSMAP = {
    **RSS_PREFIXES,
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}


def _inner(element: etree._Element, prefixes: Mapping[str, str]) -> bytes:
    """The element as it stands inside a feed: without the namespaces that the feed's root declares.

    Marks of characters that were lost on the way here (U+FFFD) are for editors, and left out.
    """
    root = etree.Element("x", nsmap=dict(prefixes))
    root.append(element)
    whole = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return in_plain_text(whole[whole.index(b">") + 1 : -len(b"</x>")].replace(_LOST, b""))


# --- Feeds of one story --------------------------------------------------------------------------


_MAIL_AND_NAME = re.compile(r"[@()]")  #: what makes readers take a name for an address


class _OneStoryFeed:
    """A feed that holds one story; what ``wire convert`` writes."""

    format: str
    media_type: str
    suffix: str  #: the name of the format among a feed's heads

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as a feed of its own. Raises RenderError."""
        spec = FeedSpec(id=revision.story_id, title=house.name, home_page=house.home_page)
        body = heads(spec, house)[self.suffix].join([render_entry(revision, house)])
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=body,
            suffix=self.suffix,
            losses=lost(revision.story, self.format, _losses(revision, house)),
        )


def _losses(revision: Revision, house: House) -> Iterator[str]:
    """What an entry could not carry of single values."""
    story = revision.story
    if entry_id(revision, house) != revision.guid:
        yield "guid"
    if story.pub_status is not PubStatus.USABLE:
        yield "pub_status"
    if story.provider:
        yield "info_sources"  # which readers take the provider for
    if story.description and not story.body_html:
        yield "description"  # a summary alone is the text
    if any(_MAIL_AND_NAME.search(name) for name in authors(story)):
        yield "creators.characters"
    yield from like_markup(story)
    yield from unreadable(story)
    schemes = [_subject(subject.qcode, subject.name)[1] for subject in story.subjects]
    if not all(schemes) or len({subject.qcode for subject in story.subjects}) < len(schemes):
        yield "subjects"  # without a scheme a category is a keyword, and each stands once
    yield from _lost_pictures(story)


def _lost_pictures(story: Story) -> Iterator[str]:
    shown = public_pictures(story)
    if len({url for url, _ in shown}) < len(story.pictures):
        yield "pictures"  # readers take two of one address for one
    if any(url != picture.href for url, picture in shown):
        yield "pictures.href"  # written as a URI


class RssRenderer(_OneStoryFeed):
    """One story as an RSS 2.0 feed."""

    format = suffix = "rss"
    media_type = RSS_TYPE


class AtomRenderer(_OneStoryFeed):
    """One story as an Atom 1.0 feed."""

    format = suffix = "atom"
    media_type = ATOM_TYPE


class JsonFeedRenderer(_OneStoryFeed):
    """One story as a JSON Feed 1.1."""

    format = "jsonfeed"
    media_type = jsonfeed.MEDIA_TYPE
    suffix = "json"
