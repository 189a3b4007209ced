"""Countries with their ISO 3166-1 alpha-2 codes, capitals and large cities: names as copy spells them.

One table for each language that the CLDR names the world in: a name that means a country in one language is
a word or another place in the next (German "Island", Spanish "Granada"). All are kept small, made from three
files below ``data/`` (each says what it holds and whose it is), and read when a language is first met.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from wire.normalise.tables import DATA, entries, lines
from wire.story import Concept

#: Languages that put an "s" behind a name for "of": each name is looked for with it, too.
_GENITIVE_S = frozenset(("de", "nl", "sv", "da", "nb", "nn"))
#: Languages that write words together, or their prepositions with the name.
_WRITTEN_TOGETHER = frozenset(("zh", "ja", "ko", "ar"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country, or a city in one."""

    name: str  #: in English
    country: str  #: ISO 3166-1 alpha-2
    is_country: bool
    concept: Concept  #: as the story will name it
    doubtful: bool = False  #: the spelling is also a person's name or a common word


#: A spelling and what it names.
Spelling = tuple[str, Place]
#: Where in a text a spelling begins and ends, and what it names.
Found = tuple[int, int, Place]


class Gazetteer:
    """The places of the world as one language spells them."""

    def __init__(self, by_spelling: Mapping[str, Place], *, together: bool) -> None:
        """``together`` of a language that writes its words so, where any letter may begin a name."""
        self.by_spelling = by_spelling
        self.together = together
        spellings = [spelling for spelling in by_spelling if len(spelling) > 1]
        self._places = [by_spelling[spelling] for spelling in spellings]
        kind = MatchKind.LeftmostLongest if together else MatchKind.Standard
        self._finder = AhoCorasick(spellings, kind, implementation=Implementation.DFA)  # 2 MiB, half the time

    def found_in(self, text: str) -> list[Found]:
        """The spellings in a text in their order, the longest first of those that begin together.

        Only whole words, but also those within a longer spelling; of words written together the longest
        spelling alone.
        """
        matches = self._finder.find_matches_as_indexes(text, overlapping=not self.together)
        matches.sort(key=lambda match: (match[1], -match[2]))
        return [
            (start, end, self._places[number])
            for number, start, end in matches
            if self.together or not (text[end : end + 1].isalnum() or (start and text[start - 1].isalnum()))
        ]


@cache
def gazetteer(language: str) -> Gazetteer:
    """The names of a language (its primary subtag); English where we hold no other."""
    if language != "en" and not _names_file(language).exists():
        return gazetteer("en")
    return Gazetteer(dict(_spellings(language)), together=language in _WRITTEN_TOGETHER)


@cache
def countries() -> Mapping[str, Place]:
    """Every country by its code."""
    return {place.country: replace(place, doubtful=False) for _, place in _english() if place.is_country}


def country_name(code: str, language: str) -> str | None:
    """What a country is called in a language, else in English; None when no table has it."""
    return _country_names(language).get(code) or (countries()[code].name if code in countries() else None)


@cache
def _country_names(language: str) -> Mapping[str, str]:
    return _cldr(language)["countries"] if _names_file(language).exists() else {}


def country_codes() -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 of every country that the gazetteer knows, and of some territories."""
    return tuple(countries())


def cities() -> tuple[str, ...]:
    """Every city that the gazetteer knows, in English."""
    return tuple(_cities())


@cache
def _cities() -> Mapping[str, Place]:
    return {place.name: place for _, place in reversed(_english()) if not place.is_country}


def _spellings(language: str) -> Iterator[Spelling]:
    """The spellings of a language; of those that are the same, the last one holds."""
    if language == "en":
        yield from _english()
        return
    for name, place in (*_unchanged(language), *_from_cldr(language), *_ours(language)):
        yield name, place
        if language in _GENITIVE_S and not name.endswith(("s", ".")):
            yield f"{name}s", place


def _unchanged(language: str) -> Iterator[Spelling]:
    """Cities that nobody says the language has a name of its own for."""
    renamed = {*_cldr(language)["cities"], *(key for key, _ in _exonyms(language))}
    return (
        spelling for spelling in _english() if not spelling[1].is_country and spelling[1].name not in renamed
    )


def _from_cldr(language: str) -> Iterator[Spelling]:
    names = _cldr(language)
    yield from ((name, countries()[code]) for code, name in names["countries"].items())
    yield from ((name, _cities()[city]) for city, name in names["cities"].items())


def _ours(language: str) -> Iterator[Spelling]:
    for key, name in _exonyms(language):
        place = countries().get(key) or _cities()[key]
        yield name.rstrip("?"), replace(place, doubtful=name.endswith("?"))


@cache
def _english() -> tuple[Spelling, ...]:
    spellings: list[Spelling] = []
    for line in lines("gazetteer"):
        code, rest = line[:2], line[3:]
        country, _, cities = rest.partition("|")
        spellings += _named(country, code, is_country=True)
        for city in cities.split(",") if cities != "-" else ():
            spellings += _named(city, code, is_country=False)
    return tuple(spellings)


def _named(names: str, code: str, *, is_country: bool) -> Iterator[Spelling]:
    own, *_ = every = names.split("=")
    for name in every:
        doubtful = name.endswith("?")
        yield name.rstrip("?"), _place(own.rstrip("?"), code, is_country=is_country, doubtful=doubtful)


def _place(name: str, country: str, *, is_country: bool, doubtful: bool) -> Place:
    qcode = f"iso3166-1a2:{country}" if is_country else None
    concept = Concept(name=name, qcode=qcode, guessed=True)
    return Place(name=name, country=country, is_country=is_country, concept=concept, doubtful=doubtful)


def _exonyms(language: str) -> Iterator[tuple[str, str]]:
    """Our own names of a language, each after the country's code or the city's English name."""
    for part in entries("exonyms").get(language, ()):
        key, _, names = part.partition("=")
        for name in names.split("/"):
            yield key, name


def _cldr(language: str) -> Mapping[str, Mapping[str, str]]:
    names: Mapping[str, Mapping[str, str]] = json.loads(_names_file(language).read_bytes())
    return names


def _names_file(language: str) -> Path:
    """Where the CLDR's names are. A primary subtag is letters alone, so it leads nowhere else."""
    return DATA / f"place-names.{language}.json"
