"""IPTC Media Topics by the words that speak of them: a readable, weighted lexicon for each language.

Every word of the lexicon that a story uses gives its topic some points: more when it says so louder or stands
in the headline, a little more when it comes again. A top-level topic is said when it has enough points and
words for a story of that length, and not much fewer than the best; a finer topic when it has a good part of
them. Otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from wire.iptc import media_topics
from wire.normalise.tables import DATA, lines
from wire.normalise.wording import Wording, split
from wire.story import Concept

#: A topic (8 digits) and how loud a word speaks of it.
_Vote = tuple[str, int]
#: What a word speaks of: each topic once, and its top-level topic as loud as the loudest below it.
_Votes = tuple[_Vote, ...]
#: The words of a phrase, whether its last one may go on, and what it speaks of.
_Phrase = tuple[list[str], bool, _Votes]
_STEM = 4  #: letters by which words with an open beginning or ending are looked up
_LOUD = (0.0, 1.0, 1.5, 2.0)  #: what a word counts that comes so often; no more for more
_IN_HEADLINE = 1.0  #: what it counts besides
_LEAST, _PER_WORD = 5.0, 1 / 60  #: points that a top-level topic needs, and more for each word of the story
_LEAST_WORDS = 3  #: different ones
_OF_THE_BEST = 0.6  #: share of the best one's points that a second one needs
_FINER_LEAST, _FINER_SHARE = 4.0, 0.25  #: points of a finer topic, and its share of the whole
_FINER_WORDS = 2  #: different ones
_MOST_TOPS, _MOST_FINER = 2, 3
_TOO_SHORT = 25  #: words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the words of a language speak of. Everything in lower case."""

    words: dict[str, list[_Vote]] = field(default_factory=dict)
    stems: dict[str, list[tuple[str, _Vote]]] = field(default_factory=dict)  #: by their first letters
    tails: dict[str, list[tuple[str, _Vote]]] = field(default_factory=dict)  #: by their last letters
    phrases: dict[str, list[_Phrase]] = field(default_factory=dict)  #: by their first word


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
    for said, count, votes in _spoken(wording):
        loud = _LOUD[min(count, 3)] + (_IN_HEADLINE if said in headline else 0.0)
        for topic, weight in votes:
            if (tally := tallies.get(topic)) is None:
                tally = tallies[topic] = _Tally()
            tally.points += weight * loud
            tally.words += 1
    return tallies


def _spoken(wording: Wording) -> Iterator[tuple[str, int, _Votes]]:
    """Each word and phrase that speaks of something, how often it does, and of what."""
    lexicon, counts = _lexicon(wording.language), wording.counts
    open_ended = {word for word in counts if word[:_STEM] in lexicon.stems}
    if lexicon.tails:
        open_ended.update([word for word in counts if word[-_STEM:] in lexicon.tails])
    whole = _whole_words(wording.language)
    for word in (counts.keys() & whole.keys()) - open_ended:
        yield word, counts[word], whole[word]
    for word in open_ended:
        if votes := _votes_of(lexicon, word):
            yield word, counts[word], votes
    starts, words = counts.keys() & lexicon.phrases.keys(), wording.lower
    for at in [at for at, word in enumerate(words) if word in starts]:
        for phrase, goes_on, votes in lexicon.phrases[words[at]]:
            here = words[at : at + len(phrase)]
            if here == phrase or (goes_on and here[:-1] == phrase[:-1] and here[-1].startswith(phrase[-1])):
                yield " ".join(here), 1, votes


@cache
def _whole_words(language: str) -> dict[str, _Votes]:
    return {word: _with_tops(votes) for word, votes in _lexicon(language).words.items()}


def _votes_of(lexicon: Lexicon, word: str) -> _Votes:
    votes = list(lexicon.words.get(word, ()))
    votes += [vote for stem, vote in lexicon.stems.get(word[:_STEM], ()) if word.startswith(stem)]
    votes += [vote for tail, vote in lexicon.tails.get(word[-_STEM:], ()) if word.endswith(tail)]
    return _with_tops(votes)


def _with_tops(votes: list[_Vote]) -> _Votes:
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
    lexicon = Lexicon()
    for line in lines(f"topics.{language}"):
        topic, _, rest = line.partition(": ")
        for entry in rest.split(", "):
            word, _, weight = entry.partition("*")
            _enter(lexicon, word, (topic[:8], int(weight or 1)))
    return lexicon


def _enter(lexicon: Lexicon, word: str, vote: _Vote) -> None:
    goes_on = word.endswith("-")
    first, *others = phrase = split(word)
    if others:
        lexicon.phrases.setdefault(first, []).append((phrase, goes_on, _with_tops([vote])))
    elif goes_on:
        lexicon.stems.setdefault(first[:_STEM], []).append((first, vote))
    elif word.startswith("-"):
        lexicon.tails.setdefault(first[-_STEM:], []).append((first, vote))
    else:
        for form in (first, f"{first}s"):
            lexicon.words.setdefault(form, []).append(vote)
