"""Countries by one kind of code: agencies write two letters or three, and often leave out the name."""

from __future__ import annotations

import re
from dataclasses import replace

from wire.normalise.gazetteer import country_name
from wire.normalise.tables import entries
from wire.story import Concept, Draft, RawFile

_CODED = re.compile(r"iso3166-1a[23]:([A-Za-z]{2,3})")
_ALPHA_3 = 3


def settle_countries(draft: Draft, raw: RawFile) -> Draft:  # noqa: ARG001
    """The draft with its countries' codes in two letters and capitals, and their names beside them."""
    located, places = draft.located, draft.places
    if located is not None and (code := located.country or _coded(located.qcode)) and len(code) == _ALPHA_3:
        located = replace(located, country=_alpha_2(code))
    if any(place.qcode and place.qcode.startswith("iso3166-1a") for place in places):
        language = (draft.language or "en").partition("-")[0].lower()
        named = tuple([_named(place, language) for place in places])
        places = places if named == places else tuple(dict.fromkeys(named))
    if located is draft.located and places is draft.places:
        return draft
    return replace(draft, located=located, places=places)


def _named(place: Concept, language: str) -> Concept:
    stated = _coded(place.qcode)
    if stated is None:
        return place
    code = _alpha_2(stated)
    scheme = "iso3166-1a2" if len(code) < _ALPHA_3 else "iso3166-1a3"
    qcode = f"{scheme}:{code}"
    if place.name and qcode == place.qcode:
        return place
    return replace(place, qcode=qcode, name=place.name or country_name(code, language))


def _coded(qcode: str | None) -> str | None:
    coded = _CODED.fullmatch(qcode or "")
    return coded[1].upper() if coded else None


def _alpha_2(code: str) -> str:
    """The code in two letters; what no country has stays as it is."""
    return entries("country-codes").get(code, (code,))[0]
