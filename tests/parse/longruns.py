"""Long runs: documents in which one part stands over and over, until they are as large as we like.

What is read in time that grows faster than the document shows by these, and by little else: whoever cuts,
flips and doubles bytes hardly ever repeats one a hundred thousand times.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

#: What of a document may be repeated: a mark, a word, blanks, a tag, an attribute, an element, a line, an
#: escape, a key with its value, something in brackets.
_PARTS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rb"[^\w\s]",
        rb"\w+[.,:;]? ?",
        rb"\s+",
        rb"</?[\w:.-]+[^<>]{0,200}>",
        rb" [\w:-]+=(?:\"[^\"<>]{0,100}\"|'[^'<>]{0,100}')",
        rb"<([\w:.-]+)[^<>]{0,200}>[^<>]{0,200}</\1>",
        rb"[^\n]{0,200}\n",
        rb"&#?\w{1,8};|\\[\w']{1,8}|=[0-9A-F]{2}|[\x00-\x08\x0e-\x1f]",
        rb'"[\w@$]{1,30}": ?(?:"[^"\\]{0,100}"|[\w.-]{1,20}),?',
        rb"[(\[{][^()\[\]{}]{0,100}[)\]}],?",
    )
)
#: What is put in at any place, and what closes as many again behind it.
_FOREIGN = (
    *(
        (mark, b"")
        for mark in (b" ", b"\t", b"\n", b"-", b"(", b"<", b"&", b"1", b"A", b'"', b"\xc2\xa0", b"{")
    ),
    *((b"a ", b""), (b"A. ", b""), (b"1st", b""), (b"a\n", b""), (b"a@", b""), (b"\xc2\xbd", b"")),
    ("\u0300\u0323".encode(), b""),
    *(
        (b"(", b")"),
        (b"[", b"]"),
        (b"<div>", b"</div>"),
        (b"<b>", b"</b>"),
        (b'{"a":', b"}"),
        (b"{\\b ", b"}"),
    ),
    *((b"<table><tr><td>", b"</td></tr></table>"), (b"<br>", b""), (b"<p>a</p>", b""), (b"&amp;", b"")),
)


def long_runs(
    documents: Sequence[tuple[str, bytes]], dice: random.Random, size: int
) -> Iterator[tuple[str, str, bytes]]:
    """Of each document twice, a part of its own and a foreign one repeated: its name, what is, the whole."""
    for number, (name, data) in enumerate(documents):
        own = [match[0] for match in _PARTS[number % len(_PARTS)].finditer(data) if match[0]]
        if own:
            yield _repeated(name, data, dice, (dice.choice(own), b""), size)
        yield _repeated(name, data, dice, _FOREIGN[number % len(_FOREIGN)], size)


def _repeated(
    name: str, data: bytes, dice: random.Random, part: tuple[bytes, bytes], size: int
) -> tuple[str, str, bytes]:
    begin, end = part
    ends = [match.end() for match in re.finditer(rb"[\w>\"}]+", data)] or [0]
    at, times = dice.choice(ends), size // len(begin + end)
    return name, f"{begin!r} at {at}", data[:at] + begin * times + end * times + data[at:]
