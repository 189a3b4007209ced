"""What agencies leave in the copy of their items as their systems set it: lines, initials, end marks.

A paragraph may hold lines of a typesetter's width, or the whole text with its paragraphs indented. Under
the text stand the initials of who wrote and edited it, or a mark that it is over; before it its dateline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from wire.parse.copyblocks import blocks_html, blocks_in, dateline_of

_BREAK = re.compile(r"<br ?/?>")
_BROKEN = re.compile(r"<p(?: [^<>]*)?>([^<]*+(?:<br ?/?>[^<]*+)++)</p>")
_WRAPPED = range(45, 81)  #: characters of a line that goes on with the next
_SENTENCE = (".", ":", "!", "?", '"', "”", "»")
_ALONE = re.compile(r"\s*<p[^<>]*>([^<]*)</p>\s*")
#: Lines at the margin and lines with the three blanks that begin a paragraph.
_AT_MARGIN, _INDENTED = re.compile(r"\n[^\s<]"), re.compile(r"\n {3}[^\s<]")
_NOTHING = r"(?:\s*<p ?/>|\s*<p(?: [^<>]*)?>\s*</p>)*+\s*\Z"
_LAST = re.compile(rf"<p(?: [^<>]*)?>\s*([^<]{{2,40}}?)\s*</p>{_NOTHING}")
_END_OF_MESSAGE = re.compile(rf"[^>\s](\s+NNNN\s*)</p>{_NOTHING}")
_INITIALS = re.compile(r"[a-z]{1,5}(?:/[a-z]{1,5}){1,7}")
_END = re.compile(r"[-–—(]?(?:ends?|ENDE?|ENDS|NNNN|30)[-–—)]?")
_DAY = re.compile(r"\d")
_DASH = re.compile(r"[.:]? ?[-–—_]")
#: Whose datelines write the place in small letters, and no day beside it.
_AGENCIES = frozenset(("dpa", "APA", "ANP", "NTB", "STT", "TT", "Ritzau", "ats", "Belga", "EFE", "Lusa"))
#: What stands between strokes like initials and credits others.
_CREDITED = frozenset(("afp", "ansa", "ap", "kna", "epd", "sda", "sid", "rtr", *map(str.lower, _AGENCIES)))
_LONGEST = 200_000  #: characters of a whole text in one paragraph; no story is longer
_TAIL = 200  #: characters in which the last paragraph is looked for, if it is no copy
_FIRST = re.compile(
    r"\s*(?:<div(?: [^<>]*)?>\s*)*+(?:<h[1-3](?: [^<>]*)?>[^<]{1,300}</h[1-3]>\s*)?"
    r"(?:<p(?: [^<>]*)?>\s*By [^<]{3,100}</p>\s*)?"
    r"<p(?: [^<>]*)?>\s*([^<]{3,200})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCopy:
    """A body as it is to be read, and what it said besides."""

    html: str
    dateline: str | None
    sign_off: str | None  #: such as ``ab/cd``


def read_copy(html: str) -> ItemCopy:
    """The body with lines and paragraphs as they are meant, without what only says that it is over."""
    if "<br" in html:
        html = _BROKEN.sub(_unwrapped, html)
    elif "\n   " in html and len(html) < _LONGEST and (alone := _ALONE.fullmatch(html)) is not None:
        html = _in_paragraphs(alone[1]) or html
    html, sign_off = _without_end(html)
    return ItemCopy(html=html, dateline=_dateline(html), sign_off=sign_off)


def is_initials(line: str) -> bool:
    """Whether a line is the initials of several people, such as ``ab/cd``, and credits no agency."""
    return _INITIALS.fullmatch(line) is not None and _CREDITED.isdisjoint(line.split("/"))


def _without_end(html: str) -> tuple[str, str | None]:
    """The body without a mark or initials under it, and the initials."""
    start = max(0, len(html) - _TAIL)
    if html.find("NNNN", start) >= 0 and (mark := _END_OF_MESSAGE.search(html, start)) is not None:
        return html[: mark.start(1)] + html[mark.end(1) :], None
    last = _LAST.search(html, start)
    if last is None or last.start() == 0:
        return html, None
    if is_initials(last[1]):
        return html[: last.start()], last[1]
    return html[: last.start()] if _END.fullmatch(last[1]) else html, None


def _unwrapped(paragraph: re.Match[str]) -> str:
    """A paragraph without its breaks where they only fill the measure."""
    lines = [" ".join(line.split()) for line in _BREAK.split(paragraph[1])]
    above = lines[:-1]
    wrapped = all(len(line) in _WRAPPED for line in above) and not all(map(_ends_sentence, above))
    return f"<p>{' '.join(lines).strip()}</p>" if wrapped else paragraph[0]


def _ends_sentence(line: str) -> bool:
    return line.endswith(_SENTENCE)


def _in_paragraphs(text: str) -> str:
    """A whole text in one paragraph as its own; empty when its lines do not say where they begin."""
    if not (_AT_MARGIN.search(text) and _INDENTED.search(text)):
        return ""
    return blocks_html(blocks_in(unescape(text)))


def _dateline(html: str) -> str | None:
    """The dateline that opens the copy, if it names its agency and a place that could be none but that."""
    first = _FIRST.match(html)
    text = " ".join(unescape(first[1]).split()) if first else ""
    dateline, agency = dateline_of(text) or ("", None)
    sure = dateline.partition(" ")[0].isupper() or _DAY.search(dateline) or agency in _AGENCIES
    return dateline if agency and sure and _DASH.match(text, len(dateline)) else None
