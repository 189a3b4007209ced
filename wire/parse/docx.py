"""DOCX (Office Open XML, ECMA-376): text, headings, lists, tables, emphasis and web links of a document.

A reader of our own, since what a story needs of the format is little, and since a ZIP from outside is
to be opened under limits that no library offers: few members, no more bytes than announced, no path
of the archive ever touching the file system.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from wire.common.words import html_to_text
from wire.errors import Malformed, NotAStory, UnsafeInput
from wire.parse.base import HEAD_BYTES, read_date
from wire.parse.markup import local_name
from wire.parse.sent.documents import Block, described, story_fields
from wire.parse.sent.headers import names_field
from wire.story import Draft, RawFile
from wire.xmltools import parse_untrusted

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # ISO's own spelling of the namespaces
_STRICT_R = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
_MAX_MEMBERS = 2000
_MAX_MEMBER_BYTES = 30_000_000
_MAX_RATIO = 200  #: bytes out of one byte in; text packs at 10 to 20
_HEADING = re.compile(
    r"(?:heading|überschrift|berschrift|titre|titolo|ttulo|kop|rubrik)\s?[1-6]|title|titel", re.I
)
_TITLE = re.compile(r"title|titel", re.I)
_UNSEEN = ("vanish", "strike", "dstrike")
_OFF = frozenset(("0", "false", "off", "none"))
_CHOSEN = ("p", "tbl", "sdt", "sdtContent", "body", "customXml", "ins", "smartTag")


class DocxParser:
    """Reads DOCX documents."""

    name = "docx"

    def evidence(self, raw: RawFile) -> int:
        """100 for a ZIP that begins as these documents do, or bears their name."""
        if not raw.data.startswith(b"PK\x03\x04"):
            return 0
        head = raw.data[:HEAD_BYTES]
        named = raw.name.lower().endswith((".docx", ".docm", ".dotx"))
        return (
            100 if named or b"word/" in head or (b"[Content_Types].xml" in head and b"_rels/" in head) else 0
        )

    def parse(self, raw: RawFile) -> Sequence[Draft]:
        """One draft. Raises NotAStory, Malformed or UnsafeInput."""
        try:
            with ZipFile(BytesIO(raw.data)) as archive:
                return [_draft(archive, raw.arrived_at)]
        except (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as exc:
            raise Malformed(f"this DOCX file is a broken ZIP archive: {exc}") from exc
        except (RuntimeError, OverflowError, UnicodeDecodeError, ValueError) as exc:
            raise Malformed(f"this DOCX file cannot be unpacked: {exc}") from exc


def _draft(archive: ZipFile, arrived: datetime) -> Draft:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise UnsafeInput(f"this archive has {len(members)} members; a document has a few dozen")
    document = _member(archive, members, "word/document.xml")
    if document is None:
        raise NotAStory("this is a ZIP archive without a Word document in it; drop the story itself")
    links = _links(_member(archive, members, "word/_rels/document.xml.rels"))
    reader = _Reader(links)
    blocks = reader.blocks(_xml(document))
    stated = _properties(_member(archive, members, "docProps/core.xml"))
    title = reader.title or (None if blocks and blocks[0].heading else stated.pop("headline", None))
    stated.pop("headline", None)
    fields, warnings = story_fields(blocks, title=title, sent=stated.get("version_created") or arrived)
    told = described(fields, stated)
    if not (told.get("body_html") or told.get("headline")):
        raise NotAStory("there is no text in this document")
    return Draft(format=DocxParser.name, warnings=(*reader.warnings, *warnings), **told)


def _member(archive: ZipFile, members: Sequence[ZipInfo], name: str) -> bytes | None:
    """A member's bytes; None when there is none. Raises UnsafeInput when it unpacks to too much."""
    info = next((member for member in members if member.filename.lower().lstrip("/") == name.lower()), None)
    if info is None:
        return None
    limit = min(_MAX_MEMBER_BYTES, _MAX_RATIO * max(info.compress_size, 1000))
    with archive.open(info) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise UnsafeInput(f"{name} in this archive unpacks to more than any story")
    return data


def _xml(data: bytes) -> etree._Element:
    if _STRICT in data:
        data = data.replace(_STRICT, _W[1:-1].encode()).replace(
            _STRICT_R, b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        )
    return parse_untrusted(data)


def _links(data: bytes | None) -> dict[str, str]:
    """Web addresses by the id of their relationship."""
    if data is None:
        return {}
    return {
        relation.get("Id", ""): target
        for relation in parse_untrusted(data)
        if (target := relation.get("Target", "")).startswith(("http://", "https://", "mailto:"))
    }


def _properties(data: bytes | None) -> dict[str, Any]:
    """What the document's core properties state (Dublin Core)."""
    if data is None:
        return {}
    said = {
        local_name(element): (element.text or "").strip() for element in parse_untrusted(data) if element.text
    }
    author = said.get("creator")
    return {
        "headline": said.get("title"),
        "description": said.get("description"),
        "keywords": tuple(
            part.strip() for part in re.split("[,;]", said.get("keywords", "")) if part.strip()
        ),
        "language": said.get("language"),
        "creators": (author,) if author else (),
        "first_created": read_date(said.get("created")),
        "version_created": read_date(said.get("modified")),
    }


class _Reader:
    """Goes through the body once and gathers its blocks."""

    def __init__(self, links: dict[str, str]) -> None:
        self._links = links
        self._items: list[str] = []
        self._blocks: list[Block] = []
        self.title: str | None = None  #: of a paragraph in the style of that name
        self.warnings: list[str] = []

    def blocks(self, root: etree._Element) -> list[Block]:
        """Every block of the document, in order."""
        for body in root.iterchildren(f"{_W}body"):
            for element in _parts(body):
                if element.tag == f"{_W}tbl":
                    self._end_list()
                    for block in self._form(element) or [self._table(element)]:
                        self._add(block)
                else:
                    self._paragraph(element)
        self._end_list()
        if next(root.iter(f"{_W}drawing", f"{_W}pict"), None) is not None:
            self.warnings.append("pictures in the document left out")
        return self._blocks

    def _paragraph(self, element: etree._Element) -> None:
        html = self._inline(element).strip()
        style = _style(element)
        if style and _TITLE.fullmatch(style) and self.title is None and not self._blocks:
            self.title = html_to_text(html).strip() or None
        elif next(element.iter(f"{_W}numPr"), None) is not None and not _HEADING.fullmatch(style or ""):
            self._items.append(html)
        else:
            self._end_list()
            heading = _HEADING.fullmatch(style or "") is not None
            self._add(f"<h2>{html}</h2>" if heading else f"<p>{html}</p>", heading=heading)

    def _end_list(self) -> None:
        items = "".join(f"<li>{item}</li>" for item in self._items if item)
        self._items = []
        if items:
            self._add(f"<ul>{items}</ul>")

    def _add(self, html: str, *, heading: bool = False) -> None:
        if text := html_to_text(html).strip():
            self._blocks.append(Block(html=html, text=text, heading=heading))

    def _form(self, table: etree._Element) -> list[str]:
        """The rows of a form above the copy, a label and a value each, as header lines; none of any other."""
        rows = [[self._cell(cell) for cell in row.iterchildren(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
        if self._blocks or any(len(row) != 2 for row in rows):
            return []
        labels = [html_to_text(label).strip() for label, _ in rows]
        if sum(map(names_field, labels)) < max(2, len(rows) / 2):
            return []
        return [
            f"<p>{escape(label.rstrip(' :'))}: {value}</p>"
            for label, (_, value) in zip(labels, rows, strict=True)
        ]

    def _table(self, table: etree._Element) -> str:
        """Rows and cells; a table within a cell is its text."""
        rows = [
            "".join(f"<td>{self._cell(cell)}</td>" for cell in row.iterchildren(f"{_W}tc"))
            for row in table.iterchildren(f"{_W}tr")
        ]
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def _cell(self, cell: etree._Element) -> str:
        return "<br>".join(html for p in cell.iter(f"{_W}p") if (html := self._inline(p).strip()))

    def _inline(self, element: etree._Element) -> str:
        """Runs of text with emphasis and links; deleted text, notes and instructions are left out."""
        parts: list[str] = []
        for child in element:
            name = local_name(child)
            if name == "r":
                parts.append(_run(child))
            elif name == "hyperlink":
                href = self._links.get(child.get(_R_ID) or "")
                inner = self._inline(child)
                parts.append(f'<a href="{escape(href)}">{inner}</a>' if href and inner else inner)
            elif name in ("ins", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml"):
                parts.append(self._inline(child))
        return "".join(parts)


def _parts(container: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, also those wrapped in content controls."""
    for child in container:
        name = local_name(child)
        if name in ("p", "tbl"):
            yield child
        elif name in _CHOSEN:
            yield from _parts(child)


def _style(paragraph: etree._Element) -> str | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return None if style is None else style.get(f"{_W}val")


def _run(run: etree._Element) -> str:
    text = ""
    for child in run:
        name = local_name(child)
        if name == "t":
            text += escape(child.text or "", quote=False)
        elif name in ("br", "cr"):
            text += "<br>"
        elif name == "tab":
            text += "\t"
        elif name == "noBreakHyphen":
            text += "-"
    properties = run.find(f"{_W}rPr")
    if properties is None or not text.strip():
        return text
    if any(_is_on(properties, name) for name in _UNSEEN):
        return ""
    text = f"<em>{text}</em>" if _is_on(properties, "i") else text
    return f"<strong>{text}</strong>" if _is_on(properties, "b") else text


def _is_on(properties: etree._Element, name: str) -> bool:
    switch = properties.find(f"{_W}{name}")
    return switch is not None and (switch.get(f"{_W}val") or "1").lower() not in _OFF
