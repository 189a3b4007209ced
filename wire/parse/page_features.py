"""What gives away whether a block of a page belongs to the story: its text, its links, its place.

Every feature is a name that holds for a block or does not; `page_weights` says what each is worth. The
names read as words: ``size:3 ends:stop``, ``in:aside``, ``near:related``, ``after:0 long``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wire.parse.page_blocks import Block, Page, Scope, picture_boxes
from wire.parse.page_places import Places
from wire.parse.wordlists import END_OF_STORY, FURNITURE, FURNITURE_ALONE, is_caption

LONG = 80  #: size from which a block that ends a sentence is a paragraph on its own account

_SIZES = (8, 16, 28, 45, 70, 100, 140, 200, 300, 500, 900)
_SHARES = (0, 0.05, 0.15, 0.35, 0.6, 0.85)
_LINKED = (0, 0.1, 0.3, 0.6, 0.9)
_FAR = (0, 1, 2, 4, 9)  #: blocks
_FROM_HEADLINE = (-20, -4, -1, 0, 1, 2, 4, 9, 30)  #: blocks
_FROM_RUN = (1, 3, 8, 20)  #: blocks
_LEAD = 8  #: blocks after the headline within which a standfirst stands
_KINDS = ("li", "blockquote", "td", "dd")
_NOWHERE = 99  #: blocks: there is none in that direction

_WIDE = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLOSERS = "\"'”’»›)]」』“"
_STOPS = ".!?。！？।؟۔։"
_INSIDE = re.compile(r"[.!?]['\"”’»)]?\s+[\"'“‘«(]?[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω0-9]|[。！？]")
_DATE_OR_CLOCK = re.compile(
    r"\b(?:19|20)\d{2}\b|\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|"
    r"\bago\b|\b[Vv]or \d|\b[Hh]ace \d|\b[Ii]l y a \d"
)
_BYLINE = re.compile(r"(?:by|von|por|par|di|door|av|af|text|texto|story by|written by):?\s+\S", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s[|•·›»>/]\s|https?://|www\.|@\w")
_MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?[$€£¥]")
_WORD = re.compile(r"\w+")
_SIMILAR = 25  #: letters in which a standfirst and the stated description agree at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a page states that its blocks can be compared with; all texts squeezed."""

    headline: str = ""
    description: str = ""
    body: str = ""  #: ``articleBody`` of its JSON-LD
    alts: frozenset[str] = frozenset()  #: alternative texts of its pictures


def squeezed(text: str) -> str:
    """A text's letters and digits alone, in lower case: what is left when typography differs."""
    return "".join(_WORD.findall(text.lower()))


def features(shown: Page, known: Known) -> Iterator[list[str]]:
    """The names of what holds for each block, in the blocks' order."""
    page = _Surroundings(shown.blocks)
    headline = _headline(shown.blocks, known.headline)
    boxes = picture_boxes(shown)
    for n, block in enumerate(shown.blocks):
        found = _shape(block, page.sizes[n], page.ends[n])
        found += _words(block.text, page.sizes[n])
        found += page.place(n, headline)
        found += _compared(block.text, known, "long" if page.sizes[n] > LONG else "short")
        if n in boxes:
            found.append("beside picture " + ("long" if page.sizes[n] > LONG else "short"))
        yield found


def size_of(text: str) -> int:
    """Characters; those of scripts with dense or unspaced writing count three times."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def ending(text: str) -> str:
    """How a text ends: as a sentence does, or with what else."""
    bare = text.rstrip(_CLOSERS)
    last = bare[-1:] or text[-1:]
    if bare.endswith(("...", "…")):
        return "dots"
    if last in _STOPS:
        return "stop"
    if last in ":,;":
        return last
    return "digit" if last.isdigit() else "letter" if last.isalpha() else "other"


def _step(value: float, steps: Sequence[float]) -> int:
    """How many of the rising steps lie below the value."""
    return bisect_left(steps, value)


def _shape(block: Block, size: int, end: str) -> list[str]:
    """What the text looks like, and how much of it is links."""
    text = block.text
    step = _step(size, _SIZES)
    length = "long" if size > LONG else "short"
    linked = _step(block.linked / len(text), _LINKED)
    found = [
        *(f"size:{step}", f"ends:{end}", f"size:{step} ends:{end}"),
        *(f"first:{_first(text)}", f"linked:{linked}", f"linked:{linked} {length}"),
    ]
    if size > LONG:
        found.append(f"sentences:{min(4, len(_INSIDE.findall(text)))}")
        found.append(f"commas:{min(4, text.count(',') + text.count('，') + text.count('、'))}")
    if block.links > 1:
        found.append(f"links:{min(5, block.links)}")
    if block.strong:
        found.append(f"bold {length}")
    if text.isupper():
        found.append("capitals")
    return found


def _first(text: str) -> str:
    """What a text begins with."""
    if text[0].isalpha():
        return "lower" if text[0].islower() else "upper"
    return "digit" if text[0].isdigit() else "mark"


def _words(text: str, size: int) -> list[str]:
    """What the words of the text speak of; dates, prices and bylines only in short ones."""
    length = "long" if size > 2 * LONG else "middle" if size > LONG // 2 else "short"
    words = _WORD.findall(text.lower())
    holds = {
        "furniture": FURNITURE.in_line(words),
        "caption mark": is_caption(text, words),
        "furniture alone": len(words) < 4
        and " ".join(word for word in words if not word.isdigit()) in FURNITURE_ALONE,
        "no words": not words,
    }
    if size < 2 * LONG:
        holds["end of story"] = END_OF_STORY.match(text) is not None
        holds["dated"] = _DATE_OR_CLOCK.search(text) is not None
        holds["separated"] = _SEPARATORS.search(text) is not None
        holds["byline"] = _BYLINE.match(text) is not None
        holds["money"] = _MONEY.search(text) is not None
        if 1 < len(words) < 15:
            capitals = sum(word[0].isupper() for word in _WORD.findall(text)) / len(words)
            holds[f"capitalised:{_step(capitals, (0.2, 0.5, 0.8, 0.99))}"] = True
    return [f"{name} {length}" for name, held in holds.items() if held]


def _compared(text: str, known: Known, length: str) -> list[str]:
    """What the page's own statements say of a block."""
    text = squeezed(text)
    found = []
    if known.body:
        found.append(("stated " if text in known.body else "not stated ") + length)
    if text and text == known.headline:
        found.append("is headline")
    if len(text) > _SIMILAR and text[:_SIMILAR] == known.description[:_SIMILAR]:
        found.append("is description")
    if text in known.alts:
        found.append("is alt text")
    return found


def _headline(blocks: Sequence[Block], wanted: str) -> int:
    """The block that repeats the headline, else the first heading of the first level; -1 for none."""
    top = [n for n, block in enumerate(blocks) if block.heading == 1]
    longest = 2 * len(wanted) + 20
    same = (
        n for n, block in enumerate(blocks) if len(block.text) < longest and squeezed(block.text) == wanted
    )
    return next((n for n in top if squeezed(blocks[n].text) == wanted), next(same, next(iter(top), -1)))


class _Surroundings:
    """A page's blocks seen together: which paragraphs there are, and where each block stands among them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.sizes = [size_of(block.text) for block in blocks]
        self.ends = [ending(block.text) for block in blocks]
        self.long = [
            size > LONG and end in ("stop", ":", "dots") and 2 * block.linked < len(block.text)
            for block, size, end in zip(blocks, self.sizes, self.ends, strict=True)
        ]
        self.weights = [size if long else 0 for size, long in zip(self.sizes, self.long, strict=True)]
        self.total = sum(self.weights) or 1
        self.passed = [0, *self._running(self.weights)]
        self.times = Counter(block.text for block in blocks)
        self.before = self._distances(range(len(blocks)))
        self.after = self._distances(range(len(blocks) - 1, -1, -1))
        self.run = self._run()
        self.places = Places()
        self.alike: Counter[str] = Counter()  #: long text by the signature of its place
        self.within: Counter[Scope] = Counter()  #: long text by parent and grandparent
        self.told: Counter[Scope] = Counter()  #: all text by parent and grandparent
        self.linked: Counter[Scope] = Counter()  #: text in links, likewise
        for block, weight in zip(blocks, self.weights, strict=True):
            self.alike[self.places.of(block.scope).signature] += weight
            for above in _above(block.scope):
                self.within[above] += weight
                self.told[above] += len(block.text)
                self.linked[above] += block.linked

    @staticmethod
    def _running(values: Iterable[int]) -> Iterator[int]:
        total = 0
        for value in values:
            total += value
            yield total

    def _run(self) -> range:
        """The run of blocks with most long text and least other."""
        best = total = 0.0
        start = first = last = 0
        for n, weight in enumerate(self.weights):
            if total <= 0:
                total, start = 0.0, n
            total += min(weight, 400) if weight else -40
            if total > best:
                best, first, last = total, start, n + 1
        return range(first, last)

    def _distances(self, order: Iterable[int]) -> list[int]:
        """How many blocks lie between each and the next long one in this direction."""
        found = [_NOWHERE] * len(self.blocks)
        distance = _NOWHERE
        for n in order:
            found[n] = min(distance, _NOWHERE)
            distance = 0 if self.long[n] else distance + 1
        return found

    def place(self, n: int, headline: int) -> list[str]:
        """Where a block stands, among elements and among blocks."""
        length = "long" if self.sizes[n] > LONG else "short"
        found = [f"{name} {length}" for name in self._among(n, headline)]
        place = self.places.of(self.blocks[n].scope)
        shares = {"alike": self.alike[place.signature] / self.total}
        for name, above in zip(("parent", "grandparent"), _above(self.blocks[n].scope), strict=False):
            shares[name] = self.within[above] / self.total
            found.append(f"{name} linked:{_step(self.linked[above] / self.told[above], _LINKED)} {length}")
        for name, share in shares.items():
            step = _step(share, _SHARES)
            found += (f"{name}:{step}", f"{name}:{step} {length}")
        found += self._at_home(n, _step(max(shares.values()), _SHARES), headline)
        if self.times[self.blocks[n].text] > 1:
            found.append("repeated")
        found += place.features
        return found

    def _at_home(self, n: int, home: int, headline: int) -> Iterator[str]:
        """What kind of block stands how near to the paragraphs' home; what stands between headline and story.

        home  the step of the share of long text in the element around the block, or in one made like it
        """
        block = self.blocks[n]
        linked = _step(block.linked / len(block.text), _LINKED)
        kind = "heading" if block.heading else block.scope.tag if block.scope.tag in _KINDS else "bold"
        if kind != "bold" or block.strong:
            yield f"{kind} linked:{min(linked, 2)} home:{home}"
        yield f"linked:{linked} home:{home}"
        if 0 <= headline < n <= self.run.start and n - headline <= _LEAD:
            yield f"lead:{_step(self.sizes[n], _SIZES)} {'linked' if linked > 1 else 'unlinked'}"

    def _among(self, n: int, headline: int) -> Iterator[str]:
        """How far a block is from paragraphs, from the run of them, and from the headline."""
        yield f"before:{_step(self.before[n], _FAR)}"
        yield f"after:{_step(self.after[n], _FAR)}"
        yield f"passed:{_step(self.passed[n] / self.total, (0, 0.2, 0.5, 0.8, 0.999))}"
        if n in self.run:
            yield "in run"
        elif n < self.run.start:
            yield f"before run:{_step(self.run.start - n, _FROM_RUN)}"
        else:
            yield f"after run:{_step(n - self.run.stop + 1, _FROM_RUN)}"
        if headline >= 0:
            yield f"headline:{_step(n - headline, _FROM_HEADLINE)}"


def _above(scope: Scope) -> list[Scope]:
    """The parent and the grandparent."""
    parent = scope.parent
    return [] if parent is None else [parent] if parent.parent is None else [parent, parent.parent]
