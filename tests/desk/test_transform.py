"""What a feed or an endpoint gets other than it came."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.test_routing import story
from wire.config import Transform
from wire.desk import transform
from wire.story import Concept, Link, Picture, Story

SPORT, CONFLICT, WAR = "medtop:15000000", "medtop:16000000", "medtop:20000071"


def changed(candidate: Story, **table: Any) -> Story:
    change = transform.compile(Transform.model_validate(table))
    assert change is not None
    return change(candidate)


def test_without_settings_there_is_nothing_to_do() -> None:
    assert transform.compile(Transform()) is None


@pytest.mark.parametrize("field", ["ed_notes", "keywords", "links", "pictures", "slugline"])
def test_a_stripped_field_is_empty_and_the_others_stay(field: str) -> None:
    candidate = story(
        slugline="FLOOD",
        ed_notes=("x",),
        keywords=("x",),
        links=(Link(),),
        pictures=(Picture(),),
        headline="x",
    )
    made = changed(candidate, strip=field)
    assert not getattr(made, field)
    others = [name for name in Story.__dataclass_fields__ if name != field]
    assert [getattr(made, name) for name in others] == [getattr(candidate, name) for name in others]


def test_a_topic_is_mapped_with_everything_below_it_and_named_anew() -> None:
    came = story(subjects=(Concept(qcode=WAR, name="war"), Concept(qcode=SPORT, name="sports")))
    made = changed(came, subjects={CONFLICT: "medtop:11000000"})
    assert made.subjects == (
        Concept(qcode="medtop:11000000", name="politics and government"),
        Concept(qcode=SPORT, name="sports"),
    )


def test_the_nearest_mapping_counts_and_what_becomes_the_same_is_there_once() -> None:
    came = story(subjects=tuple(Concept(qcode=code) for code in (WAR, CONFLICT, SPORT)))
    made = changed(came, subjects={WAR: SPORT, CONFLICT: "medtop:11000000"})
    assert [subject.qcode for subject in made.subjects] == [SPORT, "medtop:11000000"]


def test_a_line_of_rights_is_added_once() -> None:
    made = changed(story(copyright_notice="© Example Agency."), rights="Not for archives.")
    assert made.copyright_notice == "© Example Agency. Not for archives."
    assert changed(made, rights="Not for archives.") == made
    assert changed(story(), rights="Not for archives.").copyright_notice == "Not for archives."


def test_provider_and_prefixes_are_set() -> None:
    came = story(headline="Flood", slugline="RIVER-FLOOD", provider="Other Agency")
    made = changed(came, provider="Example Agency", headline_prefix="Sport: ", slugline_prefix="EX-")
    assert (made.provider, made.headline, made.slugline) == (
        "Example Agency",
        "Sport: Flood",
        "EX-RIVER-FLOOD",
    )
    assert changed(story(), headline_prefix="Sport: ").headline is None


def test_only_the_same_changes_to_the_same_format_share_documents() -> None:
    one, same, other = (
        Transform(strip=("links",)),
        Transform(strip=("links",)),
        Transform(strip=("keywords",)),
    )
    assert Transform().edition("nitf") == "nitf"
    assert one.edition("nitf") == same.edition("nitf")
    assert len({one.edition("nitf"), other.edition("nitf"), one.edition("ninjs"), "nitf"}) == 4
