"""ANPA 1312, last changed 1989, as agencies send it: one or several messages in a file.

A message is SYN SYN SOH, two header lines, STX, typeset lines (``^`` to ``<``, ``=``, ``@`` or ``+``) with
slug, headline, notes and byline, paragraphs that a tab or blanks begin, tables, and ETX with the time of
transmission. The marks go; letters mean what the profile says (`wire.parse.profiles`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wire.parse.anpalines import Body, plain, read_body, signals_of
from wire.parse.base import HEAD_BYTES
from wire.parse.copyblocks import dateline_of, joined
from wire.parse.embargo import embargo_until, holds_back, is_embargo
from wire.parse.for_editors import any_opens_notes
from wire.parse.items.itemnotes import without_notes_under
from wire.parse.items.labels import signals_in
from wire.parse.not_public import part_body
from wire.parse.profiles import Profile
from wire.parse.wirelines import Message, Moment, moment, transmission
from wire.story import Concept, Draft, Link, PubStatus, RawFile

_FIRST = re.compile(r"(?P<service>[A-Za-z])(?P<number>\d{4})(?P<agency>[^\x1f]*)(?:\x1f(?P<selector>.*))?")
_SECOND = re.compile(
    r"(?P<priority>[a-z]) (?P<category>[a-z])"
    r"(?: ?(?P<format>[\x13\x14][\x11\x12])| ?(?P<printed>[ab][tc])(?= ))? +"
    r"(?P<keyword>\S.*?)(?: +(?P<day>\d{1,2}-\d{1,2}))?(?: +(?P<words>\d{1,6}))?"
)
_BLANKS = re.compile(" {2,}")  #: each of which could part two fields: too many ways to read a line
_EVIDENCE = re.compile(
    rb"[^\x01:]{0,80}\x01[ \r\n]*[A-Za-z]\d{4}[^\r\n]{0,80}[ \r\n]+"
    rb"[a-z] [a-z](?: ?[\x13\x14][\x11\x12]| ?[ab][tc])? +\S"
)
_VERSION = re.compile(
    r"(?:\d+(?:st|nd|rd|th)? ?)?(?:ld|lead|add|insert|sub|writethru|take|correct\w*|kill\w*|advisory|"
    r"update\w*|eliminat\w*|withhold\w*)\b\S*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[A-Za-z]?(\d{4})")
_CYCLE = re.compile(r"(?:bc|am|pm|ap)-", re.IGNORECASE)
_KILL = re.compile(r"\b(?:mandatory )?kills?\b|\beliminat\w+|\bwithdraw\w*", re.IGNORECASE)
_SENT = (
    re.compile(
        r"(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d|\d{4}) +"
        r"(?P<hour>\d\d):?(?P<minute>\d\d) *(?P<zone>[A-Z]{1,4})?"
    ),
    re.compile(
        r"(?P<hour>\d\d):(?P<minute>\d\d)-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d|\d{4})(?P<zone>(?!))?"
    ),
)
_AHEAD = timedelta(days=2)  #: how far a filing date may lie after the arrival


class ANPA1312Parser:
    """Reads ANPA 1312."""

    name = "anpa1312"

    def evidence(self, raw: RawFile) -> int:
        """100 for SOH and both header lines."""
        return 100 if _EVIDENCE.match(raw.data[:HEAD_BYTES]) else 0

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft a message. Raises NotAStory when no message holds text."""
        sent = transmission(raw, _signs(raw.data))
        return [
            _Reading(message, sent.profile, raw).draft(
                sent.charset, sent.warnings, n if len(sent.messages) > 1 else None
            )
            for n, message in enumerate(sent.messages, 1)
        ]


def _signs(data: bytes) -> str:
    """The header of the first message and its last line: where agencies name themselves."""
    head, end = data[:200].partition(b"\x02")[0], data.find(b"\x03")
    return (head + b"\n" + (data[end + 1 : end + 60] if end >= 0 else b"")).decode("latin-1")


@dataclass(slots=True)
class _Header:
    """The two header lines, field by field; what is absent is None or empty."""

    service: str = ""
    number: str = ""
    agency: str = ""
    selector: str = ""
    priority: str = ""
    category: str = ""
    tabular: bool = False
    keyword: str | None = None
    version: str = ""
    reference: str = ""
    day: str | None = None  #: MM-DD or DD-MM
    warnings: list[str] = field(default_factory=list)


def _header(lines: Sequence[str]) -> _Header:
    header = _Header()
    first = _FIRST.fullmatch(lines[0]) if lines else None
    second = _SECOND.fullmatch(_BLANKS.sub(" ", lines[1])) if len(lines) > 1 else None
    if first:
        header.service, header.number = first["service"], first["number"]
        header.agency, header.selector = first["agency"].strip(), (first["selector"] or "").strip()
    if second is None:
        header.warnings.append(f"header line not understood: {' '.join(lines)[:60]}")
        return header
    header.priority, header.category, header.day = second["priority"], second["category"], second["day"]
    header.tabular = "\x12" in (second["format"] or "") or (second["printed"] or "").endswith("c")
    _read_keyword(header, second["keyword"].split())
    return header


def _read_keyword(header: _Header, words: Sequence[str]) -> None:
    """Keyword, version and reference, which are told apart by their looks only."""
    keyword, version = list(words[:1]), list[str]()
    for word in words[1:]:
        if _REFERENCE.fullmatch(word):
            header.reference = word
        elif version or _VERSION.match(word):
            version.append(word)
        else:
            keyword.append(word)
    header.keyword = _CYCLE.sub("", " ".join(keyword), count=1) or None
    header.version = " ".join(version)


def _for_readers(body: Body) -> tuple[str, tuple[str, ...]]:
    """The copy, and what of it is for editors."""
    html, notes = part_body(body.html) if any_opens_notes(body.openings) else (body.html, ())
    html, under = without_notes_under(html)
    return html, (*notes, *under)


class _Reading:
    """One message on its way to a draft."""

    def __init__(self, message: Message, profile: Profile, raw: RawFile) -> None:
        self._profile = profile
        self._raw = raw
        self._header = _header([line.strip(" ") for line in message.head.split("\n") if line.strip()])
        self._warnings = self._header.warnings
        self._body: Body = read_body(message.text, self._header.keyword, self._header.tabular)
        self._sent = self._transmitted(message.tail)

    def draft(self, charset: str, warnings: tuple[str, ...], number: int | None) -> Draft:
        """The message as a draft.

        number  its place among several of a file: such need an identity of their own
        """
        header, body = self._header, self._body
        html, for_editors = _for_readers(body)
        opening = dateline_of(body.first) if body.first else None
        version = body.version if body.version and not header.version else header.version
        guid, links = self._identity(number)
        return Draft(
            format=ANPA1312Parser.name,
            charset=charset,
            guid=guid,
            pub_status=self._status(version),
            signals=tuple(dict.fromkeys((*signals_of(version), *signals_in(body.headline or "", "")))),
            language=self._profile.language if self._raw.source.language is None else None,
            headline=body.headline,
            slugline=header.keyword,
            byline=body.byline,
            creditline=body.organisation,
            dateline=opening[0] if opening else None,
            info_sources=(opening[1],) if opening and opening[1] else (),
            provider=self._profile.provider if self._raw.source.provider is None else None,
            subjects=self._subjects(),
            urgency=self._profile.urgency.get(header.priority),
            version_created=self._sent,
            embargoed=self._embargo(),
            ed_notes=tuple(filter(None, (version, *body.notes, *for_editors, self._selector()))),
            links=links,
            body_html=html,
            warnings=(*warnings, *self._warnings),
        )

    def _selector(self) -> str | None:
        """Where the sender routes it, for those who know the codes; a row of hyphens says nothing."""
        selector = self._header.selector.strip("- ")
        return f"Selector: {joined((selector,))}" if selector else None

    def _subjects(self) -> tuple[Concept, ...]:
        subjects = self._profile.subjects(self._header.category)
        if self._header.category and not subjects:
            self._warnings.append(f"category not known: {self._header.category}")
        return subjects

    def _identity(self, number: int | None) -> tuple[str | None, tuple[Link, ...]]:
        """Service, number and day name a transmission; a kill bears the name of the story that it kills."""
        header = self._header
        if not header.number or self._sent is None:
            return (None if number is None else f"anpa1312:{self._raw.sha256[:20]}:{number}"), ()
        day = self._sent.date().isoformat()
        own = f"anpa1312:{header.service}{header.number}:{day}"
        if not header.reference:
            return own, ()
        named = header.reference if header.reference[0].isalpha() else f"{header.service}{header.reference}"
        previous = f"anpa1312:{named}:{day}"
        if _KILL.search(header.version):
            return previous, ()
        return own, (Link(rel="irel:previousVersion", residref=previous),)

    def _status(self, version: str) -> PubStatus:
        """Canceled for a kill in the version field; one in the text acts only for sources trusted to."""
        if _KILL.search(version):
            return PubStatus.CANCELED
        if self._header.priority == "b" and _KILL.search(
            f"{self._body.slug or ''} {self._body.headline or ''}"
        ):
            if self._raw.source.trusted:
                return PubStatus.CANCELED
            self._warnings.append("its text reads like a kill; the source is not trusted to kill by text")
        return PubStatus.USABLE

    def _embargo(self) -> datetime | None:
        note = next(filter(is_embargo, self._body.notes), None)
        if note is None and self._body.first and holds_back(self._body.first):
            note = self._body.first
        if note is None:
            return None
        self._warnings.append(f"embargo read from the text: {note[:80]}")
        return embargo_until(note, self._sent or self._raw.arrived_at, self._profile)

    def _transmitted(self, tail: str) -> datetime | None:
        """The time in the last line, else the filing date in the year in which the file came."""
        line = plain(tail)
        match = next((found for pattern in _SENT if (found := pattern.search(line))), None)
        if match is None:
            return self._filed()
        year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        day = _day(match["month"], match["day"], day_first=self._profile.day_first)
        sent = moment((year, *day), (int(match["hour"]), int(match["minute"])), match["zone"], self._profile)
        self._warnings += sent.warnings
        return sent.at

    def _filed(self) -> datetime | None:
        if self._header.day is None:
            return None
        month, day = _day(*self._header.day.split("-"), day_first=self._profile.day_first)
        arrived = self._raw.arrived_at
        for year in (arrived.year, arrived.year - 1):
            filed: Moment = moment((year, month, day), (0, 0), None, self._profile)
            if filed.at and filed.at.replace(tzinfo=arrived.tzinfo) <= arrived + _AHEAD:
                self._warnings.append(f"year of the filing date taken from the arrival: {year}")
                return filed.at
        return None


def _day(first: str, second: str, *, day_first: bool) -> tuple[int, int]:
    """Month and day; the one that can be no month is the day, else the profile's order holds."""
    one, two = int(first), int(second)
    return (two, one) if one > 12 or (day_first and two <= 12) else (one, two)
