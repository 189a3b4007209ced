"""The hour from which a note lets copy go, as people write it: clocks, zones, weekdays, "noon tomorrow".

Where a word means one of two times the later one counts: better late than early.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter

from wire.parse.dates import dates_in, month_number
from wire.parse.profiles import Profile
from wire.parse.wirelines import moment
from wire.parse.zones import names_zone

Clock = tuple[int, int]  #: hour and minute; 24 is the end of the day

#: Wherever one begins: in "Monday 4 May" the second is meant.
_DAY_MONTH = re.compile(
    r"(?=\b(\d{1,2})(?:\.? ?(?:de )?([^\W\d_]{3,10})\b|\. ?(\d{1,2})\.)|"
    r"\b([A-Z][A-Za-z]{2,8})\.? (\d{1,2})\b)"
)
_CLOCK_12 = re.compile(r"\b(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))? ?([ap])(?:\. ?)?m\b", re.IGNORECASE)
#: 18:00, 18.00 (a second full stop makes it a date), 18h00; 1800 GMT; to 0001 Monday.
_CLOCK = re.compile(
    r"(?:(?<![\w:.,])|(?<=\dT))([01]?\d|2[0-4])(?:[:h]|\.(?=\d\d(?!\.)))([0-5]\d)(?!\d)|"
    r"\b([01]\d|2[0-4])([0-5]\d)(?= ?(?:Uhr|h|hrs|hours|[A-Z]{2,4})\b)|"
    r"\b(?i:to|until|till|before) ([01]\d|2[0-4])([0-5]\d)(?=,? [A-Za-z])"
)
_HOUR = re.compile(r"(?<![\w:.,])([01]?\d|2[0-4]) ?(?:Uhr|h|hrs|hours|heures)\b")
_NOON = re.compile(r"\b(?:noon|midday|mediod[ií]a|midi|mezzogiorno|meio-dia|middag)\b", re.IGNORECASE)
_MIDNIGHT = re.compile(
    r"\b(?:midnight|mitternacht|medianoche|minuit|mezzanotte|meia-noite|middernacht|midnatt)\b", re.IGNORECASE
)
_CAPITALS = re.compile(r"\b[A-Z]{2,4}\b")
#: "London time", "Eastern Daylight Time"; "10 p.m. Eastern".
_SPOKEN_ZONE = re.compile(
    r"\b([A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?)(?i: (?:standard|daylight|summer|mean))? [Tt]ime\b|"
    r"[ap]\.?m\.? (Eastern|Central(?! European)|Mountain|Pacific)\b"
)
#: Of Monday to Sunday, one weekday a line; also as they stand behind "until".
_WEEKDAYS = """
    monday mon montag lundi lunes lunedì lunedi segunda-feira maandag mandag måndag maanantaihin \
    hétfő hétfőig poniedziałek poniedziałku pondělí понедельник понедельника pazartesi
    tuesday tue tues dienstag mardi martes martedì martedi terça-feira dinsdag tirsdag tisdag \
    tiistaihin kedd keddig wtorek wtorku úterý úterka вторник вторника salı
    wednesday wed mittwoch mercredi miércoles mercoledì mercoledi quarta-feira woensdag onsdag \
    keskiviikkoon szerda szerdáig środa środy středa středy среда среды çarşamba
    thursday thu thur thurs donnerstag jeudi jueves giovedì giovedi quinta-feira donderdag torsdag \
    torstaihin csütörtök csütörtökig czwartek czwartku čtvrtek čtvrtka четверг четверга perşembe
    friday fri freitag vendredi viernes venerdì venerdi sexta-feira vrijdag fredag perjantaihin \
    péntek péntekig piątek piątku pátek pátku пятница пятницы cuma
    saturday sat samstag sonnabend samedi sábado sabato zaterdag lørdag lördag lauantaihin szombat \
    szombatig sobota soboty суббота субботы cumartesi
    sunday sun sonntag dimanche domingo domenica zondag søndag söndag sunnuntaihin vasárnap \
    vasárnapig niedziela niedzieli neděle воскресенье воскресенья pazar
    """.strip().splitlines()
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_TODAY = frozenset(("today", "tonight", "heute", "aujourd'hui", "hoy", "oggi", "hoje", "vandaag", "idag"))
_TOMORROW = frozenset(("tomorrow", "demain", "mañana", "domani", "amanhã", "imorgen", "imorgon"))
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)?")
#: What a note says besides that nothing is to be used before an hour: of the next such hour, then.
_NO_DAY = (
    "embargo embargoed embargado embargada sperrfrist strict strictly under hold for release publication use",
    "not before until till to at frei bis um ab uhr hasta a las la sous jusqu'à h hrs hours local time",
    "am pm m p noon midday midnight mitternacht midi minuit",
)
_SAYS_NO_DAY = frozenset(word for words in _NO_DAY for word in words.split())
_ANYWHERE = frozenset(("Local", "Release", "Embargo"))  #: whose time is no zone's
_WEEK = 8  #: days within which a weekday comes, today's again included


def released_at(note: str, sent: datetime | None, profile: Profile) -> datetime | None:
    """The instant that a note names; naive where neither it nor the profile gives a zone.

    None when the note cannot be read.

    sent  when the message was sent, for notes without a date or its year
    """
    clock, zone = _clock_in(note)
    if clock is None:
        return None
    try:
        day = _day_in(note, sent)
        if day is None and sent is not None:
            return _coming(note, clock, zone, sent, profile)
        return None if day is None else _at(day, clock, zone, profile)
    except OverflowError:  # a message of the last year there is
        return None


def _coming(note: str, clock: Clock, zone: str | None, sent: datetime, profile: Profile) -> datetime | None:
    """The hour on the day that a note names as seen from the message, or whenever it comes next."""
    words = [word.lower() for word in _WORD.findall(note)]
    today = sent.date()
    for ahead, names in ((1, _TOMORROW), (0, _TODAY)):
        if not names.isdisjoint(words):
            return _at(today + timedelta(ahead), clock, zone, profile)
    named = {_WEEKDAY[word] for word in words if word in _WEEKDAY}
    if not named and _says_more(words):
        return None
    first: dict[int, datetime] = {}
    for ahead in range("next" in words, _WEEK):
        day = today + timedelta(ahead)
        if (at := _at(day, clock, zone, profile)) and _is_later(at, sent):
            first.setdefault(day.weekday(), at)
    meant = [at for weekday, at in first.items() if weekday in named]
    return max(meant, default=None) if named else min(first.values(), default=None)


def _says_more(words: Sequence[str]) -> bool:
    """Whether a note says anything besides that nothing is to be used before an hour."""
    return any(word not in _SAYS_NO_DAY and not names_zone(word.upper()) for word in words)


def _is_later(at: datetime, sent: datetime) -> bool:
    """Whether it is after the message; where one of them has no zone, by the clock that both show."""
    return at.replace(tzinfo=at.tzinfo or sent.tzinfo) > sent.replace(tzinfo=sent.tzinfo or at.tzinfo)


def _at(day: date, clock: Clock, zone: str | None, profile: Profile) -> datetime | None:
    hour, minute = clock
    whole = day + timedelta(hour // 24)
    return moment((whole.year, whole.month, whole.day), (hour % 24, minute), zone, profile).at


def _day_in(note: str, sent: datetime | None) -> date | None:
    """The first date; in the year of the message, or the next one, where the note names none."""
    offset, whole = min(dates_in(note), default=(len(note), None), key=itemgetter(0))
    for match in _DAY_MONTH.finditer(note) if sent else ():
        month = int(match[3]) if match[3] else month_number(match[2] or match[4])
        if match.start() >= offset:
            break
        if sent and month and 1 <= month <= 12:
            try:
                return date(sent.year + (month < sent.month - 6), month, int(match[1] or match[5]))
            except ValueError:
                return None
    return whole


def _clock_in(note: str) -> tuple[Clock | None, str | None]:
    """The first time of day, and the zone that stands behind it, else anywhere."""
    found = [match for pattern in (_CLOCK_12, _CLOCK) if (match := pattern.search(note))]
    match = min(found, key=lambda match: match.start(), default=None) or _HOUR.search(note)
    match = match or _NOON.search(note) or _MIDNIGHT.search(note)
    if match is None:
        return None, None
    words = (*_CAPITALS.findall(note, match.end()), *_CAPITALS.findall(note))
    zone = next(filter(names_zone, (*words, *_spoken_zones(note))), None)
    elsewhere = zone is None and any(word not in _ANYWHERE for word in _spoken_zones(note))
    return (None, None) if elsewhere else (_time(match), zone)


def _spoken_zones(note: str) -> list[str]:
    """What may be a zone where a note speaks of one's time, and each word of it."""
    told = [whole or hour for whole, hour in _SPOKEN_ZONE.findall(note)]
    return told + [part for whole in told for part in whole.split(" ") if part != whole]


def _time(match: re.Match[str]) -> Clock:
    if match.re is _NOON:
        return 12, 0
    if match.re is _MIDNIGHT:
        return 24, 0
    if match.re is _CLOCK_12:
        return int(match[1]) % 12 + (12 if match[3] in "pP" else 0), int(match[2] or 0)
    hour, *minute = filter(None, match.groups())
    return int(hour), int(*minute)
