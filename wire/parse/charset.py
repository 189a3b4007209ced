"""From bytes to text without ever losing a character silently.

The ladder: byte order mark, the document's own declaration, strict UTF-8, the source's charset,
detection. Whatever was not stated by the document is said in a warning.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from functools import cache

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ANY_BOM = tuple(mark for mark, _ in _BOMS)
_DECLARATION = re.compile(
    rb"""<(?:\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.:-]{1,40})|"""
    rb"""meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40}))""",
    re.IGNORECASE,
)
#: What the web means by these names (WHATWG Encoding): the Windows code page that contains them.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_CANDIDATES = (
    "cp1252 cp1250 cp1251 koi8_r cp1253 cp1254 cp1255 cp1256 cp1257 "
    "shift_jis euc_jp gb18030 big5 euc_kr mac_roman"
)
_DETECTION_BYTES = 50_000
_VALID_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_STRAY = re.compile("[\udc80-\udcff]")
#: Bytes that Western copy in cp1252 is full of: quotation marks, dashes, dots, euro, accented letters.
_WESTERN = frozenset(
    b"\x80\x84\x85\x91\x92\x93\x94\x95\x96\x97\xa0\xa3\xa7\xa9\xab\xb0\xbb\xc4\xc9\xd6\xdc\xdf"
) | frozenset(range(0xE0, 0x100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document as text, the charset it was read in, and what had to be guessed."""

    text: str
    charset: str
    warnings: tuple[str, ...] = ()
    guessed: bool = False  #: nothing told what the bytes mean, or what told was wrong


def decode(data: bytes, source_charset: str | None = None) -> Decoded:
    """The document as text; never raises, never puts U+FFFD in silently.

    source_charset  what the source's stories are in when they neither say it nor are UTF-8
    """
    if data.startswith(_ANY_BOM):
        return _marked(data, next(charset for mark, charset in _BOMS if data.startswith(mark)))
    warnings: tuple[str, ...] = ()
    if declared := declared_charset(data):
        text = None if _is_utf8_after_all(data, declared) else _strict(data, declared)
        if text is not None:
            return Decoded(text=text, charset=declared)
        warnings = (f"charset declared as {declared}, which the bytes are not",)
    text = _strict(data, "utf-8")
    if text is not None and "\0" not in text[:1000]:
        return Decoded(text=text, charset="utf-8", warnings=warnings)
    found = (
        _without_nulls_between(data)
        or _mostly_utf8(data)
        or _of_source(data, source_charset)
        or _detected(data)
    )
    return replace(found, warnings=warnings + found.warnings)


def declared_charset(data: bytes) -> str | None:
    """Python's name of the charset that an XML or HTML document declares in its first 2 kB."""
    match = _DECLARATION.search(data, 0, 2048) if data.find(b"<", 0, 2048) >= 0 else None
    if match is None:
        return None
    try:
        found = codecs.lookup((match[1] or match[2]).decode("ascii"))
    except LookupError:
        return None
    if not found._is_text_encoding or found.name.startswith(("utf-16", "utf-32", "utf-7")):
        return None  # the declaration could not have been read so
    return _MEANT.get(found.name, found.name)


def _is_utf8_after_all(data: bytes, declared: str) -> bool:
    """Whether bytes declared in a Western code page form the sequences of UTF-8, never by chance."""
    western = declared.startswith(("cp125", "iso8859", "latin"))
    return western and _VALID_SEQUENCE.search(data) is not None and _strict(data, "utf-8") is not None


def _strict(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _marked(data: bytes, charset: str) -> Decoded:
    text = _strict(data, charset)
    name = charset.removesuffix("-sig")
    if text is not None:
        return Decoded(text=text, charset=name)
    text = data.decode(charset, "replace")
    lost = text.count("\ufffd")
    warning = f"{lost} characters broken in {name} and replaced"
    return Decoded(text=text, charset=name, warnings=(warning,), guessed=True)


def _without_nulls_between(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every other byte of Western copy is zero."""
    head = data[:1000]
    for charset, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.4 * len(zeros):
            text = _strict(data[: len(data) // 2 * 2], charset)
            if text is not None:
                return _guess(text, charset)
    return None


def _mostly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with single bytes of cp1252 pasted into it."""
    text = data.decode("utf-8", "surrogateescape")
    strays = len(_STRAY.findall(text))
    if not strays or len(_VALID_SEQUENCE.findall(data)) < 2 * strays:
        return None
    text = _STRAY.sub(lambda stray: _western(ord(stray[0]) - 0xDC00), text)
    return Decoded(
        text=text, charset="utf-8", warnings=(f"charset mixed: {strays} bytes in UTF-8 copy read as cp1252",)
    )


def _western(byte: int) -> str:
    one = bytes((byte,))
    return _strict(one, "cp1252") or one.decode("latin-1")


def _of_source(data: bytes, charset: str | None) -> Decoded | None:
    text = _strict(data, charset) if charset else None
    return Decoded(text=text, charset=charset) if charset and text is not None else None


def _detected(data: bytes) -> Decoded:
    high = bytes(byte for byte in data[:_DETECTION_BYTES] if byte >= 0x80)
    charset = "cp1252"
    if not _looks_western(high, len(data[:_DETECTION_BYTES])):
        best = from_bytes(
            data[:_DETECTION_BYTES], cp_isolation=_CANDIDATES.split(), enable_fallback=False
        ).best()
        charset = best.encoding if best else charset
    text = _strict(data, charset)
    if text is None:
        charset = "cp1252"
        text = codecs.charmap_decode(data, "strict", _western_table())[0]
    return _guess(text, charset)


def _guess(text: str, charset: str) -> Decoded:
    return Decoded(text=text, charset=charset, warnings=(f"charset guessed: {charset}",), guessed=True)


@cache
def _western_table() -> str:
    return "".join(map(_western, range(256)))


def _looks_western(high: bytes, size: int) -> bool:
    """Few high bytes, nearly all of them usual in Western copy."""
    usual = sum(byte in _WESTERN for byte in high)
    return len(high) <= 0.15 * size and usual >= 0.95 * len(high)
