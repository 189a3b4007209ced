"""The samples in XML and JSON formats, against what a peer's own tests assert of them.

Each check that we do not meet is listed with its reason; a check that we meet may not be listed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.parse.peers import expected, holds
from tests.parse.reading import LONDON, PARSERS, raw_file, shared, stories
from wire.errors import IntakeError, NotAStory
from wire.parse import detect
from wire.story import Source

FORMATS = ("NewsML-G2", "NewsML 1.x", "NITF", "ninjs", "JSON", "Atom (WENN)", "Ritzau XML")
OURS = ("newsml-g2", "newsml-1", "nitf", "ninjs", "ap-media", "digitalwires", "rss", "atom")
HELSINKI = replace(LONDON, timezone="Europe/Helsinki")
COPENHAGEN = replace(LONDON, timezone="Europe/Copenhagen")
#: Dates without a zone are in their source's; the peer has the zone in its parser.
SOURCES: dict[str, Source] = {
    "core__stt_archive_newsml_created_date_test.xml": HELSINKI,
    "core__stt_archive_newsml_test.xml": HELSINKI,
    "core__ritzau_news.xml": COPENHAGEN,
}
OWN_FIELD = "a field of the peer's desk, not of the document"
NOT_HERE = "the text lies in another file, which the item only names"
DEFAULTS = "a constant that the peer's parser gives every story"
COUNTED = "the peer counts marks that stand alone as words, or does not count at all"
FROM_COPY = "the peer cuts it out of the first paragraphs; the document says something else"
#: Why we do not read what the peer reads: (file, field) to the reason.
REFUSED: dict[tuple[str, str], str] = {
    ("core__dpa.xml", "priority"): "the document says no priority; 5 is what the peer gives every story",
    ("core__dpa.xml", "word_count"): COUNTED,
    ("core__ninjsExSimpleText1.json", "guid"): "the peer turns the uri into a urn of its own making",
    ("core__nitf-ntb.xml", "place"): "the peer knows only places of its own list; evloc says Norge",
    (
        "core__ritzau_news.xml",
        "byline",
    ): "the peer takes the origin, our creditline; byLine is a name",
    ("core__ritzau_news.xml", "headline"): "no headline: the peer cuts 100 characters, within a word",
    ("core__pa1.xml", "format"): OWN_FIELD,
    ("core__pa1.xml", "slugline"): "the peer joins the scope and a keyword; du-key says otherwise",
    ("core__pa2.xml", "format"): OWN_FIELD,
    ("core__pa2.xml", "anpa_category"): "the peer shortens PA's own category, which is none of ANPA's",
    ("core__pa2.xml", "headline"): "the peer's second parser takes the sequence number out of the title",
    ("core__scoop.xml", "[0].priority"): "the document says 5; the peer maps it to its own scale",
    ("core__scoop.xml", "[0].firstcreated|isoformat"): "the document gives versionCreated only",
    ("core__scoop.xml", "[0].urgency"): "the document says 5; the peer maps it to its own scale",
    ("core__scoop.xml", "[0].body_html"): FROM_COPY,
    ("core__scoop.xml", "[0].byline"): FROM_COPY,
    ("core__scoop.xml", "[0].dateline.located.city"): DEFAULTS,
    ("core__scoop.xml", "[0].place[0].name"): DEFAULTS,
    ("core__stt_archive_newsml_created_date_test.xml", "firstpublished|isoformat"): OWN_FIELD,
    ("core__stt_archive_newsml_test.xml", "firstpublished|isoformat"): OWN_FIELD,
    (
        "core__stt_archive_newsml_test.xml",
        "STTNewsMLFeedParser().datetime('2018-01-01T12:00:00').isoformat()",
    ): "a call of the peer's own code",
    (
        "core__stt_archive_newsml_test.xml",
        "STTNewsMLFeedParser().datetime('2018-08-01T12:00:00').isoformat()",
    ): "a call of the peer's own code",
    ("core__stt_newsml_endash.xml", "source"): "the peer takes the creditline; provider says STT",
    ("core__stt_newsml_test.xml", "subject"): "the peer keeps two schemes only, one of them a genre",
    ("core__stt_newsml_test.xml", "genre"): "the peer keeps one of the two genres",
    ("core__stt_newsml_test_no_hl.xml", "headline"): "no headline: the peer cuts 100 characters anywhere",
    ("core__tag_reuters.com,0000_newsml_ISS149709_1618095828", "[0]"): COUNTED,
    ("core__wenn.xml", "[0].anpa_category[0].qcode"): DEFAULTS,
    ("core__wenn.xml", "[1].anpa_category[0].qcode"): DEFAULTS,
    ("core__wenn.xml", "[0].urgency"): DEFAULTS,
    ("core__wenn.xml", "[0].subject[0].qcode"): DEFAULTS,
    ("core__wenn.xml", "[1].subject[0].qcode"): DEFAULTS,
    ("cp__ap-agate.json", "body_html"): NOT_HERE,
    ("cp__ap-aps-mi-right-now.json", "anpa_category[0].name"): "the peer's own list of categories",
    ("cp__ap-category.json", "|find('Category').text"): "a document that the peer writes, not reads",
    ("cp__ap-table.json", "body_html"): NOT_HERE,
    ("cp__politics.json", "anpa_category"): "the peer's own list of categories",
    ("cp__politics.json", "slugline"): "the peer takes cycle and version off; the document has them",
}


def cases() -> list[tuple[str, dict[str, object]]]:
    """Every check on a document of ours."""
    return [
        (file, check)
        for file, parsers in expected().items()
        if parsers[0]["format"] in FORMATS
        for parser in parsers
        for check in parser["checks"]
    ]


def test_every_check_of_the_peer_holds_or_is_refused_with_a_reason() -> None:
    read = {
        file: stories(shared("samples", "agency", file).read_bytes(), file, SOURCES.get(file, LONDON))
        for file in {file for file, _ in cases()}
    }
    failed = {(file, str(check["field"])) for file, check in cases() if not holds(read[file], check)}
    right = sum(holds(read[file], check) for file, check in cases())
    print(f"\n{len(read)} documents, {len(cases())} checks: {right} right, {len(cases()) - right} refused")
    assert failed == set(REFUSED)


def test_every_sample_of_our_formats_is_read_or_is_no_story() -> None:
    found: Counter[str] = Counter()
    for folder in ("agency", "iptc"):
        for path in sorted(shared("samples", folder).rglob("*")):
            if not path.is_file():
                continue
            raw = raw_file(path.read_bytes(), path.name)
            try:
                parser = detect.choose(raw, PARSERS)
            except IntakeError:
                continue
            if parser.name in OURS:
                try:
                    found[parser.name] += bool(parser.parse(raw))
                except NotAStory:
                    found[f"{parser.name}: no story"] += 1
    print("\n" + "\n".join(f"{name:30} {count}" for name, count in sorted(found.items())))
    assert found["newsml-g2"] > 60
    assert found["newsml-1"] == 10
    assert found["nitf"] >= 10
    assert found["ninjs"] >= 30
    assert found["ap-media"] == 9
    assert found["digitalwires"] == 10


@pytest.mark.parametrize(
    ("file", "format"),
    [
        ("agency/core__ninjs3.json", "ninjs"),
        ("agency/cp__item.json", "ap-media"),
        ("agency/core__afp.xml", "newsml-1"),
        ("agency/core__pa1.xml", "nitf"),
        ("agency/core__wenn.xml", "atom"),
        ("iptc/dpa-digitalwires-json/dpa-digitalwires-to-newsmlg2__eil.json", "digitalwires"),
    ],
)
def test_the_parser_of_the_format_is_the_surest(file: str, format: str) -> None:
    raw = raw_file(shared("samples", *file.split("/")).read_bytes(), "story")
    assert detect.choose(raw, PARSERS).name == format


@pytest.mark.parametrize("file", ["contacts", "desks", "events", "users", "package"])
def test_json_without_news_is_refused_and_never_taken_for_text(file: str) -> None:
    prefix = "core" if file in {"package", "events"} else "planning"
    raw = raw_file(shared("samples", "agency", f"{prefix}__{file}.json").read_bytes(), f"{file}.json")
    with pytest.raises(NotAStory):
        detect.read(raw, PARSERS)
