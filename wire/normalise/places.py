"""Countries and cities that the text names, and where its dateline says it was written.

Conservative: a name that is also a person's or a thing's counts only where the words around it, or the rest
of the story, speak of the place; part of a longer name never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wire.normalise.gazetteer import Found, Place, countries, gazetteer
from wire.normalise.tables import words
from wire.normalise.wording import Wording, word_before
from wire.story import Concept, Location

_NAME_AFTER = re.compile(r"[ \u00a0]([^\W\d_a-zß-ÿ][\w'-]+)")
_STATE_AFTER = re.compile(r",? ([A-Z][\w.]+(?: [A-Z][a-z]+)?)")
_NUMBERED = re.compile(r" \d{1,3}\b")  # a channel or a team: "France 24"
_WORDS = "place-words"  #: the table
_WITH_STATES = ("US", "CA")
_DATELINE_END = re.compile(r"\s*(?:\(|[–—]|\s-|--|_|\b\d\d/\d\d).*$", re.DOTALL)
_AGENCY = re.compile(r"^\([A-Z]{2,8}\)\s*[-–—]\s*")  #: before the place, as ANSA sets it
_OF_AGENCY = re.compile(r"\([A-Za-z][^()]{1,29}\)|/[A-Za-z]{3,12}/")
_TOWN = re.compile(r"[^\W\d_a-z][^\d_()]{1,39}")
_AT_MOST = 20


def guess_places(wording: Wording) -> tuple[Concept, ...]:
    """The countries that the text names or has a city of, then the cities; at most 20, as first named."""
    found: dict[str, Concept] = {}
    cities: dict[str, Concept] = {}
    if (located := guess_location(wording.dateline, wording.language)) and located.country:
        found[located.country] = countries()[located.country].concept
    for place in named_places(wording):
        if place.country not in found:
            found[place.country] = countries()[place.country].concept
        if not place.is_country:
            cities[place.name] = place.concept
    return (*found.values(), *cities.values())[:_AT_MOST]


def guess_location(dateline: str, language: str) -> Location | None:
    """The place a dateline begins with, when nothing in it contradicts.

    One that the gazetteer does not know is taken as it is spelt, where an agency stands behind it.
    """
    if not dateline:
        return None
    city, *rest = (part.strip() for part in _DATELINE_END.sub("", _AGENCY.sub("", dateline)).split(","))
    place = _known(city, language)
    if place is None:
        of_agency = _OF_AGENCY.search(dateline) is not None
        return _unknown(city, rest, language) if of_agency and _TOWN.fullmatch(city) else None
    if any(_contradicts(place, part, language) for part in rest):
        return None
    return Location(
        name=place.name,
        country=place.country,
        qcode=f"iso3166-1a2:{place.country}" if place.is_country else None,
        guessed=True,
    )


def _unknown(town: str, rest: Iterable[str], language: str) -> Location:
    """A town that no list has, in the country that the dateline names."""
    known = (_known(part, language) for part in rest)
    country = next((place.country for place in known if place and place.is_country), None)
    return Location(name=town.title() if town.isupper() else town, country=country, guessed=True)


def named_places(wording: Wording) -> Iterator[Place]:
    """Every place that the text names, in its order; one that is named again may come again."""
    world = gazetteer(wording.language)
    found: Iterable[Found] = world.found_in(wording.text)
    if not world.together:
        found = _apart(one for one in _longest(found) if _means_place(wording, *one))
    for _, _, place in found:
        yield place


def _longest(found: Iterable[Found]) -> Iterator[Found]:
    """Of those that begin together the first: "Mexico City", not "Mexico"."""
    last = -1
    for one in found:
        if one[0] != last:
            last = one[0]
            yield one


def _apart(found: Iterable[Found]) -> Iterator[Found]:
    """Without those that lie within the one before: "Congo" in "Democratic Republic of Congo"."""
    taken_to = 0
    for one in found:
        if one[0] >= taken_to:
            taken_to = one[1]
            yield one


def _means_place(wording: Wording, start: int, end: int, place: Place) -> bool:
    text = wording.text
    word = word_before(text, start)
    if word in words(_WORDS, "longer") or (text[end + 1 : end + 2].isdigit() and _NUMBERED.match(text, end)):
        return False
    if place.country not in _WITH_STATES and _in_state(text, end, abbreviated=place.is_country):
        return False
    return not place.doubtful or _is_place_here(wording, word, end, place)


def _is_place_here(wording: Wording, before: str, end: int, place: Place) -> bool:
    """Of a doubtful name: whether what stands around it, or else in the story, speaks of the place."""
    after = _NAME_AFTER.match(wording.text, end)
    if _in_state(wording.text, end, abbreviated=False) or (
        after and after[1] not in words(_WORDS, "no name")
    ):
        return False
    leading = before.lower() in words(_WORDS, "leading")
    if place.is_country and wording.language in ("en", ""):
        if not wording.distinct.isdisjoint(words(_WORDS, place.country)):
            return leading or not (before[:1].isupper() and before[-1:].isalpha())
        if place.country in words(_WORDS, "only in company"):
            return False
    return leading


def _in_state(text: str, end: int, *, abbreviated: bool) -> bool:
    """Whether the name of a state follows; with ``abbreviated`` only one such as "Pa."."""
    after = _STATE_AFTER.match(text, end)
    return after is not None and _is_state(after[1]) and ("." in after[1] or not abbreviated)


def _is_state(name: str) -> bool:
    known = words(_WORDS, "state")
    return name in known or name.partition(" ")[0] in known


def _known(name: str, language: str) -> Place | None:
    """A place by its spelling in the language or in English, in capitals or not."""
    for world in (gazetteer(language).by_spelling, gazetteer("en").by_spelling):
        if name and (place := world.get(name) or world.get(name.title())):
            return place
    return None


def _contradicts(place: Place, part: str, language: str) -> bool:
    """Whether another part of the dateline names a country or state that the place does not lie in."""
    if _is_state(part):
        return place.country not in _WITH_STATES
    known = _known(part, language)
    return known is not None and known.is_country and known.country != place.country
