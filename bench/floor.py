"""The least that taking in a story costs: hash, parse, text, build, serialise, commit. Nothing else.

``python -m bench.floor [STORIES]`` prints the CPU microseconds per story. `wire` is measured against it in
the same run, on the same documents.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from lxml import etree

from tests.harness import copydesk

_NAR = "http://iptc.org/std/nar/2006-10-01/"
_XHTML = "http://www.w3.org/1999/xhtml"
_N = f"{{{_NAR}}}"
_H = f"{{{_XHTML}}}"
#: Stories a transaction, so that the flush is shared as in the daemon.
GROUP = 100


def measure(documents: Sequence[bytes], folder: Path) -> float:
    """CPU microseconds per story, for these NewsML-G2 documents, into a database in ``folder``."""
    path = folder / "floor.db"
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE story "
            "(id INTEGER PRIMARY KEY, guid TEXT, sha256 TEXT, headline TEXT, raw BLOB, item BLOB)"
        )
        connection.execute("CREATE INDEX by_guid ON story (guid)")
        connection.execute("CREATE UNIQUE INDEX by_hash ON story (sha256)")
        begun = time.process_time()
        for start in range(0, len(documents), GROUP):
            rows = [take_in(document) for document in documents[start : start + GROUP]]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO story (guid, sha256, headline, raw, item) VALUES (?, ?, ?, ?, ?)", rows
            )
            connection.execute("COMMIT")
        return (time.process_time() - begun) / len(documents) * 1e6
    finally:
        connection.close()
        for left in folder.glob("floor.db*"):
            left.unlink()


def take_in(document: bytes) -> tuple[str, str, str, bytes, bytes]:
    """One document as a row: guid, hash, headline, raw bytes, newsItem."""
    digest = sha256(document).hexdigest()
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(document, parser)
    headline = root.findtext(f".//{_N}headline") or ""
    paragraphs = ["".join(p.itertext()).strip() for p in root.iter(f"{_H}p")]
    guid = root.get("guid") or digest
    item = build(guid, headline, paragraphs)
    return guid, digest, headline, document, etree.tostring(item, encoding="UTF-8", xml_declaration=True)


def build(guid: str, headline: str, paragraphs: Sequence[str]) -> etree._Element:
    """A newsItem of about 55 elements, made with SubElement."""
    sub = etree.SubElement
    item = etree.Element(f"{_N}newsItem", nsmap={None: _NAR})
    for name, value in (
        ("guid", guid),
        ("version", "1"),
        ("standard", "NewsML-G2"),
        ("standardversion", "2.35"),
        ("conformance", "power"),
    ):
        item.set(name, value)
    sub(item, f"{_N}catalogRef", href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml")
    _rights(item)
    _item_meta(item, headline)
    _content_meta(item, headline, paragraphs)
    inline = sub(
        sub(item, f"{_N}contentSet"),
        f"{_N}inlineXML",
        contenttype="application/xhtml+xml",
        wordcount=str(sum(len(text.split()) for text in paragraphs)),
    )
    html = sub(inline, f"{_H}html", nsmap={None: _XHTML})
    sub(sub(html, f"{_H}head"), f"{_H}title").text = headline
    body = sub(html, f"{_H}body")
    for text in paragraphs:
        sub(body, f"{_H}p").text = text
    return item


def _rights(item: etree._Element) -> None:
    rights = etree.SubElement(item, f"{_N}rightsInfo")
    holder = etree.SubElement(rights, f"{_N}copyrightHolder", uri="https://agency.example.org/")
    etree.SubElement(holder, f"{_N}name").text = "Example Agency"
    etree.SubElement(rights, f"{_N}copyrightNotice").text = "© 2026 Example Agency"
    etree.SubElement(rights, f"{_N}usageTerms").text = "For subscribers only"


def _item_meta(item: etree._Element, headline: str) -> None:
    sub = etree.SubElement
    meta = sub(item, f"{_N}itemMeta")
    sub(meta, f"{_N}itemClass", qcode="ninat:text")
    sub(sub(meta, f"{_N}provider", uri="https://agency.example.org/"), f"{_N}name").text = "Example Agency"
    sub(meta, f"{_N}versionCreated").text = "2026-01-05T06:00:00Z"
    sub(meta, f"{_N}firstCreated").text = "2026-01-05T06:00:00Z"
    sub(meta, f"{_N}pubStatus", qcode="stat:usable")
    sub(meta, f"{_N}generator", versioninfo="1").text = "floor"
    sub(meta, f"{_N}title").text = headline


def _content_meta(item: etree._Element, headline: str, paragraphs: Sequence[str]) -> None:
    sub = etree.SubElement
    meta = sub(item, f"{_N}contentMeta")
    sub(meta, f"{_N}urgency").text = "4"
    sub(meta, f"{_N}contentCreated").text = "2026-01-05T06:00:00Z"
    located = sub(meta, f"{_N}located", type="cpnat:geoArea")
    sub(located, f"{_N}name").text = "Oslo"
    sub(sub(located, f"{_N}broader", qcode="iso3166-1a2:NO"), f"{_N}name").text = "Norway"
    sub(sub(meta, f"{_N}creator"), f"{_N}name").text = "Example Agency newsroom"
    sub(meta, f"{_N}language", tag="en")
    sub(sub(meta, f"{_N}genre", qcode="genre:Current"), f"{_N}name").text = "Current"
    for word in ("Oslo", "Norway", "public services"):
        sub(meta, f"{_N}keyword").text = word
    for code, name in (
        ("16000000", "conflict, war and peace"),
        ("04000000", "economy, business and finance"),
    ):
        subject = sub(meta, f"{_N}subject", type="cpnat:abstract", qcode=f"medtop:{code}")
        sub(subject, f"{_N}name").text = name
    sub(meta, f"{_N}slugline", separator="-").text = "HARBOUR-TALKS"
    sub(meta, f"{_N}headline").text = headline
    sub(meta, f"{_N}dateline").text = "OSLO"
    sub(meta, f"{_N}by").text = "Example Agency staff"
    sub(meta, f"{_N}creditline").text = "Example Agency"
    sub(meta, f"{_N}description", role="drol:summary").text = paragraphs[0] if paragraphs else ""


def main() -> None:
    """Measure once and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    documents = [copydesk.newsml(number).data for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        print(f"{measure(documents, Path(folder)):.0f} µs CPU per story")


if __name__ == "__main__":
    main()
