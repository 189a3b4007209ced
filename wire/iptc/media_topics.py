"""IPTC Media Topics (scheme ``medtop``): their tree, labels, and the way from old subject codes.

Topics are named by qcode, ``medtop:`` and 8 digits. The tree changes between editions, so it is data.
Retired topics still arrive and are kept: they have labels, and ancestors where the last edition that knew
them gave any.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from wire.iptc.qcodes import table

_ALIAS = "medtop:"


class TopicMatch(NamedTuple):
    """The Media Topics that an old subject code stands for."""

    qcodes: tuple[str, ...]
    inferred: bool  #: IPTC gives no exact match: a close or broader topic was taken


def is_known(qcode: str) -> bool:
    """Whether our edition of the vocabulary knows the topic, retired or not."""
    return qcode.removeprefix(_ALIAS) in _labels("en") and qcode.startswith(_ALIAS)


def top_topics() -> tuple[str, ...]:
    """The topics at the top of the tree that are in use, by code."""
    codes = (f"{_ALIAS}{code}" for code in sorted(_labels("en")))
    return tuple(code for code in codes if broader(code) is None and not is_retired(code))


def is_retired(qcode: str) -> bool:
    """Whether the topic is no longer to be used."""
    return qcode in _retired()


def broader(qcode: str) -> str | None:
    """The topic one level up; None for a top topic and for what we do not know."""
    code = _tree().get(qcode.removeprefix(_ALIAS))
    return f"{_ALIAS}{code}" if code else None


def ancestors(qcode: str) -> tuple[str, ...]:
    """The topics above, nearest first, the top topic last."""
    found: list[str] = []
    above = broader(qcode)
    while above is not None:
        found.append(above)
        above = broader(above)
    return tuple(found)


def label(qcode: str, language: str = "en") -> str | None:
    """The topic's name in a language (BCP 47), in English where we hold no other; None if unknown."""
    code = qcode.removeprefix(_ALIAS)
    return _labels(_held(language)).get(code) or _labels("en").get(code)


def topics_of(subject_code: str) -> TopicMatch:
    """The live Media Topics for an old IPTC subject code (8 digits, scheme ``subj``).

    A code that nobody mapped is taken for its parent's; empty when even the top is unknown.
    """
    mapped = _subject_codes()
    for depth, code in enumerate((subject_code, f"{subject_code[:5]}000", f"{subject_code[:2]}000000")):
        if code in mapped:
            topics, inferred = mapped[code]
            return TopicMatch(topics, inferred or depth > 0)
    return TopicMatch((), True)


def edition() -> str:
    """The date of the vocabulary's edition that we ship, as IPTC names it."""
    return str(table("media-topics")["edition"])


def _tree() -> Mapping[str, str]:
    codes: Mapping[str, str] = table("media-topics")["broader"]
    return codes


@cache
def _retired() -> frozenset[str]:
    return frozenset(f"{_ALIAS}{code}" for code in table("media-topics")["retired"])


def _held(language: str) -> str:
    """The language itself, else its primary part, else English: whichever we have labels in."""
    for candidate in (language, language.partition("-")[0]):
        if candidate in table("media-topics")["languages"]:
            return candidate
    return "en"


def _labels(language: str) -> Mapping[str, str]:
    labels: Mapping[str, str] = table(f"media-topic-labels.{language}")["labels"]
    return labels


@cache
def _subject_codes() -> Mapping[str, tuple[tuple[str, ...], bool]]:
    content = table("subject-codes")
    inferred = frozenset(content["inferred"])
    return {
        code: (tuple(f"{_ALIAS}{topic}" for topic in topics), code in inferred)
        for code, topics in content["topics"].items()
    }
