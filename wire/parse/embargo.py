"""Embargoes as people write them into notes: whether there is one, and when it ends.

A note that cannot be read holds its story until somebody lets it go: better late than early.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from wire.common.words import says_none
from wire.parse.base import read_date
from wire.parse.profiles import Profile
from wire.parse.release_times import released_at
from wire.story import OPEN_ENDED

#: One of these stands, in small letters, in whatever tells of an embargo.
_HINTS = (
    *("embarg", "sperr", "release", "frei ", "not for ", "not to be publ", "not to be used", "not publish"),
    *("klausul", "эмбарго", "for use ", "advance for ", "ambargo", "解禁", "至", "حظر", "엠바고"),
)
_UNTIL = r"(?:jusqu|(?:until|till|to|bis|hasta|fino|até|tot|til|do|до|kl)\b)"
_SET_FREE = (
    r"frei (?:ab|zur veröffentlichung ab)\b(?! \d+ jahren?\b)|hold for release\b(?! of\b)|"
    r"(?:not for (?:release|publication|use|broadcast)|not to be (?:published|released|used)|do not publish) "
    r"(?:before|until|till|prior to)\b|for release\W.*\d[:.]\d\d"
)
_MONTHS = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|ene|ago|dic)"
#: What tells a time behind "embargo" or "until", as an order does and a headline about trade does not.
_WHEN = (
    r"(?:(?:\w+,? ){0,2}\d{1,2}"
    r"(?:[:.h]\d\d|(?:[:.]\d\d)? ?(?:[ap]\.? ?m\b|(?:uhr|h|hrs|gmt)\b)|\.(?: ?\d{1,2}\.| ?[^\W\d]{3})|/\d|"
    rf" (?:de )?{_MONTHS})|\d{{4}}(?:-\d\d| ?(?:gmt|utc|hrs|uhr|h)\b)|{_MONTHS}[a-z]*\.? \d|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:mon|diens|donners|frei|sams|sonn)tag\b|mittwoch\b|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di\b|dimanche\b|"
    r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b|"
    r"(?:noon|midnight|midday|today|tonight|tomorrow|heute|morgen|demain|mañana|domani)\b|"
    r"(?:further notice|nuevo aviso|auf weiteres|nouvel ordre|publication|release|delivery|redebeginn)\b)"
)
#: German regulations know waiting times of that name.
_NO_LAW = (
    r"(?! (?:beim?|im|nach|wegen|gegen|zu[rm]?|von|als)\b| für (?!alle\b|print|online|medien|presse|hörfunk))"
)
#: Of copy sent ahead: ``For Release Sunday, May 10, and Thereafter`` (AP), and far from Latin scripts.
_AHEAD = (
    r"(?:(?:for (?:release|use)|advance for)(?: on| after)? "
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b)|"
    r"解禁(?:日時?)?[:：]|(?:禁[发發]|禁止[发發]布)至|حظر النشر حتى|엠바고)"
)
_EMBARGO = re.compile(
    r"\b(?:sperrfrist|sperrvermerk|sperrefrist|spärrfrist|embargo(?:ed)?|embargad[oa]s?|klausulere[td]|"
    rf"klausul(?=:)|эмбарго|embargó|ambargo|{_SET_FREE})\b|^\W*{_AHEAD}",
    re.IGNORECASE,
)
_NO_EMBARGO = re.compile(r"\b(?:no|without|ohne|keine|sans) (?:embargo|sperrfrist)", re.IGNORECASE)
_TOLD_EMBARGO = re.compile(
    r"\b(?:sperrfrist|sperrvermerk|embargo(?:ed)?)\b[\s:=]*([^\s)\]]*)\W*\Z", re.IGNORECASE
)
_HOLDS = re.compile(
    r"\b(?:sperrfrist|sperrvermerk|sperrefrist|spärrfrist|klausulere[td]|klausul(?=:))\b"
    rf"{_NO_LAW}|"
    r"^\W*embargo (?:lifts|ends|expires):? (?:(?:at|on) )?(?:\w+day,? )?\d|"
    r"(?<!was )(?<!were )\bembargoed\b\W*(?:$|\d|(?:until|till|for|to|not before)\b)|"
    r"^\W*embargoed\W{0,3}[])}:–—-]|\bunder (?:strict )?embargo\b|"
    rf"\b(?:sous|sotto|onder|sob|bajo|pod) embargo {_UNTIL}|\bembargad[oa]s? (?:hasta|até)\b|"
    rf"^\W*(?:{_SET_FREE}).*\d|\b(?:hold for release\b(?! of\b)|not for release (?:before|until)\b)|"
    rf"^\W*{_AHEAD}|^\W*(?-i:EMBARGO)\b[\W_]*(?::|{_UNTIL})|"
    r"^\W*(?:(?:strict|media|press|news|publication|release)\W+)?(?:embarg[oó]|эмбарго|ambargo)\b"
    r"(?:\W*$|\W*:(?:\W*+\w++){1,4}+\W*$|\W*:.*\d\d?[:.h]\d\d|"
    rf"\W*(?:for release\b|(?:{_UNTIL}\W*)?{_WHEN}))",
    re.IGNORECASE,
)
#: A title that holds its story back, and does not tell of an embargo: ``EMBARGO 06:00: Bridge``.
_HELD_TITLE = re.compile(
    r"\W*(?:(?:(?:strictly |under )?embargoed|under embargo|sperrfrist)\b"
    r"(?:\W*[:\d]|[\W_]*(?:until|till|to|for|bis|not before)\b)|"
    rf"(?-i:EMBARGO)\b[\W_]*(?::|{_UNTIL})|embargo\b[\W_]*(?:{_UNTIL}\W*)?{_WHEN})|"
    r"\W*(?:hold for release|not for (?:release|publication|use|broadcast)|not to be published|"
    r"do not publish)\b.*\d",
    re.IGNORECASE,
)
#: How a text begins that says first that it is held back.
_HELD_FIRST = re.compile(
    rf"\W*(?:\w+ly |(?:media|press|news|under|sous|onder|sotto|sob|bajo) )?{_EMBARGO.pattern}", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_LONGEST_NOTICE, _LONGEST_NOTE = 160, 2000  #: characters of a line that holds back; of a note that is read
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:?\d\d[\d:]*(?:Z|[+-]\d\d:?\d\d)")


def is_embargo(note: str) -> bool:
    """Whether a note speaks of an embargo."""
    lower = note.lower()
    if not any(map(lower.__contains__, _HINTS)):
        return False
    if _EMBARGO.search(note) is None or _NO_EMBARGO.search(note) is not None:
        return False
    told = _TOLD_EMBARGO.search(note[-80:])
    return not (told and told[1] and says_none(told[1]))


def holds_back(text: str) -> bool:
    """Whether it is a line that holds the copy back: "Embargoed until 6 am", "Sperrfrist: Montag, 6 Uhr"."""
    return len(text) < _LONGEST_NOTICE and is_embargo(text) and _HOLDS.search(text) is not None


def titles_held(title: str) -> bool:
    """Whether a title or subject says first that its story is held back."""
    return _HELD_TITLE.match(title) is not None


def opens_held(text: str) -> bool:
    """Whether the first sentence of what may be copy says that it is held back."""
    return _HELD_FIRST.match(text) is not None and holds_back(_SENTENCE_END.split(text, 1)[0])


def note_that_holds(notes: Iterable[str]) -> str | None:
    """The first of the notes one of whose sentences holds the copy back."""
    return next((note for note in notes if any(map(holds_back, _SENTENCE_END.split(note)))), None)


def embargo_until(note: str, sent: datetime | None, profile: Profile) -> datetime:
    """When an embargo told in a note ends; open-ended when the note cannot be read.

    sent  when the message was sent, for notes without a date or its year
    """
    note = note[:_LONGEST_NOTE]
    if (instant := _INSTANT.search(note)) and (at := read_date(instant[0])):
        return at
    return released_at(note, sent, profile) or OPEN_ENDED
