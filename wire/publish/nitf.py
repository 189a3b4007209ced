"""NITF 3.6: one document for every revision, kills included, valid against IPTC's schema.

What NITF has no place for is listed among the document's losses (`wire.publish.carriage`). Codes of other
vocabularies than IPTC's subject codes stand under their alias as the information provider
(``tobject.subject.ipr``); those that are no ``NMTOKEN``, and subjects without a code, are classifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from wire.errors import RenderError
from wire.iptc.namespaces import NITF
from wire.iptc.qcodes import is_qcode
from wire.ports import House
from wire.publish import base
from wire.publish.carriage import code_of, lost, name_of, uncodable
from wire.publish.markup import element, escape, serialised, text
from wire.publish.nitf_markup import nitf_content
from wire.story import OPEN_ENDED, Concept, Document, Link, Picture, PubStatus, Revision

_NMTOKEN = re.compile(r"[\w.:·-]+")
_COUNTRY = re.compile(r"[A-Z]{2,3}")
_LEAST_URGENT = 8  #: of NITF; NewsML-G2 knows 9 as well


class NITFRenderer:
    """Writes a revision as NITF."""

    format = "nitf"
    media_type = "application/nitf+xml"

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as NITF. Raises RenderError when its texts or its body are no legal XML."""
        document = _Nitf(revision, house)
        try:
            _, body = serialised(document.markup())
        except (ValueError, etree.XMLSyntaxError) as exc:
            raise RenderError(f"story {revision.guid} cannot be written as NITF: {exc}") from exc
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=body,
            suffix="nitf",
            losses=lost(revision.story, self.format, document.losses.union(uncodable(revision.story))),
        )


class _Nitf:
    """One document in the making, and what it could not carry of single values."""

    def __init__(self, revision: Revision, house: House) -> None:
        self.losses: set[str] = set()
        self._revision = revision
        self._story = revision.story
        self._house = house

    def markup(self) -> str:
        """The whole document, in the schema's order."""
        language = self._story.language
        return element(
            "nitf",
            self._head() + self._body(),
            xmlns=NITF,
            version="-//IPTC//DTD NITF 3.6//EN",
            **{"change.date": "September 11, 2009", "change.time": "12:26"},
            **({"baselang": language} if language else {}),
        )

    def _head(self) -> str:
        story = self._story
        length = {"item-length": str(story.word_count), "unit-of-measure": "words"}
        return element(
            "head",
            text("title", story.headline)
            + self._tobject()
            + self._docdata()
            + (element("pubdata", **length) if story.word_count else "")
            + element("revision-history", norm=_norm(base.version_created(self._revision)))
            + "".join(
                element("revision-history", name=name, function="writer-author") for name in story.creators
            ),
        )

    def _tobject(self) -> str:
        genres = [
            element("tobject.property", **{"tobject.property.type": genre.name or genre.qcode or ""})
            for genre in self._story.genres
        ]
        if any(genre.name and genre.qcode for genre in self._story.genres):
            self.losses.add("genres.qcode")
        if any(is_qcode(genre.name or "") for genre in self._story.genres):
            self.losses.add("genres")  # one will be read as a code
        subjects = [_subject(concept) for concept in self._story.subjects if _is_refnum(concept)]
        return element("tobject", "".join(genres + subjects)) if genres or subjects else ""

    def _docdata(self) -> str:
        return element(
            "docdata",
            "".join((*self._identity(), *self._times(), *self._rights(), *self._about())),
            **self._status(),
        )

    def _status(self) -> dict[str, str]:
        """NITF says one of ``embargoed`` and a status; it knows no end before the issue."""
        status, embargoed = base.pub_status(self._revision), base.embargoed(self._revision)
        usable = status is PubStatus.USABLE
        if embargoed is not None and (
            embargoed == self._story.first_created or (embargoed == OPEN_ENDED and not usable)
        ):
            self.losses.add("embargoed")
        return {"management-status": "embargoed" if embargoed is not None and usable else str(status)}

    def _identity(self) -> Iterator[str]:
        revision, story = self._revision, self._story
        notes, signals = base.ed_notes(revision), set(base.signals(revision))
        if signals - {"correction"}:
            self.losses.add("signals")
        if "correction" in signals:
            yield element("correction", **({"info": notes[0]} if notes else {}))
        yield element("doc-id", **{"id-string": revision.guid})
        key = {"key": story.slugline} if story.slugline else {}
        yield element("du-key", version=str(revision.version), **key)
        if story.urgency is not None:
            if story.urgency > _LEAST_URGENT:
                self.losses.add("urgency")
            yield element("urgency", **{"ed-urg": str(min(story.urgency, _LEAST_URGENT))})
        for note in notes:
            yield element("ed-msg", info=note)

    def _times(self) -> Iterator[str]:
        embargoed = base.embargoed(self._revision)
        if self._story.first_created:
            yield element("date.issue", norm=_norm(self._story.first_created))
        if embargoed is not None and embargoed != OPEN_ENDED:
            yield element("date.release", norm=_norm(embargoed))
        if self._story.expires:
            yield element("date.expire", norm=_norm(self._story.expires))

    def _rights(self) -> Iterator[str]:
        story = self._story
        if story.copyright_holder:
            yield element("doc.copyright", holder=story.copyright_holder)
        if story.usage_terms:
            yield element("doc.rights", limitations=story.usage_terms)
        if story.info_sources:
            sources = (element("from-src", **{"src-name": source}) for source in story.info_sources)
            yield element("del-list", "".join(sources))

    def _about(self) -> Iterator[str]:
        story = self._story
        if story.keywords:
            yield element("key-list", "".join(element("keyword", key=keyword) for keyword in story.keywords))
        things = (
            *(_thing("person", concept) for concept in story.people),
            *(_thing("org", concept) for concept in story.organisations),
            *(_thing("location", concept) for concept in story.places),
            *(_classifier(concept) for concept in story.subjects if not _is_refnum(concept)),
            *map(_virtual_location, story.links),
        )
        if things:
            yield element("identified-content", "".join(things))

    def _body(self) -> str:
        story = self._story
        pictures = "".join(map(self._media, story.pictures))
        content = nitf_content(story.body_html) if story.body_html else ""
        language = {"xml:lang": story.language} if story.language else {}
        inside = element("body.head", "".join(self._body_head())) + element(
            "body.content", content + pictures
        )
        return element("body", inside, **language)

    def _body_head(self) -> Iterator[str]:
        story = self._story
        if story.headline or story.subheadline:
            first = element("hl1", escape(story.headline or ""))
            yield element("hedline", first + text("hl2", story.subheadline))
        yield text("rights", story.copyright_notice)
        yield text("byline", story.byline)
        yield text("distributor", base.provider(self._revision, self._house))
        yield self._dateline()
        if story.description:
            yield element("abstract", "\n".join(text("p", line) for line in story.description.split("\n")))

    def _dateline(self) -> str:
        """As printed, the place in it marked; ``story.date`` says when the content was made."""
        line, made = self._story.dateline or "", self._story.content_created
        printed = self._printed_place(line)
        if not (line or made):
            return ""
        date = element("story.date", **({"norm": _norm(made)} if made else {}))
        return element("dateline", printed + date)

    def _printed_place(self, line: str) -> str:
        """The dateline with its place marked, where it names the place as we know it but for capitals."""
        located = self._story.located
        if located is None:
            return escape(line)
        printed = re.search(re.escape(located.name), line, re.IGNORECASE)
        if printed is None:
            self.losses.add("located")
            return escape(line)
        if printed[0] != located.name:
            self.losses.add("located.name")
        inside = text("city", printed[0])
        if located.country and _COUNTRY.fullmatch(located.country):
            inside += element("country", **{"iso-cc": located.country})
        elif located.country:
            self.losses.add("located.country")
        place = element("location", inside, **_code(located.qcode, "code-source", "location-code"))
        return escape(line[: printed.start()]) + place + escape(line[printed.end() :])

    def _media(self, picture: Picture) -> str:
        """A picture; what describes a file needs the file's address beside it."""
        file = {"mime-type": picture.mimetype, "width": picture.width, "height": picture.height}
        stated = {name: str(value) for name, value in file.items() if value is not None}
        if not picture.href:
            self.losses.update(f"pictures.{name.replace('mime-', 'mime')}" for name in stated)
            stated = {}
        reference = {"source": picture.href} if picture.href else {}
        return element(
            "media",
            element("media-reference", **reference, **stated)
            + text("media-caption", picture.caption)
            + text("media-producer", picture.credit),
            **{"media-type": "image"},
        )


def _is_refnum(concept: Concept) -> bool:
    """Whether the code can stand as a subject's reference number: ``alias:code``, the code an NMTOKEN."""
    _, _, code = (concept.qcode or "").partition(":")
    return _NMTOKEN.fullmatch(code) is not None


def _subject(concept: Concept) -> str:
    alias, _, code = (concept.qcode or "").partition(":")
    attributes = {
        "tobject.subject.ipr": "IPTC" if alias == "subj" else alias,
        "tobject.subject.refnum": code,
    }
    if concept.name:
        level = "type" if code.endswith("000000") else "matter"
        attributes[f"tobject.subject.{level}"] = concept.name
    return element("tobject.subject", **attributes)


def _classifier(concept: Concept) -> str:
    code = {"value": qcode} if (qcode := code_of(concept)) else {}
    return element("classifier", escape(name_of(concept)), **code)


def _thing(tag: str, concept: Concept) -> str:
    """A person, organisation or place; its code under the alias of its scheme."""
    names = ("code-source", "location-code") if tag == "location" else ("idsrc", "value")
    return element(tag, escape(name_of(concept)), **_code(concept.qcode, *names))


def _code(qcode: str | None, source: str, value: str) -> dict[str, str]:
    """A code as two attributes; an address, which has no scheme beside it, as the second alone."""
    if qcode is None or not is_qcode(qcode):
        return {}
    alias, _, code = qcode.partition(":")
    return {value: qcode} if "://" in qcode else {source: alias, value: code}


def _virtual_location(link: Link) -> str:
    """A link as ``virtloc``: to a page or, by its guid, to another item."""
    attributes = {"class": link.rel} if link.rel else {}
    if link.residref:
        attributes |= {"idsrc": "guid", "value": link.residref}
    elif link.href:
        attributes["value"] = link.href
    return element("virtloc", escape(link.title or ""), **attributes)


def _norm(moment: datetime) -> str:
    """ISO 8601 basic, as NITF's ``@norm`` has it: ``20260302T100000Z``."""
    moment = moment.astimezone(UTC)
    fraction = f".{moment.microsecond:06}" if moment.microsecond else ""
    return f"{moment:%Y%m%dT%H%M%S}{fraction}Z"
