"""What gives away whether a block of a page belongs to the story: its text, its links, its place.

Every feature is a name that holds for a block or does not; `weights` says what each is worth. The
names read as words: ``size:3 ends:stop``, ``in:aside``, ``near:related``, ``after:0 long``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wire.parse.copied.linelook import Line, LookTerms, look_at, step
from wire.parse.copied.linemarks import LONG
from wire.parse.copied.vocabulary import Vocabulary
from wire.parse.page.blocks import Block, Page, Scope
from wire.parse.page.places import Places

_SIZES = (8, 16, 28, 45, 70, 100, 140, 200, 300, 500, 900)
_SHARES = (0.001, 0.05, 0.15, 0.35, 0.6, 0.85)
_LINKED = (0.001, 0.1, 0.3, 0.6, 0.9)
_PASSED = (0.001, 0.2, 0.5, 0.8, 0.999)
_FAR = (1, 2, 3, 5, 10)  #: blocks
_FROM_HEADLINE = (-19, -3, 0, 1, 2, 3, 5, 10, 31)  #: blocks
_FROM_RUN = (2, 4, 9, 21)  #: blocks
_LEAD = 8  #: blocks after the headline within which a standfirst stands
_OPEN_ENDS = (":", "...", "…")  #: with which a paragraph may end besides stops
_OPENS_QUOTE = '"“„«'
CAPTION = "says it is a caption"  #: the name of what leaves no doubt
_KINDS = ("li", "blockquote", "td", "dd")
_NOWHERE = 99  #: blocks: there is none in that direction

# The names of the features of every block, made once: by value, those with a length by length first.

_LENGTHS = ("short", "long")


def _stepped(name: str, steps: Sequence[float]) -> list[str]:
    return [f"{name}:{reached}" for reached in range(len(steps) + 1)]


def _by_length(names: Sequence[str]) -> dict[str, list[str]]:
    return {length: [f"{name} {length}" for name in names] for length in _LENGTHS}


_LINKED_NAMES = _stepped("linked", _LINKED)
_LINKED_BY_LENGTH = _by_length(_LINKED_NAMES)
_BEFORE, _AFTER = (_by_length(_stepped(side, _FAR)) for side in ("before", "after"))
_PASSED_NAMES = _by_length(_stepped("passed", _PASSED))
_IN_RUN = _by_length(["in run"])
_BEFORE_RUN, _AFTER_RUN = (_by_length(_stepped(f"{side} run", _FROM_RUN)) for side in ("before", "after"))
_HEADLINE_NAMES = _by_length(_stepped("headline", _FROM_HEADLINE))
_ABOVE = ("parent", "grandparent")
_ABOVE_LINKED = {name: _by_length(_stepped(f"{name} linked", _LINKED)) for name in _ABOVE}
_SHARE_NAMES = {name: _stepped(name, _SHARES) for name in ("alike", *_ABOVE)}
_SHARES_BY_LENGTH = {name: _by_length(names) for name, names in _SHARE_NAMES.items()}
_LOOKS = LookTerms(Vocabulary(str))
_WORD = re.compile(r"\w+")
_NO_WORD = bytes(code for code in range(128) if not _WORD.match(chr(code)))  #: all of ASCII but words
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
    lower = text.lower()
    if lower.isascii():
        return lower.encode().translate(None, _NO_WORD).decode()
    return "".join(_WORD.findall(lower))


def features(shown: Page, known: Known) -> Iterator[list[str]]:
    """The names of what holds for each block, in the blocks' order."""
    looks, names = look_at([block.text for block in shown.blocks], _LOOKS)
    page = _Surroundings(shown.blocks, looks)
    headline = _headline(shown.blocks, known.headline)
    for n, (block, look, of_look) in enumerate(zip(shown.blocks, looks, names, strict=True)):
        length = "long" if look.size > LONG else "short"
        found = of_look + _linked(block, length)
        found += page.place(n, headline)
        found += _compared(block.text, known, length)
        if look.caption and block.text[0] not in _OPENS_QUOTE:
            found.append(CAPTION)
        if n in shown.boxes:
            found.append(f"beside picture {length}")
        yield found


def _linked(block: Block, length: str) -> list[str]:
    """How much of a block is links, and whether it is set in bold."""
    linked = step(block.linked / len(block.text), _LINKED)
    found = [_LINKED_NAMES[linked], _LINKED_BY_LENGTH[length][linked]]
    if block.links > 1:
        found.append(f"links:{min(5, block.links)}")
    if block.strong:
        found.append(f"bold {length}")
    return found


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
    least, longest = len(wanted), 2 * len(wanted) + 20
    same = (
        n
        for n, block in enumerate(blocks)
        if least <= len(block.text) < longest and squeezed(block.text) == wanted
    )
    return next((n for n in top if squeezed(blocks[n].text) == wanted), next(same, next(iter(top), -1)))


class _Surroundings:
    """A page's blocks seen together: which paragraphs there are, and where each block stands among them."""

    def __init__(self, blocks: Sequence[Block], looks: Sequence[Line]) -> None:
        self.blocks = blocks
        self.sizes = [look.size for look in looks]
        self.long = [
            (look.long or (look.size > LONG and look.text.endswith(_OPEN_ENDS)))
            and 2 * block.linked < len(block.text)
            for block, look in zip(blocks, looks, strict=True)
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
        found = self._among(n, headline, length)
        place = self.places.of(self.blocks[n].scope)
        shares = {"alike": self.alike[place.signature] / self.total}
        for name, above in zip(_ABOVE, _above(self.blocks[n].scope), strict=False):
            shares[name] = self.within[above] / self.total
            linked = step(self.linked[above] / self.told[above], _LINKED)
            found.append(_ABOVE_LINKED[name][length][linked])
        for name, share in shares.items():
            reached = step(share, _SHARES)
            found += (_SHARE_NAMES[name][reached], _SHARES_BY_LENGTH[name][length][reached])
        found += self._at_home(n, step(max(shares.values()), _SHARES), headline)
        if self.times[self.blocks[n].text] > 1:
            found.append("repeated")
        found += self.places.features(self.blocks[n].scope)
        return found

    def _at_home(self, n: int, home: int, headline: int) -> Iterator[str]:
        """What kind of block stands how near to the paragraphs' home; what stands between headline and story.

        home  the step of the share of long text in the element around the block, or in one made like it
        """
        block = self.blocks[n]
        linked = step(block.linked / len(block.text), _LINKED)
        kind = "heading" if block.heading else block.scope.tag if block.scope.tag in _KINDS else "bold"
        if kind != "bold" or block.strong:
            yield f"{kind} linked:{min(linked, 2)} home:{home}"
        yield f"linked:{linked} home:{home}"
        if 0 <= headline < n <= self.run.start and n - headline <= _LEAD:
            yield f"lead:{step(self.sizes[n], _SIZES)} {'linked' if linked > 1 else 'unlinked'}"

    def _among(self, n: int, headline: int, length: str) -> list[str]:
        """How far a block is from paragraphs, from the run of them, and from the headline."""
        found = [
            _BEFORE[length][step(self.before[n], _FAR)],
            _AFTER[length][step(self.after[n], _FAR)],
            _PASSED_NAMES[length][step(self.passed[n] / self.total, _PASSED)],
        ]
        if n in self.run:
            found += _IN_RUN[length]
        elif n < self.run.start:
            found.append(_BEFORE_RUN[length][step(self.run.start - n, _FROM_RUN)])
        else:
            found.append(_AFTER_RUN[length][step(n - self.run.stop + 1, _FROM_RUN)])
        if headline >= 0:
            found.append(_HEADLINE_NAMES[length][step(n - headline, _FROM_HEADLINE)])
        return found


def _above(scope: Scope) -> list[Scope]:
    """The parent and the grandparent."""
    parent = scope.parent
    return [] if parent is None else [parent] if parent.parent is None else [parent, parent.parent]
