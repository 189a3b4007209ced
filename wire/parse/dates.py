"""Absolute dates in running text, in the spellings of several languages. Never relative ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_NAMES = (
    "jan january januar janvier enero ene gennaio gen janeiro januari tammikuu styczeń stycznia января",
    "feb february februar février fevrier febrero febbraio fevereiro februari helmikuu luty lutego февраля",
    "mar march märz maerz mrz mars marzo março marco maart maaliskuu marzec marca марта",
    "apr april avril abril abr aprile huhtikuu kwiecień kwietnia апреля",
    "may mai mayo maggio mag maio maj mei toukokuu maja мая",
    "jun june juni juin junio giugno giu junho kesäkuu czerwiec czerwca июня",
    "jul july juli juillet julio luglio lug julho heinäkuu lipiec lipca июля",
    "aug august août agosto ago augusti augustus elokuu sierpień sierpnia августа",
    "sep sept september septembre septiembre settembre setembro syyskuu wrzesień września сентября",
    "oct okt october oktober octobre octubre ottobre ott outubro out lokakuu października октября",
    "nov november novembre noviembre novembro marraskuu listopad listopada ноября",
    "dec dez december dezember décembre diciembre dic dicembre dezembro desember joulukuu grudnia декабря",
)
_MONTH = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
#: The first three and four letters, of those that begin one month only.
_BEGINNING = {
    name[:size]: number
    for size in (3, 4)
    for name, number in _MONTH.items()
    if len({other for longer, other in _MONTH.items() if longer.startswith(name[:size])}) == 1
}
_DAY = r"(0?[1-9]|[12]\d|3[01])"
_YEAR = r"((?:19|20)\d{2})"
_WORD = r"([^\W\d_]{3,11})"
_PATTERNS = (
    (re.compile(rf"\b{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)"), "ymd"),
    (re.compile(rf"{_YEAR}\s?年\s?(\d{{1,2}})\s?月\s?(\d{{1,2}})\s?日"), "ymd"),
    (re.compile(rf"\b{_YEAR}/(\d{{1,2}})/(\d{{1,2}})\b"), "ymd"),
    (
        re.compile(
            rf"\b{_DAY}(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?{_WORD}\.?,?\s+(?:de[l]?\s+)?{_YEAR}\b"
        ),
        "dmy",
    ),
    (re.compile(rf"\b{_WORD}\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}\b"), "mdy"),
    (re.compile(rf"\b{_DAY}[./-](0?[1-9]|1[0-2])[./-]{_YEAR}\b"), "dmy"),
)


def dates_in(text: str) -> Iterator[tuple[int, date]]:
    """Every absolute date with its year, as (offset, date), by spelling and then by place."""
    for pattern, order in _PATTERNS:
        for match in pattern.finditer(text):
            if found := _date(match.groups(), order):
                yield match.start(), found


def first_date(text: str) -> date | None:
    """The date that stands first in the text."""
    return min(dates_in(text), default=(0, None), key=lambda found: found[0])[1]


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name or its abbreviation in several languages."""
    name = name.lower().rstrip(".")
    return _MONTH.get(name) or _BEGINNING.get(name[:4]) or _BEGINNING.get(name[:3])


def _date(parts: tuple[str, ...], order: str) -> date | None:
    year, month, day = (parts[order.index(part)] for part in "ymd")
    number = int(month) if month.isdigit() else _MONTH.get(month.lower())
    if number is None:
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
