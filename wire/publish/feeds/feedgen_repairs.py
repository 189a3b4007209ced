"""feedgen's known faults put right from outside: extensions for what its trees lack, one date writer.

feedgen builds every entry and head; what it drops or garbles is added here through its own extension
mechanism, so that an upgrade of feedgen needs no patch. The one thing no extension can reach is its
date writer, which switches the locale of the whole process for every date: `repair_feedgen` replaces
it in the two modules that imported it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import feedgen.entry
import feedgen.feed
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from wire.iptc.namespaces import XML_LANG
from wire.publish.wording import image_type
from wire.story import Picture

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA = "http://search.yahoo.com/mrss/"

_DC_CREATOR, _DC_LANGUAGE, _DC_RIGHTS, _DC_SOURCE = (
    f"{{{DC}}}{name}" for name in ("creator", "language", "rights", "source")
)
_DCTERMS_MODIFIED = f"{{{DCTERMS}}}modified"
_MEDIA_CONTENT, _MEDIA_CREDIT, _MEDIA_DESCRIPTION = (
    f"{{{MEDIA}}}{name}" for name in ("content", "credit", "description")
)

#: The elements of an entry that hold HTML, each once.
_HTML = (b"<description>", b"<content:encoded>", b'<summary type="html">', b'<content type="html">')

#: Prefixes our parts add to feedgen's own, per format.
RSS_PREFIXES: Mapping[str, str] = {"dc": DC, "dcterms": DCTERMS, "media": MEDIA}
ATOM_PREFIXES: Mapping[str, str] = {"media": MEDIA}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whom a story comes from, when that is somebody else (RFC 4287, 4.2.11)."""

    id: str  #: permanent URI
    title: str
    updated: datetime


def rfc822(moment: datetime) -> str:
    """An aware time as RSS writes it (RFC 822 with four-digit years), in GMT whatever the locale."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def repair_feedgen() -> None:
    """Make feedgen write dates without touching the process's locale. Harmless when repeated."""
    feedgen.entry.formatRFC2822 = rfc822
    feedgen.feed.formatRFC2822 = rfc822


def in_plain_text(xml: bytes) -> bytes:
    """An entry or head with ``&`` and ``<`` in plain texts as the RSS profile asks: ``&#x26;``, ``&#x3C;``.

    lxml can only write ``&amp;`` and ``&lt;``, which some readers unescape twice. What holds HTML is left so.
    """
    done: list[bytes] = []
    at = 0
    for start in sorted(start for mark in _HTML if (start := xml.find(mark)) >= 0):
        end = xml.index(b"<", start + 1)
        done += _referenced(xml[at:start]), xml[start:end]
        at = end
    return b"".join((*done, _referenced(xml[at:])))


def _referenced(xml: bytes) -> bytes:
    return xml.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


class RssPrefixes(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """Declares the namespaces of our RSS items on the feed, once."""

    def extend_ns(self) -> dict[str, str]:
        """Prefix to namespace."""
        return dict(RSS_PREFIXES)


class AtomPrefixes(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """Declares the namespaces of our Atom entries on the feed, once."""

    def extend_ns(self) -> dict[str, str]:
        """Prefix to namespace."""
        return dict(ATOM_PREFIXES)


class FeedLinks(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """Links of a feed beside itself and its page: feedgen drops them from RSS, and takes one for the page."""

    hubs: Sequence[str] = ()  #: WebSub hubs
    #: relation and address of the archive's other documents (RFC 5005)
    archive: Sequence[tuple[str, str]] = ()

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Append the hubs to the channel."""
        for hub in self.hubs:
            etree.SubElement(feed[0], f"{{{ATOM}}}link", href=hub, rel="hub")
        return feed

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Append hubs and archive documents; a document of several says that it is of an archive."""
        if len(self.archive) > 1:  # beside the feed itself: what nothing leads on from is no archive yet
            etree.SubElement(feed, f"{{{HISTORY}}}archive", nsmap={"fh": HISTORY})
        for hub in self.hubs:
            etree.SubElement(feed, "link", href=hub, rel="hub")
        for relation, href in self.archive:
            etree.SubElement(feed, "link", href=href, rel=relation, type="application/atom+xml")
        return feed


class RssParts(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """What an RSS item needs and feedgen cannot say: creators without e-mail, the time of the change,
    language, rights, where it comes from, pictures with caption and credit."""

    creators: Sequence[str] = ()
    modified: datetime
    language: str | None = None
    rights: str | None = None
    origin: Origin | None = None
    pictures: Sequence[tuple[str, Picture]] = ()  #: with the URL as it may be printed

    def extend_rss(self, item: etree._Element) -> etree._Element:
        """Append the parts to an item that feedgen has built."""
        for creator in self.creators:
            _text(item, _DC_CREATOR, creator)
        _text(item, _DCTERMS_MODIFIED, self.modified.isoformat())
        if self.language:
            _text(item, _DC_LANGUAGE, self.language)
        if self.rights:
            _text(item, _DC_RIGHTS, self.rights)
        if self.origin:  # the core's own element wants the address of a feed, which nobody knows
            _text(item, _DC_SOURCE, self.origin.title)
        _add_pictures(item, self.pictures)
        return item


class AtomParts(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """What an Atom entry needs and feedgen loses or cannot say: the attributes of its links, language, where
    it comes from, a text where it has nothing but a title, pictures."""

    links: Sequence[dict[str, str]] = ()  #: the very links given to the entry, in their order
    language: str | None = None
    origin: Origin | None = None
    pictures: Sequence[tuple[str, Picture]] = ()  #: with the URL as it may be printed

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Put the parts into an entry that feedgen has built."""
        for element, link in zip(entry.iterchildren("link"), self.links, strict=True):
            for name, value in link.items():
                if name != "href":  # the one attribute that feedgen keeps
                    element.set(name, value)
        if self.language:
            entry.set(XML_LANG, self.language)
        if entry.find("content") is None and entry.find("summary") is None:
            _text(entry, "summary", entry.findtext("title") or "")
        if self.origin:
            source = etree.SubElement(entry, "source")
            _text(source, "id", self.origin.id)
            _text(source, "title", self.origin.title)
            _text(source, "updated", self.origin.updated.isoformat())
        _add_pictures(entry, self.pictures)
        return entry


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text
    return element


def _add_pictures(parent: etree._Element, pictures: Sequence[tuple[str, Picture]]) -> None:
    """Media RSS: one ``media:content`` a picture; sizes only where they are known to be true."""
    for url, picture in pictures:
        content = etree.SubElement(parent, _MEDIA_CONTENT, url=url, medium="image")
        for name, value in (
            ("type", image_type(url, picture)),
            ("fileSize", picture.size),
            ("width", picture.width),
            ("height", picture.height),
        ):
            if value:
                content.set(name, str(value))
        if picture.caption:
            _text(content, _MEDIA_DESCRIPTION, picture.caption).set("type", "plain")
        if picture.credit:
            _text(content, _MEDIA_CREDIT, picture.credit)
