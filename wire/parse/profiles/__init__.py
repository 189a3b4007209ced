"""Agency dialects as data: one TOML file beside this one for each.

Of line formats a source chooses the profile by name (``profile = "dpa"``); without one, `profile_for` takes
what the header of the document says beyond doubt, else ``default``. Items name their agency themselves:
`profile_said_by`. Whatever a profile leaves out is as in ``default``; tables are joined, key by key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from wire.story import Concept, Source

_FOLDER = Path(__file__).parent
_DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What has to be known of an agency beforehand to read what it sends."""

    name: str
    provider: str | None
    charset: str | None  #: where the copy is not UTF-8
    timezone: str | None  #: IANA name, of times without a zone; the source's when None
    language: str | None  #: BCP 47
    day_first: bool  #: ``09-12`` is 9 December
    scheme: str  #: of its categories, such as ``a1312cat``
    categories: Mapping[str, tuple[Concept, ...]]  #: category code in lower case: itself, then topics
    urgency: Mapping[str, int]  #: priority digit or letter: 1 to 9
    letters: Mapping[int, str]  #: for `str.translate`: national letters of 7-bit copy
    signals: tuple[tuple[re.Pattern[str], str], ...]  #: a mark in a note line, and what it signals
    note: re.Pattern[str]  #: a whole line above the headline that is none
    byline: re.Pattern[str]
    notebook: re.Pattern[str]  #: the line from which on nothing is for publication
    notebook_hints: tuple[str, ...]  #: one of these, in lower case, stands in every such line
    signature: re.Pattern[str]  #: internal letters under the text
    always: str | None  #: the category of all that it sends
    schemes: Mapping[str, str]  #: of codes in the wrong place, and the field they belong to
    slug: str | None  #: ``scope and keyword``: the slug of its NITF, in place of ``du-key``

    def subjects(self, category: str) -> tuple[Concept, ...]:
        """The category as the wire gives it, then the topics that it stands for, as guesses."""
        return self.categories.get(category.lower(), ())


def profile_for(source: Source, signs: str) -> Profile:
    """The profile that the source chose, else the one that its header speaks of.

    signs  the header line, in which each profile's ``known_by`` is looked for

    Raises KeyError when the source names a profile that there is not.
    """
    if source.profile is not None:
        return load(source.profile)
    return next(
        (load(name) for name, known_by in _patterns("known_by") if known_by.search(signs)), load(_DEFAULT)
    )


def profile_said_by(statements: str) -> Profile | None:
    """The profile of the agency that an item names; None when no profile knows it.

    statements  a line each: whom the item names as its provider or source, and its guid
    """
    if not any(map(_anybody().match, statements.split("\n"))):  # much sooner known than who it is
        return None
    return next((load(name) for name, said_by in _patterns("said_by") if said_by.search(statements)), None)


@cache
def names() -> tuple[str, ...]:
    """Every profile there is."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load(name: str) -> Profile:
    """A profile by name. Raises KeyError when there is none of that name."""
    if name not in names():
        raise KeyError(name)
    own, common = _table(name), _table(_DEFAULT)
    table = common | {
        key: common.get(key, {}) | value if isinstance(value, dict) else value for key, value in own.items()
    }
    return Profile(
        name=name,
        provider=table.get("provider"),
        charset=table.get("charset"),
        timezone=table.get("timezone"),
        language=table.get("language"),
        day_first=table["day_first"],
        scheme=table["scheme"],
        categories={
            code.lower(): _concepts(table["scheme"], code, told) for code, told in _categories(own, common)
        },
        urgency=table["urgency"],
        letters=str.maketrans(table.get("letters", {})),
        signals=tuple((re.compile(mark, re.IGNORECASE), to) for mark, to in table["signals"].items()),
        note=re.compile(table["note"], re.IGNORECASE),
        byline=re.compile(table["byline"]),
        notebook=re.compile(table["notebook"], re.IGNORECASE),
        notebook_hints=tuple(table["notebook_hints"]),
        signature=re.compile(table["signature"]),
        always=table.get("always"),
        schemes=table.get("schemes", {}),
        slug=table.get("slug"),
    )


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _patterns(key: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name in names() if (pattern := _table(name).get(key)))


@cache
def _anybody() -> re.Pattern[str]:
    """All patterns of ``said_by`` as one; each begins with its flags."""
    flagged = (pattern.pattern.removeprefix("(?").partition(")") for _, pattern in _patterns("said_by"))
    return re.compile("|".join(f"(?{flags}:{rest})" for flags, _, rest in flagged))


def _categories(own: dict[str, Any], common: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """An agency's own categories take the place of the common ones: the letters mean other things."""
    categories: dict[str, list[str]] = own.get("categories") or common["categories"]
    return list(categories.items())


def _concepts(scheme: str, code: str, told: list[str]) -> tuple[Concept, ...]:
    """``told``: the category's name, then the qcodes of its topics."""
    name, *topics = told
    return (
        Concept(qcode=f"{scheme}:{code}", name=name),
        *(Concept(qcode=topic, guessed=True) for topic in topics),
    )
