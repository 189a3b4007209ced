"""XML in vocabularies of agencies' own: read by what its elements are called, never taken for text."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.parse.reading import raw_file, read, stories, story
from wire.errors import Malformed, NotAStory, UnsafeInput
from wire.parse.agency_xml import AgencyXMLParser
from wire.story import OPEN_ENDED, Location, Picture, PubStatus

NEWS = (
    '<?xml version="1.0"?><Item><NewsID>7</NewsID><headline>Bridge &amp;amp; harbour</headline>'
    "<content>&lt;p&gt;Open &lt;b&gt;again&lt;/b&gt;.&lt;/p&gt;</content>{}</Item>"
)


def test_escaped_copy_is_a_body_and_names_say_what_the_others_are() -> None:
    found = story(
        NEWS.format(
            "<subtitle>Late</subtitle><byLine>By A. Writer</byLine><town>Port</town><version>3</version>"
            "<Priority>2</Priority><PublishDate>2026-05-31T08:00:00Z</PublishDate>"
            "<Keyword>bridge, harbour</Keyword>"
            "<IPTCList><int>15000000</int></IPTCList><section>Home</section>"
        )
    )
    assert found.body_html == "<p>Open <strong>again</strong>.</p>"
    assert (found.guid, found.version, found.headline) == ("7", 3, "Bridge & harbour")
    assert (found.subheadline, found.byline, found.urgency) == ("Late", "By A. Writer", 2)
    assert found.located == Location(name="Port")
    assert found.keywords == ("bridge", "harbour")
    assert {subject.qcode or subject.name for subject in found.subjects} >= {"medtop:15000000", "Home"}
    assert found.first_created == datetime(2026, 5, 31, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("<embargo>02.06.2026 06:00</embargo>", datetime(2026, 6, 2, 5, tzinfo=UTC)),
        ("<EmbargoTime>2026-06-02T05:00:00Z</EmbargoTime>", datetime(2026, 6, 2, 5, tzinfo=UTC)),
        ("<embargo>until the speech</embargo>", OPEN_ENDED),
        ("<embargo/>", None),
        ("<embargo>none</embargo>", None),
        ("<EmbargoTime>0001-01-01T00:00:00</EmbargoTime>", None),
    ],
)
def test_an_embargo_is_read_and_an_element_that_is_always_there_is_none(
    said: str, held: datetime | None
) -> None:
    assert story(NEWS.format(said)).embargoed == held


@pytest.mark.parametrize(
    "names",
    [
        "titular entradilla cuerpo firma ciudad pais palabras_clave fecha agencia idioma",
        "titre chapeau corps auteur lieu pays mots-cles date agence langue",
        "titolo sommario testo autore luogo paese parole_chiave data agenzia lingua",
        "titel vorspann text autor ort land schlagworte datum agentur sprache",
    ],
)
def test_elements_may_be_named_in_the_agencys_language(names: str) -> None:
    told = ("Puente", "Abierto.", "El puente se abrió.", "A. Autor", "Bilbao", "España", "puente, puerto")
    values = (*told, "02/06/2026 06:00", "EFE", "es")
    parts = "".join(f"<{name}>{value}</{name}>" for name, value in zip(names.split(), values, strict=True))
    found = story(f'<?xml version="1.0"?><noticias><noticia id="9">{parts}</noticia></noticias>')
    assert (found.guid, found.headline, found.description) == ("9", "Puente", "Abierto.")
    assert (found.byline, found.provider, found.language) == ("A. Autor", "EFE", "es")
    assert (found.located, found.keywords) == (Location(name="Bilbao"), ("puente", "puerto"))
    assert found.first_created is not None
    assert found.first_created.isoformat()[:16] == "2026-06-02T06:00"
    assert found.body_html == "<p>El puente se abrió.</p>"


def test_flags_act() -> None:
    assert story(NEWS.format("<Annuleret>true</Annuleret>")).pub_status is PubStatus.CANCELED
    assert story(NEWS.format("<HoldFlag>true</HoldFlag>")).pub_status is PubStatus.WITHHELD
    assert story(NEWS.format("<Korrektion>true</Korrektion>")).signals == ("correction",)
    assert story(NEWS.format("<Annuleret>false</Annuleret>")).pub_status is PubStatus.USABLE
    [link] = story(NEWS.format("<replacedID>6</replacedID>")).links
    assert (link.rel, link.residref) == ("irel:previousVersion", "6")


def test_notes_to_editors_are_never_copy() -> None:
    found = story(NEWS.format("<TilRedaktionen>the desk is at 0100</TilRedaktionen>"))
    assert found.ed_notes == ("the desk is at 0100",)
    assert "0100" not in found.body_html


def test_a_caption_with_an_identity_is_a_picture_story() -> None:
    found = story(
        "<Publish><ContentItem><SystemSlug>P7</SystemSlug><Credit>Example Agency</Credit>"
        "<ContentRef>p7.jpg</ContentRef><EnglishCaption>The bridge at dawn.</EnglishCaption>"
        "</ContentItem></Publish>"
    )
    assert found.pictures == (Picture(caption="The bridge at dawn.", credit="Example Agency", href="p7.jpg"),)
    assert found.guid == "P7"


def test_every_item_of_a_list_is_a_story() -> None:
    item = "<document><id>{0}</id><title>T{0}</title><content>&lt;p&gt;C{0}&lt;/p&gt;</content></document>"
    found = stories("<result>" + "".join(item.format(n) for n in range(3)) + "</result>")
    assert [(one.guid, one.headline) for one in found] == [("0", "T0"), ("1", "T1"), ("2", "T2")]


@pytest.mark.parametrize(
    "xml",
    [
        "<Response><Fixtures><Match ID='1' Venue='Oval'/></Fixtures></Response>",
        "<project><name>wire</name><description>A desk</description><version>1</version></project>",
        '<?xml version="1.0"?><users><user id="1"><title>Ms</title><name>Example</name></user></users>',
    ],
)
def test_xml_without_copy_is_refused_and_never_taken_for_text(xml: str) -> None:
    found, [reason] = read(xml, "a.xml")
    assert not found
    assert isinstance(reason, NotAStory)
    assert "root is" in str(reason)


@pytest.mark.parametrize(
    "xml",
    ["<doc><title>Rain</title><p>It rained all day and", "<a>" * 200, "<a>" * 1_000, "<news-item><p>Rain"],
)
def test_broken_xml_is_refused_and_never_taken_for_text(xml: str) -> None:
    found, [reason] = read(xml, "a.xml")
    assert not found
    assert isinstance(reason, Malformed | UnsafeInput)


@pytest.mark.parametrize(
    "html",
    [
        *("<p>A line of copy.</p>", "<html><body>x</body></html>", "<b>Bold</b> text"),
        *("<blockquote>Said.</blockquote>", "<DL><DT>One</DT></DL>", "<amp-story>x</amp-story>"),
    ],
)
def test_html_is_left_to_those_who_read_it(html: str) -> None:
    assert AgencyXMLParser().evidence(raw_file(html)) == 0


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", PubStatus.WITHHELD),
        ("Killed", PubStatus.CANCELED),
        ("published", PubStatus.USABLE),
        ("42", PubStatus.USABLE),  # of whatever it is the state
    ],
)
def test_the_state_of_a_story_is_known_by_its_word(state: str, status: PubStatus) -> None:
    xml = f"<story><id>1</id><title>Bridge</title><status>{state}</status><body><p>Copy.</p></body></story>"
    assert story(xml).pub_status is status
    told = json.dumps({"uri": "urn:1", "headline": "Bridge", "status": state, "body_html": "<p>Copy.</p>"})
    assert story(told).pub_status is status


def test_keywords_may_be_elements_and_notes_are_called_in_many_ways() -> None:
    found = story(
        "<noticia><identificador>E9</identificador><titular>Puente</titular><cuerpo>Copia.</cuerpo><keywords>"
        "<keyword>puerto</keyword><!-- dos --><keyword>barcos</keyword></keywords>"
        "<notainterna>4711</notainterna></noticia>"
    )
    assert (found.guid, found.keywords, found.ed_notes) == ("E9", ("puerto", "barcos"), ("4711",))
