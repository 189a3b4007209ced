"""What the line formats (IPTC 7901, ANPA 1312) share: frames of control characters, and times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import IncrementalNewlineDecoder

from wire.common.zones import in_zone
from wire.errors import NotAStory, UnsafeInput
from wire.parse.charset import decode
from wire.parse.dates import month_number
from wire.parse.profiles import Profile, load, profile_for
from wire.parse.zones import in_named_zone
from wire.story import RawFile

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"

_MAX_LINES = 100_000
MAX_MESSAGES = 2000  #: of a file
#: Where nothing parts it from the text: a line, and the second one of ANPA or the keywords of IPTC 7901.
_HEAD = re.compile(r"\s*[^\n]*\n(?:\s*(?:[a-z] [a-z][ \x13\x14][^\n]*|[^\n]{1,100}/[ \t]*)\n)?")
_END_SIGNAL, _NEAR_END = "NNNN", 40  #: that of telegraphy, which some set under their copy
_ENDED = re.compile(r"\n[ \t]*NNNN\s*\Z")
_FILLERS = ("\0", EOT, "\a", "\x16", "\x7f")
_END_DATE = re.compile(
    r"^\W{0,3}(\d{2})(\d{2})(\d{2}) *([A-Z]{1,5})? +([^\W\d_]{3,10})\.? +(\d{4}|\d{2})\b", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a file: what stands before STX, before ETX, and after it. Line ends are line feeds."""

    head: str
    text: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """The messages of a file, and what they are to be read with."""

    messages: tuple[Message, ...]
    profile: Profile
    charset: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time read from a line, and what had to be guessed."""

    at: datetime | None = None
    warnings: tuple[str, ...] = ()


def transmission(raw: RawFile, signs: str) -> Transmission:
    """The messages of a file that have a text; how many have none is a warning.

    signs  where agencies name themselves, for files whose source chose no profile

    Raises NotAStory when there is none, UnsafeInput when there are more than any transmission has.
    """
    warnings: tuple[str, ...] = ()
    try:
        profile = profile_for(raw.source, signs)
    except KeyError:
        profile = load("default")
        warnings = (f"there is no profile {raw.source.profile!r}; read without one",)
    text, charset, decoding = read_text(raw, profile)
    sent = tuple(messages(text))
    found = tuple(message for message in sent if message.text.strip())
    if not found:
        raise NotAStory("this file holds no message with a text")
    if bare := len(sent) - len(found):
        warnings += (f"messages of this file without a text, left out: {bare}",)
    return Transmission(messages=found, profile=profile, charset=charset, warnings=(*warnings, *decoding))


def read_text(raw: RawFile, profile: Profile) -> tuple[str, str, tuple[str, ...]]:
    """The file as text with line feeds, its charset, and warnings.

    Raises UnsafeInput when it has more lines than any transmission.
    """
    data = raw.data
    if len(data) > _MAX_LINES and data.count(b"\n") > _MAX_LINES:
        raise UnsafeInput("this file has more lines than any transmission")
    decoded = decode(data, raw.source.charset or profile.charset or "cp1252")
    text = decoded.text
    if "\r" in text:
        text = IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)
    text = text.replace("\x0b", "\n").replace("\x0c", "\n")
    return text.translate(profile.letters) if profile.letters else text, decoded.charset, decoded.warnings


def messages(text: str) -> Iterator[Message]:
    """The messages of a file; an end that is missing is where the next one begins.

    Raises UnsafeInput when there are more than any transmission has.
    """
    above, framed, rest = _unfilled(text).partition(SOH)
    parts = rest.split(SOH, MAX_MESSAGES) if SOH in rest else [rest if framed else above]
    if len(parts) > MAX_MESSAGES:
        raise UnsafeInput(f"this file has more than {MAX_MESSAGES} messages")
    for part in parts:
        head, begun, copy = part.partition(STX)
        if not begun and (lines := _HEAD.match(part)):
            head, copy = part[: lines.end()], part[lines.end() :]
        text, _, tail = copy.partition(ETX)
        if _END_SIGNAL in text[-_NEAR_END:]:
            text = _ENDED.sub("", text)
        yield Message(head=head, text=text, tail=tail.strip())


def _unfilled(text: str) -> str:
    """The text without what only filled the line or rang the bell."""
    for filler in _FILLERS:
        if filler in text:
            text = text.replace(filler, "")
    return text


def end_date(tail: str, profile: Profile) -> Moment:
    """``131137 GMT Nov 13``: day, hour, minute, zone, month in the agency's language, year (IPTC 7901)."""
    match = _END_DATE.search(tail)
    if match is None:
        return Moment(warnings=(f"end date not understood: {tail[:40]}",) if tail else ())
    day, hour, minute, zone, month, year = match.groups()
    number = month_number(month)
    if number is None:
        return Moment(warnings=(f"month not understood: {month}",))
    whole_year = int(year) + (2000 if len(year) == 2 else 0)
    return moment((whole_year, number, int(day)), (int(hour), int(minute)), zone, profile)


def moment(day: tuple[int, int, int], clock: tuple[int, int], zone: str | None, profile: Profile) -> Moment:
    """A time of day in the zone named, else in the profile's; naive when neither is known.

    day  year, month, day of the month
    """
    try:
        at = datetime(*day, *clock)  # noqa: DTZ001 - the zone comes next
    except ValueError:
        return Moment(warnings=(f"no such date: {day} {clock}",))
    if zone and (named := in_named_zone(at, zone)):
        return Moment(at=named)
    warnings = (f"time zone not understood: {zone}",) if zone else ()
    if profile.timezone is None:
        return Moment(at=at, warnings=warnings)
    return Moment(at=in_zone(at, profile.timezone), warnings=warnings)
