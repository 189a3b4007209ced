"""Countries and cities that the text names, and where its dateline says it was written.

Only where the document states none itself. Conservative: a name that is also a person's counts only
after a word such as "in" or "from", and never as part of a longer name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wire.normalise.gazetteer import Place, places, spellings_by_first_word
from wire.story import Concept, Draft, Location, RawFile
from wire.words import html_to_text

_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-ÞÅČŁŚŞŠŽΑ-ΩА-Я][\w.'’-]*")
_BEFORE = re.compile(r"([\w.'’-]+|[,;:(“\"'‘–—-])\s*$")
_AFTER = re.compile(r"\s+([^\W\d_a-zà-ÿ][\w’'-]+)")
_WORD_END = re.compile(r"['’-]")
_NUMBERED = re.compile(r" \d{1,3}\b")  # a channel or a team: "France 24"
_PLACE_WORDS = frozenset(
    (
        *(
            "in",
            "to",
            "from",
            "of",
            "at",
            "near",
            "across",
            "outside",
            "inside",
            "into",
            "around",
            "for",
            "and",
        ),
        *(
            "between",
            "against",
            "with",
            "towards",
            "toward",
            "through",
            "via",
            "over",
            "by",
            "leave",
            "en",
            "à",
        ),
        *("aus", "nach", "bei", "von", "nel", "da", "em", "di", "de", "i", "till", "til"),
    )
)
_NOT_A_NAME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|The|He|She|It|They|But|And"
)
_LONGER_NAMES = frozenset(
    ("New", "South", "North", "East", "West", "San", "Santa", "Port", "Saint", "St.", "Lake")
)
_DATELINE_END = re.compile(r"\s*(?:\(|[–—]|\s-|--|_).*$", re.DOTALL)
_LOOK_AT = 20_000  #: characters
_AT_MOST = 20


def find_places(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with guessed places and location, where it states none."""
    located = draft.located or _located(draft.dateline)
    if draft.places:
        return draft if located is draft.located else replace(draft, located=located)
    captions = "\n".join(picture.caption for picture in draft.pictures if picture.caption)
    text = "\n".join((draft.headline or "", captions, html_to_text(draft.body_html)))[:_LOOK_AT]
    found = dict.fromkeys(concept_of(place) for place in named_places(text))
    if located and located is not draft.located and located.country:
        found.setdefault(_country(located.country))
    return replace(draft, located=located, places=tuple(found)[:_AT_MOST])


def named_places(text: str) -> Iterator[Place]:
    """Every place that the text names, in its order, repetitions included."""
    by_first = spellings_by_first_word()
    taken_to = 0
    for match in _CAPITALISED.finditer(text):
        start = match.start()
        if start < taken_to:
            continue
        for spelling in _candidates(match[0], by_first):
            end = start + len(spelling)
            if text.startswith(spelling, start) and not text[end : end + 1].isalnum():
                place = places()[spelling]
                if _means_place(text, start, end, place):
                    yield place
                    taken_to = end
                break


def concept_of(place: Place) -> Concept:
    """The place as a guessed concept; countries with their code."""
    qcode = f"iso3166-1a2:{place.country}" if place.is_country else None
    return Concept(name=place.name, qcode=qcode, guessed=True)


def _candidates(word: str, by_first: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Spellings that may begin here; the word may carry a genitive, a compound's rest or a full stop."""
    if (found := by_first.get(word)) is not None:
        return found
    bare = _WORD_END.split(word, maxsplit=1)[0]
    return by_first.get(bare) or by_first.get(bare.rstrip(".")) or ()


def _means_place(text: str, start: int, end: int, place: Place) -> bool:
    before = _BEFORE.search(text, max(0, start - 30), start)
    word = before[1] if before else ""
    if word in _LONGER_NAMES or _NUMBERED.match(text, end):
        return False
    if not place.doubtful:
        return True
    after = _AFTER.match(text, end)
    return word.lower() in _PLACE_WORDS and (after is None or _NOT_A_NAME.match(after[1]) is not None)


def _country(code: str) -> Concept:
    place = next(place for place in places().values() if place.country == code and place.is_country)
    return concept_of(place)


def _located(dateline: str | None) -> Location | None:
    """The place a dateline begins with, when the gazetteer knows it and nothing contradicts."""
    if not dateline:
        return None
    city, *rest = (part.strip() for part in _DATELINE_END.sub("", dateline).split(","))
    place = _known(city)
    if place is None:
        return None
    stated = next((known for part in rest if (known := _known(part)) and known.is_country), None)
    if stated and stated.country != place.country:
        return None
    return Location(
        name=place.name,
        country=place.country,
        qcode=f"iso3166-1a2:{place.country}" if place.is_country else None,
        guessed=True,
    )


def _known(name: str) -> Place | None:
    known = places()
    return known.get(name) or known.get(name.title()) if name else None
