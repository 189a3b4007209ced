"""What pages state of their story beyond headline, authors and dates: JSON-LD and rNews."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.parse.reading import story
from wire.story import Concept, Location, PubStatus

_PAGE_OF = (
    '<html lang="en"><head><title>Council to repair bridge</title>'
    '<script type="application/ld+json">{}</script></head><body><h1>Council to repair bridge</h1>{}'
    "<p>The council said on Monday that it would repair the old harbour bridge before the winter begins.</p>"
    "<p>An inspection had found cracks in two of its piers, and boats were told to keep away from them.</p>"
    "</body></html>"
)


def test_what_json_ld_says_beside_headline_and_dates_is_the_storys() -> None:
    told = {
        "@type": "NewsArticle",
        "headline": "Council to repair bridge",
        "identifier": "urn:example:7",
        "alternativeHeadline": "Two piers are cracked",
        "dateline": "OSLO, Norway",
        "about": [{"@type": "Thing", "name": "bridges"}, {"@type": "Person", "name": "Ann Mayor"}],
        "contentLocation": {"@type": "Place", "name": "Oslo"},
        "locationCreated": {"name": "Bergen", "address": {"addressCountry": "NO"}},
        "copyrightHolder": {"name": "Example Agency"},
        "copyrightNotice": "(c) Example Agency",
        "creditText": "Example",
        "usageTerms": "No archive",
        "sourceOrganization": {"name": "Other Agency"},
        "provider": {"name": "Third Agency"},
        "expires": "2026-06-01T00:00:00Z",
    }
    found = story(_PAGE_OF.format(json.dumps(told), "<h2>Two piers are cracked</h2>"))
    assert (found.guid, found.subheadline, found.dateline) == (
        "urn:example:7",
        "Two piers are cracked",
        "OSLO, Norway",
    )
    assert (found.subjects, found.people) == ((Concept(name="bridges"),), (Concept(name="Ann Mayor"),))
    assert (found.places, found.located) == (
        (Concept(name="Oslo"),),
        Location(name="Bergen", country="NO"),
    )
    assert (found.copyright_holder, found.copyright_notice) == ("Example Agency", "(c) Example Agency")
    assert (found.creditline, found.usage_terms) == ("Example", "No archive")
    assert (found.info_sources, found.expires) == (("Other Agency",), datetime(2026, 6, 1, tzinfo=UTC))
    assert found.provider == "Third Agency"
    assert "Two piers" not in found.body_html


def test_numbers_of_a_content_system_and_titles_for_search_engines_say_nothing() -> None:
    told = {"@type": "NewsArticle", "headline": "A", "identifier": "4711", "alternativeHeadline": "Bridge!"}
    found = story(_PAGE_OF.format(json.dumps(told), ""))
    assert (found.guid, found.subheadline) == (None, None)


def test_rnews_in_rdfa_says_the_same_and_that_of_a_picture_is_the_pictures() -> None:
    told = (
        '<article typeof="rnews:NewsItem"><meta property="rnews:identifier" content="urn:example:8"/>'
        '<span property="rnews:dateline">OSLO, Norway</span>'
        '<span property="rnews:copyrightNotice">(c) Example</span>'
        '<time property="rnews:dateModified" datetime="2026-05-01T10:00:00Z"></time>'
        '<figure typeof="rnews:ImageObject"><span property="rnews:creditText">A. Photo</span></figure>'
        "</article>"
    )
    found = story(_PAGE_OF.format("{}", told))
    assert (found.guid, found.dateline, found.copyright_notice) == (
        "urn:example:8",
        "OSLO, Norway",
        "(c) Example",
    )
    assert (found.version_created, found.creditline) == (datetime(2026, 5, 1, 10, tzinfo=UTC), None)


def test_codes_and_a_state_that_readers_must_heed_are_read() -> None:
    told = {
        "@type": "NewsArticle",
        "headline": "Council to repair bridge",
        "identifier": {"@type": "PropertyValue", "propertyID": "guid", "value": "4711"},
        "version": 3,
        "creativeWorkStatus": "Canceled",
        "about": {"@type": "Thing", "name": "bridges", "identifier": "medtop:20000150"},
        "genre": "genre:Current",
    }
    found = story(_PAGE_OF.format(json.dumps(told), ""))
    assert (found.guid, found.version, found.pub_status) == ("4711", 3, PubStatus.CANCELED)
    assert found.subjects == (Concept(name="bridges", qcode="medtop:20000150"),)
    assert found.genres == (Concept(qcode="genre:Current"),)


def test_the_version_of_what_has_no_id_and_other_states_say_nothing() -> None:
    told = {"@type": "NewsArticle", "headline": "A", "version": "12", "creativeWorkStatus": "Published"}
    found = story(_PAGE_OF.format(json.dumps(told), ""))
    assert (found.version, found.pub_status) == (None, PubStatus.USABLE)


COPY = "<p>All times EDT</p><pre>Uptown   1\nHarbour  2</pre><ul><li>Source: Board</li></ul>"


@pytest.mark.parametrize("mark", ['itemprop="articleBody"', 'property="schema:articleBody"'])
def test_a_body_that_a_page_marks_is_taken_whole_where_it_is_bare_copy(mark: str) -> None:
    page = f"<html><body><h1>Results</h1><div><p>Share this</p></div><div {mark}>{COPY}</div></body></html>"
    assert story(page, "a.html").body_html == COPY


def test_a_marked_body_with_other_things_in_it_is_read_like_any_page() -> None:
    inside = f"{COPY}<div class='teaser'><a href='/more'>Read more</a></div>"
    page = f"<html><body><h1>Results</h1><div itemprop='articleBody'>{inside}</div></body></html>"
    assert "Read more" not in story(page, "a.html").body_html


def test_a_picture_shown_in_the_words_that_the_page_states_is_as_stated() -> None:
    image = {"url": "https://p.example/a.jpg", "caption": "The bridge (free)", "encodingFormat": "image/jpeg"}
    told = {"@type": "NewsArticle", "headline": "Council to repair bridge", "image": [image]}
    figure = "<figure><img src='https://p.example/a.jpg'><figcaption>The bridge (free)</figcaption></figure>"
    [picture] = story(_PAGE_OF.format(json.dumps(told), figure)).pictures
    assert (picture.caption, picture.credit, picture.mimetype) == ("The bridge (free)", None, "image/jpeg")
