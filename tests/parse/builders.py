"""Binary documents built from what they are to say: DOCX archives and JPEG files with metadata."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, *, core: str = "", links: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A document: ``body`` in WordprocessingML with prefix ``w``, ``core`` in Dublin Core elements."""
    members = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": (
            f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'
        ).encode(),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
        ).encode(),
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
            f"{core}</cp:coreProperties>"
        ).encode(),
        **(more or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def paragraph(text: str, *, style: str = "", item: bool = False) -> str:
    """A paragraph of one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    numbered = "<w:numPr/>" if item else ""
    return f"<w:p><w:pPr>{named}{numbered}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def jpeg(
    *,
    iim: Sequence[tuple[int, str | bytes]] = (),
    xmp: str = "",
    utf8: bool = True,
    exif: Mapping[int, str] | None = None,
    exif_order: str = "<",
    size: tuple[int, int] = (640, 480),
) -> bytes:
    """A JPEG file without picture data: IIM of record 2, the inside of an XMP description, EXIF."""
    parts = [b"\xff\xd8"]
    if exif:
        parts.append(_segment(0xE1, b"Exif\0\0" + _tiff(exif, exif_order)))
    if iim:
        datasets = b"\x1c\x01\x5a\x00\x03\x1b%G" if utf8 else b""
        for number, value in iim:
            data = value if isinstance(value, bytes) else value.encode("utf-8" if utf8 else "cp1252")
            datasets += struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data
        resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(datasets)) + datasets
        parts.append(_segment(0xED, b"Photoshop 3.0\0" + resource))
    if xmp:
        parts.append(_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _packet(xmp).encode()))
    width, height = size
    parts.append(_segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\x00" * 3))
    return b"".join(parts) + b"\xff\xd9"


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _tiff(texts: Mapping[int, str], order: str) -> bytes:
    """A first directory that names EXIF's own, in which tags from 0x9000 on stand; texts lie behind both."""
    own = [(tag, text) for tag, text in texts.items() if 0x9000 <= tag < 0xA000]
    first = [(tag, text) for tag, text in texts.items() if (tag, text) not in own]
    at_own = 8 + 2 + 12 * (len(first) + 1) + 4
    free = at_own + 2 + 12 * len(own) + 4
    texts_part, directories = b"", []
    for entries, pointer in ((first, True), (own, False)):
        directory = struct.pack(f"{order}H", len(entries) + pointer)
        for tag, text in entries:
            value = text.encode() + b"\0"
            directory += struct.pack(f"{order}HHII", tag, 2, len(value), free + len(texts_part))
            texts_part += value
        if pointer:
            directory += struct.pack(f"{order}HHII", 0x8769, 4, 1, at_own)
        directories.append(directory + bytes(4))
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(f"{order}I", 8) + b"".join(directories) + texts_part


def _packet(description: str) -> str:
    namespaces = {
        "dc": "http://purl.org/dc/elements/1.1/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in namespaces.items())
    return (
        '<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {declared}><rdf:Description rdf:about="">{description}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta>\n    \n<?xpacket end="w"?>'
    )
