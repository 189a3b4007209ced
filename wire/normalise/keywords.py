"""Keywords: what a story says again and again and other stories seldom do."""

from __future__ import annotations

from collections import Counter
from functools import cache

from wire.normalise.tables import DATA, words
from wire.normalise.wording import Wording

_AT_MOST = 6
_LEAST_LETTERS = 4
_LEAST_USES, _PER_WORD = 3, 1 / 250  #: how often a keyword must come, and more for each word of the story
_IN_HEADLINE = 2  #: times that a word of the headline counts


def guess_keywords(wording: Wording) -> tuple[str, ...]:
    """At most six words as the story spells them, the weightiest first.

    Empty for short stories, and in languages of which we do not know the common words.
    """
    common = (
        words(f"common-words.{wording.language}", "words") if _is_known(wording.language) else frozenset()
    )
    if not common:
        return ()
    headline = {_singular(word) for word in wording.headline.lower().split()}
    uses = Counter[str]()
    spellings: dict[str, str] = {}
    for word, count in wording.counts.items():
        if count > 1 and word not in common and len(word) >= _LEAST_LETTERS and word.isalpha():
            stem = _singular(word)
            uses[stem] += count
            spellings.setdefault(stem, word)
    least = _LEAST_USES + _PER_WORD * len(wording.lower)
    weights = {
        stem: count * (_IN_HEADLINE if stem in headline else 1)
        for stem, count in uses.items()
        if count >= least
    }
    best = sorted(weights, key=lambda stem: -weights[stem])[:_AT_MOST]
    return tuple(_as_spelt(spellings[stem], wording) for stem in best if stem not in common)


@cache
def _is_known(language: str) -> bool:
    return (DATA / f"common-words.{language}.txt").exists()


def _singular(word: str) -> str:
    """Without the "s" of a plural or genitive."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _as_spelt(word: str, wording: Wording) -> str:
    """In lower case where the story ever writes it so, else as it stands there first."""
    return word if word in wording.distinct else wording.words[wording.lower.index(word)]
