"""NewsML-G2 as we write it: valid against the official schema and our own rules, nothing lost in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from tests.publish.golden import CASES, revision_of
from tests.strategies import FEW, HOUSE, revisions
from wire.errors import RenderError
from wire.iptc.namespaces import NAR, XHTML
from wire.publish.g2_properties import iri
from wire.publish.newsml_g2 import NewsMLG2Renderer
from wire.publish.validate import validate
from wire.story import (
    OPEN_ENDED,
    Action,
    Concept,
    Link,
    Origin,
    Picture,
    PubStatus,
    Revision,
    Standing,
    Story,
)
from wire.xmltools import clean_line

OFFICIAL = Path(__file__).parents[3] / "shared/schemas/newsml-g2/NewsML-G2_2.35-spec-All-Power.xsd"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GUID = "tag:news.example,2026:flood"
STORY = Story(
    headline="River rises",
    body_html="<p>The river rose.</p>",
    word_count=3,
    origin=Origin(format="text", source="inbox", file="flood.txt", sha256="0" * 64),
)


def revision(
    action: Action = Action.NEW, standing: Standing = Standing.LIVE, version: int = 1, **fields: object
) -> Revision:
    return Revision(
        seq=1,
        story_id="0123456789ab",
        guid=GUID,
        version=version,
        action=action,
        standing=standing,
        story=replace(STORY, **fields),  # type: ignore[arg-type]
        accepted_at=NOON,
        published=NOON,
        updated=NOON,
    )


def item(revision: Revision) -> etree._Element:
    return etree.fromstring(NewsMLG2Renderer().render(revision, HOUSE).body)


def found(root: etree._Element, path: str) -> list[etree._Element]:
    return root.findall("/".join(f"{{{NAR}}}{name}" for name in path.split("/")))


def qcodes(root: etree._Element, path: str) -> list[str | None]:
    return [element.get("qcode") for element in found(root, path)]


def texts(root: etree._Element, path: str) -> list[str | None]:
    return [element.text for element in found(root, path)]


@cache
def official_schema() -> etree.XMLSchema:
    if not OFFICIAL.exists():
        pytest.skip("the official schema does not lie beside the project (../shared)")
    return etree.XMLSchema(etree.parse(str(OFFICIAL)))


@pytest.mark.slow
@FEW
@given(revisions())
def test_every_revision_passes_our_own_grammar_and_rules(revision: Revision) -> None:
    findings = validate(NewsMLG2Renderer().render(revision, HOUSE).body)
    assert [finding for finding in findings if finding.severity == "error"] == []


@pytest.mark.slow
@FEW
@given(revisions(), st.sampled_from(("", "<p>One &amp; two &gt; 3</p>\n<h2>“Three”</h2>")))
def test_a_plain_body_is_written_just_as_lxml_would(revision: Revision, body: str) -> None:
    plain = replace(revision, story=replace(revision.story, body_html=body))
    made = NewsMLG2Renderer().render(plain, HOUSE).body
    assert made == etree.tostring(etree.fromstring(made), encoding="UTF-8", xml_declaration=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden_documents_are_written_byte_for_byte(case: Path) -> None:
    document = NewsMLG2Renderer().render(revision_of(case), HOUSE)
    assert document.body.decode() == case.with_suffix(".xml").read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden_documents_are_right_in_every_respect(case: Path) -> None:
    document = case.with_suffix(".xml").read_bytes()
    assert validate(document) == []
    official_schema().assertValid(etree.fromstring(document))


def test_there_are_goldens_for_every_event_of_a_storys_life() -> None:
    assert {case.stem for case in CASES} >= {
        *("first-version", "every-field", "update", "correction", "kill-by-hand", "withheld"),
        *("embargo", "embargo-without-end", "release", "pictures"),
    }


def test_a_first_version_replaces_nothing() -> None:
    root = item(revision())
    assert (root.get("guid"), root.get("version")) == (GUID, "1")
    assert qcodes(root, "itemMeta/pubStatus") == ["stat:usable"]
    assert found(root, "itemMeta/link") == []


def test_an_update_signals_it_and_names_the_version_it_replaces() -> None:
    root = item(revision(Action.UPDATE, version=3))
    assert qcodes(root, "itemMeta/signal") == ["sig:update"]
    [link] = found(root, "itemMeta/link")
    assert dict(link.attrib) == {"rel": "irel:previousVersion", "residref": GUID, "version": "2"}


def test_the_previous_version_that_a_document_names_itself_stays() -> None:
    stated = Link(rel="irel:previousVersion", residref=GUID, version=2)
    root = item(revision(Action.UPDATE, version=5, links=(stated,)))
    assert [link.get("version") for link in found(root, "itemMeta/link")] == ["2"]


def test_a_previous_version_that_is_no_older_one_is_put_right() -> None:
    stated = Link(rel="irel:previousVersion", residref=GUID, version=9)
    root = item(revision(Action.UPDATE, version=2, links=(stated,)))
    assert [link.get("version") for link in found(root, "itemMeta/link")] == ["1"]


def test_a_correction_signals_both_and_tells_editors() -> None:
    root = item(revision(Action.CORRECTION, version=2, signals=("update",)))
    assert qcodes(root, "itemMeta/signal") == ["sig:update", "sig:correction"]
    assert len(found(root, "itemMeta/edNote")) == 1


def test_a_note_that_somebody_wrote_is_the_only_one() -> None:
    root = item(revision(Action.CORRECTION, version=2, ed_notes=("Corrects the day",)))
    assert texts(root, "itemMeta/edNote") == ["Corrects the day"]


def test_a_kill_is_canceled_with_a_note_and_needs_no_content() -> None:
    root = item(revision(Action.KILL, Standing.KILLED, version=2, body_html="", word_count=0))
    assert qcodes(root, "itemMeta/pubStatus") == ["stat:canceled"]
    assert len(found(root, "itemMeta/edNote")) == 1
    assert found(root, "contentSet") == []


def test_a_withheld_story_says_so_whatever_its_document_said() -> None:
    root = item(revision(Action.WITHHOLD, Standing.WITHHELD, version=2))
    assert qcodes(root, "itemMeta/pubStatus") == ["stat:withheld"]


def test_an_embargo_has_its_time_with_zone() -> None:
    assert texts(item(revision(embargoed=NOON)), "itemMeta/embargoed") == ["2026-03-02T12:00:00Z"]


def test_an_embargo_without_an_end_is_an_empty_element() -> None:
    [embargoed] = found(item(revision(embargoed=OPEN_ENDED)), "itemMeta/embargoed")
    assert embargoed.text is None


def test_a_release_lifts_embargo_and_hold() -> None:
    root = item(revision(Action.RELEASE, version=2, embargoed=OPEN_ENDED, pub_status=PubStatus.WITHHELD))
    assert found(root, "itemMeta/embargoed") == []
    assert qcodes(root, "itemMeta/pubStatus") == ["stat:usable"]


def test_a_version_without_a_time_of_its_own_was_made_when_we_took_it() -> None:
    assert texts(item(revision()), "itemMeta/versionCreated") == ["2026-03-02T12:00:00Z"]


def test_an_alias_that_iptc_does_not_know_is_declared_under_our_domain() -> None:
    root = item(revision(subjects=(Concept(qcode="agencysubj:FLD"), Concept(qcode="medtop:03000000"))))
    [scheme] = found(root, "catalog/scheme")
    assert dict(scheme.attrib) == {
        "alias": "agencysubj",
        "uri": "http://news.example/schemes/agencysubj/",
    }


@pytest.mark.parametrize(
    ("code", "attribute"),
    [
        ("medtop:03000000", "qcode"),
        ("https://topics.example/flood", "uri"),
        ("no code", "literal"),
        ("1:2", "literal"),
    ],
)
def test_a_code_is_written_as_what_it_is(code: str, attribute: str) -> None:
    [subject] = found(item(revision(subjects=(Concept(qcode=code),))), "contentMeta/subject")
    assert subject.get(attribute) == code


def test_a_name_is_never_taken_for_a_code() -> None:
    [subject] = found(item(revision(people=(Concept(name="a:b"),))), "contentMeta/subject")
    assert (subject.get("literal"), subject.get("qcode")) == ("a:b", None)


def test_what_we_guessed_says_that_a_program_did() -> None:
    root = item(revision(places=(Concept(name="Syria", guessed=True), Concept(name="Iraq"))))
    assert [subject.get("how") for subject in found(root, "contentMeta/subject")] == ["howextr:tool", None]


def test_a_picture_with_an_address_is_a_link_with_hints() -> None:
    picture = Picture(
        href="https://pictures.example/a b.jpg", caption="The quay", credit="Example Photos", width=9
    )
    document = NewsMLG2Renderer().render(revision(pictures=(picture,)), HOUSE)
    root = etree.fromstring(document.body)
    [link] = found(root, "itemMeta/link")
    assert link.get("href") == "https://pictures.example/a%20b.jpg"
    assert texts(root, "itemMeta/link/description") == ["The quay"]
    assert texts(root, "itemMeta/link/creditline") == ["Example Photos"]
    assert document.losses == ("pictures.width",)


def test_a_picture_known_by_its_caption_is_a_caption() -> None:
    document = NewsMLG2Renderer().render(revision(pictures=(Picture(caption="The quay", credit="X"),)), HOUSE)
    assert texts(etree.fromstring(document.body), "contentMeta/description") == ["The quay"]
    assert document.losses == ("pictures.credit",)


def test_a_relation_that_is_no_code_is_reported_as_lost() -> None:
    link = Link(rel="see also", href="https://a.example/")
    assert NewsMLG2Renderer().render(revision(links=(link,)), HOUSE).losses == ("links.rel",)


_ADDRESS = etree.XMLSchema(
    etree.fromstring(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="a"><xs:complexType><xs:attribute name="href" type="xs:anyURI"/></xs:complexType>'
        "</xs:element></xs:schema>"
    )
)
#: What addresses are made of, so that colons, brackets and the like come where they may not.
_SCRAPS = st.text(st.sampled_from("a1:/@#?[]%. -~é|"), max_size=14)


@given(st.one_of(_SCRAPS, _SCRAPS.map("http://".__add__), st.text(max_size=20)))
@example("http://host:port/path")
@example("http://[2001:db8::1]:8080/a[1]")
@example("::::")
def test_whatever_comes_as_an_address_is_written_as_one(address: str) -> None:
    written = iri(clean_line(address))
    assert _ADDRESS.validate(etree.Element("a", href=written)), written
    assert iri(written) == written


@pytest.mark.parametrize(
    "address",
    [
        "https://ann:secret@a.example:8080/b/c:d?e=f:g&h=[1]#i",
        "http://[2001:db8::1]:8080/a",
        "mailto:desk@a.example",
        "urn:newsml:a.example:20260302:flood",
        "//a.example/b",
        "/b:c",
        "b?c=d:e",
    ],
)
def test_a_good_address_keeps_its_parts(address: str) -> None:
    assert unquote(iri(address)) == address
    assert urlsplit(iri(address)).netloc == urlsplit(address).netloc


def test_an_address_that_is_none_makes_no_document_invalid() -> None:
    story = revision(
        links=(Link(href="http://host:port/"),), pictures=(Picture(href="::::", caption="The quay"),)
    )
    assert validate(NewsMLG2Renderer().render(story, HOUSE).body) == []


def test_a_relation_may_be_a_web_address() -> None:
    link = Link(rel="https://a.example/rel", href="https://a.example/")
    [written] = found(item(revision(links=(link,))), "itemMeta/link")
    assert written.get("reluri") == "https://a.example/rel"


def test_the_body_is_xhtml_with_its_word_count() -> None:
    root = item(revision())
    [content] = found(root, "contentSet/inlineXML")
    assert (content.get("contenttype"), content.get("wordcount")) == ("application/xhtml+xml", "3")
    assert [p.text for p in content.iter(f"{{{XHTML}}}p")] == ["The river rose."]


def test_notes_to_editors_never_stand_in_the_body() -> None:
    [content] = found(item(revision(ed_notes=("for editors only",))), "contentSet")
    assert "for editors only" not in "".join(content.itertext())


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "a\x00b"},
        {"headline": "a\ud800b"},
        {"body_html": "<p>not closed"},
        {"body_html": "</body><body>"},
        {"body_html": "</body></html></inlineXML><inlineXML><html><head/><body>"},
        {"body_html": "</body></html></inlineXML></contentSet><contentSet><inlineXML><html><head/><body>"},
    ],
)
def test_what_is_no_legal_xml_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(RenderError, match=GUID):
        NewsMLG2Renderer().render(revision(**fields), HOUSE)
