"""The forty edge cases of feeds, each under its number, as far as they are a matter of formats.

Those that need a whole desk are in `test_edge_cases_whole.py`: 9, 10, 11, 13, 16, 17, 18, 24, 38, 39 and 40.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
from lxml import etree

from tests.feeds.stories import HOUSE, ORIGIN, START, MemoryRows, make_revision, make_story
from tests.parse.reading import story as read_story
from wire.publish.feeds.board import FeedBoard, merge
from wire.publish.feeds.entries import KeptEntry
from wire.publish.feeds.heads import FeedSpec
from wire.story import Action, Picture, Revision, Standing, Story

FORMATS = ("rss", "atom", "json")
XML = ("rss", "atom")
COPY = "The harbour of Exampleville is closed until further notice, its master said on Monday."


def board_of(*revisions: Revision, **settings: Any) -> FeedBoard:
    rows = MemoryRows()
    rows.put("world", *revisions)
    return FeedBoard([FeedSpec(**({"id": "world", "title": "World"} | settings))], HOUSE, rows)


def feed(*revisions: Revision, format: str = "atom", **settings: Any) -> bytes:
    rendition = board_of(*revisions, **settings).rendition("world", format)
    assert rendition is not None
    return rendition.body


def entries(*revisions: Revision, format: str, **settings: Any) -> list[Any]:
    """What a feed reader sees of them."""
    parsed = feedparser.parse(feed(*revisions, format=format, **settings))
    assert not parsed.bozo
    found: list[Any] = parsed.entries
    return found


def entry(format: str, **changes: Any) -> Any:
    [found] = entries(make_revision(story=make_story(**changes)), format=format)
    return found


def plain(body: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body)
    return found


@pytest.mark.parametrize("format", XML)
def test_case_01_control_characters_are_removed_and_harm_no_other_story(format: str) -> None:
    odd = make_revision(
        2, story=make_story(headline="Bell\x07, tab\x0b and nul\x00", body_html="<p>\x0b</p>")
    )
    found = entries(odd, make_revision(1), format=format)
    assert [len(found), found[0].title] == [2, "Bell, tab and nul"]
    assert set(re.findall(rb"&#\w+;", feed(odd, format="atom"))) <= {b"&#x26;", b"&#x3C;"}


@pytest.mark.parametrize("format", FORMATS)
def test_case_02_lone_surrogates_and_noncharacters_never_come_out(format: str) -> None:
    body = feed(
        make_revision(story=make_story(headline="half \ud800 \ufffe\uffff", body_html="<p>\udfff</p>")),
        format=format,
    )
    assert not {"\ud800", "\ufffe", "\uffff"} & set(body.decode("utf-8"))


@pytest.mark.parametrize("format", XML)
def test_case_03_emoji_are_kept_exactly(format: str) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 and \U0001f3f4"
    assert entry(format, headline=family).title == family


def test_case_04_text_from_right_to_left_says_its_language() -> None:
    root = etree.fromstring(feed(make_revision(story=make_story(headline="أغلق الميناء", language="ar"))))
    found = root.find("{*}entry")
    assert found is not None
    assert found.findtext("{*}title") == "أغلق الميناء"
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


@pytest.mark.parametrize("format", XML)
def test_case_05_the_end_of_a_cdata_section_is_a_text_like_any_other(format: str) -> None:
    body = "<p>if (a[b[0]]&gt;c) ]]&gt;</p>"
    assert body.encode() not in feed(make_revision(story=make_story(body_html=body)), format=format)
    root = etree.fromstring(feed(make_revision(story=make_story(body_html=body)), format=format))
    assert body in [element.text for element in root.iter()]


@pytest.mark.parametrize("title", ["AT&T <Q3>", "AT&amp;T"])
def test_case_06_titles_are_escaped_exactly_once(title: str) -> None:
    revision = make_revision(story=make_story(headline=title))
    assert etree.fromstring(feed(revision, format="rss")).findtext("channel/item/title") == title
    assert etree.fromstring(feed(revision)).findtext("{*}entry/{*}title") == title
    assert plain(feed(revision, format="json"))["items"][0]["title"] == title


@pytest.mark.parametrize("format", XML)
def test_case_07_no_entity_is_named_that_xml_does_not_know(format: str) -> None:
    body = feed(
        make_revision(story=make_story(body_html="<p>caf\u00e9\u00a0\u2013 &amp;nbsp;</p>")), format=format
    )
    assert b"&nbsp;" not in body
    assert b"&eacute;" not in body
    etree.fromstring(body)


@pytest.mark.parametrize("format", XML)
def test_case_08_what_was_escaped_twice_is_left_so(format: str) -> None:
    found = etree.fromstring(
        feed(make_revision(story=make_story(body_html="<p>a &amp;amp; b</p>")), format=format)
    )
    assert "<p>a &amp;amp; b</p>" in [element.text for element in found.iter()]


@pytest.mark.parametrize("format", FORMATS)
def test_case_10_what_was_under_embargo_is_dated_by_its_release(format: str) -> None:
    release = START + timedelta(days=1)
    revision = make_revision(action=Action.RELEASE, published=release, updated=release)
    body = feed(revision, format=format).decode()
    assert ("2026-03-05T05:06:07" if format != "rss" else "Thu, 05 Mar 2026 05:06:07 GMT") in body
    assert "Wed, 04 Mar" not in body


@pytest.mark.parametrize("notice", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_case_12_a_kill_leaves_a_tombstone_or_a_notice_and_nothing_else(format: str, notice: bool) -> None:
    killed = make_revision(
        seq=9, action=Action.KILL, standing=Standing.KILLED, updated=START + timedelta(hours=1)
    )
    body = feed(killed, format=format, kill_notice=notice)
    assert (b"deleted-entry" in body) is (format == "atom")
    assert (b"no longer available" in body) is notice
    assert b"harbour was closed" not in body
    assert b"pictures.example" not in body


def test_case_14_a_story_that_is_usable_again_comes_back_under_its_id() -> None:
    again = START + timedelta(hours=2)
    withheld = make_revision(seq=9, standing=Standing.WITHHELD, updated=START + timedelta(hours=1))
    board = board_of(withheld)
    board.rendition("world", "atom")
    board.changed([(["world"], make_revision(seq=10, action=Action.RELEASE, updated=again))])
    rendition = board.rendition("world", "atom")
    assert rendition is not None
    [found] = feedparser.parse(rendition.body).entries
    assert (found.id, found.updated) == (withheld.guid, again.isoformat())
    assert b"deleted-entry" not in rendition.body


@pytest.mark.parametrize("format", XML)
def test_case_15_a_correction_is_the_same_entry_with_a_later_change(format: str) -> None:
    later = START + timedelta(hours=1)
    first = make_revision(1)
    corrected = replace(
        first, seq=2, version=2, action=Action.CORRECTION, updated=later, story=make_story(headline="New")
    )
    window = merge([KeptEntry(first, HOUSE)], [KeptEntry(corrected, HOUSE)], 10)
    assert len(window) == 1
    [before], [after] = entries(first, format=format), entries(corrected, format=format)
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated_parsed[:6] == (2026, 3, 4, 6, 6, 7)
    assert after.title == "New"


def test_case_19_a_new_headline_moves_neither_id_nor_link() -> None:
    before, after = entry("rss"), entry("rss", headline="All new", slugline="all-new")
    assert (before.id, before.link) == (after.id, after.link)


def test_case_20_stories_of_one_second_are_told_apart_and_stay_in_order() -> None:
    moments = [START.replace(microsecond=millisecond * 1000) for millisecond in (1, 2, 2)]
    revisions = [make_revision(n, published=when, updated=when) for n, when in enumerate(moments, 1)]
    found = entries(*revisions, format="atom")
    assert [item.link.rpartition("/")[2] for item in found] == ["s0002", "s0003", "s0001"]
    assert found[0].updated == "2026-03-04T05:06:07.002000+00:00"


def test_case_21_a_story_has_one_id_in_every_feed_and_stands_once_in_each() -> None:
    rows, revision = MemoryRows(), make_revision()
    rows.put("world", revision, revision)
    rows.put("sport", revision)
    board = FeedBoard([FeedSpec(id=name, title=name) for name in ("world", "sport")], HOUSE, rows)
    ids = []
    for name in ("world", "sport"):
        rendition = board.rendition(name, "rss")
        assert rendition is not None
        ids.append([item.id for item in feedparser.parse(rendition.body).entries])
    assert ids[0] == ids[1] == [revision.guid]


@pytest.mark.parametrize("format", XML)
def test_case_22_dates_of_the_source_never_date_an_entry(format: str) -> None:
    future = datetime(2099, 1, 1, tzinfo=UTC)
    story = make_story(first_created=future, version_created=future, content_created=future)
    assert b"2099" not in feed(make_revision(story=story), format=format)


@pytest.mark.parametrize("format", FORMATS)
def test_case_23_nothing_is_dated_by_the_clock(format: str) -> None:
    assert feed(make_revision(), format=format) == feed(make_revision(), format=format)
    assert feed(format=format) == feed(format=format)


@pytest.mark.parametrize(
    ("stated", "utc"),
    [
        ("Mon, 01 Jun 26 09:30:00 EST", "2026-06-01T14:30"),
        ("2026-06-01T09:30:00", "2026-06-01T08:30"),
    ],
)
def test_case_24_odd_dates_are_read_as_what_they_mean(stated: str, utc: str) -> None:
    found = read_story(page(f"<p>{COPY}</p>", published=stated), "a.xml")
    stamp = found.first_created or found.version_created or found.content_created
    assert stamp is not None
    assert stamp.astimezone(UTC).isoformat().startswith(utc)


def page(body: str, published: str = "Mon, 01 Jun 2026 09:30:00 GMT") -> str:
    """A feed of somebody else with one story, as it lies in the inbox."""
    return (
        "<rss version='2.0'><channel><title>Agency</title><link>https://agency.example/</link><item>"
        "<title>Harbour closed</title><link>https://agency.example/news/7</link><guid>https://agency.example/news/7</guid>"
        f"<pubDate>{published}</pubDate><description><![CDATA[{body}]]></description></item></channel></rss>"
    )


def body_as_fed(body: str) -> str:
    """What becomes of a body on its way into a feed."""
    made = read_story(page(f"<p>{COPY}</p>{body}"), "a.xml")
    text = etree.fromstring(feed(make_revision(story=made))).findtext("{*}entry/{*}content") or ""
    assert COPY in text
    return text


def test_case_26_links_of_a_body_are_absolute() -> None:
    text = body_as_fed(
        '<p><a href="/a?x=1&amp;y=2">one</a> <a href="//b.example/c">two</a>'
        ' <a href="mailto:a@example.org">three</a></p>'
    )
    assert 'href="https://agency.example/a?x=1&amp;y=2"' in text
    assert 'href="https://b.example/c"' in text
    assert 'href="mailto:a@example.org"' in text


def test_case_27_nothing_in_a_body_acts() -> None:
    text = body_as_fed(
        "<p onclick='x()' style='width:expression(1)'>Kept words</p><script>evil()</script>"
        "<svg onload='x()'/><iframe src='https://x.example/'></iframe>"
        "<meta http-equiv='refresh' content='0'><a href='javascript:x()'>a</a>"
    )
    assert "Kept words" in text
    for part in ("script", "onclick", "style", "svg", "iframe", "meta", "evil()"):
        assert part not in text


def test_case_28_broken_markup_is_mended() -> None:
    text = body_as_fed("<p>One <b>bold <i>both</b> rest</i><ul><li>a<li>b")
    etree.fromstring(f"<div>{text}</div>")
    assert "rest" in text


def test_case_29_of_a_whole_document_only_the_body_is_taken() -> None:
    text = body_as_fed(
        "<html><head><title>Not this</title><style>p{}</style></head><body><p>This</p></body></html>"
    )
    assert "<p>This</p>" in text
    assert "p{}" not in text
    assert "<html" not in text


@pytest.mark.parametrize("format", XML)
def test_case_25_dates_long_ago_are_no_trouble(format: str) -> None:
    old = datetime(1968, 5, 3, 12, tzinfo=UTC)
    found = entry(format, first_created=old, content_created=datetime(1, 1, 1, tzinfo=UTC))
    assert found.published_parsed[0] == 2026
    [dated] = entries(make_revision(published=old, updated=old), format=format)
    assert dated.published_parsed[:3] == (1968, 5, 3)


@pytest.mark.parametrize("format", XML)
def test_case_30_an_enclosure_is_whole_or_none(format: str) -> None:
    pictures = (
        Picture(href="https://pictures.example/sch\u00f6n bild"),
        Picture(href="https://pictures.example/pier.png"),
    )
    root = etree.fromstring(feed(make_revision(story=make_story(pictures=pictures)), format=format))
    body = etree.tostring(root)
    assert b"None" not in body
    assert b"https://pictures.example/sch%C3%B6n%20bild" in body
    enclosures = [e for e in root.iter() if e.tag == "enclosure" or e.get("rel") == "enclosure"]
    assert [(e.get("type"), e.get("length")) for e in enclosures] == [
        ("image/png", "0" if format == "rss" else None)
    ]


def test_case_31_of_many_pictures_one_is_enclosed_and_all_are_described() -> None:
    pictures = tuple(
        Picture(href=f"https://pictures.example/{n}.jpg", caption=f"Caption {n}", credit=f"Credit {n}")
        for n in range(5)
    )
    item = etree.fromstring(feed(make_revision(story=make_story(pictures=pictures)), format="rss")).find(
        "channel/item"
    )
    assert item is not None
    assert [e.get("url") for e in item.findall("enclosure")] == ["https://pictures.example/0.jpg"]
    described = [(e.findtext("{*}description"), e.findtext("{*}credit")) for e in item.iterfind("{*}content")]
    assert described == [(f"Caption {n}", f"Credit {n}") for n in range(5)]


def test_case_32_a_picture_that_is_replaced_has_its_own_length() -> None:
    first, second = (
        entry("rss", pictures=(Picture(href="https://pictures.example/a.jpg", size=size),))
        for size in (10, 20)
    )
    assert (first.enclosures[0].length, second.enclosures[0].length) == ("10", "20")


def test_case_33_each_entry_says_its_language_and_an_unknown_one_none() -> None:
    french, unknown = (
        make_revision(2, story=make_story(language="fr")),
        make_revision(1, story=make_story(language=None)),
    )
    rss = etree.fromstring(feed(french, unknown, format="rss", language="en-GB"))
    assert rss.findtext("channel/language") == "en-GB"
    assert [item.findtext("{http://purl.org/dc/elements/1.1/}language") for item in rss.iter("item")] == [
        "fr",
        None,
    ]
    items = plain(feed(french, unknown, format="json"))["items"]
    assert [item.get("language") for item in items] == ["fr", None]


@pytest.mark.parametrize("format", XML)
def test_case_34_without_a_headline_the_first_words_are_the_title(format: str) -> None:
    body = "<p>" + "The harbour was closed. " * 20 + "</p>"
    found = entry(format, headline=None, slugline=None, description=None, body_html=body)
    assert found.title.startswith("The harbour was closed.")
    assert len(found.title) <= 101


@pytest.mark.parametrize("format", XML)
def test_case_35_a_flash_is_a_title_and_a_link(format: str) -> None:
    body = feed(make_revision(story=Story(headline="Flash", origin=ORIGIN)), format=format)
    [item] = list(etree.fromstring(body).iter("{*}item", "{*}entry"))
    assert [etree.QName(e).localname for e in item if e.text is None and not e.attrib] == []
    assert item.find("{*}description") is None
    assert feedparser.parse(body).entries[0].link.endswith("/stories/s0001")


def test_case_36_a_feed_holds_its_limit_and_leads_to_the_rest() -> None:
    revisions = [make_revision(number) for number in range(1, 1001)]
    body = feed(*revisions, limit=100)
    assert len(feedparser.parse(body).entries) == 100
    assert b'rel="prev-archive"' in body


@pytest.mark.parametrize("format", FORMATS)
def test_case_37_an_empty_feed_is_a_feed(format: str) -> None:
    body = feed(format=format)
    if format == "json":
        assert plain(body)["items"] == []
    else:
        assert not feedparser.parse(body).bozo
        assert b"2000" in body
