"""Word by word: what of a story stands in a document, and what its report says is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html import unescape
from typing import Any

import pytest

from tests.publish.golden import FOLDER, revision_of
from tests.roundtrip.travel import sent
from wire.plugins import names
from wire.story import Concept, Link, Location, Picture, Story


def marked(name: str) -> str:
    """A word that nothing else in a document holds."""
    return f"Q{name}Q"


def coded(name: str) -> Concept:
    return Concept(name=marked(name), qcode=f"own:{marked(f'{name}code')}")


#: A story of which every text can be found again.
STORY = replace(
    revision_of(FOLDER / "first-version.json").story,
    guid=f"urn:newsml:{marked('guid')}",
    headline=marked("headline"),
    subheadline=marked("subheadline"),
    slugline=marked("slugline"),
    byline=f"By {marked('byline')}",
    creators=(marked("creator"),),
    dateline=marked("dateline"),
    located=Location(name=marked("located"), country="GB", qcode=f"own:{marked('locatedcode')}"),
    description=marked("description"),
    pictures=(
        Picture(
            caption=marked("caption"),
            credit=marked("credit"),
            href=f"https://p.example/{marked('picture')}.jpg",
            mimetype="image/jpeg",
            width=8123,
            height=6123,
            size=912345,
        ),
    ),
    keywords=(marked("keyword"),),
    subjects=(coded("subject"),),
    genres=(coded("genre"),),
    places=(coded("place"),),
    people=(coded("person"),),
    organisations=(coded("organisation"),),
    provider=marked("provider"),
    info_sources=(marked("source"),),
    creditline=marked("creditline"),
    copyright_holder=marked("holder"),
    copyright_notice=marked("notice"),
    usage_terms=marked("terms"),
    ed_notes=(marked("note"),),
    links=(
        Link(rel="irel:seeAlso", href=f"https://a.example/{marked('page')}", title=marked("title")),
        Link(rel="irel:dependsOn", residref=f"urn:newsml:{marked('item')}"),
    ),
    body_html=f"<p>{marked('body')}</p>",
)
#: What people read in a document though no reader of the format will know it for what it is.
IN_WORDS = {
    "iptc7901": {"dateline", "usage_terms"},
    "anpa1312": {"dateline", "usage_terms"},
    "html": {"byline"},
    "rss": {"provider", "subjects.name"},
    "atom": {"provider", "subjects.name", "subjects.qcode"},
    "jsonfeed": {"subjects.name"},
}


def told(story: Story) -> Iterator[tuple[str, str]]:
    """Each text and size of a picture that can be found again, under its field or the part of one."""
    for field in fields(story):
        value = getattr(story, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if is_dataclass(one):
                parts = ((f"{field.name}.{part.name}", getattr(one, part.name)) for part in fields(one))
                yield from ((name, word) for name, part in parts if (word := findable(part)))
            elif word := findable(one):
                yield field.name, word


def findable(value: Any) -> str | None:
    if isinstance(value, int) and value > 999:
        return str(value)
    return f"Q{value.split('Q')[1]}Q" if isinstance(value, str) and "Q" in value else None


@pytest.mark.parametrize("format", names("wire.renderers"))
def test_every_word_stands_in_the_document_or_is_reported_lost(format: str) -> None:
    document = sent(STORY, format)
    body = document.body.decode("latin-1" if "8859" in document.media_type else "utf-8")
    text = body + unescape(body)
    words = list(told(STORY))
    assert len(words) > 35
    lost = {name for name, _ in words if {name, name.partition(".")[0]} & set(document.losses)}
    absent = {name for name, word in words if word not in text}
    assert absent - lost == set(), "absent, and not reported lost"
    assert lost - absent == IN_WORDS.get(format, set()), "reported lost, and yet there"
