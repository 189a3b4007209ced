"""Flowing documents (Markdown, DOCX, RTF, mail) as a story: what stands above the copy, and what is no copy.

Such documents come from people: header lines, a headline, a byline, an embargo and notes to editors stand
in them as paragraphs. Notes leave the body for ``ed_notes``, for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wire.parse import for_editors
from wire.parse.copied.bylines import is_byline
from wire.parse.copyblocks import dateline_of
from wire.parse.embargo import embargo_until, holds_back, titles_held
from wire.parse.items.itemnotes import without_notes_under
from wire.parse.profiles import load
from wire.parse.sent.headers import take_headers
from wire.parse.sent.signatures import signature_start

_EDITORS_NOTE = re.compile(r"\W{0,5}editor['’]?s['’]? notes?\b\W*", re.IGNORECASE)
_BYLINE = re.compile(r"(?:By|BY|Von|VON|Par|Por)\s+[A-ZÀ-ÖØ-Þ][^\n]{1,100}")
_LABELLED = re.compile(
    r"(?:headline|title|titel|titre|titular|titolo|rubrik|overskrift) ?: *\S", re.IGNORECASE
)
_ABOVE, _SLUG = 4, 60  #: lines above such a line, and characters of one
_TOP = 6  #: blocks within which headers, headline, byline and embargo stand
_LONGEST_HEADLINE = 200  #: characters
_ABOVE_COPY = 2  #: paragraphs of copy that stand above a note of the top at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading, list or table of a document."""

    html: str
    text: str  #: without markup
    heading: bool = False


def story_fields(
    blocks: Sequence[Block], *, title: str | None = None, sent: datetime | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The fields of a draft that the document says by its text, and warnings.

    title  of the document, which its first block may repeat
    sent   when the document was written, for embargoes without a year
    """
    end = signature_start([block.text for block in blocks])
    signature, blocks = "\n".join(block.text for block in blocks[end:]), blocks[:end]
    fields, above, blocks, warnings = _take_headers(blocks, sent)
    blocks, notes = split_notes(blocks)
    notes = [*above, *notes, *filter(None, (signature,))]
    blocks, held = _take_embargo(blocks, sent)
    if held is None and title and titles_held(title):
        held = embargo_until(title, sent, load("default")), title
    if held:
        fields.setdefault("embargoed", held[0])
        notes.insert(0, held[1])
        warnings.append(f"embargo read from the text: {held[1][:80]}")
    headline = fields.get("headline") or title
    blocks, found = _take_headline(blocks, headline)
    if headline or found:
        fields["headline"] = headline or found
    fields |= _opening(blocks, fields)
    fields["body_html"], under = without_notes_under(fields["body_html"])
    notes += under
    if notes:
        fields["ed_notes"] = (*fields.get("ed_notes", ()), *notes)
    return fields, warnings


def _take_headers(
    blocks: Sequence[Block], sent: datetime | None
) -> tuple[dict[str, Any], list[str], Sequence[Block], list[str]]:
    """The fields that header lines state, the lines above these, the blocks below them, and warnings."""
    texts = [block.text for block in blocks[:30]]
    fields, rest, warnings = take_headers(texts, sent)
    above = 0 if fields else _above_headline(texts)
    if above:
        fields, rest, warnings = take_headers(texts[above:], sent)
    return fields, texts[:above], blocks[len(texts) - len(rest) :], warnings


def _above_headline(texts: Sequence[str]) -> int:
    """How many short lines, such as a slug, stand above one that says ``Headline:``."""
    labelled = next((n for n, text in enumerate(texts[:_ABOVE]) if _LABELLED.match(text)), 0)
    return labelled if all(len(text) < _SLUG for text in texts[:labelled]) else 0


def _opening(blocks: Sequence[Block], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Byline and dateline, unless header lines state them, and the body under them."""
    found: dict[str, Any] = {}
    if _is_slug(blocks):
        found["slugline"] = fields.get("slugline") or blocks[0].text
        blocks = blocks[1:]
    if blocks and _BYLINE.fullmatch(blocks[0].text) and is_byline(blocks[0].text):
        found["byline"] = fields.get("byline") or blocks[0].text
        blocks = blocks[1:]
    body = "".join(block.html for block in blocks)
    if place := dateline_of(blocks[0].text) if blocks else None:
        found["dateline"] = fields.get("dateline") or place[0]
        if f"{place[0]} _ " in body:
            body = body.replace(" _ ", " — ")  # in the character set of old machines
    return found | {"body_html": body}


def _is_slug(blocks: Sequence[Block]) -> bool:
    """Whether a few words stand between the headline and the byline."""
    return (
        len(blocks) > 2
        and len(blocks[0].text) < _SLUG
        and not blocks[0].text.endswith((".", "!", "?"))
        and _BYLINE.fullmatch(blocks[1].text) is not None
        and is_byline(blocks[1].text)
    )


def opens_notes(text: str) -> bool:
    """Whether a paragraph begins what is for editors only."""
    head = text[:300].strip()
    return _EDITORS_NOTE.match(head) is not None or for_editors.opens_notes(head)


def _said(text: str) -> str:
    """What a paragraph that opens notes says itself."""
    own = _EDITORS_NOTE.match(text)
    return text[own.end() :].strip() if own else for_editors.said_in(text)


def is_note_above(text: str, lines: Sequence[str]) -> bool:
    """Whether a note to editors is one of the first lines and says itself what it has to say."""
    return text in lines[:_ABOVE_COPY] and opens_notes(text) and bool(_said(text.strip()))


def split_notes(blocks: Sequence[Block]) -> tuple[Sequence[Block], list[str]]:
    """The blocks for publication, and the text of those that are for editors only.

    A note of one sentence above or amid the copy is taken by itself, others with all below.
    """
    texts = [block.text.strip() for block in blocks]
    kept: list[Block] = []
    notes: list[str] = []
    at = 0
    while at < len(blocks):
        end = at + 1
        if not opens_notes(texts[at]):
            kept.append(blocks[at])
        else:
            said = _said(texts[at])
            if blocks[at].heading or not said or len(kept) >= _ABOVE_COPY:
                end = len(blocks) if blocks[at].heading else for_editors.end_of_notes(texts, at)
            notes.append("\n".join(filter(None, (said, *texts[at + 1 : end]))))
        at = end
    return kept, [note for note in notes if note]


def _take_embargo(
    blocks: Sequence[Block], sent: datetime | None
) -> tuple[Sequence[Block], tuple[datetime, str] | None]:
    """The blocks without the line above the copy that holds it back, when it ends, and the line."""
    for n, block in enumerate(blocks[:_TOP]):
        if holds_back(block.text):
            return [*blocks[:n], *blocks[n + 1 :]], (
                embargo_until(block.text, sent, load("default")),
                block.text,
            )
    return blocks, None


def _take_headline(blocks: Sequence[Block], known: str | None) -> tuple[Sequence[Block], str | None]:
    """The blocks without the headline: one that repeats the known one, or a first line that looks so."""
    if not blocks:
        return blocks, None
    text = " ".join(blocks[0].text.split())
    if known:
        return (blocks[1:], None) if text.casefold() == " ".join(known.split()).casefold() else (blocks, None)
    looks = blocks[0].heading or (len(blocks) > 1 and not text.endswith((".", ":", ",", ";")))
    if text and looks and len(text) <= _LONGEST_HEADLINE:
        return blocks[1:], text
    return blocks, None


def described(fields: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Both together: what the text's own header lines say wins over the document's properties."""
    return {**{name: value for name, value in stated.items() if value}, **fields}
