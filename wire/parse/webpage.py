"""Whole HTML pages: what the page states about itself, and the story among everything it shows.

A page is read in five steps, each a module of its own:

1. `page.metadata` — what it states: JSON-LD, OpenGraph, ``meta``, microdata. Believed before all else.
2. `page.blocks` — what a reader sees, as a row of blocks; nothing hidden, no scripts.
3. `page.features`, `page.weights`, `page.story` — which blocks are the story; its body as HTML.
4. `page.headline`, `page.byline`, `page.dates` — headline, writers and dates, printed ones if none is stated.
5. `page.figures` — the pictures with caption and credit.

Whatever was not stated but guessed is said in a warning. The body is hostile until the sanitiser has had it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from lxml import etree

from wire.errors import NotAStory
from wire.parse.base import head_of, paragraphs_html
from wire.parse.charset import decode
from wire.parse.copied.endings import below_copy
from wire.parse.copied.linelook import stops
from wire.parse.copied.linemarks import LONG
from wire.parse.embargo import embargo_until, holds_back, titles_held
from wire.parse.for_editors import any_opens_notes, forbids_all
from wire.parse.not_public import part_body
from wire.parse.page.blocks import Block, Page, read_page
from wire.parse.page.byline import Writers, find_writers
from wire.parse.page.dates import marked_date, printed_date, stated_date
from wire.parse.page.features import Known, squeezed
from wire.parse.page.figures import captions_in, captions_of, find_pictures
from wire.parse.page.headline import find_headline, headings_of
from wire.parse.page.marked import marked_body
from wire.parse.page.metadata import Statements, line, read_statements
from wire.parse.page.places import kinds_of, places_of
from wire.parse.page.story import choose, story_html
from wire.parse.page.weights import WEIGHTS
from wire.parse.profiles import load
from wire.story import Draft, RawFile
from wire.xmltools import parse_html

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_FRAGMENT = re.compile(rb"^<(?:p|div|h[1-6]|section|main)\b[^<>]*>", re.IGNORECASE)
_SHORT_ALT = 8  #: letters of a picture's own text that may stand anywhere on a page
_STATED_BODY = 400  #: letters from which a stated body can tell blocks of the story
_QUOTED, _MOST_QUOTED = 20, 50  #: letters that tell whether a quotation is a repeated one; quotations asked
_MISSING = 0.3  #: of the stated body: when the page shows less, the stated one is taken
_NOTICES = 3  #: blocks above the headline among which notices stand


class WebPageParser:
    """Reads HTML pages and fragments."""

    name = "html"

    def evidence(self, raw: RawFile) -> int:
        """95 for an HTML root, 60 for a fragment or for markup under an HTML name."""
        head = head_of(raw)
        if head.startswith(b"<") and _HTML.search(head):
            return 95
        named = raw.name.lower().endswith((".html", ".htm", ".xhtml"))
        return 60 if _FRAGMENT.match(head) or (named and b"<" in head) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a page. Raises Malformed or NotAStory when the page holds no text."""
        return [page_draft(raw)]


def page_draft(raw: RawFile, weights: Mapping[str, float] = WEIGHTS) -> Draft:
    """The draft of a page, its blocks weighed by a table of features.

    Raises Malformed or NotAStory when the page holds no text.
    """
    decoded = decode(raw.data, raw.source.charset)
    fields, warnings = _read(parse_html(decoded.text), weights, raw.arrived_at)
    if not (fields.get("headline") or fields.get("body_html")):
        raise NotAStory("this HTML page holds no text")
    warnings = [*decoded.warnings, *warnings]
    return Draft(format=WebPageParser.name, charset=decoded.charset, warnings=tuple(warnings), **fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Where the story stands among the page's blocks."""

    story: tuple[int, ...]
    headline: int  #: the block that repeats it, or the first heading; -1 for none

    @property
    def first(self) -> int:
        return self.story[0] if self.story else max(0, self.headline)

    @property
    def last(self) -> int:
        return self.story[-1] if self.story else self.first


def _read(
    root: etree._Element, weights: Mapping[str, float], arrived: datetime
) -> tuple[dict[str, Any], list[str]]:
    """The fields of a draft that a page gives, and warnings of what was guessed.

    Raises NotAStory for a page that says on top that it is not for publication.
    """
    stated = read_statements(root)
    page = read_page(root)
    headline = find_headline(stated.headlines, headings_of(page.blocks), stated.publisher)
    known = _known(root, stated, headline)
    marked = marked_body(root)
    found = _found(page, known, weights) if marked is None else _within(marked[0], page, known)
    warnings: list[str] = []
    held = _notice([headline or "", *_above(page, found)])
    pictures = find_pictures(
        page, stated.images, max(0, found.headline if found.headline >= 0 else found.first - 3), found.last
    )
    writers = find_writers(stated, page.blocks, found.headline, found.first, found.last)
    details = _details(stated, headline, page)
    if marked is not None:
        body, notes = part_body(marked[1])
    else:
        apart = captions_of(pictures) | {squeezed(details.get("subheadline", ""))}
        shown = [page.blocks[n] for n in found.story if page.blocks[n].text != held]
        body, notes = _body(_copy(shown, writers, apart), stated, known, warnings)
    if writers.guessed:
        warnings.append(f"creators guessed from the page: {', '.join(writers.names)}")
    fields = {
        **details,
        "language": stated.language,
        "headline": headline,
        "description": next(iter(stated.descriptions), None) or _lead(page, found),
        "creators": writers.names,
        "byline": writers.byline,
        "keywords": stated.keywords,
        "pictures": pictures,
        "base_url": stated.address,
        "body_html": body,
        "ed_notes": (*([held] if held else []), *notes),
        **_dates(page, stated, found, warnings),
    }
    if held:
        sent = fields["version_created"] or fields["first_created"] or arrived
        fields["embargoed"] = embargo_until(held, sent, load("default"))
        warnings.append(f"embargo read from the text: {held[:80]}")
    return {name: value for name, value in fields.items() if value}, warnings


def _above(page: Page, found: _Found) -> list[str]:
    """What stands about the headline, down to the first of the story."""
    start = found.headline if found.headline >= 0 else found.first
    return [block.text for block in page.blocks[max(0, start - _NOTICES) : found.first + 2]]


def _notice(above: Sequence[str]) -> str | None:
    """The line above a story, or its headline, that holds it back; NotAStory where one forbids it at all."""
    if any_opens_notes(above) and (forbidden := next(filter(forbids_all, above), None)):
        raise NotAStory(f"it says of itself that it is not for publication: {forbidden[:80]}")
    headline, *lines = above
    return headline if titles_held(headline) else next(filter(holds_back, lines), None)


def _copy(story: Sequence[Block], writers: Writers, apart: Container[str]) -> list[Block]:
    """The story's blocks without those on its writers, repeated quotations, and what stands apart.

    apart  texts, squeezed
    """
    own = [block for block in story if not writers.own(block) and squeezed(block.text) not in apart]
    quoted = [block for block in own if "quote" in places_of(block.scope)][:_MOST_QUOTED]
    told = "\n".join(squeezed(block.text) for block in own) if quoted else ""
    pulled = [
        block for block in quoted if len(text := squeezed(block.text)) > _QUOTED and told.count(text) > 1
    ]
    return [block for block in own if block not in pulled]


def _may_stand_above(block: Block) -> bool:
    """Whether it may stand above the headline and be a paragraph."""
    return block.heading is not None or (len(block.text) > LONG and stops(block.text))


def _lead(page: Page, found: _Found) -> str | None:
    """What stands between headline and story, or opens it, in an element that is called a standfirst."""
    above = page.blocks[max(0, found.headline) : found.first + 1]
    return next(
        (block.text for block in above if "lead" in kinds_of(block.scope) and not block.heading), None
    )


def _details(stated: Statements, headline: str | None, page: Page) -> dict[str, Any]:
    """What the page states besides; a second headline that it does not show is a title for search engines."""
    details = {"provider": stated.publisher, **stated.details}
    if not _is_shown_below(headline, details.get("subheadline"), page):
        details.pop("subheadline", None)
    return details


def _is_shown_below(headline: str | None, text: str | None, page: Page) -> bool:
    if text is None or squeezed(text) == squeezed(headline or ""):
        return False
    return any(block.heading != 1 and squeezed(block.text) == squeezed(text) for block in page.blocks)


def known_of(root: etree._Element) -> Known:
    """What a page states, in the form in which blocks are compared with it."""
    stated = read_statements(root)
    return _known(root, stated, find_headline(stated.headlines, (), stated.publisher))


def _known(root: etree._Element, stated: Statements, headline: str | None) -> Known:
    """The same of what has been read of the page already."""
    body = squeezed(line(stated.body or ""))
    alts = (squeezed(image.get("alt") or "") for image in root.iter("img"))
    return Known(
        headline=squeezed(headline or ""),
        description=squeezed(next(iter(stated.descriptions), "")),
        body=body if len(body) > _STATED_BODY else "",
        alts=frozenset(alt for alt in alts if len(alt) > _SHORT_ALT),
    )


def _found(page: Page, known: Known, weights: Mapping[str, float]) -> _Found:
    """The story's blocks without the headline."""
    blocks = page.blocks
    least = len(known.headline)
    repeated = [
        n
        for n, block in enumerate(blocks)
        if len(block.text) >= least and squeezed(block.text) == known.headline
    ]
    top = [n for n, block in enumerate(blocks) if block.heading == 1]
    headline = next(iter([n for n in top if n in repeated] or repeated or top), -1)
    captions = captions_in(page)
    apart = captions.union(repeated, (headline,))
    kept = (n for n, chosen in enumerate(choose(page, known, weights)) if chosen and n not in apart)
    story = [n for n in kept if n > headline or _may_stand_above(blocks[n])]
    return _Found(story=tuple(story), headline=headline)


def _within(element: etree._Element, page: Page, known: Known) -> _Found:
    """The story's blocks where the page marks what is story; the headline stands somewhere above."""
    story = [
        n for n, block in enumerate(page.blocks) if any(up.element is element for up in block.scope.up())
    ]
    above = page.blocks[: story[0] if story else 0]
    titles = [n for n, block in enumerate(above) if squeezed(block.text) == known.headline]
    titles += [n for n, block in enumerate(above) if block.heading == 1]
    return _Found(story=tuple(story), headline=next(iter(titles), -1))


def _body(
    story: Sequence[Block], stated: Statements, known: Known, warnings: list[str]
) -> tuple[str, tuple[str, ...]]:
    """The body as HTML, and what stands in it and below it for editors."""
    below = below_copy([block.text for block in story])
    body = story_html([block for n, block in enumerate(story) if n not in below])
    if stated.body and len(squeezed("".join(block.text for block in story))) < _MISSING * len(known.body):
        body = _stated_html(stated.body)
        warnings.append("body taken from the page's metadata, which says more than the page shows")
    body, notes = part_body(body)
    return body, (*notes, *(story[n].text for n in below))


def _stated_html(body: str) -> str:
    """``articleBody`` as paragraphs."""
    return paragraphs_html(text for part in body.split("\n") if (text := line(part)))


def _dates(page: Page, stated: Statements, found: _Found, warnings: list[str]) -> dict[str, datetime | None]:
    """When the story was first published and last changed."""
    modified = stated_date(stated.modified)
    published = stated_date(stated.published) or marked_date(page, found.headline, found.first)
    if published is None:
        day = printed_date(page, found.headline, found.first, found.last, stated.address)
        if day is not None:
            warnings.append(f"publication date guessed from the page: {day.isoformat()}")
            published = datetime.combine(day, time())
    return {"first_created": published, "version_created": modified}
