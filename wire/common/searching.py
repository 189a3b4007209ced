"""By which words a story is found, and what is looked for. Pure.

Words are letters and digits in small letters without accents; scripts without blanks between words give
one word a character. What is no text (source, language, topics, standing) becomes a word too, of a kind
that no text holds, so that one index answers every filter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from wire.common.words import html_to_text
from wire.iptc import media_topics
from wire.story import Action, Concept, Standing, Story

Words = frozenset[str]

#: Characters of a body that are indexed, about 5,000 words.
_MOST_TEXT = 30_000
_LONGEST_WORD = 64
_MOST_ASKED = 16  #: words of one query
#: A shorter beginning is a word: those of one letter are half of all there is (4 s among a million stories).
_SHORTEST_BEGINNING = 3

#: Letters of ASCII in lower case and digits; the bytes of other characters stay, anything else parts words.
_LETTERS = bytes(
    byte if byte >= 0x80 else ord(chr(byte).lower()) if chr(byte).isalnum() else 0x20 for byte in range(256)
)
_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r"([^\W_]+)(\*?)")
_MARK = re.compile("[\u0300-\u036f\u0483-\u0487\u064b-\u065f\u0670\u0591-\u05c7]")
_ONE_BY_ONE = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
#: Begins the words that stand for facets: a character that is no letter to us and one to both databases.
_FACET = "\ue000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for: every word must be there, and a word with every beginning."""

    words: Words = frozenset()
    beginnings: Words = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.beginnings)

    def matches(self, words: Words) -> bool:
        """Whether a story of these words is found."""
        return self.words <= words and all(
            any(word.startswith(beginning) for word in words) for beginning in self.beginnings
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What of a story filters go by."""

    source: str
    languages: tuple[str, ...]  #: the tag, and its primary part
    topics: tuple[str, ...]  #: qcodes, with those above them
    status: tuple[str, ...]

    def words(self) -> Iterator[str]:
        """As words of the index."""
        yield facet("source", self.source)
        for kind, values in (("language", self.languages), ("topic", self.topics), ("status", self.status)):
            for value in values:
                yield facet(kind, value)


@lru_cache(maxsize=1024)  # few values are many stories'
def facet(kind: str, value: str) -> str:
    """The word that stands for a value of a filter."""
    return f"{_FACET}{sha256(f'{kind} {value}'.encode('utf-8', 'replace')).hexdigest()[:16]}"


def facets_of(story: Story, action: Action, standing: Standing) -> Facets:
    """What filters go by of a version."""
    language = (story.language or "").lower()
    topics = {qcode for subject in story.subjects if (qcode := subject.qcode)}
    for qcode in tuple(topics):
        topics.update(media_topics.ancestors(qcode))
    corrected = ("corrected",) if action is Action.CORRECTION else ()
    return Facets(
        source=story.origin.source,
        languages=tuple(sorted({language, language.partition("-")[0]})) if language else (),
        topics=tuple(sorted(topics)),
        status=(standing.value, *corrected),
    )


def words_of(story: Story, facets: Facets) -> Words:
    """Every word by which a version is found."""
    texts: list[str | None] = [
        *(story.headline, story.subheadline, story.slugline, story.byline, story.dateline),
        *(story.description, story.provider, html_to_text(story.body_html[:_MOST_TEXT]), *story.keywords),
    ]
    for concepts in (story.subjects, story.genres, story.places, story.people, story.organisations):
        texts += _names(concepts)
    return frozenset((*_words("\n".join(text for text in texts if text)), *facets.words()))


def query(text: str = "", **filters: str) -> Query:
    """What somebody looks for: words, and values of filters by their kind.

    A word that ends in ``*`` is the beginning of others, if it has three letters.
    """
    words: list[str] = []
    beginnings: list[str] = []
    for asked in _ASKED.finditer(_folded(text)):
        parts = list(_parts(asked[1]))
        begins = bool(asked[2]) and len(parts) == 1 and len(parts[0]) >= _SHORTEST_BEGINNING
        (beginnings if begins else words).extend(parts)
    chosen = {facet(kind, value) for kind, value in filters.items() if value}
    return Query(
        words=frozenset((*words[:_MOST_ASKED], *chosen)), beginnings=frozenset(beginnings[:_MOST_ASKED])
    )


def _names(concepts: Iterable[Concept]) -> Iterator[str | None]:
    return (concept.name for concept in concepts)


def _words(text: str) -> set[str]:
    # split at ASCII's blanks and marks; only what holds other letters is looked at one by one
    words = set(text.encode("utf-8", "replace").translate(_LETTERS).decode().split())
    odd = {word for word in words if not word.isascii() or len(word) > _LONGEST_WORD}
    folded = (each for word in odd for each in _WORD.findall(_folded(word)))
    return (words - odd).union(part for word in folded for part in _parts(word))


def _parts(word: str) -> Iterable[str]:
    if word.isascii():
        return (word[:_LONGEST_WORD],)
    split = _ONE_BY_ONE.sub(lambda character: f" {character[0]} ", word)
    return (part[:_LONGEST_WORD] for part in split.split())


def _folded(text: str) -> str:
    text = text.casefold().replace("ı", "i")  # whose capital is that of i
    return text if text.isascii() else _MARK.sub("", unicodedata.normalize("NFKD", text))
