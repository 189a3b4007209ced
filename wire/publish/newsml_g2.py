"""NewsML-G2 2.35, power conformance: one ``newsItem`` for every revision, kills included.

The order of elements is the schema's (guidelines, "Item structure"). Aliases that the IPTC catalogue does
not know are declared under our own domain, so that every qcode resolves. Pictures travel as links
with hints about their target, or as a caption where there is nothing to link to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

from wire.errors import RenderError
from wire.iptc import codes
from wire.iptc.namespaces import NAR, XHTML
from wire.iptc.qcodes import catalogue, catalogue_href, is_declarable
from wire.ports import House
from wire.publish import base
from wire.publish.carriage import lost, uncodable
from wire.publish.g2_properties import embargoed_until, iri, literal, party, timed
from wire.publish.markup import declared, element, escape, serialised, text
from wire.story import Concept, Document, Link, Location, Picture, Revision
from wire.xmltools import is_legal, is_plain

#: The role of a second headline, in a scheme of ours: IPTC has no code for it.
SUBHEADLINE = "hlrole:subheadline"

_COUNTRY = re.compile(r"[A-Z]{2,3}")
_ISO_3166 = {2: "iso3166-1a2", 3: "iso3166-1a3"}


class NewsMLG2Renderer:
    """Writes a revision as a bare ``newsItem``."""

    format = "newsml-g2"
    media_type = "application/vnd.iptc.g2.newsitem+xml"

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as NewsML-G2. Raises RenderError when its texts or its body are no legal XML."""
        item = _Item(revision, house)
        try:
            body = _proven(item.markup(), revision.story.body_html)
        except (ValueError, etree.XMLSyntaxError) as exc:
            raise RenderError(f"story {revision.guid} cannot be written as NewsML-G2: {exc}") from exc
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=body,
            suffix="xml",
            losses=lost(revision.story, self.format, item.losses.union(uncodable(revision.story, _is_code))),
        )


class _Item:
    """One newsItem in the making: what it says, the aliases it uses, the fields it could not carry."""

    def __init__(self, revision: Revision, house: House) -> None:
        self.losses: set[str] = set()
        self._revision = revision
        self._story = revision.story
        self._house = house
        self._known_aliases = catalogue()
        self._own_aliases: dict[str, None] = {}

    def markup(self) -> str:
        """The whole item, in the schema's order."""
        revision, language = self._revision, self._story.language
        rest = self._rights() + self._item_meta() + self._content_meta() + self._content()
        return element(
            "newsItem",
            element("catalogRef", href=catalogue_href()) + self._own_catalog() + rest,
            xmlns=NAR,
            standard="NewsML-G2",
            standardversion="2.35",
            conformance="power",
            guid=revision.guid,
            version=str(revision.version),
            **({"xml:lang": language} if language else {}),
        )

    def _own_catalog(self) -> str:
        """The aliases met so far that IPTC does not resolve; so this is asked for last."""
        schemes = (
            element("scheme", alias=alias, uri=f"http://{self._house.id}/schemes/{alias}/")
            for alias in self._own_aliases
        )
        return element("catalog", "".join(schemes)) if self._own_aliases else ""

    def _rights(self) -> str:
        story = self._story
        return _rights(story.copyright_holder, story.copyright_notice, story.usage_terms)

    def _item_meta(self) -> str:
        revision, story = self._revision, self._story
        parts = [
            element("itemClass", qcode=codes.TEXT),
            party("provider", base.provider(revision, self._house)),
            timed("versionCreated", base.version_created(revision)),
            timed("firstCreated", story.first_created),
            embargoed_until(base.embargoed(revision)),
            element("pubStatus", qcode=f"stat:{base.pub_status(revision)}"),
            text("generator", "wire"),
            *(text("edNote", note) for note in base.ed_notes(revision)),
            *(
                element("signal", **self._coded(signal if ":" in signal else f"sig:{signal}"))
                for signal in base.signals(revision)
            ),
            timed("expires", story.expires),
            *self._links(),
            *(self._picture_link(picture) for picture in story.pictures if picture.href),
        ]
        return element("itemMeta", "".join(parts))

    def _links(self) -> list[str]:
        """The story's links, and first the one to the version that this one replaces."""
        guid, version = self._revision.guid, self._revision.version
        links = [link for link in self._story.links if not _names_later(link, guid, version)]
        if version > 1 and not any(_names_previous(link, guid) for link in links):
            links.insert(0, Link(rel=codes.PREVIOUS_VERSION, residref=guid, version=version - 1))
        return [self._link(link) for link in links]

    def _link(self, link: Link) -> str:
        attributes = self._relation(link.rel)
        if link.href:
            attributes["href"] = iri(link.href)
        if link.residref:
            attributes["residref"] = link.residref
        if link.version:
            attributes["version"] = str(link.version)
        return element("link", text("title", link.title), **attributes)

    def _relation(self, rel: str | None) -> dict[str, str]:
        """``@rel``, or ``@reluri`` for a web address; a bare word is taken as IPTC's code."""
        if rel is None:
            return {}
        if "://" in rel:
            return {"reluri": iri(rel)}
        qcode = rel if ":" in rel else f"irel:{rel}"
        if is_declarable(qcode):
            return {"rel": self._declared(qcode)}
        self.losses.add("links.rel")
        return {}

    def _picture_link(self, picture: Picture) -> str:
        """A picture as a link; what it holds are hints about the target (guidelines, "Hints")."""
        attributes = {"rel": codes.ASSOCIATED_WITH, "href": iri(picture.href or "")}
        if picture.mimetype:
            attributes["contenttype"] = picture.mimetype
        if picture.size is not None:
            attributes["size"] = str(picture.size)
        hints = (
            element("itemClass", qcode=codes.PICTURE)
            + text("creditline", picture.credit)
            + text("description", picture.caption, role=codes.CAPTION)
        )
        return element("link", hints, **attributes)

    def _content_meta(self) -> str:
        content = "".join((*self._administrative(), *self._descriptive()))
        return element("contentMeta", content) if content else ""

    def _administrative(self) -> list[str]:
        story = self._story
        return [
            text("urgency", str(story.urgency or "")),
            timed("contentCreated", story.content_created),
            self._located(story.located) if story.located else "",
            *(party("infoSource", source) for source in story.info_sources),
            *(party("creator", creator) for creator in story.creators),
        ]

    def _located(self, located: Location) -> str:
        place = Concept(name=located.name, qcode=located.qcode, guessed=located.guessed)
        country, broader = located.country, ""
        if country and _COUNTRY.fullmatch(country):
            qcode = f"{_ISO_3166[len(country)]}:{country}"
            broader = element("broader", type=codes.GEO_AREA, qcode=qcode)
        elif country:
            broader = party("broader", country, type=codes.GEO_AREA)
        return self._concept("located", place, codes.GEO_AREA, broader)

    def _descriptive(self) -> list[str]:
        story = self._story
        second_headline = {"role": self._declared(SUBHEADLINE)} if story.subheadline else {}
        return [
            element("language", tag=story.language) if story.language else "",
            *(self._concept("genre", genre) for genre in story.genres),
            *(text("keyword", keyword) for keyword in story.keywords),
            *self._subjects(story.subjects, codes.ABSTRACT),
            *self._subjects(story.places, codes.GEO_AREA),
            *self._subjects(story.people, codes.PERSON),
            *self._subjects(story.organisations, codes.ORGANISATION),
            text("slugline", story.slugline, separator="-"),
            text("headline", story.headline),
            text("headline", story.subheadline, **second_headline),
            text("dateline", story.dateline),
            text("by", story.byline),
            text("creditline", story.creditline),
            text("description", story.description, role=codes.SUMMARY),
            *(self._caption(picture) for picture in story.pictures if not picture.href),
        ]

    def _caption(self, picture: Picture) -> str:
        """A picture that we know by its caption alone: there is nothing to link to."""
        self._lose(picture, "credit", "mimetype", "size")
        return text("description", picture.caption, role=codes.CAPTION)

    def _subjects(self, concepts: Iterable[Concept], kind: str) -> list[str]:
        return [self._concept("subject", concept, kind) for concept in concepts]

    def _concept(self, tag: str, concept: Concept, kind: str | None = None, inside: str = "") -> str:
        """A coded or named thing; ``@how`` says that a program read it out of the text."""
        markup = _concept(tag, concept.name, concept.qcode, concept.guessed, kind, inside)
        if concept.qcode and _names_alias(concept.qcode):
            self._declared(concept.qcode)
        return markup

    def _coded(self, code: str) -> dict[str, str]:
        """The attribute that fits a code, whose alias will be declared if need be."""
        if _names_alias(code):
            self._declared(code)
        return _coded(code)

    def _declared(self, qcode: str) -> str:
        """The qcode itself; its alias will be declared when the IPTC catalogue has none such."""
        alias = qcode.partition(":")[0]
        if alias not in self._known_aliases:
            self._own_aliases[alias] = None
        return qcode

    def _content(self) -> str:
        story = self._story
        if not story.body_html:
            return ""
        head = element("head", element("title", escape(story.headline or "")))
        page = element("html", head + element("body", story.body_html), xmlns=XHTML)
        body = element(
            "inlineXML", page, contenttype="application/xhtml+xml", wordcount=str(story.word_count)
        )
        return element("contentSet", body)

    def _lose(self, picture: Picture, *names: str) -> None:
        self.losses.update(f"pictures.{name}" for name in names if getattr(picture, name) is not None)


# Whoever holds the rights, and what stories are about, comes again and again: written once, it costs a look.


@lru_cache(maxsize=256)
def _rights(holder: str | None, notice: str | None, terms: str | None) -> str:
    rights = party("copyrightHolder", holder) + text("copyrightNotice", notice) + text("usageTerms", terms)
    return element("rightsInfo", rights) if rights else ""


@lru_cache(maxsize=4096)
def _concept(
    tag: str, name: str | None, qcode: str | None, guessed: bool, kind: str | None, inside: str
) -> str:
    attributes = _coded(qcode) if qcode else literal(name or "")
    if kind:
        attributes["type"] = kind
    if guessed:
        attributes["how"] = codes.BY_TOOL
    return element(tag, text("name", name) + inside, **attributes)


def _coded(code: str) -> dict[str, str]:
    """The attribute that fits a code: a qcode, a URI, or a literal for anything else."""
    if "://" in code:
        return {"uri": iri(code)}
    return {"qcode": code} if is_declarable(code) else literal(code)


def _is_code(code: str) -> bool:
    return "://" in code or is_declarable(code)


@lru_cache(maxsize=4096)
def _names_alias(code: str) -> bool:
    return "://" not in code and is_declarable(code)


def _names_previous(link: Link, guid: str) -> bool:
    return link.rel == codes.PREVIOUS_VERSION and link.residref == guid


def _names_later(link: Link, guid: str, version: int) -> bool:
    """Whether a document numbered its previous version higher than the desk now numbers this one."""
    return _names_previous(link, guid) and (link.version or 0) >= version


def _proven(markup: str, body_html: str) -> bytes:
    """The item's bytes, certain to be well-formed. Raises lxml's XMLSyntaxError or a ValueError.

    Only the body comes as markup; where it is plain and every character legal, there is nothing to prove.
    """
    if is_plain(body_html) and is_legal(markup):
        return declared(markup)
    root, body = serialised(markup)
    _refuse_runaway_body(root)
    return body


def _refuse_runaway_body(root: etree._Element) -> None:
    """A body must end inside its own ``body`` element. Raises ValueError when it closed that itself."""
    content = root[-1]
    if not content.tag.endswith("contentSet"):
        return
    alone = sum(1 for child in root if child.tag == content.tag) == 1
    if not (alone and len(content) == 1 and len(content[0]) == 1 and len(content[0][0]) == 2):
        raise ValueError("its body is not balanced")
