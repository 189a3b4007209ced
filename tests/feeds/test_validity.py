"""What validators of feeds find fault with, rule by rule: of stories that come with anything at all."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from tests.feeds.stories import HOUSE, MemoryRows, make_revision, make_story
from wire.publish.feeds.board import FeedBoard, FeedSpec
from wire.publish.wording import entry_id, public_uri
from wire.story import Concept, Picture

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LIKE_MARKUP = "AT&T, a<b>c, &amp;amp; &lt;i>"


def feed(format: str, **changes: Any) -> bytes:
    rows = MemoryRows()
    rows.put("world", make_revision(story=make_story(**changes)))
    made = FeedBoard([FeedSpec(id="world", title="World")], HOUSE, rows).rendition("world", format)
    assert made is not None
    return made.body


def item(**changes: Any) -> etree._Element:
    return etree.fromstring(feed("rss", **changes)).find("channel/item")


def entry(**changes: Any) -> etree._Element:
    return etree.fromstring(feed("atom", **changes)).find(f"{ATOM}entry")


# --- Identities (RFC 4287, 4.2.6.1: canonical URIs) ------------------------------------------------


@pytest.mark.parametrize(
    "guid",
    [
        "urn:newsml:agency.example:20260304:1:2",
        "urn:uuid:12345678-1234-4123-8123-123456789abc",
        "tag:agency.example,2026-03:story_1;2",
        "tag:desk@agency.example,2026:1",
        "https://agency.example/news/1?a=1&b=2#top",
    ],
)
def test_a_sound_uri_stays_the_identity(guid: str) -> None:
    assert entry_id(make_revision(guid=guid), HOUSE) == guid


@pytest.mark.parametrize(
    "guid",
    [
        "tag:localhost:2026:1",  # no date of an authority
        "tag:agency,2026:1",
        "urn:uuid:1234",
        "urn:newsml:agency.example/1",
        "http://AGENCY.example/1",  # not in small letters
        "http://agency_1.example/1",
        "https://agency.example",  # no path
        "https://agency.example:443/1",
        "https://agency.example/a/../1",
        "https://agency.example/%7Eone",  # escaped without need
        "https://agency.example/?q=<1>",
        "https://agency.example/#a#b",
    ],
)
def test_any_other_gives_way_to_a_tag_of_ours(guid: str) -> None:
    assert entry_id(make_revision(guid=guid), HOUSE) == "tag:news.example,2026:s0001"


# --- Texts ----------------------------------------------------------------------------------------


def plain_texts(format: str) -> bytes:
    return feed(
        format,
        headline=LIKE_MARKUP,
        creators=(LIKE_MARKUP,),
        keywords=(LIKE_MARKUP,),
        subjects=(Concept(name=LIKE_MARKUP, qcode="medtop:17000000"),),
        provider=LIKE_MARKUP,
        copyright_notice=LIKE_MARKUP,
        pictures=(Picture(href="https://x.example/1.png", caption=LIKE_MARKUP, credit=LIKE_MARKUP),),
        description=None,
        body_html="",
    )


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_plain_texts_that_look_like_markup_are_told_from_it_by_their_references(format: str) -> None:
    written = plain_texts(format)
    assert b"&amp;" not in written
    assert b"&lt;" not in written
    assert written.count(b"AT&#x26;T, a&#x3C;b&gt;c, &#x26;amp;amp; &#x26;lt;i&gt;") >= 5
    texts = [element.text for element in etree.fromstring(written).iter() if element.text]
    assert texts.count(LIKE_MARKUP) >= 5


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_html_is_escaped_as_ever(format: str) -> None:
    assert b"&lt;p&gt;a &amp;amp; b&lt;/p&gt;" in feed(format, body_html="<p>a &amp; b</p>")


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_what_stands_for_lost_characters_is_shown_to_editors_alone(format: str) -> None:
    assert "\ufffd" not in feed(format, headline="Caf\ufffd", body_html="<p>\ufffd</p>").decode()


def test_authors_are_names_without_their_addresses() -> None:
    found = item(creators=("Ann Example <ann@news.example>", "<desk@news.example>", "Bob (Desk)"))
    assert [name.text for name in found.iter(f"{DC}creator")] == [
        "Ann Example",
        "desk@news.example",
        "Bob (Desk)",
    ]


# --- Languages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("de-CH", "de-CH"),
        ("gsw", "gsw"),
        ("ckb-IQ", "ku-IQ"),
        ("cmn-Hant", "zh-Hant"),
        ("zxx", None),
        ("jp", None),
    ],
)
def test_a_language_is_one_that_readers_know_or_none(stated: str, shown: str | None) -> None:
    assert entry(language=stated).get(XML_LANG) == shown
    assert item(language=stated).findtext(f"{DC}language") == shown


# --- Pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://pictures.example?1.jpg", "https://pictures.example/?1.jpg"),
        ("HTTPS://Pictures.Example/1.jpg", "https://pictures.example/1.jpg"),
        ("https://bücher.example/ä b.jpg", "https://xn--bcher-kva.example/%C3%A4%20b.jpg"),
        ("https://pictures.example/100%.jpg", "https://pictures.example/100%25.jpg"),
        ("https://name:secret@pictures.example/1.jpg", None),
        ("http://localhost:5000/1.jpg", None),
        ("https://pic tures.example/1.jpg", None),
        ("https:///1.jpg", None),
        ("https://pictures.example:99999/1.jpg", None),
    ],
)
def test_a_picture_has_an_address_that_the_public_can_load_or_none(href: str, shown: str | None) -> None:
    assert public_uri(href) == shown


def test_an_enclosure_is_at_a_proper_host_name_and_any_picture_in_media_rss() -> None:
    found = item(pictures=(Picture(href="https://my_pictures.example/1.jpg"),))
    assert found.find("enclosure") is None
    assert found.find(f"{MEDIA}content").get("url") == "https://my_pictures.example/1.jpg"


@pytest.mark.parametrize("stated", ["jpeg", "image/<jpeg>", "image/"])
def test_a_media_type_that_is_none_is_not_repeated(stated: str) -> None:
    known, unknown = (
        item(pictures=(Picture(href=f"https://pictures.example/{name}", mimetype=stated),))
        for name in ("1.jpg", "1")
    )
    assert known.find("enclosure").get("type") == "image/jpeg"
    assert known.find(f"{MEDIA}content").get("type") == "image/jpeg"
    assert unknown.find("enclosure") is None
    assert unknown.find(f"{MEDIA}content").get("type") is None
