"""Hypothesis strategies for the values of ``wire.story``: everything that a rule must hold for.

Texts are as the normaliser leaves them: no control characters, no blanks at the ends, never empty.
Bodies are well-formed XHTML fragments of the elements that the sanitiser lets through.

Strategies are built once: Hypothesis looks through each new one, which takes longer than to draw from it.
Their texts are drawn whole, not character by character.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from html import escape
from string import ascii_letters, ascii_lowercase, digits
from typing import Any
from unicodedata import normalize

from hypothesis import settings
from hypothesis import strategies as st

from wire.common.words import count_words, html_to_text
from wire.ports import House
from wire.story import (
    OPEN_ENDED,
    Action,
    Concept,
    Link,
    Location,
    Origin,
    Picture,
    PubStatus,
    Revision,
    Standing,
    Story,
)

HOUSE = House(
    name="Example News Desk",
    id="news.example",
    home_page="https://news.example/",
    base_url="http://127.0.0.1:8080",
)

#: For rules over whole stories, which take milliseconds to draw.
FEW = settings(max_examples=40, deadline=None)

_LETTERS = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"), include_characters=" &<>\"'’—"
)


@cache
def lines(max_size: int = 40) -> st.SearchStrategy[str]:
    """A single line of clean text, never empty."""
    text = st.text(_LETTERS, min_size=1, max_size=max_size)
    return text.map(lambda line: normalize("NFC", re.sub(r"\s+", " ", line)).strip()).filter(bool)


def _words(alphabet: str, min_size: int, max_size: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=min_size, max_size=max_size)


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("".join)


@cache
def texts() -> st.SearchStrategy[str]:
    """Clean text of one or more lines."""
    return st.lists(lines(), min_size=1, max_size=3).map("\n".join)


@cache
def moments() -> st.SearchStrategy[datetime]:
    """Aware times in UTC and other whole-minute offsets."""
    zones = st.sampled_from((UTC, timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-8))))
    seconds = st.integers(0, 7_000_000_000)  # 1970 to 2191
    return st.builds(datetime.fromtimestamp, seconds, zones)


@cache
def qcodes() -> st.SearchStrategy[str]:
    """Qcodes of IPTC's schemes and of others that no catalogue knows."""
    known = st.sampled_from(("medtop:16000000", "medtop:20000337", "iso3166-1a2:SY", "genre:Current"))
    scheme = _joined(_words(ascii_lowercase, 1, 1), _words(ascii_lowercase + digits + "-", 0, 9))
    return known | _joined(scheme, st.just(":"), _words(ascii_letters + digits + "._:/-", 1, 12))


@cache
def concepts() -> st.SearchStrategy[Concept]:
    """A name, a code or both."""
    both = st.builds(Concept, name=lines(), qcode=qcodes(), guessed=st.booleans())
    return both | st.builds(Concept, name=lines(), guessed=st.booleans()) | st.builds(Concept, qcode=qcodes())


@cache
def hrefs() -> st.SearchStrategy[str]:
    """Web addresses, as clean HTML leaves them."""
    scheme = st.sampled_from(("http://", "https://"))
    path = _words(ascii_letters + digits + "/._?=&;%~-", 0, 20)
    return _joined(scheme, _words(ascii_lowercase, 1, 8), st.just(".example/"), path)


@cache
def pictures() -> st.SearchStrategy[Picture]:
    """A picture with a caption or an address at least."""
    pixels = st.none() | st.integers(3, 20_000)  # smaller ones count readers
    about = {"credit": st.none() | lines(), "width": pixels, "height": pixels, "size": pixels}
    mimetypes = st.none() | st.sampled_from(("image/jpeg", "image/png"))
    linked = st.builds(Picture, href=hrefs(), caption=st.none() | texts(), mimetype=mimetypes, **about)
    return linked | st.builds(Picture, caption=texts(), **about)


@cache
def links() -> st.SearchStrategy[Link]:
    """A link to a web page or to another item."""
    rels = st.none() | st.sampled_from(
        ("irel:seeAlso", "irel:evolvedFrom", "irel:previousVersion", "seeAlso")
    )
    title = st.none() | lines()
    page = st.builds(Link, rel=rels, href=hrefs(), title=title)
    item = st.builds(Link, rel=rels, residref=guids(), version=st.none() | st.integers(1, 99), title=title)
    return page | item


@cache
def guids() -> st.SearchStrategy[str]:
    """Identities as we and as others assign them."""
    owner = _words(ascii_lowercase, 2, 8)
    ours = _joined(st.just("tag:"), owner, st.just(".example,2026:"))
    theirs = _joined(st.just("urn:newsml:"), owner, st.just(":"))
    return _joined(ours | theirs, _words(ascii_letters + digits + ".-", 1, 20))


def _inline() -> st.SearchStrategy[str]:
    text = lines().map(lambda line: escape(line, quote=False))
    wrap = st.sampled_from(
        ("<em>{}</em>", "<strong>{}</strong>", '<a href="https://a.example/?b=1&amp;c">{}</a>')
    )
    wrapped = st.builds(lambda mark, inner: mark.format(inner.replace("{", "").replace("}", "")), wrap, text)
    return st.lists(text | wrapped | st.just("one<br/>two"), min_size=1, max_size=4).map(" ".join)


@cache
def bodies() -> st.SearchStrategy[str]:
    """Clean XHTML fragments, possibly empty."""
    inline = _inline()
    block = st.one_of(
        inline.map(lambda text: f"<p>{text}</p>"),
        inline.map(lambda text: f"<h2>{text}</h2>"),
        inline.map(lambda text: f"<blockquote><p>{text}</p></blockquote>"),
        inline.map(lambda text: f"<figure><figcaption>{text}</figcaption></figure>"),
        st.lists(inline, min_size=1, max_size=3).map(
            lambda items: "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
        ),
        inline.map(lambda text: f"<table><tbody><tr><td>{text}</td><td>1</td></tr></tbody></table>"),
    )
    return st.lists(block, max_size=5).map("".join)


def _origins() -> st.SearchStrategy[Origin]:
    return st.builds(
        Origin,
        format=st.sampled_from(("text", "html", "newsml-g2")),
        source=st.just("agency"),
        file=lines(),
        sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
        charset=st.none() | st.just("utf-8"),
        warnings=st.lists(lines(), max_size=2).map(tuple),
    )


def _many(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3).map(tuple)


@cache
def stories() -> st.SearchStrategy[Story]:
    """Any story that the normaliser may hand on: every field set or not, independently."""
    line = st.none() | lines()
    moment = st.none() | moments()
    many_lines, many_concepts = _many(lines()), _many(concepts())
    location = st.builds(
        Location,
        name=lines(),
        country=st.none() | st.sampled_from(("SY", "GB", "Syria")),
        qcode=st.none() | qcodes(),
        guessed=st.booleans(),
    )
    names = ("headline", "subheadline", "slugline", "byline", "dateline", "provider", "creditline")
    rights = ("copyright_holder", "copyright_notice", "usage_terms")
    return st.builds(
        Story,
        **dict.fromkeys(names + rights, line),
        **dict.fromkeys(("creators", "keywords", "info_sources"), many_lines),
        **dict.fromkeys(("subjects", "genres", "places", "people", "organisations"), many_concepts),
        **dict.fromkeys(("first_created", "version_created", "content_created", "expires"), moment),
        guid=st.none() | guids(),
        version=st.none() | st.integers(1, 2**31),
        pub_status=st.sampled_from(PubStatus),
        signals=_many(st.sampled_from(("update", "correction", "repeat", "sig:cwarn", "own:signal"))),
        language=st.none() | st.sampled_from(("en", "de", "pt-BR", "zh-Hans")),
        located=st.none() | location,
        description=st.none() | texts(),
        body_html=bodies(),
        pictures=_many(pictures()),
        urgency=st.none() | st.integers(1, 9),
        embargoed=st.none() | moments() | st.just(OPEN_ENDED),
        ed_notes=_many(texts()),
        links=_many(links()),
        origin=_origins(),
    ).map(lambda story: replace(story, word_count=count_words(html_to_text(story.body_html))))


@cache
def revisions() -> st.SearchStrategy[Revision]:
    """Any revision that the store may hand on."""
    later = st.timedeltas(timedelta(0), timedelta(days=30))
    return st.builds(
        _revision,
        published=moments().map(lambda moment: moment.astimezone(UTC)),
        later=later,
        seq=st.integers(1, 2**40),
        story_id=_words(ascii_lowercase + digits, 8, 16),
        guid=guids(),
        version=st.integers(1, 9999),
        action=st.sampled_from(Action),
        standing=st.sampled_from(Standing),
        story=stories(),
    )


def _revision(*, published: datetime, later: timedelta, **said: Any) -> Revision:
    updated = published + later
    return Revision(published=published, updated=updated, accepted_at=updated, **said)
