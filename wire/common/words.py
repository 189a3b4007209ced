"""The words of a body, and how many there are as agencies count them; what says that there is none."""

from __future__ import annotations

import re

_TAG = re.compile(r"<[^<>]*>")
_BLOCK_END = re.compile(r"</(?:p|h2|h3|li|td|th|tr|blockquote|figcaption|caption|pre)>|<br/>")
#: `wire.xmltools.clean_html` leaves no other references in text.
_REFERENCE = re.compile("&(?:amp|lt|gt);")
_MEANING = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}

#: Scripts that write no blanks between words: Han and kana count one word a character.
_WORD_CHARACTER = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: Thai, Lao, Burmese, Khmer: about four letters make a word.
_UNSPACED = re.compile("[\u0e01-\u0e2e\u0e81-\u0eae\u1000-\u102a\u1780-\u17a2]{1,4}")
_EAST_BYTES = bytes((0xE0, 0xE1, *range(0xE3, 0xEE), *range(0xF0, 0xF5)))
_WIDE_BLANK = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_GENERAL_BLANK_BYTES = re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")
_BLANKS = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
#: Every blank as a blank, every other byte as a letter: a word begins at each ``" w"``.
_OUTLINE = bytes(0x20 if byte in _BLANKS else ord("w") for byte in range(256))
#: The same, but the first byte of what may be a word by itself.
_OUTLINE_EAST = bytes(ord("e") if byte in _EAST_BYTES else _OUTLINE[byte] for byte in range(256))

#: What stands in the place of a value that there is none of, in several languages.
_NONE = frozenset(
    (
        *("-", "--", "–", "—", "0", "n/a", "na", "no", "none", "nil", "null", "not", "false", "lifted"),
        *("kein", "keine", "keiner", "ohne", "aufgehoben", "aucun", "non", "néant", "levé"),
        *("nej", "nei", "ei", "nee", "geen", "ninguno", "nessuno"),
    )
)


def html_to_text(html: str) -> str:
    """The text of a clean fragment, one line a block; for a fragment from `wire.xmltools.clean_html` only."""
    text = "\n".join(html.split("</p><p>")).removeprefix("<p>").removesuffix("</p>")  # sooner than replacing
    if "<" in text:  # which most bodies are done with
        text = text.replace("<p>", "").replace("</p>", "\n")
    if "<" in text:
        text = _TAG.sub("", _BLOCK_END.sub("\n", text))
    if "&" in text:
        text = _REFERENCE.sub(lambda reference: _MEANING[reference[0]], text)
    return text.rstrip("\n")


def count_words(text: str) -> int:
    """How many words stand between blanks: a dash alone counts, as it does for dpa and Reuters.

    In scripts without blanks between words, every Han or kana character counts as one, and four
    letters of Thai, Lao, Burmese or Khmer.
    """
    data = text.encode("utf-8", "replace")
    outline, counted = data.translate(_OUTLINE_EAST), 0
    if not text.isascii() and (b"e" in outline or _has_other_blanks(text, data)):
        text, counted = _without_wide(text)
        outline = text.encode("utf-8", "replace").translate(_OUTLINE)
    return counted + outline.startswith(b"w") + outline.count(b" w")  # half the time of splitting


def _has_other_blanks(text: str, data: bytes) -> bool:
    """Whether there are blanks in a text that are not ASCII's."""
    return "\xa0" in text or "\x85" in text or _GENERAL_BLANK_BYTES.search(data) is not None


def _without_wide(text: str) -> tuple[str, int]:
    """The text without such words, all blanks ASCII's, and how many words they were."""
    text, characters = _WORD_CHARACTER.subn(" ", text)
    text, groups = _UNSPACED.subn(" ", text)
    return _WIDE_BLANK.sub(" ", text), characters + groups


def says_none(text: str) -> bool:
    """Whether a value says in a word that there is none, as ``Embargo: none`` does."""
    return text.strip().rstrip(".!").casefold() in _NONE
