"""NewsML-G2 as it really arrives."""

from __future__ import annotations

import pytest

from tests.parse.reading import PARSERS, raw_file, shared, story
from wire.errors import IntakeError, NotAStory
from wire.parse.newsml_g2 import NewsMLG2Parser
from wire.story import OPEN_ENDED, PubStatus, Story

ITEM = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:example.org,2026:1" version="1">'
    "<itemMeta>{item}</itemMeta><contentMeta><headline>A headline</headline>{content}</contentMeta>"
    "<contentSet>{body}</contentSet></newsItem>"
)


def item(item: str = "", content: str = "", body: str = "") -> Story:
    return story(ITEM.format(item=item, content=content, body=body))


def test_of_two_forms_of_the_body_the_one_with_markup_is_read() -> None:
    html = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>One.</p><h2>Two</h2><p>Three.</p></body></html>'
    )
    both = f"<inlineData>One. Two Three.</inlineData><inlineXML>{html}</inlineXML>"
    assert item(body=both).body_html == "<p>One.</p><h2>Two</h2><p>Three.</p>"


def test_an_unknown_status_is_treated_as_withheld() -> None:
    found = item('<pubStatus qcode="stat:nosuch"/>')
    assert found.pub_status is PubStatus.WITHHELD
    assert "unknown status 'nosuch': treated as withheld" in found.origin.warnings


def test_an_empty_embargo_has_no_end_and_an_absent_one_is_none() -> None:
    assert item("<embargoed/>").embargoed == OPEN_ENDED
    assert item().embargoed is None


def test_an_unreadable_embargo_holds() -> None:
    assert item("<embargoed>soon</embargoed>").embargoed == OPEN_ENDED


def test_unknown_elements_are_warned_of_and_reading_goes_on() -> None:
    found = item("<newThing/><edNote>n</edNote>")
    assert found.origin.warnings == ("ignored: itemMeta/newThing", "language guessed: en") or (
        "ignored: itemMeta/newThing" in found.origin.warnings
    )
    assert found.ed_notes == ("n",)


def test_a_wrong_urgency_is_warned_of() -> None:
    assert item(content="<urgency>12</urgency>").urgency is None


def test_foreign_signals_are_no_signals_of_ours() -> None:
    assert item('<signal qcode="sig:update"/><signal qcode="x:y"/>').signals == ("update",)


def test_a_picture_link_is_a_picture() -> None:
    link = (
        '<link rel="irel:associatedWith" href="https://example.org/p.jpg" contenttype="image/jpeg">'
        '<itemClass qcode="ninat:picture"/><description>A bridge</description></link>'
    )
    (picture,) = item(link).pictures
    assert (picture.href, picture.caption) == ("https://example.org/p.jpg", "A bridge")


def test_a_caption_goes_to_the_picture_it_came_with() -> None:
    remote = '<remoteContent contenttype="image/jpeg" href="p.jpg" width="{}"/>'
    caption = '<description role="drol:caption">A bridge</description>'
    (picture,) = item(content=caption, body=remote.format(100) + remote.format(900)).pictures
    assert (picture.caption, picture.width) == ("A bridge", 900)


def test_places_people_and_organisations_are_told_apart() -> None:
    kinds = ("geoArea", "person", "organisation", "abstract")
    found = item(
        content="".join(f'<subject type="cpnat:{k}" literal="{k}"><name>{k}</name></subject>' for k in kinds)
    )
    named = (found.places, found.people, found.organisations, found.subjects)
    assert [concepts[0].name for concepts in named] == list(kinds)


def test_a_charset_that_was_declared_wrongly_is_repaired_and_said() -> None:
    data = '<?xml version="1.0" encoding="utf-8"?>' + ITEM.format(
        item="<edNote>Brücke</edNote>", content="", body=""
    )
    found = story(data.encode("cp1252"))
    assert found.ed_notes == ("Brücke",)
    assert "charset guessed: cp1252" in found.origin.warnings


def test_other_items_of_the_standard_are_no_stories() -> None:
    with pytest.raises(NotAStory, match="planningItem"):
        story('<planningItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"/>')


@pytest.mark.parametrize("folder", ["agency", "iptc/newsml-g2"])
def test_every_sample_is_read_or_refused_with_a_reason(folder: str) -> None:
    parser = NewsMLG2Parser()
    read = 0
    for path in sorted(shared("samples", folder).iterdir()):
        raw = raw_file(path.read_bytes(), path.name)
        if parser.evidence(raw) < 100:
            continue
        try:
            read += len(parser.parse(raw))
        except IntakeError as refused:
            assert "no news item" in str(refused), path.name
    assert read > 30


def test_evidence_is_certain_only_in_the_namespace() -> None:
    parser = PARSERS[0]
    assert parser.evidence(raw_file(ITEM)) == 100
    assert parser.evidence(raw_file("<newsItem/>")) == 97
    assert parser.evidence(raw_file("A text about <newsItem>")) == 0


def test_an_item_without_a_namespace_is_read_all_the_same() -> None:
    found = story(ITEM.replace(' xmlns="http://iptc.org/std/nar/2006-10-01/"', ""))
    assert found.origin.warnings[0] == "the document is in no namespace: read as NewsML-G2"
    assert story(ITEM).guid == found.guid


def test_a_prefix_that_is_not_declared_is_said_and_read_over() -> None:
    broken = ITEM.replace("<itemMeta>", '<itemMeta xsi:type="x">')
    assert broken != ITEM
    assert "the namespace prefix xsi is not declared" in story(broken).origin.warnings


TT = (
    '<inlineXML contenttype="application/ttnitf+xml"><BODY xmlns=""><TEXT><RUBRIK>Bron stängd</RUBRIK>'
    "<DAT><ORT>Malmö</ORT><SOURCE>Malmö</SOURCE></DAT><INGRESS><P>Bron är stängd.</P></INGRESS>"
    "<BRODTEXT><CITAT>Vi väntar, säger hon.</CITAT><MELLIS>I morgon</MELLIS><P>Den öppnar.</P></BRODTEXT>"
    "<BYLINE>Eva Exempel/TT</BYLINE><BILD><BILDFIL>https://example.org/b.jpg</BILDFIL>"
    "<BILDTEXT><P>Bron i går.</P></BILDTEXT><BILDSKAPARE>Foto AB</BILDSKAPARE></BILD></TEXT>"
    "<TEXT><RUBRIK>Fakta: Bron</RUBRIK><BRODTEXT><UL><LI>Byggd 1932</LI><LI>Lång</LI></UL></BRODTEXT></TEXT>"
    "</BODY></inlineXML>"
)


def test_the_boxes_of_tt_follow_its_copy_and_its_pictures_are_none_of_it() -> None:
    found = item(body=TT)
    assert found.body_html == (
        "<p>Bron är stängd.</p><p>– Vi väntar, säger hon.</p><h2>I morgon</h2><p>Den öppnar.</p>"
        "<h2>Fakta: Bron</h2><ul><li>Byggd 1932</li><li>Lång</li></ul>"
    )
    assert found.byline == "Eva Exempel/TT"
    (picture,) = found.pictures
    assert (picture.href, picture.caption, picture.credit) == (
        "https://example.org/b.jpg",
        "Bron i går.",
        "Foto AB",
    )


def test_of_an_unknown_xml_within_an_item_the_paragraphs_alone_are_copy() -> None:
    found = item(
        body="<inlineXML><doc xmlns='urn:x'><memo>Call the desk</memo><Para>One &amp; two.</Para>"
        "<sect><Para>Three.</Para></sect></doc></inlineXML>"
    )
    assert found.body_html == "<p>One &amp; two.</p><p>Three.</p>"
    assert "inlineXML with doc: only its paragraphs were read" in found.origin.warnings
