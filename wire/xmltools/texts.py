"""The one cleaner of texts: legal in XML, composed (NFC), with line feeds as the only line ends."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

#: C0 controls but tab and line feed, and DEL: one byte each in UTF-8, so that looking is cheap.
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10}) + b"\x7f"
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: What cp1252 has where Latin-1 has controls.
_CP1252 = {chr(code): bytes((code,)).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_C1_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_FULL_WIDTH = "\u3000"
_NONCHARACTER_BYTES = re.compile(rb"\xef\xbf[\xbe\xbf]")
_LEGAL_ASCII = bytes((9, 10, *range(32, 127)))
#: Latin letters and signs up to U+02FF, general punctuation but its first two blanks, the euro: none of them
#: is illegal, and none ever composed with another.
_EVERYDAY = re.compile(rb"(?:\xc2[\xa0-\xbf]|[\xc3-\xcb][\x80-\xbf]|\xe2\x80[\x82-\xbf]|\xe2\x82\xac)*+")
_FLOOD = 64  #: characters in a row, from which on the marks among them are counted
_MOST_MARKS = 30  #: on one letter
#: Among what is neither letter nor blank are the marks that combine with letters.
_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_FLOOD},}}")


def clean_text(text: str) -> str:
    """The text in legal XML characters, NFC, with line feeds as the only line ends.

    Characters U+0080 to U+009F are read as the cp1252 ones that were meant; other controls go.
    """
    return clean_text_counted(text)[0]


def clean_text_counted(text: str) -> tuple[str, int]:
    """`clean_text`, and how many characters were replaced or removed as illegal."""
    if is_everyday(text):
        return text, 0
    legal, replaced = legalised(text)
    return composed(legal), replaced


def is_everyday(text: str) -> bool:
    """Whether a text is legal and composed at first sight, as most are in the West."""
    beyond_ascii = text.encode("utf-8", "surrogatepass").translate(None, _LEGAL_ASCII)
    return _EVERYDAY.fullmatch(beyond_ascii) is not None


def clean_line(text: str) -> str:
    """`clean_text` as one line: runs of blanks and line ends become single blanks."""
    if text.isprintable() and "  " not in text and text.strip() == text:
        return composed(text)
    return one_spaced(clean_text(text))


def one_spaced(text: str) -> str:
    """The text with single blanks for runs of them, none at its ends.

    A full-width blank between characters stays: Japanese headlines set their pauses with it.
    """
    if text.isprintable() and "  " not in text:  # so there are no other blanks in it
        return text.strip()
    if _FULL_WIDTH not in text:
        return " ".join(text.split())
    parts = (" ".join(part.split()) for part in text.split(_FULL_WIDTH))
    return _FULL_WIDTH.join(filter(None, parts))


def composed(text: str) -> str:
    """The text with its letters and accents composed (NFC).

    Of marks that stand one upon the other some thirty stay, as in Unicode's stream-safe text (UAX 15, 13):
    putting more into their order takes the square of their number.
    """
    if text.isascii():
        return text
    if any(map(combining, text[::_FLOOD])):  # a run that long holds one of these
        text = _MARKS.sub(_fewer_marks, text)
    return normalize("NFC", text)


def _fewer_marks(run: re.Match[str]) -> str:
    kept, in_a_row = list[str](), 0
    for character in run[0]:
        in_a_row = in_a_row + 1 if combining(character) else 0
        if in_a_row <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def legalised(text: str) -> tuple[str, int]:
    """The text in characters that are legal in XML, and how many were replaced or removed."""
    if is_legal(text):
        return text, 0
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _ILLEGAL.subn(_meant, text)


def is_legal(text: str) -> bool:
    """Whether the text holds no control characters but tab and line feed, and nothing else illegal in XML."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):
        return False
    if text.isascii():
        return True
    held = _C1_BYTES.search(data) or (b"\xef\xbf" in data and _NONCHARACTER_BYTES.search(data))
    return not held


def _meant(match: re.Match[str]) -> str:
    return _CP1252.get(match[0], "")
