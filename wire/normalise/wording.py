"""What a story says, taken apart once for all that is read out of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from wire.common.words import html_to_text
from wire.story import Draft

#: Every ASCII byte that is no letter or digit as a blank, and so the first byte of U+0080 to U+00BF and
#: U+2000 to U+2FFF: quotes, dashes, blanks and signs. What is left of these is no character and goes.
_BLANKS = bytes(
    0x20 if (byte < 0x80 and not chr(byte).isalnum()) or byte in (0xC2, 0xE2) else byte for byte in range(256)
)
_LOOK_AT = 5_000  #: characters; what a story is about stands in them, and more hardly tell it better
_A_WORD = 30  #: characters, at most, that a word and the blank after it take

#: Small words within people's names.
PARTICLE = r"(?:v[ao]n|d[aeiu]|del|dos|bin|al|ter|ten)(?: (?:der|den|la))?"
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞČĐŁŃŌŘŚŞŠŹŻŽ][^\s,;:!?()/\"“”„«»]*"
_RUN = re.compile(rf"{_CAPITALISED} (?:{PARTICLE} )?{_CAPITALISED}(?: (?:{PARTICLE} )?{_CAPITALISED})*")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A story's words. Taken apart when first asked for; only the first 5,000 characters are looked at."""

    language: str  #: the primary subtag; empty when unknown
    said_headline: str  #: as the draft has it
    headline: str  #: as a reader says it: not all in capitals
    dateline: str
    text: str  #: headline, captions and body, one block a line, apostrophes straight
    lead_at: int  #: where the body begins in ``text``

    @property
    def body(self) -> str:
        """The body alone, one block a line."""
        return self.text[self.lead_at :]

    @cached_property
    def _plain(self) -> str:
        return _without_marks(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Runs of letters and digits, in their order."""
        return self._plain.split()

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Every word once, as spelt."""
        return frozenset(self.words)

    @cached_property
    def lower(self) -> list[str]:
        """The words in lower case, in their order."""
        return self._plain.lower().split()

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How often each word stands there, in lower case."""
        return Counter(self.lower)

    @cached_property
    def runs(self) -> list[re.Match[str]]:
        """Words with a capital next to each other, below the headline."""
        return list(_RUN.finditer(self.text, len(self.headline)))


def word_before(text: str, start: int) -> str:
    """The word or mark before a name; empty at the beginning of a line."""
    line = text[max(0, start - _A_WORD) : start].rpartition("\n")[2]
    return line.rstrip(" \u00a0").rpartition(" ")[2].lstrip("(“\"'‘")


def split(text: str) -> list[str]:
    """The runs of letters and digits of a text."""
    return _without_marks(text).split()


def _without_marks(text: str) -> str:
    """A blank for each mark; by way of bytes, in a quarter of the time that a regular expression takes."""
    return text.encode("utf-8", "replace").translate(_BLANKS).decode("utf-8", "ignore")


@lru_cache(maxsize=1)
def text_of(body_html: str) -> str:
    """The text of a clean body, one line a block; kept for the next who asks for that of the same body."""
    return html_to_text(body_html)


def wording_of(draft: Draft, language: str) -> Wording:
    """The draft's words in a language (BCP 47; empty when unknown); a headline in capitals as one says it."""
    headline = draft.headline or ""
    if headline.isupper():
        headline = headline.title()
    captions = [picture.caption for picture in draft.pictures if picture.caption]
    head = "\n".join((headline, *captions, "")).replace("’", "'")[:_LOOK_AT]
    body = text_of(draft.body_html[: 2 * _LOOK_AT]).replace("’", "'")
    return Wording(
        language=language.partition("-")[0],
        said_headline=draft.headline or "",
        headline=headline,
        dateline=draft.dateline or "",
        text=(head + body)[:_LOOK_AT],
        lead_at=len(head),
    )
