"""How alike two texts are: a small sketch of each, and keys by which those that are alike find each other.

A text is taken as its phrases: three words that follow each other in its beginning, where words of three
letters and fewer do not count and figures do. The sketch is the 128 phrases of the smallest hashes (bottom-k
MinHash); two sketches tell the share of phrases that the texts have in common, to about 0.04, and exactly for
short texts. Editing one word in twenty leaves about 0.85 in common, one in ten 0.7; two texts on one subject
have less than 0.2.

The keys (locality-sensitive hashing) are the smallest hashes in eight disjoint parts. Texts of which each has
the share 0.7 in common with the other (0.54 of the phrases of both) meet in one of them with probability
1 - 0.46⁸ = 0.998, and strangers hardly ever: three telling words in a row are a text's own, or a quotation's.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from wire.common.words import html_to_text

#: Disjoint parts of all hashes, each of which gives a key.
MOST_KEYS = 8
#: Hashes in a sketch at most.
_SIZE = 128
#: Phrases that a text must have: what is shorter is a headline or a flash, and alike by chance.
_LEAST = 10
#: Characters of a body that count, markup included: some 270 words, where wire copy says what it has to say.
_BEGINNING = 1600
#: Bytes of a word that does not count.
_SHORT = 3

#: Letters of ASCII in lower case and digits; the bytes of other characters stay, anything else parts words.
_LETTERS = bytes(
    byte if byte >= 0x80 else ord(chr(byte).lower()) if chr(byte).isalnum() else 0x20 for byte in range(256)
)
#: What one route writes and another does not: quotation marks, dashes, dots and blanks beyond ASCII.
_MARK = re.compile(rb"\xe2[\x80\x81][\x80-\xbf]|\xc2[\xa0\xab\xbb]|\xe3\x80[\x80-\xbf]|\xef\xbc[\x80-\x8f]")
#: More bytes than this a word are a script that writes no blanks between words.
_UNSPACED = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The group that a story belongs to, and those that become one with it."""

    story_id: str
    sketch: bytes  #: `sketch` of its version in force
    is_new: bool  #: the story has not been grouped before
    first: str  #: id of the group's first story, perhaps the story itself
    similarity: float | None = None  #: to the first story; None for that itself
    absorbed: Mapping[str, float]  #: first stories of other groups → their similarity to this story

    @property
    def leads(self) -> bool:
        """Whether the story is the first of its group."""
        return self.first == self.story_id


def sketch(body_html: str) -> bytes | None:
    """The sketch of a clean body (`wire.xmltools.clean_html`), 512 bytes at most; None if it is too short."""
    text = html_to_text(body_html[:_BEGINNING])
    data = text.encode("utf-8", "replace")
    if not data.isascii():
        data = _MARK.sub(b" ", data)
    words = data.translate(_LETTERS).split()
    if len(data) > _UNSPACED * len(words):
        letters = filter(str.isalnum, text)
        words = [f"{one}{other}".encode("utf-8", "replace") for one, other in pairwise(letters)]
    telling = [word for word in words if len(word) > _SHORT or word.isdigit()]
    phrases = map(b" ".join, zip(telling, telling[1:], telling[2:], strict=False))
    hashes = sorted(set(map(crc32, phrases)))[:_SIZE]
    return struct.pack(f"<{len(hashes)}I", *hashes) if len(hashes) >= _LEAST else None


@lru_cache(maxsize=256)  # asked for a story's look-up, its group and its rows
def keys(sketch: bytes) -> frozenset[int]:
    """One to `MOST_KEYS` 32-bit numbers, of which sketches that are alike have one in common."""
    return frozenset({number % MOST_KEYS: number for number in reversed(_hashes(sketch))}.values())


def similarity(one: bytes, other: bytes, least: float = 0.0) -> float:
    """The share of its phrases that each of two sketched texts has in common with the other, 0 to 1.

    least  0 may be given for whatever is surely below, which spares most of the work
    """
    first, second = _hashes(one), _hashes(other)
    common = list(filter(_set_of(other).__contains__, first))
    if 2 * len(common) < least * (max(len(first), len(second)) + len(common)):
        return 0.0
    of_either = min(_SIZE, len(first) + len(second) - len(common))
    of_both = _among_smallest(first, second, common)
    return 2 * of_both / (of_either + of_both)


def _among_smallest(first: Sequence[int], second: Sequence[int], common: Sequence[int]) -> int:
    """How many hashes in common are among the smallest of two sketches together. All are in order."""

    def place(number: int) -> int:
        """Of one in common, among all different ones; both count from 1."""
        value = common[number - 1]
        return bisect_right(first, value) + bisect_right(second, value) - number

    return bisect_right(range(1, len(common) + 1), _SIZE, key=place)


@lru_cache(maxsize=128)  # a story that others are alike is compared with many
def _hashes(sketch: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sketch) // 4}I", sketch)


@lru_cache(maxsize=128)
def _set_of(sketch: bytes) -> frozenset[int]:
    return frozenset(_hashes(sketch))
