"""A mail taken apart (MIME): its text, its attachments, the messages it encloses; headers decoded.

Everything here tolerates what mail programs send: wrong boundaries, unknown charsets, raw bytes in headers.
"""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from functools import partial

from wire.common.words import html_to_text
from wire.errors import UnsafeInput
from wire.parse.charset import decode
from wire.parse.copyblocks import blocks_html, blocks_of

_MAX_PARTS = 300
_MAX_DEPTH = 12
_ENCODED = re.compile(r"=\?([\w.:-]+)(?:\*[\w-]*)?\?([bBqQ])\?([^?]*)\?=(?:[ \t\r\n]+(?==\?))?")
_RAW = re.compile(r"([^\x00-\x7f]+)")
_FOLD = re.compile(r"[\r\n]+")
_FLOWED = re.compile(r" \n(?!>)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An attachment."""

    media_type: str  #: in lower case
    name: str | None
    description: str | None
    inline: bool  #: shown within the text: a logo more often than a picture of the story
    data: bytes


@dataclass(slots=True)
class Text:
    """A text of the mail: without markup, with it, or as alternatives of one another."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Letter:
    """What a mail holds."""

    texts: list[Text] = field(default_factory=list)
    charset: str | None = None
    attachments: list[Part] = field(default_factory=list)
    enclosed: list[Message] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    parts: int = 0

    def is_empty(self) -> bool:
        """Whether there is no text of its own."""
        return not any(text.plain.strip() or text.html.strip() for text in self.texts)

    @property
    def plain(self) -> str:
        """All texts without markup."""
        return "\n\n".join(text.plain or html_to_text(text.html) for text in self.texts)

    @property
    def html(self) -> str:
        """All texts with markup; empty when none has any."""
        if not any(text.html.strip() for text in self.texts):
            return ""
        return "".join(text.html or blocks_html(blocks_of(text.plain.split("\n"))) for text in self.texts)


def letter_of(message: Message, source_charset: str | None) -> Letter:
    """The mail taken apart. Raises UnsafeInput when it has too many parts or nests too deep."""
    letter = Letter()
    _collect(message, letter, source_charset, 0, None)
    return letter


def header(message: Message, name: str) -> str | None:
    """A header's text, encoded words decoded; None when absent or empty."""
    value = next((value for known, value in message.raw_items() if known.lower() == name.lower()), None)
    if value is None:
        return None
    lines = _FOLD.split(decode(str(value).encode("utf-8", "surrogateescape")).text)
    text = " ".join(filter(None, map(str.strip, lines)))
    return _ENCODED.sub(_decoded_word, text).strip() or None


def _decoded_word(match: re.Match[str]) -> str:
    """An encoded word (RFC 2047); as it stands when it cannot be decoded."""
    charset, kind, content = match.groups()
    try:
        if kind in "bB":
            return _text(a2b_base64(content + "=" * (-len(content) % 4)), charset)
        pieces = _RAW.split(content)  # some senders leave raw characters among the encoded ones
        return "".join(
            piece if n % 2 else _text(a2b_qp(piece.encode("ascii"), header=True), charset)
            for n, piece in enumerate(pieces)
        )
    except (Base64Error, ValueError):
        return match[0]


def _collect(
    part: Message, letter: Letter, source_charset: str | None, depth: int, alternatives: Text | None
) -> None:
    """``alternatives``: the text that parts of a multipart/alternative say in several ways."""
    letter.parts += 1
    if letter.parts > _MAX_PARTS or depth > _MAX_DEPTH:
        raise UnsafeInput("this mail has too many parts or nests too deep")
    kind = part.get_content_type()
    payload = part.get_payload() if part.is_multipart() else None
    if kind == "message/rfc822" and isinstance(payload, list):
        letter.enclosed += payload  # type: ignore[arg-type]  # the package gives messages only
    elif isinstance(payload, list):
        if kind == "multipart/alternative" and alternatives is None:
            letter.texts.append(alternatives := Text())
        for inner in payload:
            _collect(inner, letter, source_charset, depth + 1, alternatives)  # type: ignore[arg-type]
    elif kind in ("text/plain", "text/html") and not _is_attachment(part):
        _take_text(part, letter, source_charset, alternatives)
    elif kind.startswith("multipart/"):  # one without a boundary that could be found
        _take_text(part, letter, source_charset, None)
    elif data := _bytes_of(part):
        letter.attachments.append(_attachment(part, kind, data))


def _is_attachment(part: Message) -> bool:
    return str(part.get("Content-Disposition") or "").strip().lower().startswith("attachment")


def _take_text(part: Message, letter: Letter, source_charset: str | None, alternatives: Text | None) -> None:
    data, charset = _bytes_of(part), _charset_of(part)
    decoded = decode(data, charset or source_charset)
    content = (_text(data, charset) if charset else decoded.text).replace("\r\n", "\n")
    format, joins = (_told(partial(part.get_param, name)) for name in ("format", "delsp"))
    if format and format.lower() == "flowed":
        content = _FLOWED.sub("" if joins and joins.lower() == "yes" else " ", content)
    letter.charset = letter.charset or charset or decoded.charset
    letter.warnings += () if charset else decoded.warnings
    if not content.strip():
        return
    if alternatives is None:
        alternatives = Text()
        letter.texts.append(alternatives)
    if part.get_content_type() == "text/html":
        alternatives.html += content
    else:
        alternatives.plain += content


def _text(data: bytes, charset: str) -> str:
    """Bytes in the charset that they are said to be in, or whatever they really are in."""
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        return decode(data, charset if _is_known(charset) else None).text


def _is_known(charset: str) -> bool:
    try:
        b"".decode(charset)
    except (LookupError, ValueError):
        return False
    return True


def _told(ask: Callable[[], object]) -> str | None:
    """What a header says; None where the package trips over it, as over a value in pieces half numbered."""
    try:
        told = ask()
    except (TypeError, ValueError):
        return None
    return None if told is None else str(told)


def _charset_of(part: Message) -> str | None:
    charset = _told(part.get_content_charset)
    return charset if charset and _is_known(charset) and charset != "us-ascii" else None


def _bytes_of(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError):  # transfer encodings that are none
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _attachment(part: Message, kind: str, data: bytes) -> Part:
    return Part(
        media_type=kind,
        name=_told(part.get_filename),
        description=header(part, "Content-Description"),
        inline=part.get("Content-ID") is not None or not _is_attachment(part),
        data=data,
    )
