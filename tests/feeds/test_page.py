"""Rules of the pages for people."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from lxml import html

from tests.feeds.stories import HOUSE, START, make_revision, make_story
from wire.ports import House
from wire.ports.feeds import FeedInfo
from wire.publish.news_article import news_article
from wire.publish.page import HousePages, PageRenderer
from wire.story import Action, Concept, Location, Picture, Revision, Standing

ATTACK = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


def page_of(revision: Revision) -> html.HtmlElement:
    return html.document_fromstring(PageRenderer().render(revision, HOUSE).body.decode())


def facts_of(page: html.HtmlElement) -> dict[str, Any]:
    [script] = page.iter("script")
    assert script.get("type") == "application/ld+json"
    facts: dict[str, Any] = json.loads(script.text)
    return facts


def test_a_page_shows_what_the_story_says() -> None:
    text = " ".join(page_of(make_revision()).find("body").text_content().split())
    for part in (
        "Rain & <wind> close the “old” harbour",
        "By Example Reporter",
        "EXAMPLEVILLE",
        "The harbour was closed & emptied on Tuesday.",
        "The empty <harbour> (Example Agency)",
        "Only described",
        "4 March 2026, 05:06 UTC",
        "© 2026 Example Agency & partners",
    ):
        assert part in text


def test_a_page_is_one_complete_document_without_outside_parts() -> None:
    body = PageRenderer().render(make_revision(), HOUSE).body
    assert body.startswith(b"<!DOCTYPE html>")
    page = html.document_fromstring(body.decode())
    assert page.find("head/meta[@charset]").get("charset") == "utf-8"
    assert len(list(page.iter("h1"))) == 1
    assert len(list(page.iter("main"))) == 1
    assert page.find(".//link[@rel='stylesheet']") is None
    assert page.find(".//link[@rel='canonical']").get("href") == "https://wire.news.example/stories/s0001"


def test_notes_to_editors_never_show() -> None:
    assert b"SECRET-NOTE" not in PageRenderer().render(make_revision(), HOUSE).body


def test_nothing_from_a_story_ever_runs() -> None:
    story = make_story(
        headline=ATTACK,
        subheadline=ATTACK,
        slugline=ATTACK,
        description=ATTACK,
        byline=ATTACK,
        creators=(ATTACK,),
        dateline=ATTACK,
        keywords=(ATTACK,),
        provider=ATTACK,
        copyright_notice=ATTACK,
        language='en" onload="alert(1)',
        pictures=(Picture(caption=ATTACK, credit=ATTACK, href="https://pictures.example/" + ATTACK),),
    )
    page = page_of(make_revision(guid=ATTACK, story=story))
    assert len(list(page.iter("script"))) == 1
    assert facts_of(page)["headline"] == ATTACK
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    assert [image.get("src", "")[:8] for image in page.iter("img")] == ["https://"]
    assert "49" not in page.find(".//h1").text_content()


def test_the_page_itself_forbids_scripts_and_foreign_styles() -> None:
    meta = page_of(make_revision()).find(".//meta[@http-equiv='Content-Security-Policy']")
    assert meta.get("content").startswith("default-src 'none'; style-src 'sha256-")


def test_a_picture_that_cannot_be_loaded_is_only_described() -> None:
    page = page_of(make_revision())
    sources = [image.get("src") for image in page.iter("img")]
    assert sources == [
        "https://pictures.example/h%C3%A4rbour.jpg?a=1&b=2",
        "https://pictures.example/pier.png",
    ]
    assert len(list(page.iter("figcaption"))) == 4


@pytest.mark.parametrize(("language", "expected"), [("en", "ltr"), ("he-IL", "rtl"), ("ur-Latn", "ltr")])
def test_a_page_runs_in_the_direction_of_its_language(language: str, expected: str) -> None:
    page = page_of(make_revision(story=make_story(language=language)))
    assert (page.get("lang"), page.get("dir")) == (language, expected)


def test_a_changed_story_says_when_and_a_corrected_one_that_it_is() -> None:
    later = START + timedelta(hours=1)
    correction = make_revision(version=2, action=Action.CORRECTION, published=START, updated=later)
    text = page_of(correction).find("body").text_content()
    assert "updated 4 March 2026, 06:06 UTC" in text
    assert "Corrected version" in text
    assert "updated" not in page_of(make_revision()).find("body").text_content()


def test_times_are_printed_in_the_houses_zone() -> None:
    house = House(**{**{name: getattr(HOUSE, name) for name in HOUSE.__slots__}, "timezone": "Asia/Kolkata"})
    assert "4 March 2026, 10:36 IST" in HousePages(house).story(make_revision()).decode()


def test_an_unknown_zone_is_refused() -> None:
    house = House(**{**{name: getattr(HOUSE, name) for name in HOUSE.__slots__}, "timezone": "Mars/Base"})
    with pytest.raises(ValueError, match="Mars/Base"):
        HousePages(house)


def test_machines_are_told_the_same_as_schema_org_and_open_graph() -> None:
    revision = make_revision()
    page = page_of(revision)
    facts = facts_of(page)
    assert facts == json.loads(json.dumps(news_article(revision, HOUSE)))
    assert facts["@type"] == "NewsArticle"
    assert facts["datePublished"] == "2026-03-04T05:06:08.123000+00:00"
    graph = {meta.get("property"): meta.get("content") for meta in page.iter("meta") if meta.get("property")}
    assert graph["og:type"] == "article"
    assert graph["og:title"] == "Rain & <wind> close the “old” harbour"
    assert graph["og:url"] == facts["url"] == "https://wire.news.example/stories/s0001"


def test_machines_are_told_codes_versions_and_where_each_picture_comes_from() -> None:
    story = make_story(
        subjects=(Concept(name="flood", qcode="medtop:20000150"),),
        people=(Concept(name="Ann Mayor"),),
        located=Location(name="Testhaven", country="GB"),
        pictures=(Picture(href="https://p.example/a.jpg", caption="The bridge", credit="A. Photographer"),),
    )
    facts = facts_of(page_of(make_revision(story=story, guid="4711", version=3)))
    assert facts["identifier"] == {"@type": "PropertyValue", "propertyID": "guid", "value": "4711"}
    assert facts["version"] == 3
    assert facts["about"] == [
        {"@type": "Thing", "name": "flood", "identifier": "medtop:20000150"},
        {"@type": "Person", "name": "Ann Mayor"},
    ]
    assert facts["locationCreated"]["address"]["addressCountry"] == "GB"
    assert facts["image"][0]["creditText"] == "A. Photographer"


@pytest.mark.parametrize(
    ("standing", "status"), [(Standing.KILLED, "canceled"), (Standing.WITHHELD, "withheld")]
)
def test_a_page_of_a_story_that_was_taken_back_says_so(standing: Standing, status: str) -> None:
    page = page_of(make_revision(standing=standing))
    assert facts_of(page)["creativeWorkStatus"] == status
    assert "This story has been withdrawn" in "".join(page.itertext())


def test_what_is_not_known_is_absent() -> None:
    bare = make_story(
        description=None, pictures=(), subjects=(), keywords=(), creators=(), byline=None, provider=None
    )
    facts = facts_of(page_of(make_revision(story=bare)))
    assert not {"description", "image", "about", "keywords", "author", "provider"} & set(facts)
    assert all(facts.values())


def test_pages_of_feeds_escape_what_is_configured() -> None:
    info = FeedInfo(id="world", title="<b>World</b>", description="a & b")
    for body in (HousePages(HOUSE).feed(info, []), HousePages(HOUSE).start([info])):
        assert b"&lt;b&gt;World" in body
        assert b"a &amp; b" in body
        assert b"Example News &amp; Desk" in body


def test_no_feeds_is_a_page_too() -> None:
    assert b"no public feed" in HousePages(HOUSE).start([])


@pytest.mark.parametrize("name", ["withdrawn", "missing"])
def test_notices_ask_not_to_be_indexed(name: str) -> None:
    body = getattr(HousePages(HOUSE), name)()
    assert re.search(rb'<meta name="robots" content="noindex">', body)
