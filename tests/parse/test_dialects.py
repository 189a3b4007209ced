"""What agencies mean by their items beyond the standard: zones, categories, slugs, names."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.parse.reading import LONDON, stories, story
from wire.parse import profiles
from wire.story import Concept, Location, PubStatus, Story

ITEM = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="1">'
    "<itemMeta>{item}</itemMeta><contentMeta>{content}<headline>A headline</headline></contentMeta>{after}"
    '<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
    "<body>{body}</body></html></inlineXML></contentSet></newsItem>"
)
NITF = (
    '<nitf><head><title>{title}</title>{meta}<docdata>{docdata}<doc-id id-string="x7"/></docdata></head>'
    "<body><body.content><p>Copy.</p></body.content></body></nitf>"
)
NOON = datetime(2026, 5, 1, 12)


def item(
    item: str = "", content: str = "", *, guid: str = "x", after: str = "", body: str = "<p>Copy.</p>"
) -> Story:
    return story(ITEM.format(guid=guid, item=item, content=content, after=after, body=body))


def nitf(docdata: str = "", *, meta: str = "", title: str = "Title") -> Story:
    return story(NITF.format(title=title, meta=meta, docdata=docdata))


@pytest.mark.parametrize(
    ("provider", "guid", "hour"),
    [
        ("STT", "x", 9),
        ("", "urn:newsml:stt.fi:20260501:1", 9),
        ("ANSA", "x", 10),
        ("NTB", "x", 10),
        ("TT", "x", 10),
        ("APA", "x", 10),
        ("Deutsche Presse-Agentur GmbH", "x", 10),
        ("Some Paper", "x", 11),  # the desk's own
    ],
)
def test_times_without_a_zone_are_in_their_agencys(provider: str, guid: str, hour: int) -> None:
    named = f'<provider literal="{provider}"/>' if provider else ""
    found = item(f"{named}<versionCreated>{NOON.isoformat()}</versionCreated>", guid=guid)
    assert found.version_created == datetime(2026, 5, 1, hour, tzinfo=UTC)


def test_a_zone_that_is_known_of_the_source_outdoes_that_of_the_agency() -> None:
    told = ITEM.format(
        guid="x",
        item='<provider literal="STT"/><versionCreated>2026-05-01T12:00:00</versionCreated>',
        content="",
        after="",
        body="<p>Copy.</p>",
    )
    found = story(told, source=replace(LONDON, own_timezone=True))
    assert found.version_created == datetime(2026, 5, 1, 11, tzinfo=UTC)


def test_the_slug_of_pa_is_scope_and_keyword_and_its_category_is_known() -> None:
    found = nitf(
        '<du-key key="580001T"/><doc-scope scope="SOCCER"/><key-list><keyword key="INT-Teams"/></key-list>'
        '<del-list><from-src src-name="PA" level-number="1"/></del-list>',
        meta='<meta name="category" content="FSP"/>',
    )
    assert (found.slugline, found.provider) == ("SOCCER INT-Teams", "PA")
    assert found.subjects == (
        Concept(name="sport data", qcode="pacat:FSP"),
        Concept(qcode="medtop:15000000", guessed=True),
        Concept(qcode="a1312cat:s", guessed=True),
    )


def test_elsewhere_du_key_is_the_slug_and_a_category_of_nobody_knows_whom_is_none() -> None:
    found = nitf(
        '<du-key key="quake"/><doc-scope scope="WORLD"/><key-list><keyword key="Quake"/></key-list>',
        meta='<meta name="category" content="FSP"/>',
    )
    assert found.slugline == "quake"
    assert all(subject.guessed for subject in found.subjects)


def test_a_guess_adds_nothing_to_a_topic_that_is_stated() -> None:
    found = nitf(
        '<del-list><from-src src-name="PA"/></del-list>',
        meta='<meta name="category" content="SSS"/>'
        '<tobject><tobject.subject tobject.subject.refnum="15000000"/></tobject>',
    )
    assert [subject.qcode for subject in found.subjects].count("medtop:15000000") == 1


def test_all_that_wenn_sends_is_entertainment_and_its_priorities_are_urgencies() -> None:
    (found,) = stories(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:nm="http://feed.wenn.com/xmlns/2010/03/wenn_nm">'
        "<author><name>WENN Newsdesk</name></author><entry><id>x</id><title>A title</title>"
        "<content>Copy.</content><nm:NewsManagement><nm:feedarticle_priority>med</nm:feedarticle_priority>"
        "</nm:NewsManagement></entry></feed>"
    )
    assert [subject.qcode for subject in found.subjects] == ["a1312cat:e", "medtop:01000000"]
    assert found.urgency == 5


def test_codes_of_stt_that_stand_in_the_wrong_place_are_put_into_theirs() -> None:
    coded = (
        '<subject literal="Related topic id" qcode="stt-topics:42"/><genre qcode="own:1"/>'
        '<genre literal="Quick" qcode="sttversion:4"/>'
    )
    found = item(content=coded, guid="urn:newsml:stt.fi:20260501:1")
    assert [subject.qcode for subject in found.subjects] == ["sttversion:4"]
    assert [genre.qcode for genre in found.genres] == ["own:1"]
    assert found.ed_notes == ("Related topic id: 42",)
    assert [subject.qcode for subject in item(content=coded).subjects] == ["stt-topics:42"]


def test_places_of_stt_have_the_names_that_it_asserts() -> None:
    found = item(
        content='<subject type="cpnat:geoArea" qcode="sttlocationalias:42"/><subject qcode="own:1"/>',
        after='<assert qcode="sttlocmeta:rich:42"><name>Turku</name></assert>'
        '<assert qcode="own:1"><name>Shipping</name></assert>',
    )
    assert found.places == (Concept(name="Turku", qcode="sttlocationalias:42"),)
    assert Concept(name="Shipping", qcode="own:1") in found.subjects


def test_old_subject_codes_stand_in_tts_literals() -> None:
    found = item(content='<subject literal="TT:02000000:LAG"/><subject literal="TT:x:LAG"/>')
    assert [subject.qcode for subject in found.subjects] == ["subj:02000000", "medtop:02000000", None]


def test_aps_categories_are_those_of_anpa() -> None:
    found = item(content='<subject qcode="apcategorycode:f"><name>f</name></subject>')
    assert [subject.qcode for subject in found.subjects] == [
        *("apcategorycode:f", "a1312cat:f", "medtop:04000000")
    ]


def test_a_dateline_that_is_a_machines_time_is_none() -> None:
    assert item(content="<dateline>2014-07-16 15:53:10 GMT+00:00</dateline>").dateline is None
    assert item(content="<dateline>DAMASCUS, July 16</dateline>").dateline == "DAMASCUS, July 16"


def test_a_caption_made_of_slug_and_headline_is_of_no_picture() -> None:
    caption = '<description role="descRole:caption">{}</description>'
    slug = "<slugline>SYRIA-ASSAD</slugline>"
    assert item(content=slug + caption.format("SYRIA-ASSAD:A headline")).pictures == ()
    assert len(item(content=slug + caption.format("A bridge at dawn")).pictures) == 1


def test_a_caption_that_opens_the_copy_is_of_no_picture() -> None:
    copy = "The council said on Monday that it would repair the old harbour bridge before winter begins."
    caption = f'<description role="drol:caption">{copy[:80]}</description>'
    assert item(content=caption, body=f"<p>{copy}</p>").pictures == ()
    assert len(item(content=caption, body="<p>Another copy.</p>").pictures) == 1


@pytest.mark.parametrize(
    ("headline", "slugline", "signals"),
    [
        ("UPDATE 2-Council meets", "", ("update",)),
        ("CORRECTED-Council meets", "OSLO-COUNCIL/ (UPDATE 1, PIX, CORRECTED)", ("correction", "update")),
        ("(2nd LD) Council meets", "", ("update",)),
        ("/C O R R E C T I O N -- Example Corp./", "", ("correction",)),
        ("CORRECTION ET MISE À JOUR - Le conseil siège", "", ("correction",)),
        ("Correction: Council story", "BC-EU--Council, 2nd Ld-Writethru", ("correction", "update")),
        ("Correctional officers meet - again", "BC-EU--Council (Oslo)", ()),
        ("Update: how to read it", "", ()),
    ],
)
def test_labels_of_headlines_and_slugs_are_signals(
    headline: str, slugline: str, signals: tuple[str, ...]
) -> None:
    found = item(content=f"<headline>{headline}</headline><slugline>{slugline}</slugline>")
    assert found.signals == signals


def test_an_agencys_own_kill_and_a_relation_by_its_address_are_known() -> None:
    relation = "http://cv.iptc.org/newscodes/itemrelation/previousVersion"
    found = item(f'<pubStatus qcode="apstat:kill"/><link reluri="{relation}" guidref="urn:x:0"/>')
    assert found.pub_status is PubStatus.CANCELED
    assert [link.rel for link in found.links] == ["irel:previousVersion"]


@pytest.mark.parametrize("valid", ["2026-06-07", "start=2026-06-01; end=2026-06-07; scheme=W3C-DTF"])
def test_a_feed_says_until_when_an_entry_is_valid(valid: str) -> None:
    (found,) = stories(
        '<rss version="2.0" xmlns:t="http://purl.org/dc/terms/"><channel><title>T</title><item><guid>x</guid>'
        f"<title>Title</title><description>Copy.</description><t:valid>{valid}</t:valid></item></channel></rss>"
    )
    assert found.expires is not None
    assert found.expires.date().isoformat() == "2026-06-07"


def test_a_code_that_is_a_name_is_read_as_one() -> None:
    found = item('<provider qcode="nprov:AFP"/>', '<located qcode="city:Oslo"/><creator qcode="photo:X90"/>')
    assert (found.provider, found.located, found.creators) == (
        "AFP",
        Location(name="Oslo", qcode="city:Oslo"),
        ("photo:X90",),
    )


def test_notes_in_markup_have_a_line_a_block_and_terms_that_are_none_are_no_terms() -> None:
    note = "<edNote><p>Contacts</p><ul><li>A</li><li>B</li></ul></edNote>"
    found = item(note, after="<rightsInfo><usageTerms>None</usageTerms></rightsInfo>")
    two = "<rightsInfo><usageTerms>No archive</usageTerms><usageTerms>Online only</usageTerms></rightsInfo>"
    assert item(after=two).usage_terms == "No archive\nOnline only"
    assert (found.ed_notes, found.usage_terms) == (("Contacts\nA\nB",), None)


def test_the_teaser_that_stands_above_the_dateline_too_is_told_once() -> None:
    copy = '<div><p class="teaser">It met.</p> <p><span>Oslo (dpa) - </span>The council met.</p></div>'
    ninjs = {"uri": "urn:x:1", "headline": "Council meets", "description_text": "It met.", "body_xhtml": copy}
    assert story(json.dumps(ninjs)).body_html == "<p>Oslo (dpa) - The council met.</p>"
    ninjs["body_xhtml"] = copy.replace("(dpa) - ", "")
    assert story(json.dumps(ninjs)).body_html.startswith("<p>It met.</p>")


def test_where_a_picture_was_taken_stands_in_the_properties_of_digitalwires() -> None:
    place = {"type": "dnltype:locationcreated", "name": "Place,Oslo,Norway"}
    told = {"geojson": {"properties": {"locality": "Oslo", "country": "Norway"}}}
    entry = {"format": "digitalwires-1", "urn": "urn:x:1", "headline": "A bridge"}
    found = story(json.dumps(entry | {"categories": [place | told]}))
    assert (found.located, found.places) == (Location(name="Oslo", country="Norway"), ())


@pytest.mark.parametrize(
    ("broader", "country"),
    [
        ('<broader type="cptype:country"><name>United States</name></broader>', "United States"),
        ('<broader type="cptype:statprov"><name>Maryland</name></broader>', None),
        ('<broader qcode="iso3166-1a2:US"><name>United States</name></broader>', "US"),
        ('<broader qcode="CTRY:IT" type="cptype:country"><name>Italy</name></broader>', "Italy"),
    ],
)
def test_the_country_of_a_place_is_the_broader_one_that_is_a_country(
    broader: str, country: str | None
) -> None:
    located = item(content=f"<located><name>Bethesda</name>{broader}</located>").located
    assert located is not None
    assert located.country == country


@pytest.mark.parametrize(
    ("by", "opening", "byline", "creators"),
    [
        ("", "By Ann Example and Bo Sample", "By Ann Example and Bo Sample", ("Ann Example", "Bo Sample")),
        ("By Staff Reporter", "By Ann Example", "By Ann Example", ("Ann Example",)),
        ("By Cy Other", "By Ann Example", "By Cy Other", ()),
        ("", "By Monday the water had gone.", None, ()),
    ],
)
def test_a_byline_that_opens_the_copy_counts_where_none_names_anybody(
    by: str, opening: str, byline: str | None, creators: tuple[str, ...]
) -> None:
    found = item(content=f"<by>{by}</by>" if by else "", body=f"<p>{opening}</p><p>Copy.</p>")
    assert (found.byline, found.creators) == (byline, creators)
    printed = "" if byline == opening else f"<p>{opening}</p>"  # once is enough
    assert found.body_html == f"{printed}<p>Copy.</p>"


@pytest.mark.parametrize(
    ("header", "end", "provider", "category", "hour"),
    [
        ("EFE0123 3 DEP 90", "051205 MAY 26", "EFE", "efecat:dep", 10),
        ("APA0123 5 II 0080", "051205 Mai 26", "APA", "apacat:ii", 10),
        ("ansa123 4 est 80", "051205 MAG 26", "ANSA", "ansacat:est", 10),
        ("tas012 3 i 120", "051205 MAY 26", "TASS", "a1312cat:i", 9),
    ],
)
def test_agencies_are_known_by_their_headers(
    header: str, end: str, provider: str, category: str, hour: int
) -> None:
    found = story(f"\x01{header}\r\nSLUG\r\n\x02Headline =\r\n\r\nThe copy.\r\n\x03{end}\r\n\x04")
    assert (found.provider, found.subjects[0].qcode) == (provider, category)
    assert found.version_created == datetime(2026, 5, 5, hour, 5, tzinfo=UTC)


def test_a_nitf_document_is_read_in_what_holds_it_in_an_item() -> None:
    inner = NITF.format(title="Title", meta="", docdata="")
    found = story(
        f'<contentSet><inlineXML contenttype="application/nitf+xml">{inner}</inlineXML></contentSet>'
    )
    assert (found.origin.format, found.headline, found.guid) == ("nitf", "Title", "x7")


def test_what_stands_between_the_parts_of_a_dateline_is_printed() -> None:
    head = (
        "<nitf><body><body.head><dateline><location>Madrid</location>{}<story.date>12 sep</story.date> "
        "(EFE).-</dateline></body.head><body.content><p>Copy.</p></body.content></body></nitf>"
    )
    assert story(head.format("")).dateline == "Madrid, 12 sep (EFE).-"
    assert story(head.format(" / ")).dateline == "Madrid / 12 sep (EFE).-"


def test_subject_codes_that_lost_their_zero_as_numbers_are_known() -> None:
    found = story(
        '<?xml version="1.0"?><RBNews><NewsID>1</NewsID><headline>H</headline><content>Copy.</content>'
        "<IPTCList><int>2000000</int></IPTCList></RBNews>"
    )
    assert "subj:02000000" in [subject.qcode for subject in found.subjects]


def test_a_scheme_that_ends_in_two_slashes_keeps_them() -> None:
    found = story(
        '{"uri": "x", "headline": "H", "subject": [{"name": "N", "scheme": "h10://", "code": "9"}]}'
    )
    assert [subject.qcode for subject in found.subjects] == ["h10://9"]


def test_headlines_of_ninjs_1_have_their_role_in_their_name() -> None:
    found = story('{"uri": "x", "headline_main": "Main", "headline_sub": "Sub", "body_text": "Copy."}')
    assert (found.headline, found.subheadline) == ("Main", "Sub")


def test_signals_that_some_add_to_ninjs_and_items_that_are_wrapped_twice_are_read() -> None:
    found = story(
        '{"status": "ok", "data": {"items": [{"uri": "x", "headline": "H", "body_text": "Copy.", "signal": '
        '[{"code": "sig:update", "name": "update"}, {"code": "newscontent"}]}]}}'
    )
    assert (found.headline, found.signals) == ("H", ("update",))


@pytest.mark.parametrize(
    ("status", "state", "embargo"),
    [
        ("publish", PubStatus.USABLE, None),
        ("draft", PubStatus.WITHHELD, None),
        ("pending", PubStatus.WITHHELD, None),
        ("trash", PubStatus.CANCELED, None),
        ("future", PubStatus.USABLE, datetime(2026, 6, 7, 8, tzinfo=UTC)),
    ],
)
def test_a_post_of_wordpress_is_published_only_when_it_is(
    status: str, state: PubStatus, embargo: datetime | None
) -> None:
    (found,) = stories(
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>T</title><item>'
        "<guid>x</guid><title>Title</title><description>Copy.</description><wp:post_type>post</wp:post_type>"
        f"<wp:post_date_gmt>2026-06-07 08:00:00</wp:post_date_gmt><wp:status>{status}</wp:status></item>"
        "<item><title>About us</title><description>We.</description><wp:post_type>page</wp:post_type></item>"
        "</channel></rss>"
    )
    assert (found.pub_status, found.embargoed) == (state, embargo)


@pytest.mark.parametrize(
    ("statements", "name"),
    [
        ("STT\nx", "stt"),
        ("The Associated Press\nx", "ap"),
        ("\nurn:newsml:tt.se:1", "tt"),
        ("/ritzau/\nx", "ritzau"),
        ("Deutsche Presse-Agentur GmbH\nx", "dpa"),
        ("bbc news\nx", "bbc"),
        ("stt\nx", None),  # its letters are capitals
        ("LUSA - Agência de Notícias de Portugal, SA\nx", "lusa"),
        ("\nurn:newsml:yna.co.kr:1", "yonhap"),
        ("PAP\nx", "pap"),
        ("Anadolu Agency\nx", "anadolu"),
        ("Интерфакс\nx", "interfax"),
        ("Some Paper\nx", None),
    ],
)
def test_an_agency_is_known_by_what_an_item_says_of_itself(statements: str, name: str | None) -> None:
    found = profiles.profile_said_by(statements)
    assert (found.name if found else None) == name


def test_every_profile_can_be_loaded() -> None:
    assert [profiles.load(name).name for name in profiles.names()] == list(profiles.names())


def test_the_caption_of_something_heard_says_what_it_is_about() -> None:
    told = {
        "uri": "urn:x:9",
        "type": "audio",
        "headlines": [{"role": "main", "value": "The vote"}],
        "descriptions": [{"role": "caption", "value": "The mayor says no."}],
    }
    found = story(json.dumps(told))
    assert (found.description, found.pictures) == ("The mayor says no.", ())
