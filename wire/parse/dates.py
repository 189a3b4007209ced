"""Absolute dates in running text, in the spellings of several languages. Never relative ones.

A date without its year is none. Where the order of day and month is open, the day comes first, unless a
12-hour clock or a North American zone stands in the same line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

#: Of January to December, one month a line.
_NAMES = """
    jan january januar janvier janv enero ene gennaio gen \
    janeiro januari jänner tammikuu tammikuuta styczeń stycznia \
    sty января янв ledna leden január januára січня ιανουαρίου \
    ocak ianuarie siječnja يناير ינואר มกราคม जनवरी
    feb february februar février fevrier févr fév fev febrero \
    febbraio fevereiro februari feber helmikuu helmikuuta luty \
    lutego lut февраля фев února únor február februára лютого \
    φεβρουαρίου şubat februarie veljače فبراير פברואר กุมภาพันธ์ फरवरी फ़रवरी
    mar march märz maerz mrz mär mrt mars marzo março marco \
    maart maret maaliskuu maaliskuuta marzec marca марта мар \
    března březen március березня μαρτίου mart martie ožujka \
    مارس מרץ มีนาคม मार्च
    apr april avril avr abril abr aprile aprila huhtikuu \
    huhtikuuta kwiecień kwietnia kwi апреля апр dubna duben \
    április квітня απριλίου nisan aprilie travnja أبريل אפריל \
    เมษายน अप्रैल
    may mai mayo maggio mag maio maj mei toukokuu toukokuuta \
    maja мая května květen május травня μαΐου mayıs mája svibnja \
    مايو מאי พฤษภาคม maí मई
    jun june juni juin junio giugno giu junho kesäkuu kesäkuuta \
    czerwiec czerwca cze июня июн června červen június júna \
    червня ιουνίου haziran iunie lipnja يونيو יוני มิถุนายน júní जून
    jul july juli juillet juil julio luglio lug julho heinäkuu \
    heinäkuuta lipiec lipca lip июля июл července červenec \
    július júla липня ιουλίου temmuz iulie srpnja يوليو יולי \
    กรกฎาคม júlí जुलाई
    aug august août aout agosto ago augusti augustus agustus \
    elokuu elokuuta sierpień sierpnia sie августа авг srpna \
    srpen augusztus augusta серпня αυγούστου ağustos kolovoza \
    أغسطس אוגוסט สิงหาคม ágúst अगस्त
    sep sept september septembre septiembre settembre setembro \
    set syyskuu syyskuuta wrzesień września wrz сентября сен \
    сент září szeptember septembra вересня σεπτεμβρίου eylül \
    septembrie rujna سبتمبر ספטמבר กันยายน सितंबर सितम्बर
    oct okt october oktober octobre octubre ottobre ott outubro \
    out lokakuu lokakuuta października paź октября окт října \
    říjen október októbra жовтня οκτωβρίου ekim octombrie أكتوبر \
    אוקטובר ตุลาคม अक्टूबर अक्तूबर
    nov november novembre noviembre novembro marraskuu \
    marraskuuta listopad listopada lis ноября ноя listopadu \
    novembra листопада νοεμβρίου kasım noiembrie studenoga \
    نوفمبر נובמבר พฤศจิกายน nóvember नवंबर नवम्बर
    dec dez des december dezember décembre déc diciembre dic \
    dicembre dezembro desember joulukuu joulukuuta grudnia \
    grudzień gru декабря дек prosince prosinec decembra грудня \
    δεκεμβρίου aralık decembrie prosinca ديسمبر דצמבר ธันวาคม दिसंबर दिसम्बर
    """.strip().splitlines()
_MONTH = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
#: The first three and four letters, of those that begin one month only.
_BEGINNING = {
    name[:size]: number
    for size in (3, 4)
    for name, number in _MONTH.items()
    if len({other for longer, other in _MONTH.items() if longer.startswith(name[:size])}) == 1
}
# Spellings open with a digit, and what must not stand before it is asked behind it: `re` skips to a choice of
# single characters in a tenth of the time that it takes to try every place.
_YEAR = r"([12](?:(?<=1)9|(?<=2)[05])\d{2})"
_YEAR_ALONE = _YEAR.replace("[12]", r"[12](?<!\d[12])", 1)
_DAY = r"([0-9](?:(?<=0)[1-9]|(?<=[12])\d|(?<=3)[01]|(?<!0)))"
_DAY_ALONE = _DAY.replace("[0-9]", r"[0-9](?<!\d[0-9])", 1)
_DAY_APART = _DAY.replace("[0-9]", r"[0-9](?<![\d.][0-9])", 1)
_MONTH_DAY = r"(0?[1-9]|1[0-2])"
#: A month's name; Thai and Hindi vowel signs are no letters to `re`.
_WORD = r"([^\W\d_]{3,13}+|[\u0e01-\u0e4e]{6,12}+|[\u0904-\u0963]{2,9}+)"
_DAY_AND_YEAR = rf"{_DAY}(?:st|nd|rd|th)?,?\s+(?:de\s+)?{_YEAR}(?!\d\d)"
_MONTH_BEFORE_DAY = re.compile(rf"{_WORD}\.?\s{{0,3}}{_DAY_AND_YEAR}")
_MAY_HAVE_MONTH_BEFORE = re.compile(_DAY_AND_YEAR)  #: since trying each word takes long
_PATTERNS = (
    (re.compile(rf"{_YEAR_ALONE}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)"), "ymd"),
    (re.compile(rf"{_YEAR}\s?[年년]\s?(\d{{1,2}})\s?[月월]\s?(\d{{1,2}})\s?[日일]"), "ymd"),
    (re.compile(rf"{_YEAR_ALONE}(?:/|\.\s?){_MONTH_DAY}(?:/|\.\s?){_DAY}(?!\d)"), "ymd"),
    (re.compile(rf"{_YEAR_ALONE}\.?\s+{_WORD}\.?\s+{_DAY}\b"), "ymd"),
    (
        re.compile(
            rf"{_DAY_ALONE}(?:st|nd|rd|th|er|te|º|ος|\.)?[\s-]{{0,3}}(?:de\s+|of\s+|d[’']|ב)?{_WORD}\.?,?"
            rf"[\s-]{{1,3}}(?:de[l]?\s+)?{_YEAR}(?!\d)"
        ),
        "dmy",
    ),
    (_MONTH_BEFORE_DAY, "mdy"),
    (re.compile(rf"{_DAY_ALONE}\s(?:tháng|thg)\s{_MONTH_DAY},?\s(?:năm\s)?{_YEAR}"), "dmy"),
    (re.compile(rf"{_DAY_APART}(?:[/-]|\.\s?){_MONTH_DAY}(?:[/-]|\.\s?){_YEAR}(?!\d\d?:)"), "dmy"),
)
#: A year of two digits only where a clock follows.
_SHORT_YEAR = re.compile(
    rf"{_DAY_APART}([./-]){_MONTH_DAY}\2([0-3]\d)"
    r"(?:,? (?:um|kl\.?|klo|alle|ore|às|à|at|om)|,? ?[|–—-]|,)? +(?=\d{1,2}[:.]\d\d)"
)
_MONTH_FIRST = re.compile(rf"(?<!\d){_MONTH_DAY}/{_DAY}/{_YEAR}(?!\d)")
_AMERICAN = re.compile(r"\d\s?[ap]\.?m\b|\b(?:EST|EDT|CST|CDT|MST|MDT|PST|PDT|ET|PT)\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?![\d.]\d)(?::[0-5]\d)?\s?([ap]\.?m\b)?", re.IGNORECASE
)
_YEAR_SEEN = re.compile(r"\d(?:(?:(?<=1)9|(?<=2)[05])\d\d|[./]\d\d?[./]\d\d)")
_CLOCK_NEAR = 30  #: characters between a date and the clock that belongs to it
_BUDDHIST = 543  #: years that Thai dates are ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date in a text, and the clock beside it."""

    offset: int  #: of its first character
    day: date
    clock: time | None = None

    @property
    def when(self) -> datetime:
        """Without zone; midnight when no clock is printed."""
        return datetime.combine(self.day, self.clock or time())


def dates_in(text: str) -> Iterator[tuple[int, date]]:
    """Every absolute date with its year, as (offset, date), by spelling and then by place."""
    for moment in moments_in(text):
        yield moment.offset, moment.day


def moments_in(text: str) -> list[Moment]:
    """Every absolute date with its year and clock, by spelling and then by place."""
    if not _YEAR_SEEN.search(text):
        return []
    american = "/" in text and _AMERICAN.search(text) is not None
    patterns = ((_MONTH_FIRST, "mdy"), *_PATTERNS) if american else _PATTERNS
    found = []
    for pattern, order in patterns:
        if pattern is _MONTH_BEFORE_DAY and not _MAY_HAVE_MONTH_BEFORE.search(text):
            continue
        for match in pattern.finditer(text):
            if day := _date(match.groups(), order):
                found.append(
                    Moment(offset=match.start(), day=day, clock=_clock(text, match.start(), match.end()))
                )
    for match in () if found else _SHORT_YEAR.finditer(text):
        if day := _date((match[1], match[3], f"20{match[4]}"), "dmy"):
            found.append(
                Moment(offset=match.start(), day=day, clock=_clock(text, match.start(), match.end()))
            )
    return found


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
        return date(int(year) - (_BUDDHIST if year > "25" else 0), number, int(day))
    except ValueError:
        return None


def _clock(text: str, start: int, end: int) -> time | None:
    """The clock time after a date, or just before it."""
    match = _CLOCK.search(text, end, end + _CLOCK_NEAR)
    if match is None:
        for match in _CLOCK.finditer(text, max(0, start - _CLOCK_NEAR), start):  # noqa: B007
            pass
    if match is None:
        return None
    hour, half = int(match[1]), (match[3] or "")[:1].lower()
    if half and hour > 12:
        half = ""
    return time(hour % 12 + (12 if half == "p" else 0) if half else hour, int(match[2]))
