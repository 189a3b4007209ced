"""Metadata segments of a JPEG file: where they lie, and what IIM datasets and XMP properties state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import unpack_from

from lxml import etree

from wire.errors import Malformed, UnsafeInput
from wire.parse import exif
from wire.parse.charset import decode
from wire.parse.markup import text_of
from wire.xmltools import parse_untrusted

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_IIM_RESOURCE = 0x0404
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  #: frames: they tell width and height
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))  #: markers without a length
_SCAN, _END, _APP1, _APP13 = 0xDA, 0xD9, 0xE1, 0xED
_MAX_DATASETS = 2000
_PACKET = re.compile(rb"<\?xpacket[^>]*\?>")
_PADDING = b"\0 \t\r\n\x0b\x0c"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: IIM 4.2, application record (2): dataset number to our name.
_DATASETS: Mapping[int, str] = {
    5: "title",
    7: "status",
    10: "urgency",
    12: "subject",
    15: "category",
    20: "category",
    25: "keyword",
    30: "release",
    35: "release_time",
    37: "expires",
    38: "expires_time",
    40: "instructions",
    55: "created",
    60: "created_time",
    80: "creator",
    85: "job",
    90: "city",
    92: "place",
    95: "state",
    100: "country_code",
    101: "country",
    103: "reference",
    105: "headline",
    110: "credit",
    115: "source",
    116: "copyright",
    118: "contact",
    120: "caption",
    122: "writer",
    135: "language",
}
_PHOTOSHOP_NS = "{http://ns.adobe.com/photoshop/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
#: XMP properties to our names.
_PROPERTIES: Mapping[str, str] = {
    f"{_DC}title": "title",
    f"{_DC}description": "caption",
    f"{_DC}creator": "creator",
    f"{_DC}subject": "keyword",
    f"{_DC}rights": "copyright",
    f"{_DC}language": "language",
    f"{_RIGHTS}UsageTerms": "usage",
    f"{_PHOTOSHOP_NS}Headline": "headline",
    f"{_PHOTOSHOP_NS}Instructions": "instructions",
    f"{_PHOTOSHOP_NS}Credit": "credit",
    f"{_PHOTOSHOP_NS}Source": "source",
    f"{_PHOTOSHOP_NS}Urgency": "urgency",
    f"{_PHOTOSHOP_NS}Category": "category",
    f"{_PHOTOSHOP_NS}DateCreated": "created",
    f"{_PHOTOSHOP_NS}City": "city",
    f"{_PHOTOSHOP_NS}State": "state",
    f"{_PHOTOSHOP_NS}Country": "country",
    f"{_PHOTOSHOP_NS}TransmissionReference": "reference",
    f"{_PHOTOSHOP_NS}AuthorsPosition": "job",
    f"{_PHOTOSHOP_NS}CaptionWriter": "writer",
    f"{_CORE}CountryCode": "country_code",
    f"{_CORE}Location": "place",
    f"{_CORE}SubjectCode": "subject",
    f"{_CORE}IntellectualGenre": "genre",
    f"{_EXT}PersonInImage": "person",
    f"{_EXT}OrganisationInImageName": "organisation",
    f"{_EXT}DigImageGUID": "guid",
}


@dataclass(slots=True)
class Jpeg:
    """What the segments before the picture data hold."""

    width: int | None = None  #: pixels
    height: int | None = None  #: pixels
    iim: bytes = b""
    xmp: bytes = b""
    exif: bytes = b""


def read_jpeg(data: bytes) -> Jpeg:
    """The metadata segments; a file that breaks off says what it has said until there."""
    jpeg = Jpeg()
    resources = b""
    for marker, segment in _segments(data):
        if marker in _SIZES and len(segment) >= 5:
            jpeg.height, jpeg.width = unpack_from(">HH", segment, 1)
        elif marker == _APP1 and segment.startswith(_XMP):
            jpeg.xmp = jpeg.xmp or segment[len(_XMP) :]
        elif marker == _APP1 and segment.startswith(exif.MARK):
            jpeg.exif = jpeg.exif or segment
        elif marker == _APP13 and segment.startswith(_PHOTOSHOP):
            resources += segment[len(_PHOTOSHOP) :]
    jpeg.iim = b"".join(content for kind, content in _resources(resources) if kind == _IIM_RESOURCE)
    return jpeg


def read_iim(data: bytes, source_charset: str | None) -> tuple[dict[str, tuple[str, ...]], str]:
    """The datasets by our names, and the charset that they were read in."""
    charset = "utf-8" if b"\x1c\x01\x5a\x00\x03\x1b%G" in data else ""
    found: dict[str, tuple[str, ...]] = {}
    used = charset or source_charset or "cp1252"
    for number, value in _datasets(data):
        name = _DATASETS.get(number)
        decoded = decode(value, source_charset or "cp1252")
        if name and (text := decoded.text.strip("\0 \r\n")):
            found[name] = (*found.get(name, ()), text)
    return found, used


def read_xmp(data: bytes, warnings: list[str]) -> dict[str, tuple[str, ...]]:
    """The properties by our names; a packet that cannot be parsed is a warning."""
    try:
        root = parse_untrusted(_PACKET.sub(b"", data).strip(_PADDING))
    except (Malformed, UnsafeInput) as exc:
        warnings.append(f"XMP left out: {exc}")
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for description in root.iter(f"{_RDF}Description"):
        for key, value in description.attrib.items():
            if (name := _PROPERTIES.get(str(key))) and value.strip():
                found[name] = (str(value).strip(),)
        for element in description:
            if (name := _PROPERTIES.get(str(element.tag))) and (values := _values(element)):
                found[name] = values
    return found


def _values(element: etree._Element) -> tuple[str, ...]:
    """A simple value, the members of a list, or the default of the languages."""
    members = list(element.iter(f"{_RDF}li"))
    if not members:
        text = text_of(element)
        return (text,) if text else ()
    if next(element.iterchildren(f"{_RDF}Alt"), None) is not None:
        chosen = next((member for member in members if member.get(_LANG) == "x-default"), members[0])
        members = [chosen]
    return tuple(text for member in members if (text := text_of(member)))


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment up to the picture data."""
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _BARE:
            position += 2
        elif marker in (_SCAN, _END):
            return
        else:
            (length,) = unpack_from(">H", data, position + 2)
            yield marker, data[position + 4 : position + 2 + length]
            position += 2 + max(length, 2)


def _resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each Photoshop image resource."""
    position = 0
    while position + 12 <= len(data) and data[position : position + 4] == b"8BIM":
        (kind,) = unpack_from(">H", data, position + 4)
        named = 1 + data[position + 6]
        position += 6 + named + named % 2
        if position + 4 > len(data):
            return
        (size,) = unpack_from(">I", data, position)
        yield kind, data[position + 4 : position + 4 + size]
        position += 4 + size + size % 2


def _datasets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and value of each dataset of the application record."""
    position = 0
    for _ in range(_MAX_DATASETS):
        if position + 5 > len(data) or data[position] != 0x1C:
            return
        record, number, length = unpack_from(">BBH", data, position + 1)
        position += 5
        if length & 0x8000:  # the length of the length
            width = length & 0x7FFF
            length = int.from_bytes(data[position : position + min(width, 4)], "big")
            position += width
        if record == 2:
            yield number, data[position : position + length]
        position += length
