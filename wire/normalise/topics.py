"""IPTC Media Topics by the words that speak of them: a readable, weighted lexicon for each language.

Every word of the lexicon that a story uses gives its topic some points: more when it says so louder or stands
in the headline, a little more when it comes again. A top-level topic is said when it has enough points and
words for a story of that length, and not much fewer than the best; a finer topic when it has a good part of
them. Otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from ahocorasick_rs import AhoCorasick

from wire.iptc import media_topics
from wire.normalise.tables import DATA, lines
from wire.normalise.wording import Wording, split
from wire.story import Concept

#: A topic (8 digits) and how loud a word speaks of it.
_Vote = tuple[str, int]
#: What a word speaks of: each topic once, and its top-level topic as loud as the loudest below it.
_Votes = tuple[_Vote, ...]
_LOUD = (0.0, 1.0, 1.5, 2.0)  #: what a word counts that comes so often; no more for more
_IN_HEADLINE = 1.0  #: what it counts besides
_LEAST, _PER_WORD = 5.0, 1 / 60  #: points that a top-level topic needs, and more for each word of the story
_LEAST_WORDS = 3  #: different ones
_OF_THE_BEST = 0.6  #: share of the best one's points that a second one needs
_FINER_LEAST, _FINER_SHARE = 4.0, 0.25  #: points of a finer topic, and its share of the whole
_FINER_WORDS = 2  #: different ones
_MOST_TOPS, _MOST_FINER = 2, 3
_TOO_SHORT = 25  #: words


class Lexicon:
    """What the words of a language speak of. Everything in lower case.

    Each entry is looked for with a blank where a word must begin or end, all of them at once.
    """

    def __init__(self, entries: Sequence[tuple[str, Iterable[_Vote]]]) -> None:
        """``entries``: such as " goal ", " penalty shoot", "gesetz ", which may come again."""
        self._votes = [_with_tops(votes) for _, votes in entries]
        self._whole = [form[1:-1] if form[0] == form[-1] == " " else "" for form, _ in entries]
        self._finder = AhoCorasick([form for form, _ in entries])

    def spoken(self, words: Iterable[str]) -> tuple[dict[str, _Votes], list[tuple[str, _Votes]]]:
        """What speaks of something: each word once, and each phrase as often as it stands there."""
        text = f" {' '.join(words)} "
        entries: dict[str, set[int]] = {}
        phrases: list[tuple[str, _Votes]] = []
        for number, start, end in self._finder.find_matches_as_indexes(text, overlapping=True):
            said = self._whole[number] or text[text.rfind(" ", 0, start + 1) + 1 : text.find(" ", end - 1)]
            if " " in said:
                phrases.append((said, self._votes[number]))
            else:
                entries.setdefault(said, set()).add(number)
        return {word: self._of(numbers) for word, numbers in entries.items()}, phrases

    def _of(self, numbers: Iterable[int]) -> _Votes:
        """What the entries speak of together."""
        first, *others = [self._votes[number] for number in numbers]
        return _with_tops(chain(first, *others)) if others else first


@dataclass(slots=True)
class _Tally:
    """What speaks for a topic."""

    points: float = 0.0
    words: int = 0


def guess_subjects(wording: Wording) -> tuple[Concept, ...]:
    """The topics of a story, finer ones first; empty when its words do not tell."""
    found = topics_of(wording)
    return tuple(
        Concept(name=media_topics.label(topic, wording.language), qcode=topic, guessed=True)
        for topic in found
    )


def topics_of(wording: Wording) -> list[str]:
    """The qcodes of a story's topics: of each top-level one the finer ones first."""
    words = len(wording.lower)
    if words < _TOO_SHORT or not _has_lexicon(wording.language):
        return []
    tallies = _tallies(wording)
    tops = sorted(filter(_is_top, tallies), key=lambda topic: (-tallies[topic].points, topic))
    need = max(_LEAST + words * _PER_WORD, _OF_THE_BEST * tallies[tops[0]].points) if tops else 0.0
    said = [top for top in tops if tallies[top].points >= need and tallies[top].words >= _LEAST_WORDS]
    return [f"medtop:{topic}" for top in said[:_MOST_TOPS] for topic in (*_finer(top, tallies), top)]


def _finer(top: str, tallies: Mapping[str, _Tally]) -> list[str]:
    """The topics below a top-level one that the story is about."""
    need = max(_FINER_LEAST, _FINER_SHARE * tallies[top].points)
    below = [
        (tally.points, topic)
        for topic, tally in tallies.items()
        if tally.points >= need and tally.words >= _FINER_WORDS and topic != top and _top_of(topic) == top
    ]
    return [topic for _, topic in sorted(below, reverse=True)][:_MOST_FINER]


def _tallies(wording: Wording) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    headline = wording.headline.lower()
    words, phrases = _lexicon(wording.language).spoken(wording.lower)
    spoken = ((word, min(wording.counts[word], 3), votes) for word, votes in words.items())
    for said, count, votes in chain(spoken, ((phrase, 1, votes) for phrase, votes in phrases)):
        loud = _LOUD[count] + (_IN_HEADLINE if said in headline else 0.0)
        for topic, weight in votes:
            if (tally := tallies.get(topic)) is None:
                tally = tallies[topic] = _Tally()
            tally.points += weight * loud
            tally.words += 1
    return tallies


def _with_tops(votes: Iterable[_Vote]) -> _Votes:
    loudest: dict[str, int] = {}
    for topic, weight in votes:
        for said in (topic, _top_of(topic)):
            loudest[said] = max(weight, loudest.get(said, 0))
    return tuple(loudest.items())


def _is_top(topic: str) -> bool:
    return topic.endswith("000000")


@cache
def _top_of(topic: str) -> str:
    above = media_topics.ancestors(f"medtop:{topic}")
    return (above[-1] if above else f"medtop:{topic}").removeprefix("medtop:")


@cache
def _has_lexicon(language: str) -> bool:
    return (DATA / f"topics.{language}.txt").exists()


@cache
def _lexicon(language: str) -> Lexicon:
    return Lexicon([*_entries(language)])


def _entries(language: str) -> Iterator[tuple[str, list[_Vote]]]:
    """The phrases one by one, then each word with all that it speaks of."""
    words: dict[str, list[_Vote]] = {}
    for line in lines(f"topics.{language}"):
        topic, _, rest = line.partition(": ")
        for entry in rest.split(", "):
            word, _, weight = entry.partition("*")
            vote = (topic[:8], int(weight or 1))
            for form in _forms(word):
                if " " in form.strip():
                    yield form, [vote]
                else:
                    words.setdefault(form, []).append(vote)
    yield from words.items()


def _forms(word: str) -> Iterator[str]:
    """How an entry of the lexicon stands in a text, a blank wherever it must begin or end."""
    plain = " ".join(split(word))
    if " " in plain:
        yield f" {plain}" if word.endswith("-") else f" {plain} "
    elif word.endswith("-"):
        yield f" {plain}"
    elif word.startswith("-"):
        yield f"{plain} "
    else:
        yield f" {plain} "
        yield f" {plain}s "
