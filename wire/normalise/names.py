"""People and organisations, only where the text introduces them.

A person is a name of two words and more behind a title ("Prime Minister Jane Example"), or a name of two
words before an age, a comma and a role, or beside a verb of saying. An organisation is a name that ends or
begins as only theirs do ("Example Holdings plc", "University of …"), or one that everybody writes the same
way. Rather none than a wrong one: surnames alone, and scripts without capitals, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from wire.normalise.gazetteer import gazetteer
from wire.normalise.tables import words
from wire.normalise.wording import PARTICLE, Wording, word_before
from wire.story import Concept

_TABLE = "name-words"
_AT_MOST = 10
_MOST_PARTS = 3  #: of a name without particles
_A_TITLE = 40  #: characters before a name that its title takes at most

_PART = re.compile(r"[^\W\d_](?:[a-zß-ÿ\u0101-\u024f'][\w'-]*|[IVX]*|\.)|" + PARTICLE)
_AGE = re.compile(r",? \(?\d\d\)?[,.]|, aged? \d\d\b")
_NOT_BEFORE = ("and ", "& ", "(", "/")  #: an ampersand's second half, or an agency's credit
_NEXT_WORD = re.compile(r",? ([\w-]+)")
_WORD_BEFORE = re.compile(r"(?<![\w'.-])(?!The )[A-ZÀ-ÖØ-Þ][\w'.-]* $")
_OF = re.compile(r" (?:of|for|de|di|für)(?: the| la)?(?:(?: and| &)? [A-ZÀ-ÖØ-Þ][\w'-]+){1,4}")


def guess_people(wording: Wording) -> tuple[Concept, ...]:
    """The people that the text introduces, as first named; at most ten."""
    return _concepts(_people(wording))


def guess_organisations(wording: Wording) -> tuple[Concept, ...]:
    """The organisations that the text names beyond doubt; at most ten."""
    names = (*_companies(wording), *_institutions(wording), *_known(wording))
    return _concepts(name for name in names if not any(name != longer and name in longer for longer in names))


def _concepts(names: Iterable[str]) -> tuple[Concept, ...]:
    found = list(dict.fromkeys(names))[:_AT_MOST]
    return tuple(Concept(name=name, guessed=True) for name in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Introducers:
    """The words of a language that introduce people."""

    titles: frozenset[str]
    title_ends: frozenset[str]  #: the last word of each title
    roles: frozenset[str]
    articles: frozenset[str]
    said: frozenset[str]


@cache
def _introducers(language: str) -> _Introducers:
    titles = words(_TABLE, f"{language} title")
    titles |= {title[:1].upper() + title[1:] for title in titles}  # as they begin a sentence
    return _Introducers(
        titles=titles,
        title_ends=frozenset(title.rpartition(" ")[2] for title in titles),
        roles=words(_TABLE, f"{language} role"),
        articles=words(_TABLE, f"{language} article"),
        said=words(_TABLE, f"{language} said"),
    )


def _people(wording: Wording) -> Iterator[str]:
    lists = _introducers(wording.language)
    for run in wording.runs if lists.said else ():
        parts = run[0].split(" ")
        before = word_before(wording.text, run.start())
        titled = before in lists.title_ends or not lists.title_ends.isdisjoint(parts)
        title = _behind_title(lists, _words_before(wording.text, run.start()), parts) if titled else None
        name = None
        if title is not None:
            name = _name(parts[title:])
        elif len(parts) == 2 or (len(parts) == 3 and parts[1].endswith(".")):
            name = _name(parts) if _introduced(lists, wording.text, run, before) else None
        if name and not _is_other(name, wording.language):
            yield name


def _words_before(text: str, start: int) -> list[str]:
    """At most three words of the same line."""
    line = text[max(0, start - _A_TITLE) : start].rpartition("\n")[2]
    return [word.lstrip("(\"“'") for word in line.split(" ")[-4:-1]]


def _behind_title(lists: _Introducers, before: list[str], parts: list[str]) -> int | None:
    """Which of the parts the name begins with that a title stands before; None without a title."""
    lead = [*before, *parts[:-2]]
    for end in range(len(lead), max(len(before), 1) - 1, -1):
        if lead[end - 1] in lists.title_ends:
            for length in (1, 2, 3):
                if " ".join(lead[max(0, end - length) : end]) in lists.titles:
                    return end - len(before)
    return None


def _introduced(lists: _Introducers, text: str, run: re.Match[str], before: str) -> bool:
    """Whether age or role tell that this is somebody; or a verb of saying, if the surname comes alone."""
    if _AGE.match(text, run.end()):
        return True
    surname = run[0].rpartition(" ")[2]
    after = _NEXT_WORD.match(text, run.end())
    if after and after[0].startswith(","):
        return after[1] in lists.roles or (after[1] in lists.articles and _comes_alone(surname, run[0], text))
    said = (after is not None and after[1] in lists.said) or before in lists.said
    return said and _comes_alone(surname, run[0], text)


def _comes_alone(surname: str, name: str, text: str) -> bool:
    return text.count(surname) > text.count(name)


def _name(parts: list[str]) -> str | None:
    """The parts as a name, up to the first that cannot be of a person; None if fewer than two are left."""
    kept: list[str] = []
    for part in parts:
        bare = part.removesuffix("'s")
        if not _may_be_of_a_name(bare):
            break
        kept.append(bare)
        if bare != part or (bare.endswith(".") and len(bare) > 2):  # a genitive or a sentence ends it
            break
    plain = not any(part.islower() for part in kept)
    if len(kept) < 2 or (plain and len(kept) > _MOST_PARTS) or _is_initial(kept[-1]):
        return None
    return " ".join(kept).rstrip(".")


def _may_be_of_a_name(part: str) -> bool:
    if part in words(_TABLE, "no name") or part in words(_TABLE, "opening"):
        return False
    return _PART.fullmatch(part if _is_initial(part) else part.rstrip(".")) is not None


def _is_initial(part: str) -> bool:
    return len(part) == 2 and part.endswith(".")


def _is_other(name: str, language: str) -> bool:
    """Whether the name is a place's or an organisation's."""
    last = name.rpartition(" ")[2]
    places = gazetteer(language).by_spelling
    return (
        name in places or last in places or name in words(_TABLE, "known") or last in words(_TABLE, "company")
    )


def _companies(wording: Wording) -> Iterator[str]:
    """Names that end as those of companies and institutions do."""
    places, endings = gazetteer(wording.language).by_spelling, _company_forms()
    for run in wording.runs:
        parts = run[0].split(" ")
        if wording.text.startswith(" plc", run.end()):
            parts.append("plc")
        elif endings.isdisjoint(parts):
            continue
        length = _length_of_company(parts)
        if length is None or wording.text.endswith(_NOT_BEFORE, 0, run.start()):
            continue
        name = _without_opening([*parts[: length - 1], _bare(parts[length - 1])])
        if " " in name and name not in places:
            goes_on = length == len(parts) and parts[-1] in words(_TABLE, "of")
            more = _OF.match(wording.text, run.end()) if goes_on else None
            yield name + (more[0].removesuffix("'s") if more else "")


@cache
def _company_forms() -> frozenset[str]:
    """What ends a company's name, with what may be stuck to it."""
    return frozenset(f"{end}{stuck}" for end in words(_TABLE, "company") for stuck in ("", "'s", "."))


def _length_of_company(parts: list[str]) -> int | None:
    """How many of the parts are the name of a company; None when they are none."""
    if any(part.islower() for part in parts[:-1]):  # a person's particles, or a noun's attribute
        return None
    endings = words(_TABLE, "company")
    return next((at + 1 for at in range(len(parts) - 1, 0, -1) if _bare(parts[at]) in endings), None)


def _bare(part: str) -> str:
    """The last word of a name without genitive and full stop; "Inc." keeps its own."""
    part = part.removesuffix("'s")
    return part if part in words(_TABLE, "company") else part.rstrip(".")


def _without_opening(parts: list[str]) -> str:
    """A name without what only opens the sentence, or says whose or where something is ("Oslo-based")."""
    while parts and (parts[0] in words(_TABLE, "opening") or parts[0].endswith(("-based", "'s"))):
        parts = parts[1:]
    return " ".join(parts)


def _institutions(wording: Wording) -> Iterator[str]:
    """Names such as "University of …"."""
    text = wording.text
    for word in sorted(words(_TABLE, "of") & wording.distinct, key=text.find):
        at = text.find(word)
        while at >= 0:
            more = _OF.match(text, at + len(word))
            if more and not _WORD_BEFORE.search(text, max(0, at - _A_TITLE), at):
                yield f"{word}{more[0]}".removesuffix("'s")
            at = text.find(word, at + len(word))


def _known(wording: Wording) -> list[str]:
    """Organisations of the table, as first named."""
    firsts = _known_by_first_word().keys() & wording.distinct
    names = [name for first in firsts for name in _known_by_first_word()[first] if name in wording.text]
    return sorted(names, key=wording.text.find)


@cache
def _known_by_first_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(words(_TABLE, "known")):
        found.setdefault(re.split(r"[ -]", name)[0], []).append(name)
    return found
