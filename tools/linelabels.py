"""Which role each line of a corpus text plays, worked out from the right answers.

The truth says what the story, its headline, captions and subheads are; the copied text is cut into other
lines, and a line of navigation may equal a subhead. So truth and lines are squeezed to letters and digits,
each line is looked for in the truth, and of all finds the heaviest chain that rises in both is kept.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

from wire.parse.copied.linelook import Line

_SHORT = 14  #: letters under which a line counts only when it is a whole line of the truth
_MOST_FINDS = 20  #: of one line


def squeezed(text: str) -> str:
    """Its letters and digits alone, in lower case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def words(text: str) -> str:
    """Its words in lower case, single blanks between them."""
    return " ".join(
        re.findall(r"\w+", re.sub(r"[‘’“”'\"`]", "", unicodedata.normalize("NFKC", text).casefold()))
    )


def shares(lines: Sequence[str], body: str) -> list[float]:
    """How much of the story each line is, 0 to 1; 0 for furniture."""
    paragraphs = [text for part in body.split("\n") if (text := squeezed(part))]
    truth = "".join(paragraphs)
    whole: dict[str, list[int]] = {}
    at = 0
    for text in paragraphs:
        whole.setdefault(text, []).append(at)
        at += len(text)
    found: list[float] = [0.0] * len(lines)
    finds = [find for n, line in enumerate(lines) for find in _finds(n, squeezed(line), truth, whole)]
    for n, begin, end in _heaviest_chain(finds):
        found[n] = (end - begin) / len(truth)
    return found


def _finds(n: int, text: str, truth: str, whole: dict[str, list[int]]) -> list[tuple[int, int, int]]:
    """(line, begin, end) of every place where a line stands in the truth."""
    if not text:
        return []
    if len(text) < _SHORT:
        return [(n, at, at + len(text)) for at in whole.get(text, [])[:_MOST_FINDS]]
    found = []
    at = truth.find(text)
    while at >= 0 and len(found) < _MOST_FINDS:
        found.append((n, at, at + len(text)))
        at = truth.find(text, at + 1)
    if not found:
        within = [part for part in whole if len(part) > max(40, 0.6 * len(text)) and part in text]
        found = [(n, at, at + len(part)) for part in within for at in whole[part]]
    return found


def _heaviest_chain(finds: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The finds of greatest total length that rise in line and place, none overlapping another."""
    ends: list[int] = []  #: rising, with the best chain that ends there at the latest
    best: list[tuple[int, tuple[Any, ...] | None]] = []
    for n in sorted({find[0] for find in finds}):
        fresh = []
        for find in (find for find in finds if find[0] == n):
            k = bisect_right(ends, find[1])
            weight, chain = best[k - 1] if k else (0, None)
            fresh.append((find[2], weight + find[2] - find[1], (find, chain)))
        for end, weight, chain in fresh:
            k = bisect_right(ends, end)
            if k and best[k - 1][0] >= weight:
                continue
            ends.insert(k, end)
            best.insert(k, (weight, chain))
            while k + 1 < len(ends) and best[k + 1][0] <= weight:
                del ends[k + 1], best[k + 1]
    chosen = []
    chain = best[-1][1] if best else None
    while chain:
        chosen.append(chain[0])
        chain = chain[1]
    return chosen[::-1]


def headline_line(lines: Sequence[str], headline: str | None, first: int) -> int | None:
    """The line above the story that is the headline, or is nearest to it."""
    if not headline:
        return None
    equal = [n for n in range(first) if words(lines[n]) == words(headline)]
    if equal:
        return equal[-1]
    near = [(_alike(lines[n], headline), n) for n in range(first) if len(lines[n]) < 400]
    return max(near)[1] if near and max(near)[0] >= 0.6 else None


def right_headlines(lines: Sequence[str], headline: str) -> list[bool]:
    """Which of some lines are the headline, or nearest to it if none is."""
    equal = [words(line) == words(headline) for line in lines]
    if any(equal):
        return equal
    near = [_alike(line, headline) for line in lines]
    return [value >= 0.6 and value == max(near) for value in near]


def _alike(one: str, other: str) -> float:
    mine, yours = Counter(words(one).split()), Counter(words(other).split())
    both = sum((mine & yours).values())
    return 2 * both / (sum(mine.values()) + sum(yours.values())) if both else 0.0


def allowed_states(truth: dict[str, Any], lines: Sequence[Line], share: Sequence[float]) -> list[set[str]]:
    """The states (`wire.parse.copied.linemodel.STATES`) that each line may be in as far as the truth tells.

    Captions are told only for some pages, and so are standfirsts; elsewhere both readings stay open.
    """
    story = [n for n, of_story in enumerate(share) if of_story]
    first, last = (story[0], story[-1]) if story else (len(lines), len(lines))
    headline = headline_line([line.text for line in lines], _headline(truth), first)
    told = truth["source"] == "fundus"
    standfirsts = [squeezed(text) for text in truth.get("summary") or [] if text]
    captions = [text for caption in truth.get("captions") or [] if (text := squeezed(caption))]
    begun = stood_first = False
    found: list[set[str]] = []
    for n, line in enumerate(lines):
        text = squeezed(line.text)
        if n == headline:
            found.append({"headline"})
        elif share[n]:
            if not begun and text and any(text in part or part in text for part in standfirsts):
                found.append({"standfirst"})
                stood_first = True
            else:
                found.append({"story"} if told or n > first + 1 else {"story", "standfirst"})
                begun = True
        else:
            place = _place(n, headline, last, begun=begun, stood_first=stood_first)
            pictured = len(text) > 3 and any(_mostly(text, caption) for caption in captions)
            open_to_both = (not told or line.caption) and line.size > 25
            found.append(_furniture(place, pictured=pictured, open_to_both=open_to_both))
    return found


def _headline(truth: dict[str, Any]) -> str | None:
    return truth.get("headline") or truth.get("headline_silver")


def _place(n: int, headline: int | None, last: int, *, begun: bool, stood_first: bool) -> str:
    if n >= last:
        return "tail"
    if begun:
        return "aside"
    return "top" if (headline is None or n < headline) and not stood_first else "between"


def _furniture(place: str, *, pictured: bool, open_to_both: bool) -> set[str]:
    caption = {"top": "caption at the top", "between": "caption between", "aside": "caption inside"}.get(
        place
    )
    if caption is None:
        return {place}
    if pictured:
        return {caption}
    return {place, caption} if open_to_both else {place}


def _mostly(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short in long and len(short) > 0.5 * len(long)
