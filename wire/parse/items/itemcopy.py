"""What agencies leave in the copy of their items as their systems set it: lines, dashes, notes, datelines.

A paragraph may hold lines of a typesetter's width, or the whole text with its paragraphs indented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from wire.parse.copyblocks import blocks_html, blocks_in, dateline_of
from wire.parse.items.itemnotes import without_notes_above, without_notes_under

_BREAK = re.compile(r"<br ?/?>")
_BROKEN = re.compile(r"<p(?: [^<>]*)?>([^<]*+(?:<br ?/?>[^<]*+)++)</p>")
_WRAPPED = range(45, 81)  #: characters of a line that goes on with the next
_SENTENCE = (".", ":", "!", "?", '"', "”", "»")
_ALONE = re.compile(r"\s*<(p|pre)(?: [^<>]*)?>([^<]*)</\1>\s*")
#: Lines at the margin and lines with the three blanks that begin a paragraph.
_AT_MARGIN, _INDENTED = re.compile(r"\n[^\s<]"), re.compile(r"\n {3}[^\s<]")
_DAY = re.compile(r"\d")
_DASH = re.compile(r"[.:]? ?[-–—_=]|[:.] ")
_CAPITAL = re.compile(r" [A-ZÀ-Þ]")  #: what begins the copy behind a dateline with its day, as PTI sets it
#: Whose datelines write the place in small letters, and no day beside it.
_AGENCIES = frozenset(
    ("ANTARA", "dpa", "epd", "PAP", "APA", "ANP", "NTB", "STT", "TT", "Ritzau", "ats", "Belga", "EFE", "Lusa")
)
_LONGEST = 200_000  #: characters of a whole text in one paragraph; no story is longer
_FIRST = re.compile(
    r"\s*(?:<div(?: [^<>]*)?>\s*)*+(?:<h[1-3](?: [^<>]*)?>[^<]{1,300}</h[1-3]>\s*)?"
    r"(?:<p(?: [^<>]*)?>\s*(?:By|BY|\*) ?[^<]{3,300}</p>\s*){0,8}+"  # bullets of what it tells
    r"<p(?: [^<>]*)?>\s*([^<]{3,200})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCopy:
    """A body as it is to be read, and what it said besides."""

    html: str
    dateline: str | None
    notes: tuple[str, ...]  #: for editors


def read_copy(html: str) -> ItemCopy:
    """The body with lines and paragraphs as they are meant, without what only says that it is over."""
    if "<br" in html:
        html = _BROKEN.sub(_unwrapped, html)
    elif "\n" in html and len(html) < _LONGEST and (alone := _ALONE.fullmatch(html)) is not None:
        html = _in_paragraphs(alone[2], preformatted=alone[1] == "pre") or html
    html, above = without_notes_above(html)
    html, under = without_notes_under(html)
    dateline = _dateline(html)
    if dateline and f"{dateline} _ " in html:
        html = html.replace(" _ ", " — ")  # in the character set of old machines
    return ItemCopy(html=html, dateline=dateline, notes=(*above, *under))


def _unwrapped(paragraph: re.Match[str]) -> str:
    """A paragraph without its breaks where they only fill the measure."""
    lines = [" ".join(line.split()) for line in _BREAK.split(paragraph[1])]
    above = lines[:-1]
    wrapped = all(len(line) in _WRAPPED for line in above) and not all(map(_ends_sentence, above))
    return f"<p>{' '.join(lines).strip()}</p>" if wrapped else paragraph[0]


def _ends_sentence(line: str) -> bool:
    return line.endswith(_SENTENCE)


def _in_paragraphs(text: str, *, preformatted: bool) -> str:
    """A whole text in one paragraph as its own; empty when its lines do not say where they begin.

    preformatted  its blank lines count, if most others fill the measure
    """
    lines = [line.strip() for line in text.strip().split("\n")] if preformatted else []
    full = sum(len(line) in _WRAPPED for line in lines)
    wrapped = "" in lines and 2 * full >= len(lines) - lines.count("")
    if wrapped or (_AT_MARGIN.search(text) and _INDENTED.search(text)):
        return blocks_html(blocks_in(unescape(text)))
    return ""


def _dateline(html: str) -> str | None:
    """The dateline that opens the copy, if it names its agency and a place that could be none but that."""
    first = _FIRST.match(html)
    text = " ".join(unescape(first[1]).split()) if first else ""
    dateline, agency = dateline_of(text) or ("", None)
    sure = dateline.partition(" ")[0].isupper() or _DAY.search(dateline) or agency in _AGENCIES
    ends = _DASH.match(text, len(dateline)) or (_DAY.search(dateline) and _CAPITAL.match(text, len(dateline)))
    return dateline if agency and sure and ends else None
