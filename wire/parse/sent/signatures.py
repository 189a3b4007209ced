"""Where a mailed text ends and its sender's signature begins: greetings, numbers to call, disclaimers."""

from __future__ import annotations

import re
from collections.abc import Sequence

_GREETING = re.compile(
    r"(?:(?:with )?(?:kind(?:est)?|best|warm|many) (?:regards|wishes)|regards|(?:many )?thanks|cheers|"
    r"(?:mit )?(?:freundlichen|besten|vielen|viele|beste|liebe|herzlichen) grü(?:ß|ss)en?|"
    r"(?:bien )?cordialement|(?:un )?saludos?(?: cordial(?:es)?)?|(?:cordiali|distinti) saluti|"
    r"atenciosamente|med vänliga? hälsning(?:ar)?|(?:med )?ven(?:n)?lig hilsen|"
    r"met vriendelijke groet(?:en)?)[\s,.!]*",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\W*(?:this (?:e-?mail|message|communication)\b.{0,200}\b(?:confidential|intended|privileged)\b|"
    r"diese (?:e-?mail|nachricht)\b.{0,200}\bvertraulich|ce (?:message|courriel)\b.{0,200}\bconfidentiel|"
    r"sent from my \w+|von meinem \w+ gesendet|envoyé de mon \w+|get outlook for \w+)|[_=-]{5,}$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?<![\w/])(?:\+\d|\(?0\d|\d{3}[-. ]\d{3}[-. ]\d{2})[\d ()/.-]{1,18}\d|[\w.+-]{1,60}@[\w-]{1,60}\.\w|"
    r"\b(?:twitter|skype|linkedin)\b ?:|^@\w",
    re.IGNORECASE,
)
_STOPS = (".", "!", "?", "”", '"', "»")
_LINES = 15  #: that a signature takes at most
_SHORT, _WIDE = 60, 400  #: characters of a line, and of several in one block
_COPY = 80  #: characters from which on a block is copy, if it ends no sentence


def signature_start(blocks: Sequence[str]) -> int:
    """The number of the first block of the signature; that of all blocks where there is none.

    blocks  the texts of paragraphs or lines, from the top
    """
    end = len(blocks)
    while end > 1 and is_disclaimer(blocks[end - 1]):
        end -= 1
    nearest = range(max(1, end - _LINES), end)
    if (greeting := next((n for n in nearest if _GREETING.fullmatch(blocks[n])), None)) is not None:
        return greeting
    start = end
    while start > nearest.start and _may_sign(blocks[start - 1]):
        start -= 1
    signs = any(_CONTACT.search(block) for block in blocks[start:end])
    return start if signs and _is_copy(blocks[start - 1]) else end


def is_disclaimer(text: str) -> bool:
    """Whether a text says that a mail is confidential, or what it was sent from."""
    return _DISCLAIMER.match(text) is not None


def _may_sign(block: str) -> bool:
    if len(block) <= _SHORT:
        return not block.endswith(_STOPS)
    return len(block) <= _WIDE and len(_CONTACT.findall(block)) > 1


def _is_copy(block: str) -> bool:
    return block.endswith(_STOPS) or len(block) > _COPY
