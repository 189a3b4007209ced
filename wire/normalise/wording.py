"""What a story says, taken apart once for all that is read out of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from wire.story import Draft
from wire.words import html_to_text

#: Runs of letters; half the time that ``[^\W\d_]+`` takes.
_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-\u024f\u0370-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff]+")
_LOOK_AT = 20_000  #: characters; what a story is about stands well before


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A story's words. Taken apart when first asked for; at most 20,000 characters are looked at."""

    language: str  #: the primary subtag; empty when unknown
    headline: str
    dateline: str
    text: str  #: headline, captions and body, one block a line, apostrophes straight
    lead_at: int  #: where the body begins in ``text``

    @property
    def body(self) -> str:
        """The body alone, one block a line."""
        return self.text[self.lead_at :]

    @cached_property
    def words(self) -> list[str]:
        """Runs of letters, in their order."""
        return _WORD.findall(self.text)

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Every word once, as spelt."""
        return frozenset(self.words)

    @cached_property
    def lower(self) -> list[str]:
        """The words in lower case, in their order."""
        return " ".join(self.words).lower().split(" ")

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How often each word stands there, in lower case."""
        return Counter(self.lower)


def wording_of(draft: Draft) -> Wording:
    """The draft's words; a headline in capitals as a reader says it."""
    headline = draft.headline or ""
    if headline.isupper():
        headline = headline.title()
    captions = [picture.caption for picture in draft.pictures if picture.caption]
    head = "\n".join((headline, *captions, "")).replace("’", "'")[:_LOOK_AT]
    body = html_to_text(draft.body_html[: 2 * _LOOK_AT]).replace("’", "'")
    return Wording(
        language=(draft.language or "").partition("-")[0],
        headline=headline,
        dateline=draft.dateline or "",
        text=(head + body)[:_LOOK_AT],
        lead_at=len(head),
    )
