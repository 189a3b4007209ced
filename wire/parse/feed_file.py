"""RSS 0.9x, 2.0 and 1.0 and Atom files: each entry a story.

Feeds are read as they occur: HTML in titles, dates in any form, relative links, elements of other
vocabularies (Dublin Core, media, content). Nothing that a feed names is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from wire.errors import NotAStory
from wire.parse.base import head_of
from wire.parse.items import wordpress
from wire.parse.items.coded import add_subject, code_in
from wire.parse.items.feed_media import MEDIA, read_media
from wire.parse.items.feed_texts import html_in, line_in, plain
from wire.parse.items.html_input import body_of, line_of
from wire.parse.items.said import Said
from wire.parse.markup import local_name, text_of, whole
from wire.parse.profiles import load
from wire.parse.xml_input import read_root
from wire.story import Concept, Draft, Link, Picture, PubStatus, RawFile

Element = etree._Element

_RSS = re.compile(rb"<(?:[\w.-]+:)?(?:rss|RDF)[\s>]")
_ATOM = re.compile(rb"<(?:[\w.-]+:)?(?:feed|entry)\s[^>]{0,2000}http://www\.w3\.org/2005/Atom")
_OLD_ATOM = re.compile(rb"<feed\s[^>]{0,2000}http://purl\.org/atom/ns#")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_WEB = ("http://", "https://")


class _FeedParser:
    """What both kinds of feed share."""

    name: str
    entries: tuple[str, ...]

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft an entry. Raises Malformed, UnsafeInput, or NotAStory when there is no entry."""
        root, charset, warnings = read_root(raw)
        feed = _feed(root)
        entries = [entry for entry in self._entries(root) if wordpress.is_story(entry)]
        drafts = [_draft(self.name, entry, feed, charset, warnings) for entry in entries]
        if not drafts:
            raise NotAStory("this feed has no entries")
        names = wordpress.authors(root)
        return [_renamed(draft, names) for draft in drafts] if names else drafts

    def _entries(self, root: Element) -> Iterator[Element]:
        if local_name(root) in self.entries:
            yield root
        yield from root.iterdescendants(*(f"{{*}}{name}" for name in self.entries))


class RssParser(_FeedParser):
    """Reads RSS 0.9x, 2.0 and 1.0 (RDF)."""

    name = "rss"
    entries = ("item",)

    def evidence(self, raw: RawFile) -> int:
        """100 for a root of RSS with a channel."""
        head = head_of(raw)
        if not head.startswith(b"<") or (root := _RSS.search(head)) is None:
            return 0
        return 100 if b"rss" in root[0] or b"rss" in head.lower() else 0


class AtomParser(_FeedParser):
    """Reads Atom (RFC 4287) feeds and entries, and the tombstones of RFC 6721."""

    name = "atom"
    entries = ("entry", "deleted-entry")

    def evidence(self, raw: RawFile) -> int:
        """100 for a root of Atom in its namespace."""
        head = head_of(raw)
        return 100 if head.startswith(b"<") and (_ATOM.search(head) or _OLD_ATOM.search(head)) else 0


def _renamed(draft: Draft, names: Mapping[str, str]) -> Draft:
    return replace(draft, creators=tuple(names.get(creator, creator) for creator in draft.creators))


def _feed(root: Element) -> Element:
    """What the feed says for all its entries, without the entries, so that each may look at it."""
    feed = root if local_name(root) in {"feed", "entry"} else next(root.iterchildren("{*}channel"), root)
    alone = etree.Element(feed.tag, {str(name): str(value) for name, value in feed.items()})
    parts = (part for part in _known(feed) if local_name(part) in _OF_FEED)
    alone.extend(copy(part) for part in islice(parts, _MOST_FEED_PARTS))
    return alone


def _draft(format: str, entry: Element, feed: Element, charset: str, warnings: tuple[str, ...]) -> Draft:
    said = Said(warnings)
    if local_name(entry) == "deleted-entry":
        return _tombstone(format, entry, said, charset)
    wordpress.read_post(entry, said)
    _read_parts(entry, said)
    guid = said.fields.pop("guid", None) or entry.get(_ABOUT)
    address = _address(entry)
    _say_body(entry, said)
    said.say("language", entry.get(_LANG))
    _say_feed(feed, said)
    return said.draft(
        format,
        guid=guid or address or _made_guid(said),
        charset=charset,
        base_url=_base_of(entry, address or _address(feed)),
    )


def _read_parts(entry: Element, said: Said) -> None:
    """Every element that we know; agencies' own first, since they say it better."""
    for part in entry:
        if (extension := _EXTENSIONS.get(part.tag)) is not None:
            extension(part, said)
    for part in _known(entry):
        if (reader := _PARTS.get(local_name(part))) is not None:
            reader(part, said)
    for part in entry.iterchildren("{*}enclosure", f"{MEDIA}group", f"{MEDIA}content", f"{MEDIA}thumbnail"):
        read_media(part, said)


def _known(element: Element) -> Iterator[Element]:
    """The children in vocabularies that we read; others use the same words for other things."""
    return (part for part in element if (etree.QName(part).namespace or "") in _NAMESPACES)


def _tombstone(format: str, entry: Element, said: Said, charset: str) -> Draft:
    """``at:deleted-entry``: the entry it names is killed."""
    said.say("pub_status", PubStatus.CANCELED)
    said.say_date("version_created", entry.get("when"))
    comment = next(entry.iterchildren("{*}comment"), None)
    said.add("ed_notes", plain(comment) if comment is not None else None)
    return said.draft(format, guid=entry.get("ref"), charset=charset)


def _made_guid(said: Said) -> str:
    """An id for an entry that has none: as long as title and date stay, it is the same story."""
    said.warn("this entry has no id: named by its title and date")
    told = f"{said.fields.get('headline')}\n{said.fields.get('first_created')}"
    return f"urn:sha256:{sha256(told.encode('utf-8', 'replace')).hexdigest()}"


def _base_of(entry: Element, address: str | None) -> str | None:
    """What relative links of the entry are relative to: ``xml:base`` from the outside in, else its page."""
    content = next(entry.iterchildren("{*}content", "{*}summary"), entry)
    base = address or ""
    for element in reversed([content, *content.iterancestors()]):
        if inner := element.get(_BASE):
            base = _joined(base, inner)
    return base or None


def _joined(base: str | None, href: str) -> str:
    """A link made absolute; as it stands when it or its base is none."""
    try:
        return href if urlsplit(href).scheme else urljoin(base or "", href)  # a join drops an empty end
    except ValueError:
        return href


def _address(entry: Element) -> str | None:
    """The entry's own page: ``link`` of RSS, the alternate ``link`` of Atom, or a permanent ``guid``."""
    for link in entry.iterchildren("{*}link"):
        href = link.get("href") if link.get("href") is not None else text_of(link)
        if href and href.strip().startswith(_WEB) and link.get("rel", "alternate") == "alternate":
            return href.strip()
    guid = next(entry.iterchildren("{*}guid"), None)
    href = (text_of(guid) or "") if guid is not None and guid.get("isPermaLink") != "false" else ""
    return href if href.startswith(_WEB) else None


def _say_feed(feed: Element, said: Said) -> None:
    """What the feed says for all its entries."""
    for part in _known(feed):
        kind = local_name(part)
        if kind == "language":
            said.say("language", text_of(part))
        elif kind in {"rights", "copyright"}:
            said.say("copyright_notice", line_in(part))
        elif kind == "publisher" or (kind == "author" and feed.tag.endswith("feed")):
            said.say("provider", _name(part))
    said.say("language", feed.get(_LANG))
    title = next(feed.iterchildren("{*}title"), None)
    if not feed.tag.endswith("entry"):
        said.say("provider", line_in(title) if title is not None else None)


def _say_body(entry: Element, said: Said) -> None:
    """The full content where there is one; else the summary stands for it."""
    full, brief = _first_of(entry, _FULL), _first_of(entry, _BRIEF)
    if full is not None and (elsewhere := full.get("src")) and not text_of(full):
        said.add("links", Link(rel="irel:seeAlso", href=elsewhere))
        said.warn(f"the content lies elsewhere: {elsewhere.partition('?')[0]}, not fetched")
        full = None
    html, summary = html_in(full), html_in(brief)
    if html and summary:
        said.say("description", line_of(summary))
    elif summary:
        said.warn("the feed carries a summary, not the text")
    body, pictures = body_of(html or summary or "", said.fields.get("headline"))
    said.say("body_html", body)
    said.add_pictures(pictures)


def _first_of(entry: Element, names: Sequence[str]) -> Element | None:
    """The first child of the first of these names that the entry has."""
    own = {local_name(part): part for part in reversed(list(_known(entry)))}
    return next((own[name] for name in names if name in own), None)


def _name(part: Element) -> str | None:
    """Somebody's name: ``name`` of Atom, the name in ``mail (name)``, else the text."""
    inner = next(part.iterchildren("{*}name"), None)
    text = line_in(inner if inner is not None else part)
    mail = _MAIL_AND_NAME.fullmatch(text) if text and len(text) < _LONGEST_PERSON else None
    return mail[1] if mail else text


def _author(part: Element, said: Said) -> None:
    name = _name(part)
    if name and not (len(name) < _LONGEST_PERSON and _MAIL.fullmatch(name)):
        said.add("creators", name)


def _link(part: Element, said: Said) -> None:
    href = (part.get("href") if part.get("href") is not None else text_of(part)) or ""
    rel, media_type = part.get("rel", "alternate"), part.get("type") or ""
    if not href.strip() or rel in {"self", "edit", "edit-media", "replies", "hub"}:
        return
    href = _joined(_base_of(part, None), href.strip())
    if rel != "enclosure":
        said.add("links", Link(rel=_RELATIONS.get(rel), href=href, title=part.get("title")))
    elif media_type.startswith("image/"):
        size = whole(part.get("length")) or None
        said.add_pictures([Picture(href=href, caption=part.get("title"), mimetype=media_type, size=size)])
    else:
        said.warn(f"ignored: media of type {media_type[:60] or 'unknown'}")


def _category(part: Element, said: Said) -> None:
    """A word is a keyword; with a scheme it is a subject."""
    term = part.get("term") or text_of(part)
    scheme, label = part.get("scheme") or part.get("domain"), part.get("label")
    if not term:
        return
    if scheme == "post_tag":  # WordPress's keywords, beside its categories
        said.add("keywords", line_of(term))
    elif scheme == "category":
        said.add("subjects", Concept(name=line_of(term)))
    elif scheme or term.startswith(_WEB):
        code = code_in(scheme, term) if _CODE.fullmatch(term.strip()) else None
        add_subject(said, label or (None if code else term), code)
    else:
        said.add("keywords", line_of(label or term))


def _guid(part: Element, said: Said) -> None:
    said.say("guid", (text_of(part) or "").strip())


def _source(part: Element, said: Said) -> None:
    title = next(part.iterchildren("{*}title"), part)
    said.add("info_sources", line_in(title))


def _control(part: Element, said: Said) -> None:
    """``app:control/app:draft`` (RFC 5023)."""
    if any((text_of(draft) or "").lower() == "yes" for draft in part.iterchildren("{*}draft")):
        said.say("pub_status", PubStatus.WITHHELD)


def _says_date(field: str) -> Callable[[Element, Said], None]:
    return lambda part, said: said.say_date(field, text_of(part))


def _valid(part: Element, said: Said) -> None:
    """``dcterms:valid``: a date, or the end of a period (DCMI Period)."""
    text = (text_of(part) or "").strip()
    period = _PERIOD_END.search(text)
    if period is not None or "=" not in text:
        said.say_date("expires", period[1] if period else text)


def _wenn_management(part: Element, said: Said) -> None:
    """WENN's own times, and the id that an article has in all its feeds."""
    told = {local_name(inner): (text_of(inner) or "").strip() for inner in part}
    said.say("guid", told.get("original_article_id"))
    said.say_date("first_created", told.get("published"))
    said.say_date("version_created", told.get("updated"))
    said.say("urgency", load("wenn").urgency.get(told.get("feedarticle_priority", "").lower()))
    if told.get("publishing_status"):
        said.say_status(told["publishing_status"])


def _wenn_content(part: Element, said: Said) -> None:
    for inner in part:
        if local_name(inner) == "first_line":
            said.say("description", line_in(inner))
        elif local_name(inner) == "tags":
            for tag in inner:
                said.add("keywords", tag.get("value"))


_NAMESPACES = frozenset(
    (
        *("", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"),
        "http://backend.userland.com/rss2",
        *("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://www.w3.org/2007/app"),
        *("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"),
        "http://purl.org/rss/1.0/modules/content/",
    )
)
_OF_FEED = frozenset(("language", "rights", "copyright", "publisher", "author", "title", "link"))
_MOST_FEED_PARTS = 30
_FULL = ("encoded", "content", "body")
_BRIEF = ("description", "summary", "abstract")
_RELATIONS = {
    "alternate": None,
    "related": "irel:seeAlso",
    "via": "irel:derivedFrom",
    "predecessor-version": "irel:previousVersion",
}
_PERIOD_END = re.compile(r"\bend=([^;\s]+)")
_CODE = re.compile(r"[!-~]+")  #: a name that it is not may hold anything else
_LONGEST_PERSON = 300  #: characters
_MAIL_AND_NAME = re.compile(r"\S+@\S+\s+\((.+)\)")
_MAIL = re.compile(r"\S+@\S+")
_PARTS: Mapping[str, Callable[[Element, Said], None]] = {
    "title": lambda part, said: said.say("headline", line_in(part)),
    "id": _guid,
    "guid": _guid,
    "identifier": _guid,
    "link": _link,
    "published": _says_date("first_created"),
    "pubDate": _says_date("first_created"),
    "issued": _says_date("first_created"),
    "date": _says_date("first_created"),
    "created": _says_date("content_created"),
    "updated": _says_date("version_created"),
    "modified": _says_date("version_created"),
    "valid": _valid,
    "author": _author,
    "creator": _author,
    "category": _category,
    "subject": _category,
    "publisher": lambda part, said: said.say("provider", _name(part)),
    "rights": lambda part, said: said.say("copyright_notice", line_in(part)),
    "language": lambda part, said: said.say("language", text_of(part)),
    "source": _source,
    "control": _control,
}
#: Elements of agencies' own vocabularies that say it better than those of the feed.
_EXTENSIONS: Mapping[str, Callable[[Element, Said], None]] = {
    "{http://feed.wenn.com/xmlns/2010/03/wenn_nm}NewsManagement": _wenn_management,
    "{http://feed.wenn.com/xmlns/2010/03/wenn_cm}ContentMetadata": _wenn_content,
}
