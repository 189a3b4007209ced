"""Text that was damaged on its way: quoted-printable never undone, UTF-8 once read as cp1252."""

from __future__ import annotations

import re

_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n")
_ESCAPES = re.compile(r"(?:=[0-9A-F]{2})+")
_CP1252_HIGH = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
#: Two or three bytes of UTF-8 shown as characters of cp1252.
_MISREAD = re.compile(rf"[âÂÃÅÄÐÑ][{_CP1252_HIGH}](?:(?<!â.)|[{_CP1252_HIGH}])")
#: What no text holds that was read as cp1252.
_BEYOND_CP1252 = re.compile(rf"[^\x00-\x7f\xa0-\xff{_CP1252_HIGH}]")
_LEADS = "âÂÃÅÄÐÑ"  #: what misread characters begin with
_LEAST_MISREAD = 2  #: one may be meant


def mended(text: str) -> tuple[str, list[str]]:
    """The text as it was written, and what was undone."""
    told = []
    if "=" in text and _is_quoted_printable(text):
        text = _ESCAPES.sub(_unescaped, _SOFT_BREAK.sub("", text))
        told.append("quoted-printable leftovers undone")
    if any(lead in text for lead in _LEADS) and _is_misread(text):
        text, count = _MISREAD.subn(_reread, text)
        told.append(f"{count} characters mended that had been read in a wrong charset")
    return text, told


def _is_misread(text: str) -> bool:
    """Whether it was read as cp1252, though it is UTF-8: it holds traces of that, and no other letters."""
    return len(_MISREAD.findall(text)) >= _LEAST_MISREAD and _BEYOND_CP1252.search(text) is None


def _is_quoted_printable(text: str) -> bool:
    """Whether it holds both soft line breaks and escapes, or escapes of several bytes of UTF-8."""
    escapes = _ESCAPES.findall(text)
    return (bool(escapes) and _SOFT_BREAK.search(text) is not None) or sum(
        len(escape) >= 6 and _bytes(escape) is not None for escape in escapes
    ) > 1


def _bytes(escape: str) -> str | None:
    """UTF-8 for what is escaped; None when it is no text beyond ASCII."""
    try:
        text = bytes.fromhex(escape.replace("=", "")).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if text.isascii() else text


def _unescaped(match: re.Match[str]) -> str:
    data = bytes.fromhex(match[0].replace("=", ""))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _reread(match: re.Match[str]) -> str:
    try:
        return bytes(map(_byte, match[0])).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return match[0]


def _byte(character: str) -> int:
    return ord(character) if ord(character) < 256 else character.encode("cp1252")[0]
