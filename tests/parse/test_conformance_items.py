"""The samples in XML and JSON formats, against what a peer's own tests assert of them.

Each check that we do not meet is listed with its reason; a check that we meet may not be listed.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from tests.parse.peers import expected, holds, table
from tests.parse.reading import PARSERS, raw_file, shared, stories
from wire.errors import IntakeError, NotAStory
from wire.parse import detect
from wire.story import Story

FORMATS = ("NewsML-G2", "NewsML 1.x", "NITF", "ninjs", "JSON", "Atom (WENN)", "Ritzau XML")
OURS = ("newsml-g2", "newsml-1", "nitf", "ninjs", "ap-media", "digitalwires", "rss", "atom")
#: Where the text of an item lies: the peer's tests hand it out, as a link in the item would.
TEXT_OF = {"cp__ap-agate.json": "cp__ap-agate-nitf.xml", "cp__ap-table.json": "cp__ap-table-nitf.xml"}
#: A call of the peer's code for its times, asked of an item with that time.
ITS_CALL = re.compile(r"STTNewsMLFeedParser\(\)\.datetime\('(.+)'\)\.isoformat\(\)")
HOUSE, MISTAKE, CONSTANT = "house rule", "mistake", "a constant that the document does not state"
AGAINST, OTHER = "another check says the contrary", "not about what is read"
FIRST_WORDS = f"{HOUSE}: no headline in it; the peer cuts 100 characters, we cut between words"
#: Why we do not read what the peer reads: (file, field) to the reason.
REFUSED: dict[tuple[str, str], str] = {
    ("core__dpa.xml", "priority"): f"{CONSTANT}: 5; '<urgency>4</urgency>', which another check asks for",
    (
        "core__dpa.xml",
        "word_count",
    ): f"{MISTAKE}: wordcount='226' counts the last '<p>\xa0</p>', where no word stands",
    (
        "core__ninjsExSimpleText1.json",
        "guid",
    ): f'{HOUSE}: a urn made out of \'"uri": "http://ninjs.example.com/…\', our guid',
    (
        "core__nitf-ntb.xml",
        "place",
    ): f"{HOUSE}: only places of the desk's own list; '<evloc state-prov=\"Norge\"' is one",
    (
        "core__ritzau_news.xml",
        "byline",
    ): f"{HOUSE}: '<origin>/ritzau/', our creditline; '<byLine>Peder Top Poulsen' is the byline",
    ("core__ritzau_news.xml", "headline"): f"{FIRST_WORDS}: 'har testet effekte'",
    ("core__pa2.xml", "headline"): f"{AGAINST}: '<title>1 SOCCER INT-Teams</title>', as the other asks",
    (
        "core__scoop.xml",
        "[0].priority",
    ): f"{HOUSE}: '<priority>5</priority>' mapped to the desk's own scale, 6",
    (
        "core__scoop.xml",
        "[0].urgency",
    ): f"{HOUSE}: '<urgency>5</urgency>' mapped to the desk's own scale, 3",
    (
        "core__scoop.xml",
        "[0].firstcreated|isoformat",
    ): f"{AGAINST}: '<versionCreated>' stands alone; of dpa's, where it does too, the peer has none",
    (
        "core__scoop.xml",
        "[0].body_html",
    ): f"{AGAINST}: 'Jan. 12 (BusinessDesk) -' is cut off; kept of AP and dpa",
    ("core__scoop.xml", "[0].dateline.located.city"): f"{CONSTANT}: Wellington; the copy says 'Jan. 12'",
    (
        "core__scoop.xml",
        "[0].place[0].name",
    ): f"{CONSTANT}: NZ; the copy is about an 'Australian retailer' and names no such place",
    ("core__stt_newsml_test_no_hl.xml", "headline"): f"{FIRST_WORDS}: 'went th'",
    (
        "core__tag_reuters.com,0000_newsml_ISS149709_1618095828",
        "[0]",
    ): f"{AGAINST}: no count where wordcount is empty; of PA, which states none either, the peer counts",
    (
        "cp__ap-agate.json",
        "body_html",
    ): f"{HOUSE}: '<hl2 class=\"block-headline\">Atlantic Division' a paragraph; ours is a heading",
    (
        "cp__ap-aps-mi-right-now.json",
        "anpa_category[0].name",
    ): f'{HOUSE}: \'"code": "g"\' has no name; International is of the desk\'s own list',
    ("cp__ap-category.json", "|find('Category').text"): f"{OTHER}: a document that the peer writes",
    (
        "cp__politics.json",
        "anpa_category",
    ): f'{HOUSE}: the desk\'s own list, w, for \'"code": "p"\' of AP',
    (
        "cp__politics.json",
        "slugline",
    ): f"{AGAINST}: without cycle, place and version; 'BC-US--Earns-Nutrisystem, 1st Ld-Writethru' keeps all",
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


@cache
def read(file: str, at: str = "") -> list[Story]:
    """The stories of a sample.

    at  the time that its ``versionCreated`` gets instead of its own
    """
    data = shared("samples", "agency", file).read_bytes()
    if at:
        data = data.replace(b"<versionCreated/>", f"<versionCreated>{at}</versionCreated>".encode())
    return stories(data, file)


def right(file: str, check: dict[str, object]) -> bool:
    """Whether our reading of a sample gives what the check asserts."""
    field = str(check["field"])
    if asked := ITS_CALL.fullmatch(field):
        return holds(read(file, asked[1]), {**check, "field": "versioncreated"})
    return holds(read(TEXT_OF.get(file, file) if field == "body_html" else file), check)


def test_every_check_of_the_peer_holds_or_is_refused_with_a_reason() -> None:
    refused = [(file, str(check["field"])) for file, check in cases() if not right(file, check)]
    why = [REFUSED.get(one, "unjustified: see below") for one in refused]
    print(table((file for file, _ in cases()), len(cases()) - len(refused), why))
    assert set(refused) == set(REFUSED)


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
