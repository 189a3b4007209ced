"""The story in the lines of raw copy: what `wire.parse.copied.linemodel` says of each line, put together.

Bare copy, with nothing around it, is taken as it is: a headline if the first line looks like one, then the
story. In copied pages the roles of the lines decide; marks that leave no doubt (a picture's credit) win over
them. Byline and date are patterns, read near the headline.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, groupby
from operator import sub
from typing import NamedTuple

from wire.parse.copied.asides import is_aside
from wire.parse.copied.bylines import find_byline, is_desk, opens_byline
from wire.parse.copied.cues import GROUPS, bits
from wire.parse.copied.extent import Extent
from wire.parse.copied.headlines import best_headline
from wire.parse.copied.linefeatures import features
from wire.parse.copied.linelook import Line
from wire.parse.copied.linemarks import LONG, is_name
from wire.parse.copied.linemodel import Model, Reading, model, read_roles
from wire.parse.copied.stamps import find_stamps, recent_moments
from wire.parse.copyblocks import dateline_of
from wire.parse.dates import moments_in

#: Probabilities from which on a line is one.
_STORY, _SUBHEAD, _HEADLINE, _STANDFIRST, _CAPTION = 0.38, 0.15, 0.1, 0.5, 0.12
_SHORT_CAPTION = 0.3  #: of the probability that a short line is story: that of its being a caption
_RULE = re.compile(r"[_=*~–—-]+")
#: What kind of piece it is, as a line of its own; in lower case.
_KICKER = re.compile(
    r"\W*(?:(?:[a-z]+ )?(?:review|obituary|interview|profile|analysis|comment|opinion|editorial|column)|"
    r"obituaries|letters?(?: to the editor)?|feature|match report|live|"
    r"(?:film|buch|theater|konzert)?kritik|rezension|kommentar|leitartikel|glosse|nachruf|leserbriefe?|"
    r"analyse|porträt|kolumne|gastbeitrag|opinión|análisis|crítica|entrevista|cartas al director|"
    r"obituario|critique|tribune|éditorial|entretien|portrait|courrier des lecteurs|opinione|commento|"
    r"recensione|intervista|lettere(?: al direttore)?|opinião|resenha|crónica|recensie|opinie|ledare|"
    r"recension|insändare)\W*"
)
#: Section or site behind a headline.
_SITE = re.compile(r" (?:[|·•]|-|–|—) ")
_SITE_AT_END = re.compile(r"(?<=.{20}) \| [^|]{2,30}$")
#: Words of dates and clocks.
_STAMP_WORDS = frozenset(word for phrase in GROUPS["stamp"].split(",") for word in phrase.split()).union(
    ("de", "del", "of", "the", "le", "om", "kl", "klo", "um", "à", "at", "er", "th", "st", "nd", "rd"),
    ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "okt", "nov", "dec", "dez"),
)
_LEAST_HEADLINE = 20  #: characters
#: The name of what a line of a list goes on to enumerate.
_LABEL = re.compile(r"[^:：.!?。]{1,40}[:：]\s?\S")
_NEXT_WORD = re.compile(r"[,.]? (?=[^\W\d_])")
_CAPTION_SIZE = 25  #: of a caption, more than
_SUBHEAD_SIZE = 110  #: of a subhead, at most
_QUESTION_SIZE = 70  #: of a subhead that asks, at most
_OPENING_SIZE = 60  #: of the paragraph below a subhead, more than
_SUMS_UP, _SUMMARY_SIZE = 0.02, 35  #: probability and size of a standfirst below a headline, more than
_NO_SUMMARY = ("credit", "caption", "end mark", "byline", "dated")
_CLOSES, _CLOSING_SIZE = 0.05, 60  #: probability and size of a last paragraph, more than
_PLEADS = bits("membership", "affiliate", "you", "comments", "author")  #: what asks its reader for something
_MENU_WORDS = 4  #: words of what a menu offers, at most
_ASKS = "?!？！"
_TOP = 3  #: lines at the top that may hold byline and dateline at once
_LAST = 4  #: lines at the end of the story among which a box about the author stands
_LEAST_LISTED = 3  #: lines of a list that enumerate
_NEAR = 12  #: lines above the story in which its captions stand
_SHORTEST_DATE = 4  #: digits of what is a date
_PLACE_WORDS = 2  #: words beside those of a date, at most
#: What is no subhead: a clock, a speaker's letter, numbers in a row, scorers and their minutes.
_NO_SUBHEAD = re.compile(
    r"\d{1,2}[:.]\d{2}$|[^\W\d_]{1,2}[:.] |.*?(?<!\S)\d[\d.,:%]*;? (?!(?:19|20)\d\d\b)\d[\d.,:;%]*(?!\S)|"
    r".*?[^\W\d_] \d{1,3}(?:\+\d)?(?: \(\w+\))?[,;] .*?[^\W\d_] \d{1,3}(?!\d)"
)


class Block(NamedTuple):
    """A paragraph or subhead of the story."""

    text: str
    subhead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read out of the lines of raw copy."""

    headline: str | None = None
    standfirst: str | None = None
    byline: str | None = None  #: as printed
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    captions: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    published: datetime | None = None  #: without zone; midnight where no clock is printed
    updated: datetime | None = None
    left_out: int = 0  #: lines taken for furniture


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """Numbers of the lines that are something."""

    headline: int | None
    headline_text: str | None
    story: tuple[int, ...]
    captions: tuple[int, ...] = ()
    standfirst: int | None = None
    bare: bool = False
    whole: bool = False  #: nothing may be left out


def find_story(
    texts: Sequence[str], *, headline_known: bool = False, whole: bool = False, known: Model | None = None
) -> Found:
    """The story among stripped, non-empty lines.

    whole  they are the story and nothing else, without its headline
    known  the model to read them with; the fitted one by default
    """
    weights = known or model()
    lines, noted = features(_bylines_apart(texts), weights.terms)
    if not lines:
        return Found()
    chosen = None
    if whole:
        every = tuple(range(len(lines)))
        chosen = _Chosen(headline=None, headline_text=None, story=every, bare=True, whole=True)
    elif not _is_bare(lines):
        chosen = _by_roles(lines, read_roles(lines, noted, weights), weights)
    return _assembled(lines, chosen or _bare(lines, headline_known=headline_known), headline_known)


def _bylines_apart(texts: Sequence[str]) -> list[str]:
    """The lines; "By Jane Example, LONDON, March 2 (Reuters) - …" at the top as two of them."""
    apart: list[str] = []
    for n, text in enumerate(texts):
        byline, rest = _without_byline(text) if n < _TOP else ("", text)
        apart += [byline, rest] if byline else [rest]
    return apart


def _is_bare(lines: Sequence[Line]) -> bool:
    """Whether somebody sent the story and nothing else: nothing in it reads like a page's furniture."""
    return not any(
        (line.caption and line.size <= LONG)
        or line.again
        or (line.kind in ("cue", "end mark") and not line.stops and not opens_byline(line.text))
        for line in lines[_opens_as_headline(lines) :]
    )


def _opens_as_headline(lines: Sequence[Line]) -> bool:
    """Whether the first line is no furniture, whatever word of it furniture holds as well."""
    return (
        len(lines) > 1 and len(lines[0].words) > _MENU_WORDS and not lines[0].caption and not lines[0].again
    )


def _bare(lines: Sequence[Line], *, headline_known: bool) -> _Chosen:
    above = len(lines) > 2 and (_is_place_and_day(lines[0]) or _is_kicker(lines))
    headline = int(above) if not headline_known and _opens(lines[above:]) else None
    rest = range(int(above) if headline is None else headline + 1, len(lines))
    captions = tuple(n for n in rest if lines[n].caption)
    story = tuple(n for n in rest if not lines[n].caption)
    text = None if headline is None else lines[headline].text
    return _Chosen(headline=headline, headline_text=text, story=story, captions=captions, bare=True)


def _opens(lines: Sequence[Line]) -> bool:
    """Whether the first line is a headline: no sentence but a question, no byline, dateline or salutation."""
    first = lines[0]
    ends = first.stops and (first.text[-1] not in _ASKS or first.size > LONG)
    if len(lines) < 2 or ends or first.size > 2 * LONG or first.byline or first.text[-1] in ",;":
        return False
    return _dateline(first.text) is None


def _is_kicker(lines: Sequence[Line]) -> bool:
    """Whether the first line only says what kind of piece it is, above the headline."""
    kicker, below = lines[:2]
    return not below.stops and below.size <= 2 * LONG and _KICKER.fullmatch(kicker.text.lower()) is not None


def _is_place_and_day(line: Line) -> bool:
    """Whether it only says where and when somebody wrote: "Paris, le 2 mars 2026"."""
    if line.size > LONG or not line.dated or line.stops or not moments_in(line.text):
        return False
    return sum(not (word.isdigit() or word in _STAMP_WORDS) for word in line.words) <= _PLACE_WORDS


def _by_roles(lines: Sequence[Line], readings: Sequence[Reading], known: Model) -> _Chosen | None:
    """The lines by their probable roles; None when none of them is probably story."""
    likely = [
        n
        for n, (line, reading) in enumerate(zip(lines, readings, strict=True))
        if reading.story > _STORY and not is_aside(line.text, line.size)
    ]
    if not likely:
        return None
    others = _of_other_stories(lines, likely) | _about_author(lines, likely)
    likely = sorted({*likely, *_listed(lines, likely), *_beyond_pointer(lines, readings, likely)} - others)
    some = max(reading.headline for reading in readings) > _HEADLINE
    best = best_headline(lines, readings, known.headline) if some else None
    place, text = (None, None) if best is None else _headline_alone(lines, best)
    near = range(max(0, likely[0] - _NEAR), likely[-1] + 1)
    pictured = {n for n in near if _is_caption(lines[n], readings[n])}
    return _Chosen(
        headline=place,
        headline_text=text,
        story=tuple(_with_subheads(lines, readings, likely, pictured | {best, place})),
        captions=tuple(n for n in near if n in pictured and lines[n].size > _CAPTION_SIZE),
        standfirst=_standfirst(lines, readings, likely, place),
    )


def _standfirst(
    lines: Sequence[Line], readings: Sequence[Reading], likely: Sequence[int], headline: int | None
) -> int | None:
    """The line that is probably one; else what stands between the headline and a byline or date."""
    if found := [n for n in likely[:3] if readings[n].standfirst > _STANDFIRST]:
        return found[0]
    if headline is None or headline + 2 >= len(lines):
        return None
    line, after = lines[headline + 1 : headline + 3]
    signed = after.kind in ("byline", "dated") or is_name(after.text)
    sums_up = readings[headline + 1].standfirst > _SUMS_UP and line.size > _SUMMARY_SIZE
    return headline + 1 if signed and sums_up and line.kind not in _NO_SUMMARY else None


def _of_other_stories(lines: Sequence[Line], likely: Sequence[int]) -> set[int]:
    """Which lines between paragraphs are the date or author of another story, or the title above one."""
    first, last = likely[0], likely[-1]
    found: set[int] = set()
    for n in range(first + 1, last):
        line, above = lines[n], lines[n - 1]
        if line.size <= LONG and line.dated and (line.byline or _is_stamp(line)):
            found.add(n)
            if n - 1 > first and not above.long and not above.stops and above.size <= 2 * LONG:
                found.add(n - 1)
    return found


def _about_author(lines: Sequence[Line], likely: Sequence[int]) -> set[int]:
    """The box about the author at the end: its heading, and what goes on with the name."""
    for n in likely[1:][-_LAST:]:
        line = lines[n]
        if line.ends_story and n + 1 < len(lines) and not lines[n + 1].content.isdisjoint(line.words[-1:]):
            return {n, n + 1}
    return set()


def _beyond_pointer(
    lines: Sequence[Line], readings: Sequence[Reading], likely: Sequence[int]
) -> Sequence[int]:
    """The last paragraph, where only a pointer to another story parts it from the one above."""
    n = likely[-1] + 2
    if n >= len(lines) or not is_aside(lines[n - 1].text, lines[n - 1].size) or not lines[n - 1].labelled:
        return ()
    line = lines[n]
    tells = line.stops and line.size > _CLOSING_SIZE and readings[n].story > _CLOSES
    return (n,) if tells and not line.groups & _PLEADS else ()


def _listed(lines: Sequence[Line], likely: Sequence[int]) -> set[int]:
    """The lines of lists that go on from the story: names and what belongs to each, line-ups, places.

    Furniture has labels too, but no run of them that enumerates.
    """
    labelled = {
        n
        for n, line in enumerate(lines)
        if (":" in line.text or "：" in line.text) and _LABEL.match(line.text)
    }
    listed = labelled | {n - 1 for n in labelled if n and lines[n - 1].width == "t"}
    if len(listed) < _LEAST_LISTED:
        return set()
    known = frozenset(likely)
    found: set[int] = set()
    for run in _runs(sorted(listed)):
        goes_on = not known.isdisjoint((run[0] - 1, run[0]))
        if goes_on and sum(_enumerates(lines[n].text) for n in run) >= _LEAST_LISTED:
            found.update(run)
    return found


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Rising numbers in groups without gaps."""
    for _, group in groupby(zip(numbers, count(), strict=False), lambda pair: sub(*pair)):
        yield [number for number, _ in group]


def _enumerates(text: str) -> bool:
    return sum(map(text.count, ",;，、")) > 1


def _is_stamp(line: Line) -> bool:
    """Whether it is nothing but a date, with a clock perhaps."""
    return all(word.isdigit() or word in _STAMP_WORDS for word in line.words)


def _is_caption(line: Line, reading: Reading) -> bool:
    """Whether it is one beyond doubt, or probably enough; a subhead is easily taken for one."""
    if line.caption and line.text[0] not in '“"„«':
        return True
    enough = line.size > LONG or reading.caption > _SHORT_CAPTION * reading.story
    return reading.caption > _CAPTION and enough


def _headline_alone(lines: Sequence[Line], headline: int) -> tuple[int, str]:
    """The headline without section or site glued to it: its line, and its text.

    What stands in a line of its own elsewhere, in a trail or a list of links, is the headline itself.
    """
    text = lines[headline].text
    parts: dict[str, int] = {}
    for n, line in enumerate(lines):
        part = line.text
        if _LEAST_HEADLINE <= len(part) < len(text) and (
            text.endswith(part) or (text.startswith(part) and _SITE.match(text, len(part)))
        ):
            parts.setdefault(part, n)
    if not parts:
        return headline, _SITE_AT_END.sub("", text)
    shortest = min(parts, key=len)
    near = abs(parts[shortest] - headline) <= _NEAR
    return parts[shortest] if near else headline, shortest


def _assembled(lines: Sequence[Line], chosen: _Chosen, headline_known: bool) -> Found:
    """Every line of the story in its place."""
    texts = [line.text for line in lines]
    headline = chosen.headline
    extent = _extent(chosen)
    marked = frozenset(n for n in chosen.captions if lines[n].caption)
    byline = find_byline(texts, extent, taken=marked, marked_only=chosen.bare)
    said = byline.line if byline else None
    below = [] if said is None or not is_desk("".join(texts[said + 1 : said + 2])) else [said + 1]
    story, captions = [
        [n for n in some if n not in (said, *below)] for some in (chosen.story, chosen.captions)
    ]
    body = _body(lines, story)
    dateline = _take_dateline([*body] if chosen.whole else body)
    published, updated = _moments(lines, texts, extent, captions, story)
    kept = {*story, *captions, headline, said, chosen.standfirst} - {None}
    return Found(
        headline=None if headline_known else chosen.headline_text,
        standfirst=None if chosen.standfirst is None else texts[chosen.standfirst],
        byline=byline.printed if byline else None,
        authors=byline.names if byline else (),
        dateline=dateline,
        captions=tuple(texts[n] for n in captions),
        body=tuple(body),
        published=published,
        updated=updated,
        left_out=len(lines) - len(kept),
    )


def _body(lines: Sequence[Line], story: Sequence[int]) -> list[Block]:
    """The paragraphs and subheads of the story, without rules between them."""
    speakers = _speakers(lines[n].text for n in story)
    return [
        Block(text=lines[n].text, subhead=_is_subhead(lines, story, k, speakers))
        for k, n in enumerate(story)
        if lines[n].text[0].isalnum() or not _RULE.fullmatch(lines[n].text)
    ]


def _extent(chosen: _Chosen) -> Extent:
    headline, story = chosen.headline, chosen.story
    first = next((n for n in story if headline is None or n > headline), 0)
    return Extent(headline=headline, first=first, last=story[-1] if story else first)


def _moments(
    lines: Sequence[Line],
    texts: Sequence[str],
    extent: Extent,
    captions: Sequence[int],
    story: Sequence[int],
) -> tuple[datetime | None, datetime | None]:
    """When the story was published, and when it was changed if that is another time."""
    signed = {n for n, line in enumerate(lines) if len(line.signs) >= _SHORTEST_DATE}
    taken = {n for n in captions if lines[n].caption} | {n for n in story if lines[n].long}
    stamps = find_stamps(texts, extent, among=signed - taken)
    told = (n for n in (*captions, *story) if n in signed)
    published = stamps[0].when if stamps else _first_moment(texts, told)
    updated = next((stamp.when for stamp in stamps if stamp.updated), None)
    return published, updated if updated != published else None


def _first_moment(texts: Sequence[str], among: Iterable[int]) -> datetime | None:
    """The first date in captions, else in the copy itself."""
    for n in among:
        if found := recent_moments(texts[n]):
            return min(found, key=lambda moment: moment.offset).when
    return None


def _is_subhead(lines: Sequence[Line], story: Sequence[int], k: int, speakers: frozenset[str]) -> bool:
    """Whether it looks like a subhead, with copy before and after it, and not like what somebody says."""
    if not 0 < k < len(story) - 1 or not _may_be_subhead(lines[story[k]]):
        return False
    if _label(lines[story[k]].text) in speakers:
        return False
    after = lines[story[k + 1]]
    opens = after.size > _OPENING_SIZE or (after.stops and after.width != "t")
    return opens and not after.text[0].islower()


def _speakers(texts: Iterable[str]) -> frozenset[str]:
    """The labels of several lines: the names of those who speak."""
    labels = Counter(map(_label, texts))
    return frozenset(label for label, times in labels.items() if label and times > 1)


def _label(text: str) -> str:
    """What stands before the first colon, with it."""
    return text[: text.find(":") + 1]


def _may_be_subhead(line: Line) -> bool:
    """Short, no lower case first, not ended as a sentence; a short question may be one."""
    first, last = line.text[0], line.text[-1]
    if line.size > _SUBHEAD_SIZE or last in ",;:" or first.islower() or first in "[(" or line.byline:
        return False
    asks = last in "?!" and line.size <= _QUESTION_SIZE
    return (not line.stops or asks) and any(map(str.isalnum, line.text)) and not _NO_SUBHEAD.match(line.text)


def _with_subheads(
    lines: Sequence[Line], readings: Sequence[Reading], likely: Sequence[int], barred: Container[int | None]
) -> list[int]:
    """The probable lines of the story, and less probable ones that stand over a paragraph like subheads."""
    story = [n for n in likely if n not in barred]
    known = frozenset(story)
    over = (n for n in range(story[0], story[-1]) if n + 1 in known and lines[n + 1].long) if story else ()
    found = [
        n
        for n in over
        if n not in known
        and n not in barred
        and readings[n].story > _SUBHEAD
        and lines[n].kind in ("short", "tiny", "unended")
        and not lines[n].again
        and not lines[n].stops
        and _may_be_subhead(lines[n])
    ]
    return sorted((*story, *found))


def _take_dateline(body: list[Block]) -> str | None:
    """The dateline that the copy opens with; one that stands alone is taken out of it."""
    if not body:
        return None
    if found := _dateline(body[0].text):
        printed, alone = found
        if alone and len(body) > 1:
            del body[0]
        return printed
    return None


def _dateline(text: str) -> tuple[str, bool] | None:
    """The dateline that a text opens with, and whether the text is nothing else."""
    if place := dateline_of(text):
        return place[0], text.strip(" -–—_") == place[0]
    alone = dateline_of(f"{text.rstrip(' -–—')} - ") if len(text) <= LONG else None
    if alone and alone[0] == text.rstrip(" -–—") and ("(" in text or text.endswith(("-", "–", "—"))):
        return alone[0], True
    return None


def _without_byline(text: str) -> tuple[str, str]:
    """("By Jane Example", "LONDON, March 2 (Reuters) - …") for copy that opens with both; else ("", text)."""
    if opens_byline(text):
        breaks = [match.span() for match in _NEXT_WORD.finditer(text, 0, LONG)]
        for end, begin in reversed(breaks):
            if dateline_of(text[begin:]):
                return text[:end], text[begin:]
    return "", text
