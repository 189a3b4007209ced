"""Rules for entries and feeds; R numbers and edge cases are those of the feeds reference."""

from __future__ import annotations

import locale
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.feeds.stories import HOUSE, ORIGIN, START, make_revision, make_story
from wire.errors import RenderError
from wire.ports import House
from wire.publish.feeds.entries import AtomRenderer, RssRenderer, feed_entry, render_entry
from wire.publish.feeds.feedgen_repairs import in_plain_text, rfc822
from wire.publish.feeds.heads import NEVER_CHANGED, FeedSpec, feed_generator, heads, modified
from wire.story import OPEN_ENDED, Concept, Picture, Revision, Story

ATOM_GRAMMAR = Path(__file__).parents[3] / "shared" / "schemas" / "feeds" / "atom.rng"
SPEC = FeedSpec(id="world", title="World & <more>", description="All of it", language="en-GB")

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
}


def feed_of(*revisions: Revision, format: str, house: House = HOUSE, spec: FeedSpec = SPEC) -> bytes:
    return heads(spec, house)[format].join([render_entry(revision, house) for revision in revisions])


def item_of(revision: Revision) -> etree._Element:
    return etree.fromstring(feed_of(revision, format="rss")).find("channel/item")


def entry_of(revision: Revision) -> etree._Element:
    return etree.fromstring(feed_of(revision, format="atom")).find("a:entry", NS)


# --- The join ------------------------------------------------------------------------------------


def by_feedgen_in_one_go(revisions: list[Revision], format: str) -> bytes:
    """What feedgen itself writes for these entries, its faults repaired, nothing cached or joined."""
    feed = feed_generator(SPEC, HOUSE, format)
    feed.updated(max((revision.updated for revision in revisions), default=NEVER_CHANGED))
    for revision in revisions:
        feed.add_entry(feed_entry(revision, HOUSE), order="append")
    whole = feed.atom_str() if format == "atom" else feed.rss_str()
    return b"".join(map(in_plain_text, re.split(rb"(?=<item>|<entry)", whole)))


@pytest.mark.parametrize("format", ["rss", "atom"])
@pytest.mark.parametrize("count", [0, 1, 50])
def test_the_join_is_byte_for_byte_what_feedgen_writes_in_one_go(format: str, count: int) -> None:
    bare = make_story(
        description=None, pictures=(), keywords=(), subjects=(), creators=(), byline=None, body_html=""
    )
    revisions = [make_revision(n, story=None if n % 3 else bare) for n in range(1, count + 1)]
    assert feed_of(*revisions, format=format) == by_feedgen_in_one_go(revisions, format)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)


@given(headline=texts, description=texts, keyword=texts)
def test_the_join_equals_feedgen_whatever_the_words(headline: str, description: str, keyword: str) -> None:
    story = make_story(headline=headline, description=description, keywords=(keyword,))
    revisions = [make_revision(1, story=story), make_revision(2)]
    for format in ("rss", "atom"):
        assert feed_of(*revisions, format=format) == by_feedgen_in_one_go(revisions, format)


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_the_same_revision_gives_the_same_bytes(format: str) -> None:
    assert feed_of(make_revision(), format=format) == feed_of(make_revision(), format=format)


def test_dates_do_not_touch_the_locale_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the locale was touched")

    monkeypatch.setattr(locale, "setlocale", refuse)
    feed_of(make_revision(), format="rss")


# --- Identity ------------------------------------------------------------------------------------


def test_a_guid_that_is_a_uri_is_the_id_in_both_formats_and_no_permalink() -> None:  # R1, R2
    revision = make_revision(guid="urn:newsml:example.org:20260304:harbour")
    guid = item_of(revision).find("guid")
    assert (guid.text, guid.get("isPermaLink")) == (revision.guid, "false")
    assert entry_of(revision).findtext("a:id", None, NS) == revision.guid


@pytest.mark.parametrize("guid", ["EXA:1234", "harbour 7", "//example.org/a", "urn:x:with blank", "ürn:x:y"])
def test_any_other_guid_becomes_a_tag_uri_of_our_own_id_and_year(guid: str) -> None:
    revision = make_revision(7, guid=guid)
    assert item_of(revision).findtext("guid") == "tag:news.example,2026:s0007"
    assert entry_of(revision).findtext("a:id", None, NS) == "tag:news.example,2026:s0007"


def test_the_id_survives_a_new_headline_and_a_move_of_the_site() -> None:  # edge cases 19, "base-URL change"
    moved = House(
        name="New name", id=HOUSE.id, home_page="https://other.example/", base_url="https://other.example"
    )
    before = make_revision(guid="EXA:1")
    after = make_revision(guid="EXA:1", version=2, story=make_story(headline="All new"))
    at_new_site = etree.fromstring(feed_of(after, format="rss", house=moved))
    assert at_new_site.findtext("channel/item/guid") == item_of(before).findtext("guid")


def test_a_feeds_own_id_is_permanent() -> None:  # R5
    moved = House(
        name="New name", id=HOUSE.id, home_page="https://other.example/", base_url="https://other.example"
    )
    renamed = FeedSpec(id="world", title="Another title")
    ids = {
        etree.fromstring(feed_of(format="atom", house=house, spec=spec)).findtext("a:id", None, NS)
        for house, spec in ((HOUSE, SPEC), (moved, renamed))
    }
    assert len(ids) == 1
    assert ids.pop().startswith("urn:uuid:")


# --- Time ----------------------------------------------------------------------------------------


def test_a_correction_keeps_the_date_of_publication_and_moves_the_date_of_change() -> None:  # R6-R8, case 15
    corrected_at = START + timedelta(hours=2)
    correction = make_revision(1, version=2, published=START, updated=corrected_at)
    item, entry = item_of(correction), entry_of(correction)
    assert item.findtext("pubDate") == "Wed, 04 Mar 2026 05:06:07 GMT"
    assert item.findtext("dcterms:modified", None, NS) == "2026-03-04T07:06:07.123000+00:00"
    assert entry.findtext("a:published", None, NS) == "2026-03-04T05:06:07.123000+00:00"
    assert entry.findtext("a:updated", None, NS) == "2026-03-04T07:06:07.123000+00:00"


def test_times_are_written_in_utc_whatever_zone_they_come_in() -> None:  # R9, R10
    east = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert render_entry(make_revision(published=east, updated=east), HOUSE) == render_entry(
        make_revision(published=START, updated=START), HOUSE
    )


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year > 1900))
def test_rfc_822_dates_are_what_the_standard_library_reads_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert datetime.strptime(rfc822(moment), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC) == moment


def test_a_feeds_date_is_the_latest_change_of_any_entry() -> None:  # R11
    old_but_corrected = make_revision(1, updated=START + timedelta(days=1))
    newest = make_revision(9)
    rss = etree.fromstring(feed_of(newest, old_but_corrected, format="rss"))
    atom = etree.fromstring(feed_of(newest, old_but_corrected, format="atom"))
    assert rss.findtext("channel/lastBuildDate") == "Thu, 05 Mar 2026 05:06:07 GMT"
    assert atom.findtext("a:updated", None, NS) == "2026-03-05T05:06:07.123000+00:00"


def test_an_empty_feed_is_valid_and_never_says_now() -> None:  # edge case 37
    rss = feed_of(format="rss")
    assert b"<lastBuildDate>Sat, 01 Jan 2000 00:00:00 GMT</lastBuildDate>" in rss
    assert modified([]) == NEVER_CHANGED
    assert not feedparser.parse(rss).bozo
    assert not feedparser.parse(feed_of(format="atom")).bozo


# --- Text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "AT&T <Q3>",
        "AT&amp;T",
        "a ]]> b",
        "\u202eright to left\u202c",
        "family \U0001f468\u200d\U0001f469\u200d\U0001f467 news",
        "a\n b\t c",
    ],
)
@pytest.mark.parametrize("format", ["rss", "atom"])
def test_a_title_comes_back_as_it_was_written(title: str, format: str) -> None:  # R15, R16, cases 3, 5, 6, 8
    root = etree.fromstring(feed_of(make_revision(story=make_story(headline=title)), format=format))
    path = "channel/item/title" if format == "rss" else "a:entry/a:title"
    assert root.findtext(path, None, NS) == " ".join(title.split())


def test_rss_titles_use_the_references_that_the_profile_asks_for() -> None:  # R15
    rss = feed_of(make_revision(story=make_story(headline="AT&T <Q3>")), format="rss")
    assert b"<title>AT&#x26;T &#x3C;Q3&gt;</title>" in rss
    assert b"<title>World &#x26; &#x3C;more&gt;</title>" in rss


def test_a_plain_summary_is_html_in_the_feed_escaped_once() -> None:  # R17
    revision = make_revision(story=make_story(description="AT&T <b>"))
    assert item_of(revision).findtext("description") == "AT&amp;T &lt;b>".replace("b>", "b&gt;")
    summary = entry_of(revision).find("a:summary", NS)
    assert (summary.get("type"), summary.text) == ("html", "AT&amp;T &lt;b&gt;")


def test_the_summary_stands_before_the_body() -> None:  # R18
    names = [etree.QName(child).localname for child in item_of(make_revision())]
    assert names.index("description") < names.index("encoded")


def test_the_body_comes_back_equal() -> None:  # cases 5, 7
    body = "<p>A &lt; B &amp; C ]]&gt; “quoted” 漢字 مرحبا</p>"
    revision = make_revision(story=make_story(body_html=body))
    assert item_of(revision).findtext("content:encoded", None, NS) == body
    content = entry_of(revision).find("a:content", NS)
    assert (content.get("type"), content.text) == ("html", body)


def test_a_story_without_a_body_has_no_empty_elements() -> None:  # case 35
    revision = make_revision(story=make_story(body_html="", description=None))
    assert item_of(revision).find("description") is None
    assert entry_of(revision).find("a:content", NS) is None
    assert entry_of(revision).find("a:link[@rel='alternate']", NS) is not None


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"headline": None, "slugline": "harbour-closed"}, "harbour-closed"),
        ({"headline": None, "description": "Short & sweet"}, "Short & sweet"),
        ({"headline": None, "description": None, "body_html": "<p>Only &amp; body</p>"}, "Only & body"),
        ({"headline": None, "description": "word " * 40}, ("word " * 20).strip() + "…"),
        ({"headline": " ", "description": None, "body_html": ""}, "Untitled"),
    ],
)
def test_a_story_without_a_headline_is_titled_by_what_it_has(changes: dict[str, str], title: str) -> None:
    assert item_of(make_revision(story=make_story(**changes))).findtext("title") == title  # case 34


def test_illegal_characters_never_reach_a_feed() -> None:  # R13, cases 1, 2
    story = make_story(
        headline="Bell\x07 and\ud800 half", body_html="<p>vt\x0b\ufffe</p>", keywords=("nul\x00",)
    )
    for format in ("rss", "atom"):
        etree.fromstring(feed_of(make_revision(story=story), format=format))


def test_what_cannot_be_written_is_refused_as_one_story() -> None:
    story = make_story(pictures=(Picture(href="https://pictures.example/a.png", credit="nul\x00"),))
    with pytest.raises(RenderError, match="s0001"):
        render_entry(make_revision(story=story), HOUSE)


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_notes_to_editors_and_embargoes_are_never_shown(format: str) -> None:
    feed = feed_of(make_revision(story=make_story(embargoed=OPEN_ENDED)), format=format)
    assert b"SECRET-NOTE" not in feed
    assert b"9999" not in feed


def test_each_entry_says_its_own_language() -> None:  # case 33
    revision = make_revision(story=make_story(language="ar"))
    assert item_of(revision).findtext("dc:language", None, NS) == "ar"
    assert entry_of(revision).get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


# --- Links, people, subjects, pictures -----------------------------------------------------------


def test_a_feed_names_itself_and_its_page() -> None:  # R23, R26
    rss, atom = (etree.fromstring(feed_of(format=format)) for format in ("rss", "atom"))
    own = rss.find("channel/atom:link", NS)
    assert (own.get("href"), own.get("rel")) == ("https://wire.news.example/feeds/world.rss", "self")
    assert rss.findtext("channel/link") == "https://wire.news.example/feeds/world"
    assert rss.findtext("channel/language") == "en-GB"
    links = {link.get("rel"): (link.get("href"), link.get("type")) for link in atom.iterfind("a:link", NS)}
    assert links == {
        "self": ("https://wire.news.example/feeds/world.atom", "application/atom+xml"),
        "alternate": ("https://wire.news.example/feeds/world", "text/html"),
    }


def test_an_entry_links_to_the_story_page_by_our_own_id() -> None:
    revision = make_revision(7)
    assert item_of(revision).findtext("link") == "https://wire.news.example/stories/s0007"
    link = entry_of(revision).find("a:link[@rel='alternate']", NS)
    assert (link.get("href"), link.get("type")) == ("https://wire.news.example/stories/s0007", "text/html")


def test_authors_without_mail_are_dc_creators_and_never_rss_authors() -> None:  # F9
    revision = make_revision()
    names = ["Example Reporter", "Example Photographer"]
    assert [e.text for e in item_of(revision).iterfind("dc:creator", NS)] == names
    assert item_of(revision).find("author") is None
    assert [e.text for e in entry_of(revision).iterfind("a:author/a:name", NS)] == names


def test_a_byline_stands_in_for_unknown_names() -> None:
    revision = make_revision(story=make_story(creators=()))
    assert item_of(revision).findtext("dc:creator", None, NS) == "By Example Reporter"


def test_categories_carry_the_scheme_of_their_vocabulary_each_once() -> None:
    found = [(e.text, e.get("domain")) for e in item_of(make_revision()).iterfind("category")]
    topics = "http://cv.iptc.org/newscodes/mediatopic/"
    assert found == [
        ("weather", topics),
        ("house subject", None),
        ("free subject", None),
        ("harbour", None),
        ("weather & <wind>", None),
    ]
    weather = entry_of(make_revision()).find("a:category", NS)
    assert dict(weather.attrib) == {"term": "17000000", "scheme": topics, "label": "weather"}


def test_a_subject_without_name_or_code_is_no_category() -> None:
    story = make_story(subjects=(Concept(),), keywords=())
    assert item_of(make_revision(story=story)).find("category") is None


def test_rss_has_one_enclosure_the_main_picture_and_media_content_for_all() -> None:  # R24, case 31
    item = item_of(make_revision())
    [enclosure] = item.findall("enclosure")
    url = "https://pictures.example/h%C3%A4rbour.jpg?a=1&b=2"
    assert dict(enclosure.attrib) == {"url": url, "length": "12345", "type": "image/jpeg"}
    first, second = item.findall("media:content", NS)
    assert (first.get("url"), first.get("fileSize"), first.get("width")) == (url, "12345", "800")
    assert first.findtext("media:description", None, NS) == "The empty <harbour>"
    assert first.findtext("media:credit", None, NS) == "Example Agency"
    assert second.get("fileSize") is None


def test_an_unknown_length_is_zero_in_rss_and_absent_in_atom() -> None:  # R24, R25
    picture = Picture(href="https://pictures.example/pier.png")
    revision = make_revision(story=make_story(pictures=(picture,)))
    assert item_of(revision).find("enclosure").get("length") == "0"
    link = entry_of(revision).find("a:link[@rel='enclosure']", NS)
    assert (link.get("type"), link.get("length")) == ("image/png", None)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "/relative.jpg", "file:///etc/passwd", "http://", "http://[bad/x.jpg", "data:,x"],
)
def test_only_absolute_web_addresses_of_pictures_are_shown(href: str) -> None:  # R20
    story = make_story(pictures=(Picture(href=href, caption="x", mimetype="image/jpeg"),))
    item = item_of(make_revision(story=story))
    assert item.find("enclosure") is None
    assert item.find("media:content", NS) is None


def test_a_picture_of_unknown_type_is_no_enclosure() -> None:  # case 30
    story = make_story(pictures=(Picture(href="https://bücher.example/picture"),))
    item = item_of(make_revision(story=story))
    assert item.find("enclosure") is None
    assert item.find("media:content", NS).get("url") == "https://xn--bcher-kva.example/picture"


def test_atom_links_keep_their_attributes() -> None:  # F1
    rels = [link.get("rel") for link in entry_of(make_revision()).iterfind("a:link", NS)]
    assert sorted(rels) == ["alternate", "enclosure", "enclosure"]


# --- Judges --------------------------------------------------------------------------------------


def test_atom_satisfies_the_grammar() -> None:
    if not ATOM_GRAMMAR.exists():
        pytest.skip("the Atom grammar lies outside the project and is not here")
    grammar = etree.RelaxNG(etree.parse(ATOM_GRAMMAR))
    bare = make_story(description=None, body_html="", pictures=(), creators=(), byline=None)
    feed = feed_of(make_revision(1), make_revision(2, story=bare), format="atom")
    assert grammar.validate(etree.fromstring(feed)), grammar.error_log


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_a_feed_reader_reads_back_what_was_written(format: str) -> None:
    parsed = feedparser.parse(feed_of(make_revision(1), format=format))
    [entry] = parsed.entries
    assert not parsed.bozo
    assert entry.id == "urn:newsml:example.org:20260304:s0001"
    assert entry.link == "https://wire.news.example/stories/s0001"
    assert entry.published_parsed[:6] == (2026, 3, 4, 5, 6, 8)
    assert entry.updated_parsed[:6] == (2026, 3, 4, 5, 6, 8)
    assert "weather" in [tag.label or tag.term for tag in entry.tags]
    assert entry.content[0].value.startswith("<p>The harbour was closed")
    assert entry.enclosures[-1].href.startswith("https://pictures.example/h")


@pytest.mark.parametrize("renderer", [RssRenderer(), AtomRenderer()])
def test_one_story_can_be_a_feed_of_its_own(renderer: RssRenderer | AtomRenderer) -> None:
    document = renderer.render(make_revision(), HOUSE)
    assert document.media_type == f"application/{renderer.format}+xml; charset=utf-8"
    assert document.suffix == renderer.format
    assert len(feedparser.parse(document.body).entries) == 1


@pytest.mark.parametrize("renderer", [RssRenderer, AtomRenderer])
def test_two_pictures_of_one_address_are_told_as_a_loss(renderer: type[RssRenderer | AtomRenderer]) -> None:
    pictures = (
        Picture(href="https://a.example/x.jpg", caption="One"),
        Picture(href="https://a.example/x.jpg", caption="Two"),
    )
    told = [
        renderer().render(
            make_revision(story=Story(body_html="<p>A.</p>", pictures=some, origin=ORIGIN)), HOUSE
        )
        for some in (pictures[:1], pictures)
    ]
    assert ["pictures" in document.losses for document in told] == [False, True]
