"""The story the project starts from: a web page copied as text (issue 2, point 3)."""

from __future__ import annotations

import pytest

from tests.parse.reading import shared, story
from wire.story import Story


@pytest.fixture(scope="module")
def seed() -> Story:
    return story(shared("samples", "seed", "000_f2436413c75ec2a7.txt").read_bytes(), "seed.txt")


def test_the_headline_is_found(seed: Story) -> None:
    assert seed.headline == "US Seeks ‘Constructive’ Response from Russia"


def test_page_furniture_is_gone(seed: Story) -> None:
    assert "Accessibility links" not in seed.body_html
    assert "Breaking News" not in seed.body_html


def test_the_photo_caption_is_a_caption_and_not_body(seed: Story) -> None:
    (picture,) = seed.pictures
    assert picture.caption is not None
    assert picture.caption.startswith("In this photo taken from Russian Defense Ministry official web site")
    assert "In this photo" not in seed.body_html


def test_subheads_are_marked(seed: Story) -> None:
    for subhead in ("Russian involvement", "'Constructive' role", "Assad's role"):
        assert f"<h2>{subhead}</h2>" in seed.body_html
    assert seed.body_html.count("<h2>") == 3


def test_the_body_begins_and_ends_with_the_story(seed: Story) -> None:
    assert seed.body_html.startswith("<p>A State Department spokesman said")
    assert seed.body_html.endswith("accidental military confrontations in Syria.</p>")


def test_language_and_date_are_guessed_and_say_so(seed: Story) -> None:
    assert seed.language == "en"
    assert seed.content_created is not None
    assert seed.content_created.isoformat() == "2015-10-06T00:00:00+01:00"
    assert "language guessed: en" in seed.origin.warnings
    assert "content date guessed from the text: 2015-10-06" in seed.origin.warnings


def test_the_countries_it_speaks_of_are_named(seed: Story) -> None:
    assert all(place.guessed for place in seed.places)
    codes = {place.qcode for place in seed.places}
    assert {f"iso3166-1a2:{code}" for code in ("RU", "SY", "IQ", "JO", "US")} <= codes
    assert "iso3166-1a2:FR" not in codes  # "France 24" is a broadcaster


def test_identity_is_left_to_the_desk(seed: Story) -> None:
    assert (seed.guid, seed.version) == (None, None)
