"""When a story was published, read from the lines around it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, time

from wire.parse.copied.extent import Extent
from wire.parse.dates import Moment, moments_in

# All three read a line in lower case: `re` skips through it ten times faster than when it minds no capitals.
_PUBLISHED = re.compile(
    r"publi|post(?:ed|ado)|veröff|erstellt|created|first|vom\b|on\b|\b(?:datum|fecha|date)\b|"
    r"написано|опубликовано|dodano|"
    r"vydáno|diterbitkan|公開|发布|發布|입력|نشر"
)
_UPDATED = re.compile(
    r"updat|modified|aktualis|geändert|actuali|mis à jour|modifié|aggiorn|atualiz|bijgewerkt|oppdat|"
    r"uppdat|opdater|aktualiz|"
    r"обновл|更新|수정|تحديث|diperbarui|güncel"
)
#: What dates of other things stand beside: pictures, broadcasts, deadlines, laws.
_OTHER = re.compile(
    r"\b(?:photo\w*|foto\w*|bild\w*|image|picture|audio|video|sendung|verfügbar|bis|until|expires?|"
    r"copyright|©|archiv\w*|file)\b|©"
)
_ABOVE, _BELOW, _AFTER = 40, 9, 24  #: lines before the headline, after the first line, after the last one
_LONGEST = 160
_OLDEST = 1990  #: year: before it, there were no pages to copy
_SHORT = 25  #: characters of a line up to which it may say what the date below it is
_PROSE = 40  #: characters before a date from which on it is one that a sentence tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date printed with a story."""

    line: int
    when: datetime  #: without zone
    updated: bool  #: says that the story was changed then


def find_stamps(lines: Sequence[str], story: Extent, *, among: Set[int]) -> list[Stamp]:
    """The dates around a story, the likeliest first.

    Only lines ``among`` these count: others hold no date, or are captions and paragraphs.
    """
    near = story.around(above=_ABOVE, below=_BELOW, after=_AFTER, count=len(lines))
    if found := _stamps(lines, story, [n for n in near if n in among]):
        return found
    return _stamps(lines, story, [n for n in sorted(among) if _PUBLISHED.match(lines[n].lower())])


def recent_moments(text: str) -> list[Moment]:
    """The dates in a text on which it may have been published; earlier ones are told of."""
    return [moment for moment in moments_in(text) if moment.day.year >= _OLDEST]


def _stamps(lines: Sequence[str], story: Extent, among: Sequence[int]) -> list[Stamp]:
    found: list[tuple[float, Stamp]] = []
    for n in among:
        if len(lines[n]) > _LONGEST:
            continue
        for moment in recent_moments(lines[n]):
            above = lines[n - 1] if n and len(lines[n - 1]) < _SHORT else ""
            before = f"{above} {lines[n][: moment.offset]}".lower()
            stamp = Stamp(line=n, when=moment.when, updated=_says_updated(before))
            found.append((_worth(stamp, story, lines[n], before, moment.offset), stamp))
    return [stamp for _, stamp in sorted(found, key=lambda pair: -pair[0])]


def _says_updated(before: str) -> bool:
    """Whether the last word before a date that says what happened then is that the story was changed."""
    changed = _last(_UPDATED, before)
    return changed >= 0 and changed > _last(_PUBLISHED, before)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _worth(stamp: Stamp, story: Extent, text: str, before: str, offset: int) -> float:
    """Nearer is better; above the headline and below the story stand the dates of other things."""
    n = stamp.line
    if n > story.last:
        worth = -2.2 - 0.1 * (n - story.last)
    elif n < story.top:
        worth = -1.0 - 0.1 * (story.top - n)
    else:
        worth = -0.1 * (n - story.top)
    if not stamp.updated and _PUBLISHED.search(before):
        worth += 1.0
    elif offset > _PROSE:
        worth -= 1.0
    worth += 0.5 * (stamp.when.time() != time()) - 1.5 * (_OTHER.search(text.lower()) is not None)
    return worth - 0.6 * stamp.updated - 0.8 * ((len(text) > 45) + (len(text) > 65) + (len(text) > 100))
