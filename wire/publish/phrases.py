"""What pages and notices say of their own: in the language of what they show, or else in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from wire.common.languages import direction

#: Languages that go by the name of another one here.
_SAME = {"no": "nb", "iw": "he"}
_TRADITIONAL = frozenset(("hant", "tw", "hk", "mo"))
_FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The fixed words of one language."""

    language: str  #: BCP 47, of the words themselves
    direction: str  #: ``ltr`` or ``rtl``
    words: Mapping[str, str]  #: by name; places to be filled in stand in braces

    def moment(self, local: datetime) -> str:
        """A time as people read it, in the zone that it is given in."""
        month = self.words["months"].split()[local.month - 1].replace("_", " ")
        return self.words["moment"].format(
            day=local.day,
            month=month,
            number=local.month,
            year=local.year,
            time=f"{local:%H:%M}",
            zone=local.tzname(),
        )


@cache
def phrases(language: str) -> Phrases:
    """The words of the language that a BCP 47 tag names; English where they are not known.

    A script other than the usual one is another language to its readers.
    """
    primary, *subtags = language.lower().split("-")
    known = _SAME.get(primary, primary)
    foreign = any(len(subtag) == 4 and subtag.isalpha() and subtag != "hans" for subtag in subtags)
    if foreign or (known == "zh" and _TRADITIONAL.intersection(subtags)) or known not in _all():
        known = _FALLBACK
    return Phrases(language=known, direction=direction(known), words=_all()[known])


@cache
def _all() -> Mapping[str, Mapping[str, str]]:
    text = Path(__file__).with_name("templates").joinpath("phrases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
