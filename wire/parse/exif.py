"""EXIF of a JPEG file: who took the picture and when, and whose it is (EXIF 2.32, a TIFF structure).

Only texts of the first directory and of the one it names are read; no position, no picture, no maker's notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from struct import error, unpack_from

from wire.parse.charset import decode

MARK = b"Exif\0\0"  #: what an APP1 segment with EXIF begins with

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_EXIF_DIRECTORY = 0x8769
_TEXT = 2  #: the type ASCII
_MAX_ENTRIES = 200
#: Tags by our names, which are those of `jpegmeta`; the time that was taken wins over that of the file.
_TAGS: Mapping[int, str] = {
    0x013B: "creator",
    0x8298: "copyright",
    0x0132: "changed",
    0x9003: "taken",
    0x9011: "zone",
}
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_ZONE = re.compile(r"[+-]\d\d:\d\d")


def read_exif(segment: bytes) -> dict[str, tuple[str, ...]]:
    """``creator``, ``copyright`` and ``created`` (ISO 8601) as far as the segment states them."""
    data = segment.removeprefix(MARK)
    order = _ORDERS.get(data[:4])
    if order is None:
        return {}
    try:
        found = dict(_texts(data, order))
    except error:  # it points behind its end
        return {}
    time = _TIME.fullmatch(found.get("taken", "")) or _TIME.fullmatch(found.get("changed", ""))
    zone = found.get("zone", "")
    created = f"{time[1]}-{time[2]}-{time[3]}T{time[4]}" if time else ""
    values = {
        "creator": tuple(filter(None, map(str.strip, found.get("creator", "").split(";")))),
        "copyright": (found["copyright"],) if found.get("copyright") else (),
        "created": (created + (zone if _ZONE.fullmatch(zone) else ""),) if created else (),
    }
    return {name: value for name, value in values.items() if value}


def _texts(data: bytes, order: str) -> Iterator[tuple[str, str]]:
    """The tags that we know in the first directory and in EXIF's own, the latter once."""
    (first,) = unpack_from(f"{order}I", data, 4)
    directories = [first]
    while directories:
        start = directories.pop()
        (count,) = unpack_from(f"{order}H", data, start)
        for number in range(min(count, _MAX_ENTRIES)):
            tag, kind, size, value = unpack_from(f"{order}HHII", data, start + 2 + 12 * number)
            if tag == _EXIF_DIRECTORY and start == first:
                directories.append(value)
            elif kind == _TEXT and (name := _TAGS.get(tag)):
                at = value if size > 4 else start + 10 + 12 * number
                text = decode(data[at : at + min(size, 1000)], "cp1252").text
                yield name, text.partition("\0")[0].strip()
