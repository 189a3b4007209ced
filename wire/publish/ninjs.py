"""ninjs 3.1, and 2.2 and 1.6 for older receivers: one JSON object a line, valid against IPTC's schemas.

An item is made in the words of 3.1 and put into those of the older versions: 2.2 spells keys in lower case,
1.6 has single texts where the others have lists, and splits a concept's address into scheme and code.

Three things that ninjs has no field for find a place: keywords are subjects whose ``rel`` is ``keyword``,
whoever wrote the story is an information source in the role ``author``, and the credit line a description.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from wire.errors import RenderError
from wire.iptc.qcodes import catalogue
from wire.ports import House
from wire.publish import base
from wire.publish.carriage import like_markup, lost, name_of, uncodable
from wire.publish.g2_properties import iri
from wire.story import Concept, Document, Link, Picture, Revision, Story
from wire.storyjson import rfc3339

Item = dict[str, Any]

_OF_FILES = ("mimetype", "width", "height", "size")
_CODE = re.compile(r"[\w.-]+")


class _NinjsRenderer:
    """What the versions share. Stateless."""

    format: str
    version: str
    media_type = "application/json"

    def render(self, revision: Revision, house: House) -> Document:
        """The revision as one line of ninjs. Raises RenderError when its texts are no legal Unicode."""
        item = _item(revision, house)
        item["standard"] = {
            "name": "ninjs",
            "version": self.version,
            "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{self.version}.json",
        }
        try:
            line = json.dumps(self._put(item), ensure_ascii=False, separators=(",", ":"))
            body = f"{line}\n".encode()
        except UnicodeEncodeError as exc:
            raise RenderError(f"story {revision.guid} cannot be written as ninjs: {exc}") from exc
        return Document(
            format=self.format,
            media_type=self.media_type,
            body=body,
            suffix="json",
            losses=lost(revision.story, self.format, _losses(revision)),
        )

    def _put(self, item: Item) -> Item:
        """The item, made in the words of 3.1, in those of this version."""
        return item


def _losses(revision: Revision) -> Iterator[str]:
    """ninjs signals nothing, not even what the desk decided; what describes a file needs its address."""
    yield from uncodable(revision.story)
    yield from like_markup(revision.story)
    if base.signals(revision):
        yield "signals"
    for picture in revision.story.pictures:
        if not picture.href:
            yield from (f"pictures.{name}" for name in _OF_FILES if getattr(picture, name) is not None)


def _item(revision: Revision, house: House) -> Item:
    """The whole item in the words of 3.1, without what is unknown."""
    story = revision.story
    made = (
        _management(revision)
        | _texts(story)
        | _concepts(story)
        | {
            "infoSources": [
                {"name": base.provider(revision, house), "role": "provider"},
                *({"name": source, "role": "source"} for source in story.info_sources),
                *({"name": creator, "role": "author"} for creator in story.creators),
            ],
            "associations": [
                *(_picture(revision.guid, n, picture) for n, picture in enumerate(story.pictures, 1)),
                *(_link(n, link) for n, link in enumerate(story.links, 1)),
            ],
        }
    )
    return _known(made)


def _management(revision: Revision) -> Item:
    story, embargoed = revision.story, base.embargoed(revision)
    times = {
        "versionCreated": base.version_created(revision),
        "firstCreated": story.first_created,
        "contentCreated": story.content_created,
        "embargoedUntil": embargoed,
        "expires": story.expires,
    }
    return {
        "uri": revision.guid,
        "type": "text",
        "representationType": "full",
        "version": str(revision.version),
        "pubStatus": str(base.pub_status(revision)),
        "urgency": story.urgency,
        "language": story.language,
        "edNote": "\n".join(base.ed_notes(revision)),
        "copyrightHolder": story.copyright_holder,
        "copyrightNotice": story.copyright_notice,
        "usageTerms": story.usage_terms,
        **{name: rfc3339(moment) for name, moment in times.items() if moment is not None},
    }


def _texts(story: Story) -> Item:
    return {
        "headlines": _roles(main=story.headline, subheadline=story.subheadline),
        "descriptions": _roles(summary=story.description, creditline=story.creditline),
        "bodies": [{"contentType": "text/html", "wordCount": story.word_count, "value": story.body_html}]
        if story.body_html
        else [],
        "by": story.byline,
        "slugline": story.slugline,
        "located": story.located.name if story.located else None,
    }


def _roles(**texts: str | None) -> list[Item]:
    return [
        {"role": role, "contentType": "text/plain", "value": text} for role, text in texts.items() if text
    ]


def _concepts(story: Story) -> Item:
    return {
        "genres": [_concept(genre) for genre in story.genres],
        "subjects": [
            *(_concept(subject) for subject in story.subjects),
            *({"name": keyword, "rel": "keyword"} for keyword in story.keywords),
        ],
        "people": [_concept(person) for person in story.people],
        "organisations": [_concept(organisation) for organisation in story.organisations],
        "places": [_concept(place) for place in story.places],
    }


def _concept(concept: Concept) -> Item:
    """A concept with its address, or with its code as it stands where nobody gives the scheme one."""
    uri = _uri(concept.qcode) if concept.qcode else None
    return _known({"name": name_of(concept), "uri": uri, "literal": None if uri else concept.qcode})


def _uri(code: str) -> str | None:
    alias, _, local = code.partition(":")
    scheme = catalogue().get(alias)
    if scheme and scheme.endswith("/") and _CODE.fullmatch(local):
        return scheme + local
    return code if "://" in code else None


def _picture(guid: str, number: int, picture: Picture) -> Item:
    """A picture as an associated item, its address as its one rendition."""
    rendition = _known(
        {
            "name": "original",
            "href": picture.href and iri(picture.href),
            "contentType": picture.mimetype,
            "width": picture.width,
            "height": picture.height,
            "sizeInBytes": picture.size,
        }
    )
    return _known(
        {
            "name": f"picture{number}",
            "uri": f"{guid}#picture-{number}",
            "type": "picture",
            "by": picture.credit,
            "descriptions": _roles(caption=picture.caption),
            "renditions": [rendition] if picture.href else [],
        }
    )


def _link(number: int, link: Link) -> Item:
    """A link as an associated item: another item by its identity, a page by its address."""
    address = link.href and iri(link.href)
    return _known(
        {
            "name": f"link{number}",
            "uri": link.residref or address,
            "type": "text",
            "rel": link.rel,
            "headlines": _roles(main=link.title),
            "renditions": [] if link.residref else [{"name": "web", "href": address}],
        }
    )


def _known(item: Mapping[str, Any]) -> Item:
    return {name: value for name, value in item.items() if value not in (None, "", [])}


def _as_2(value: Any) -> Any:
    """3.1 in the words of 2.2: keys in lower case, and no relation between associated items."""
    if isinstance(value, list):
        return [_as_2(one) for one in value]
    if not isinstance(value, dict):
        return value
    words = {"embargoedUntil": "embargoed"}
    return {
        words.get(name, name.lower()): _as_2(one)
        for name, one in value.items()
        if not (name == "rel" and "type" in value)
    }


def _as_1(item: Item) -> Item:
    """3.1 in the words of 1.6: lists of texts as single texts, lists of parts as objects of named ones."""
    made: Item = {}
    for name, value in item.items():
        if name in _LISTS_OF_1:
            made[_LISTS_OF_1[name]] = [_concept_of_1(one) for one in value]
        elif name in _PARTS_OF_1:
            made[name] = {one["name"]: _part_of_1(one) for one in value}
        elif name in _TEXTS_OF_1:
            made |= {_TEXTS_OF_1[name][one.get("role", "")]: one["value"] for one in value}
        elif name not in ("name", "rel"):
            made[_WORDS_OF_1.get(name, name.lower())] = value
    if "bodies" in item:
        made["wordcount"] = item["bodies"][0]["wordCount"]
    return made


def _part_of_1(part: Item) -> Item:
    """An associated item, or a rendition of a picture."""
    return _as_1(part) if "uri" in part else _rendition_of_1(part)


def _concept_of_1(concept: Item) -> Item:
    """``uri`` as scheme and code; a role is a relation."""
    made = {"rel" if name == "role" else name: value for name, value in concept.items()}
    literal, (scheme, _, code) = made.pop("literal", None), made.pop("uri", "").rpartition("/")
    if scheme and code:
        made |= {"scheme": f"{scheme}/", "code": code}
    elif literal or scheme:
        made["code"] = literal or f"{scheme}/"
    return made


def _rendition_of_1(rendition: Item) -> Item:
    return {
        "mimetype" if name == "contentType" else name.lower(): value
        for name, value in rendition.items()
        if name != "name"
    }


_LISTS_OF_1 = {
    "subjects": "subject",
    "people": "person",
    "organisations": "organisation",
    "places": "place",
    "genres": "genre",
    "infoSources": "infosource",
}
_WORDS_OF_1 = {"embargoedUntil": "embargoed", "standard": "$standard", "by": "byline"}
_PARTS_OF_1 = frozenset(("associations", "renditions"))
_TEXTS_OF_1 = {
    "headlines": {"main": "headline", "subheadline": "headline_extended"},
    "descriptions": {
        "summary": "description_text",
        "caption": "description_caption",
        "creditline": "description_creditline",
    },
    "bodies": {"": "body_html"},
}


class Ninjs3Renderer(_NinjsRenderer):
    """Writes ninjs 3.1."""

    format = "ninjs"
    version = "3.1"


class Ninjs2Renderer(_NinjsRenderer):
    """Writes ninjs 2.2."""

    format = "ninjs-2.2"
    version = "2.2"

    def _put(self, item: Item) -> Item:
        lowered: Item = _as_2(item)
        return lowered


class Ninjs1Renderer(_NinjsRenderer):
    """Writes ninjs 1.6."""

    format = "ninjs-1.6"
    version = "1.6"

    def _put(self, item: Item) -> Item:
        return _as_1(item) | {"representationtype": "complete"}
