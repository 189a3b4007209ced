"""Out in a format and back: every field has come back, or was reported lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from tests.parse.reading import raw_file
from tests.publish.golden import CASES, FOLDER, revision_of
from tests.roundtrip.travel import missing, needless, normal, received, sent
from tests.strategies import stories
from wire.errors import IntakeError, NotAStory
from wire.parse.story_json import StoryJsonParser
from wire.plugins import names
from wire.publish import base
from wire.publish.carriage import LACKS
from wire.story import Draft, Story

FORMATS = (
    *("newsml-g2", "newsml-g2-message", "nitf", "ninjs", "ninjs-2.2", "ninjs-1.6"),
    *("iptc7901", "anpa1312", "text", "json", "html", "rss", "atom"),
)

#: Reported lost whenever they may be: names that a page's reader may part, the dateline that opens copy,
#: whoever a byline names too, a headline without a letter, a page's pictures; in RSS, one of code and name.
CAUTIOUS = {"creators", "dateline", "headline", "keywords", "pictures", "subjects.name", "subjects.qcode"}

#: Without shrinking, which takes minutes for whole stories; what is missing is named by field anyway.
TRAVELS = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def normalised(story: Story) -> Story:
    """The story as the normaliser leaves it; those that it refuses are none."""
    try:
        return normal(story)
    except IntakeError:
        assume(False)
        raise


def not_back(story: Story, format: str) -> dict[str, Any]:
    """What neither came back nor was reported lost."""
    document = sent(story, format)
    try:
        back = received(document)
    except NotAStory:  # it has no letter but in what the format does not carry
        assert "headline" in document.losses
        assert not story.body_html
        return {}
    return missing(story, document, back)


#: Of a page: what its reader judges by its looks, where letters drawn at random mislead it.
JUDGED = {"headline", "subheadline", "creators", "pictures"}


@pytest.mark.slow
@TRAVELS
@given(stories())
def test_every_field_comes_back_or_is_reported_lost_and_never_both(story: Story) -> None:
    story = normalised(story)
    lost = {format: not_back(story, format) for format in FORMATS}
    lost["html"] = {name: told for name, told in lost["html"].items() if name not in JUDGED}
    assert {format: told for format, told in lost.items() if told} == {}
    written = [sent(story, format) for format in FORMATS]
    assert {name for document in written for name in needless(story, document)} <= CAUTIOUS


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_reported_lost_that_stands_in_the_document(format: str) -> None:
    story = normal(revision_of(FOLDER / "every-field.json").story)
    assert needless(story, sent(story, format)) <= CAUTIOUS


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_goldens_come_back_too(format: str, case: Path) -> None:
    revision = revision_of(case)
    story = normal(replace(revision.story, pub_status=base.pub_status(revision)))
    assert not_back(story, format) == {}


@pytest.mark.slow
@TRAVELS
@given(stories())
def test_json_brings_everything_back_but_where_it_lay(story: Story) -> None:
    story = normalised(story)
    document = sent(story, "json")
    back = received(document)
    assert replace(back, origin=story.origin, guid=story.guid) == story
    assert story.guid in (None, back.guid)


def test_what_was_warned_of_when_a_story_was_read_first_is_still_so() -> None:
    fields = {
        "pub_status": "usable",
        "headline": "River rises",
        "origin": {"warnings": ["language guessed"]},
    }
    [draft] = StoryJsonParser().parse(raw_file(json.dumps(fields)))
    assert draft.warnings == ("language guessed",)


@pytest.mark.parametrize(
    "fields",
    [
        {"links": [{"residref": "urn:x:1", "version": -3}]},
        {"pictures": [{"href": "https://a.example/b.jpg", "width": -5}]},
        {"pictures": [{"href": "https://a.example/b.jpg", "size": 10**30}]},
    ],
)
def test_a_number_that_no_document_may_hold_is_not_taken_from_story_json(fields: dict[str, Any]) -> None:
    known = {"pub_status": "usable", "headline": "River rises"}
    [draft] = StoryJsonParser().parse(raw_file(json.dumps(known | fields)))
    assert isinstance(draft, Draft)
    assert (draft.links, draft.pictures) == ((), ())
    assert draft.warnings == (f"{next(iter(fields))} is not what story JSON has there",)


def test_every_renderer_tells_its_losses_from_the_one_table() -> None:
    assert set(LACKS) == set(names("wire.renderers")) - {"json"}
