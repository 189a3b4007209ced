"""A story as schema.org's NewsArticle, which pages state as JSON-LD for machines.

Codes stand as ``identifier`` of what they name; an id that is no URI, as a ``PropertyValue`` called ``guid``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from wire.ports import House
from wire.publish import base
from wire.publish.carriage import code_of, name_of
from wire.publish.wording import authors, public_pictures, story_url, title_of
from wire.story import Concept, Location, Picture, PubStatus, Revision, Story
from wire.storyjson import rfc3339

Node = dict[str, Any]

_URI = re.compile(r"[a-z][a-z0-9+.-]+:\S+")


def news_article(revision: Revision, house: House) -> Node:
    """The story for JSON-LD; what is not known is absent."""
    story, address = revision.story, story_url(revision, house)
    status = base.pub_status(revision)
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "identifier": _identifier(revision.guid),
            "version": revision.version,
            "creativeWorkStatus": None if status is PubStatus.USABLE else str(status),
            "url": address,
            "mainEntityOfPage": address,
            "datePublished": revision.published.astimezone(UTC).isoformat(),
            "dateModified": revision.significant_at.astimezone(UTC).isoformat(),
            "dateCreated": _written(story.content_created),
            "expires": _written(story.expires),
            **_texts(story),
            **_parties(story, house),
            **_concepts(story),
        }
    )


def _texts(story: Story) -> Node:
    return {
        "headline": title_of(story),
        "alternativeHeadline": story.subheadline,
        "description": story.description,
        "inLanguage": story.language,
        "dateline": story.dateline,
        "image": [_image(url, picture) for url, picture in public_pictures(story)],
        "keywords": list(story.keywords),
        "wordCount": story.word_count,
        "creditText": story.creditline,
        "copyrightNotice": story.copyright_notice,
    }


def _parties(story: Story, house: House) -> Node:
    return {
        "author": [_named("Person", name) for name in authors(story)],
        "publisher": {"@type": "NewsMediaOrganization", "name": house.name, "url": house.home_page},
        "provider": story.provider and _named("Organization", story.provider),
        "sourceOrganization": [_named("Organization", name) for name in story.info_sources],
        "copyrightHolder": story.copyright_holder and _named("Organization", story.copyright_holder),
    }


def _concepts(story: Story) -> Node:
    return {
        "about": [
            *_things("Thing", story.subjects),
            *_things("Person", story.people),
            *_things("Organization", story.organisations),
        ],
        "genre": [genre.name or genre.qcode for genre in story.genres],
        "contentLocation": _things("Place", story.places),
        "locationCreated": story.located and _place(story.located),
    }


def _things(kind: str, concepts: Iterable[Concept]) -> list[Node]:
    return [_known({"@type": kind, "name": name_of(it), "identifier": code_of(it)}) for it in concepts]


def _place(located: Location) -> Node:
    address = located.country and {"@type": "PostalAddress", "addressCountry": located.country}
    return _known(
        {"@type": "Place", "name": located.name, "identifier": located.qcode, "address": address or None}
    )


def _image(url: str, picture: Picture) -> Node:
    return _known(
        {
            "@type": "ImageObject",
            "url": url,
            "caption": picture.caption,
            "creditText": picture.credit,
            "encodingFormat": picture.mimetype,
            "width": picture.width,
            "height": picture.height,
        }
    )


def _identifier(guid: str) -> str | Node:
    if _URI.fullmatch(guid):
        return guid
    return {"@type": "PropertyValue", "propertyID": "guid", "value": guid}


def _named(kind: str, name: str) -> Node:
    return {"@type": kind, "name": name}


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)


def _known(facts: Node) -> Node:
    return {name: value for name, value in facts.items() if value}
