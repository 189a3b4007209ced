"""Which parser reads a file: the one with the highest evidence, never the file's name alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wire.errors import EmptyFile, IntakeError, NotAStory, UnsafeInput
from wire.parse.kept_back import keep_back
from wire.ports import Parser
from wire.story import Draft, RawFile

_SIGNATURES = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a RIFF media file (WebP, WAV or AVI)"),
    (b"\0\0\0\x18ftyp", "a video"),
    (b"\0\0\0 ftyp", "a video"),
    (b"OggS", "an Ogg media file"),
    (b"ID3", "an MP3 recording"),
    (b"%PDF-", "a PDF document"),
    (b"BEGIN:VCALENDAR", "a calendar"),
    (b"BEGIN:VCARD", "a visiting card"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a Windows program"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
)
_ANY_SIGNATURE = tuple(signature for signature, _ in _SIGNATURES)
_CERTAIN = 100  #: evidence above which there is none
#: Controls that no text format of the trade uses; tabs, line ends, form feeds and the wire formats' own stay.
_BINARY = b"\x00\x06\x0e\x0f\x15\x17\x18\x19\x1a\x1c"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BLANKS = b"\0 \t\r\n\x0b\x0c\xef\xbb\xbf"
_PROBE_BYTES = 8192
_SURE = 95  #: evidence from which on a parser knows binary data for its own
_MAX_ENCLOSED = 100  #: files that one file may enclose, at all depths
_MAX_DEPTH = 4  #: of files within files
_MAX_ARCHIVES = 10  #: among these that have to be unpacked: each may take half a second


def read(raw: RawFile, parsers: Iterable[Parser], format: str | None = None) -> Sequence[Draft | IntakeError]:
    """The drafts in a file, read by the parser named ``format`` or else by the surest one.

    In the place of a story that cannot be understood stands the reason; those of enclosed files come last.
    Raises EmptyFile, NotAStory, or what that parser raises of IntakeError.
    """
    reading = _Reading(parsers)
    found = (*reading.read(raw, format), *reading.set_aside)
    return tuple(keep_back(one) if isinstance(one, Draft) else one for one in found)


class _Reading:
    """Reads a file and the files that it encloses, these within bounds. Used by one thread, once."""

    def __init__(self, parsers: Iterable[Parser]) -> None:
        self._parsers = parsers
        self._enclosed = 0
        self._archives = 0
        self.set_aside: list[IntakeError] = []  #: stories of enclosed files that cannot be understood

    def read(self, raw: RawFile, format: str | None = None, depth: int = 0) -> Sequence[Draft | IntakeError]:
        """See `read`; ``depth`` files enclose this one."""
        if not raw.data.strip(_BLANKS):
            raise EmptyFile("the file is empty" if not raw.data else "the file holds nothing but blanks")
        parser = self._parser(raw, format)
        parse_parts = getattr(parser, "parse_parts", None)  # a Container
        if parse_parts is None:
            return parser.parse(raw)
        drafts: Sequence[Draft | IntakeError] = parse_parts(
            raw, lambda part: self._read_part(part, depth + 1)
        )
        return drafts

    def _read_part(self, part: RawFile, depth: int) -> Sequence[Draft]:
        self._enclosed += 1
        self._archives += part.data.startswith(b"PK")
        if depth > _MAX_DEPTH or self._enclosed > _MAX_ENCLOSED or self._archives > _MAX_ARCHIVES:
            raise UnsafeInput("it encloses too many files, or too deep")
        read = self.read(part, depth=depth)
        self.set_aside += [one for one in read if isinstance(one, IntakeError)]
        return [one for one in read if isinstance(one, Draft)]

    def _parser(self, raw: RawFile, format: str | None) -> Parser:
        binary = _binary_reason(raw.data)
        if format is None:
            if binary and max((parser.evidence(raw) for parser in self._parsers), default=0) < _SURE:
                raise NotAStory(binary)
            return choose(raw, self._parsers)
        chosen = next((parser for parser in self._parsers if parser.name == format), None)
        if chosen is None:
            known = ", ".join(parser.name for parser in self._parsers)
            raise NotAStory(f"there is no parser for {format!r}; known are: {known}")
        if binary and chosen.evidence(raw) < _SURE:
            raise NotAStory(binary)
        return chosen


def choose(raw: RawFile, parsers: Iterable[Parser]) -> Parser:
    """The parser with the highest evidence; among equals the first. Raises NotAStory when none has any."""
    best, chosen = 0, None
    for parser in parsers:
        evidence = parser.evidence(raw)
        if evidence > best:
            best, chosen = evidence, parser
        if best >= _CERTAIN:
            break
    if chosen is None:
        raise NotAStory("no parser recognises this file as a story")
    return chosen


def _binary_reason(data: bytes) -> str | None:
    """Why these bytes are no text, for people; None when they may be."""
    if data.startswith(_ANY_SIGNATURE):
        kind = next(kind for signature, kind in _SIGNATURES if data.startswith(signature))
        return f"this is {kind}, not a story; drop its text instead"
    if data.startswith(_UTF16_MARKS):
        return None
    probe = data[:_PROBE_BYTES]
    if not any(byte in probe for byte in _BINARY):  # hardly any text has one
        return None
    odd = len(probe) - len(probe.translate(None, _BINARY))
    if odd > 0.01 * len(probe) and not _maybe_utf16(probe):
        return "this is binary data, not text; drop the story as text, HTML or XML"
    return None


def _maybe_utf16(probe: bytes) -> bool:
    """Zeros at every other byte and hardly any elsewhere."""
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    return max(even, odd) > 0.2 * len(probe) and min(even, odd) < 0.02 * len(probe)
