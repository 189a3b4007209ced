"""Makes the tables of place names under ``wire/normalise/data`` from Unicode's CLDR.

    pip install babel && python tools/make_place_names.py

Babel carries the CLDR; it is needed here alone. What we take are the names of countries and of the cities
that stand for a time zone (most capitals among them), for the countries and cities of our own gazetteer,
where a language spells them in its own way. Run it when the CLDR's names have changed, and read the diff.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from babel import Locale, __version__
from babel.core import get_global

from wire.normalise.gazetteer import cities, country_codes

CREDIT = (
    "Unicode CLDR by way of Babel {version}, (c) Unicode, Inc., Unicode License v3; in part and rearranged"
)
TABLES = Path(__file__).resolve().parent.parent / "wire" / "normalise" / "data"

LANGUAGES = (
    *("ar", "ca", "cs", "da", "de", "es", "fi", "fr", "hr", "hu", "id", "is", "it", "ja", "ko"),
    *("nb", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "vi", "zh"),
)

#: Names that would more often be somebody's or another place's, or that are no name as copy has it.
LEFT_OUT = {
    "ca": "Maurici Granada",
    "cs": "Man",
    "es": "Granada Mauricio",
    "fr": "Dominique Grenade Maurice Réunion",
    "pt": "Granada Maurício Guiné",
    "tr": "Şam Man",
    "it": "Maurizio",
    "vi": "Ý Áo Pháp Anh Đức Nga Mỹ",
}
_QUALIFIED = re.compile(r"\s*[(（].*| SAR.*| – .*| - .*|, .*")


def main() -> None:
    """Write every table anew."""
    zones = {city_of(zone): zone for zone in get_global("zone_territories")}
    for language in LANGUAGES:
        locale = Locale(language)
        left_out = set(LEFT_OUT.get(language, "").split())
        content = {
            "credit": CREDIT.format(version=__version__),
            "countries": countries(locale, left_out),
            "cities": exonyms(locale, zones, left_out),
        }
        text = json.dumps(content, ensure_ascii=False, indent=0, separators=(",", ":"))
        (TABLES / f"place-names.{language}.json").write_text(text + "\n", "utf-8")


def countries(locale: Locale, left_out: set[str]) -> dict[str, str]:
    """ISO code to name; without those that only stand for a place as a whole with their qualification."""
    names = {code: locale.territories[code] for code in country_codes()}
    plain = {code: spelt(name) for code, name in names.items()}
    seldom = {name for name in plain.values() if list(plain.values()).count(name) > 1}
    return {code: name for code, name in sorted(plain.items()) if usable(name, left_out | seldom)}


def exonyms(locale: Locale, zones: dict[str, str], left_out: set[str]) -> dict[str, str]:
    """English name of a city to the language's own, where that differs."""
    found = {}
    for city in cities():
        name = locale.time_zones.get(zones.get(city, ""), {}).get("city", city)
        if name != city and usable(name, left_out):
            found[city] = spelt(name)
    return found


def usable(name: str, left_out: set[str]) -> bool:
    """Whether running copy would call the place so, and nothing else."""
    return bool(name) and name not in left_out and not any(word in name for word in ("S.A.R", "R.A.S", "RAE"))


def spelt(name: str) -> str:
    """The name as copy has it: without its qualification, soft hyphens and typographic apostrophes."""
    return _QUALIFIED.sub("", name).replace("\u00ad", "").replace("’", "'")


def city_of(zone: str) -> str:
    """The city that a time zone is called after, in English."""
    return Locale("en").time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")


if __name__ == "__main__":
    main()
