"""Rules of the words that pages say of their own."""

from __future__ import annotations

import re
import string
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from tests.feeds.stories import HOUSE, START, make_revision, make_story
from wire.ports.feeds import FeedInfo, Headline
from wire.publish import phrases as module
from wire.publish.page import HousePages
from wire.publish.phrases import phrases
from wire.story import Action

TABLE = tomllib.loads(
    Path(module.__file__).with_name("templates").joinpath("phrases.toml").read_text(encoding="utf-8")
)
MOMENT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TABLE)
def test_a_language_has_every_phrase_with_the_places_of_the_english_one(language: str) -> None:
    english, here = TABLE["en"], TABLE[language]
    assert here.keys() == english.keys()
    for name in english.keys() - {"moment", "months"}:
        assert places(here[name]) == places(english[name]), name
        assert here[name] == here[name].strip() != ""
    assert len(here["months"].split()) == 12
    assert {"day", "year", "time", "zone"} < places(here["moment"])
    assert "{month}" in here["moment"] or "{number}" in here["moment"]


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "it", "nl", "ar", "sv", "da", "no", "fi", "pl"])
def test_the_languages_of_our_readers_are_spoken(language: str) -> None:
    spoken = phrases(language)
    assert spoken.language in (language, "nb")
    assert all(spoken.words[name] != TABLE["en"][name] for name in TABLE["en"].keys() - {"moment", "months"})


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("pt-BR", "pt"),
        ("de-AT-1996", "de"),
        ("NO", "nb"),
        ("zh-Hans-CN", "zh"),
        ("zh-Hant", "en"),
        ("zh-TW", "en"),
        ("ar-Latn", "en"),
        ("tlh", "en"),
        ("", "en"),
    ],
)
def test_a_tag_means_the_language_that_its_readers_know(tag: str, language: str) -> None:
    assert phrases(tag).language == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "4 March 2026, 05:06 UTC"),
        ("de", "4. März 2026, 05:06 UTC"),
        ("fi", "4. maaliskuuta 2026 klo 05:06 UTC"),
        ("es", "4 de marzo de 2026, 05:06 UTC"),
        ("ca", "4 de març de 2026, 05:06 UTC"),
        ("ja", "2026年3月4日 05:06 UTC"),
    ],
)
def test_times_are_printed_as_the_language_does(language: str, text: str) -> None:
    assert phrases(language).moment(MOMENT) == text


def page(body: bytes) -> html.HtmlElement:
    return html.document_fromstring(body.decode())


def said(body: bytes) -> str:
    return " ".join(page(body).find("body").text_content().split())


def foreign(body: bytes) -> list[str]:
    """Languages that parts of a page are marked with, other than its own."""
    made = page(body)
    return sorted({part.get("lang") for part in made.iter() if part.get("lang")} - {made.get("lang")})


def test_a_storys_page_speaks_the_storys_language() -> None:
    pages = HousePages(HOUSE, [FeedInfo(id="welt", title="Welt", description="", language="de")])
    story = make_revision(
        version=2,
        action=Action.CORRECTION,
        story=make_story(language="de"),
        feeds=("welt",),
        updated=START.replace(hour=7),
    )
    text = said(pages.story(story))
    for part in ("Zum Inhalt springen", "Berichtigte Fassung", "Feeds mit dieser Meldung"):
        assert part in text
    assert "aktualisiert am 4. März 2026, 07:06 UTC" in text
    assert not re.search(r"updated|Corrected|Skip|Feeds with", text)


@pytest.mark.parametrize(("language", "runs"), [("fr", "ltr"), ("ar", "rtl")])
def test_a_feeds_page_speaks_the_feeds_language(language: str, runs: str) -> None:
    info = FeedInfo(id="monde", title="Monde", description="", language=language)
    newest = [Headline(title="Un", url="https://a/1", summary="", published=MOMENT, language="en")]
    body = HousePages(HOUSE).feed(info, newest)
    words = TABLE[language]
    for name in ("subscribe", "newest", "skip"):
        assert words[name] in said(body)
    [section] = page(body).xpath("//section[@class='subscribe']")
    assert (section.get("lang"), section.get("dir")) == (language, runs)
    assert HOUSE.name in section.text_content()
    assert words["empty"] in said(HousePages(HOUSE).feed(info, []))


def test_where_a_language_is_not_known_english_words_say_that_they_are() -> None:
    body = HousePages(HOUSE).story(make_revision(story=make_story(language="am")))
    assert page(body).get("lang") == "am"
    assert page(body).xpath("//a[@class='skip'][@lang='en'][@dir='ltr']")


def test_pages_of_the_house_speak_its_language() -> None:
    from dataclasses import replace

    pages = HousePages(replace(HOUSE, language="sv"))
    assert TABLE["sv"]["withdrawn_text"] in said(pages.withdrawn())
    assert TABLE["sv"]["missing"] in said(pages.missing())
    assert TABLE["sv"]["no_feed"] in said(pages.start([]))
    assert foreign(pages.missing()) == []
