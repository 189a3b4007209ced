"""What `wire validate` finds: each rule beside a document that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.golden import FOLDER
from wire.errors import CommandError
from wire.publish.rules import _BODY_ELEMENTS
from wire.publish.validate import validate
from wire.xmltools import clean_html

GOOD = (FOLDER / "every-field.xml").read_text("utf-8")
SAMPLES = Path(__file__).parents[3] / "shared/samples"

FOREIGN = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" standard="NewsML-G2" standardversion="2.9"
 guid="urn:newsml:example.org:1" {attributes}>
 {catalogs}
 <itemMeta><itemClass qcode="ninat:text"/><provider literal="x"/>
 <versionCreated>2026-01-01T00:00:00Z</versionCreated>{meta}</itemMeta>{content}</newsItem>"""


def foreign(
    *,
    attributes: str = 'version="1"',
    catalogs: str = '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>',
    meta: str = "",
    content: str = "",
) -> bytes:
    text = FOREIGN.format(attributes=attributes, catalogs=catalogs, meta=meta, content=content)
    return text.encode()


def found(document: str | bytes) -> list[tuple[str, str]]:
    data = document.encode() if isinstance(document, str) else document
    return [(finding.severity, finding.rule) for finding in validate(data)]


def test_what_we_write_has_nothing_to_object_to() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("<firstCreated>2026-03-02T08:00:00Z", "<firstCreated>2026-03-02T08:00:00", "zone"),
        ("<versionCreated>2026-03-02T15:30:00+05:45", "<versionCreated>2026-03-02", "zone"),
        ("medtop:03000000", "nosuch:03000000", "alias"),
        ('qcode="medtop:03000000"', 'qcode="03000000"', "qcode"),
        ('wordcount="21"', 'wordcount="20"', "word-count"),
        (' wordcount="21"', "", "word-count"),
        (' version="3"', ' version="0"', "identity"),
        (' version="3"', ' version="99999999999999999999999"', "identity"),
        (' version="3"', "", "identity"),
        ('guid="tag:news.example,2026:flood"', 'guid=""', "identity"),
        ("irel:previousVersion\" residref=\"tag:news.example,2026:flood\" version=\"2\"",
         "irel:previousVersion\" residref=\"tag:news.example,2026:flood\" version=\"3\"", "identity"),
        ("<h2>Bridges</h2>", "<h1>Bridges</h1>", "body"),
        ("<h2>Bridges</h2>", '<h2 onclick="x()">Bridges</h2>', "body"),
        ("https://river.example/", "javascript:alert(1)//", "body"),
        ("https://river.example/", "http://[", "body"),
        ("<head><title>River rises above the quay at Exampleton</title></head>", "", "body"),
        (' xmlns="http://www.w3.org/1999/xhtml"', "", "body"),
        ("<urgency>3</urgency>", "<urgency>10</urgency>", "grammar"),
        ("<urgency>3</urgency>", "<invented/>", "grammar"),
        ("stat:usable", "stat:maybe", "status"),
    ],
)  # fmt: skip
def test_each_rule_finds_what_breaks_it(right: str, wrong: str, rule: str) -> None:
    assert right in GOOD
    assert rule in {name for _, name in found(GOOD.replace(right, wrong, 1))}


@pytest.mark.parametrize("parent", ["itemMeta", "contentMeta", "rightsInfo"])
def test_elements_out_of_order_are_found(parent: str) -> None:
    first, _, rest = GOOD.partition(f"<{parent}>")
    inside, _, after = rest.partition(f"</{parent}>")
    moved = f"{first}{after[: after.index('</newsItem>')]}<{parent}>{inside}</{parent}></newsItem>"
    assert ("error", "order") in found(moved)


def test_administrative_metadata_after_descriptive_is_out_of_order() -> None:
    urgency = "<urgency>3</urgency>"
    moved = GOOD.replace(urgency, "").replace("</contentMeta>", f"{urgency}</contentMeta>")
    assert ("error", "order") in found(moved)


def test_a_finding_names_line_and_path() -> None:
    [finding] = [f for f in validate(GOOD.replace("medtop:", "nosuch:", 1).encode()) if f.rule == "alias"]
    assert str(finding).startswith("error: alias: line 2: /newsItem/contentMeta/subject: ")


def test_each_unknown_alias_is_told_once() -> None:
    meta = '<signal qcode="own:a"/><signal qcode="own:b"/><signal qcode="sig:update"/>'
    assert found(foreign(meta=meta)) == [("error", "alias")]


def test_an_alias_declared_in_the_item_resolves() -> None:
    catalogs = (
        '<catalogRef href="https://iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"/>'
        '<catalog><scheme alias="own" uri="http://example.org/own/"/></catalog>'
    )
    assert found(foreign(catalogs=catalogs, meta='<signal qcode="own:a"/>')) == []


def test_an_alias_of_a_catalogue_that_we_do_not_hold_is_only_a_warning() -> None:
    catalogs = '<catalogRef href="http://example.org/catalogue.xml"/>'
    assert found(foreign(catalogs=catalogs)) == [("warning", "alias")]


@pytest.mark.parametrize(
    "meta",
    [
        "<firstCreated>2026-01-02T00:00:00Z</firstCreated>",
        "<firstCreated>2026-01-01T00:00:00Z</firstCreated><embargoed>2025-01-01T00:00:00Z</embargoed>",
        "<embargoed>2026-02-01T00:00:00Z</embargoed><expires>2026-01-15T00:00:00Z</expires>",
    ],
)
def test_times_that_contradict_each_other_are_odd(meta: str) -> None:
    assert found(foreign(meta=meta)) == [("warning", "times")]


def test_an_empty_embargo_and_a_date_of_expiry_are_right() -> None:
    assert found(foreign(meta="<embargoed/><expires>2026-02-01</expires>")) == []


@pytest.mark.parametrize("meta", ['<pubStatus qcode="stat:canceled"/>', '<signal qcode="sig:correction"/>'])
def test_a_kill_or_correction_should_say_why(meta: str) -> None:
    assert found(foreign(meta=meta)) == [("warning", "status")]
    reason = "<edNote>why</edNote>"
    meta = f"{meta}{reason}" if "pubStatus" in meta else f"{reason}{meta}"
    assert found(foreign(meta=meta)) == []


def test_others_may_count_words_a_little_differently() -> None:
    def content(count: int) -> str:
        page = "<head><title>x</title></head><body><p>" + "word " * 20 + "</p></body>"
        return (
            f'<contentSet><inlineXML contenttype="application/xhtml+xml" wordcount="{count}">'
            f'<html xmlns="http://www.w3.org/1999/xhtml">{page}</html></inlineXML></contentSet>'
        )

    assert found(foreign(content=content(20))) == []
    assert found(foreign(content=content(21))) == [("warning", "word-count")]
    assert found(foreign(content=content(30))) == [("error", "word-count")]


def test_items_inside_a_news_message_are_checked_each() -> None:
    item = foreign(meta='<signal qcode="own:a"/>').decode()
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{item}{item}</itemSet></newsMessage>'
    assert found(message) == [("error", "alias"), ("error", "alias")]


@pytest.mark.parametrize(
    "document", ["<rss/>", "<newsItem/>", '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"/>']
)
def test_a_document_without_an_item_is_no_newsml_g2(document: str) -> None:
    assert found(document) == [("error", "newsml-g2")]


@pytest.mark.parametrize("document", ["", "not xml", GOOD[:-20], "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"])
def test_what_is_no_safe_xml_is_a_finding_and_no_crash(document: str) -> None:
    assert found(document) == [("error", "well-formed")]


def test_the_official_schema_may_be_checked_against_too(tmp_path: Path) -> None:
    schema = tmp_path / "only-a.xsd"
    schema.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="a" type="xs:int"/></xs:schema>'
    )
    assert {finding.rule for finding in validate(b"<a>x</a>", schema)} == {"schema", "newsml-g2"}


def test_a_schema_that_cannot_be_used_is_the_callers_mistake(tmp_path: Path) -> None:
    (tmp_path / "broken.xsd").write_text("<not-a-schema/>")
    for name in ("broken.xsd", "absent.xsd"):
        with pytest.raises(CommandError, match=name):
            validate(GOOD.encode(), tmp_path / name)


def test_the_body_may_hold_just_what_the_sanitiser_lets_through() -> None:
    for tag in sorted(str(element).rpartition("}")[2] for element in _BODY_ELEMENTS):
        before, after = {
            "li": ("<ul>", "</ul>"),
            "figcaption": ("<figure>", "</figure>"),
            **dict.fromkeys(("caption", "thead", "tbody", "tfoot"), ("<table>", "</table>")),
            "tr": ("<table><tbody>", "</tbody></table>"),
            **dict.fromkeys(("td", "th"), ("<table><tbody><tr>", "</tr></tbody></table>")),
        }.get(tag, ("", ""))
        inner = "<tr><td>text</td></tr>" if tag in ("table", "thead", "tbody", "tfoot") else "text"
        inner = {"ul": "<li>text</li>", "ol": "<li>text</li>", "tr": "<td>text</td>"}.get(tag, inner)
        element = "a<br/>b" if tag == "br" else f"<{tag} href='https://a.example/'>{inner}</{tag}>"
        assert f"<{tag}" in clean_html(f"{before}{element}{after}"), tag


@pytest.mark.skipif(not SAMPLES.exists(), reason="real samples do not lie beside the project (../shared)")
def test_real_documents_of_others_give_findings_and_no_crash() -> None:
    samples = [*SAMPLES.glob("iptc/newsml-g2/*"), *SAMPLES.glob("agency/*.xml")]
    for sample in samples:
        for finding in validate(sample.read_bytes()):
            assert finding.rule != "grammar", sample.name
