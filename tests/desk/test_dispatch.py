"""How deliveries are queued."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from wire.desk.dispatch import Outlet, delivery_key, lane_of, lanes_of, priority
from wire.story import Action, Origin, Story


def story(urgency: int | None, *signals: str) -> Story:
    origin = Origin(format="text", source="agency", file="flood.txt", sha256="0" * 64)
    return Story(urgency=urgency, signals=signals, origin=origin)


@given(st.text("abc123", min_size=1), st.integers(1, 64))
def test_every_version_of_a_story_goes_by_one_of_the_endpoints_lanes(story_id: str, lanes: int) -> None:
    outlet = Outlet(id="cms", document="newsml-g2", lanes=lanes)
    assert lane_of(outlet, story_id) in lanes_of(outlet)
    assert lane_of(outlet, story_id) == lane_of(outlet, story_id)


def test_a_key_is_fixed_by_store_endpoint_story_and_revision() -> None:
    key = delivery_key("generation", "cms", "story", 1)
    assert re.fullmatch(r"msg_[a-z2-7]{26}", key)
    others = [
        ("other", "cms", "story", 1),
        ("generation", "x", "story", 1),
        ("generation", "cms", "story", 2),
    ]
    assert key not in {delivery_key(*parts) for parts in others}
    assert key == delivery_key("generation", "cms", "story", 1)


def test_kills_go_before_corrections_before_urgent_copy_before_the_rest() -> None:
    order = [
        priority(Action.KILL, story(5)),
        priority(Action.CORRECTION, story(5)),
        priority(Action.NEW, story(1)),
        priority(Action.NEW, story(None)),
    ]
    assert order == sorted(order) and len(set(order)) == 4
    assert priority(Action.WITHHOLD, story(None)) == priority(Action.KILL, story(None))


def test_a_repeat_alerts_nobody() -> None:
    assert priority(Action.UPDATE, story(1, "repeat")) == priority(Action.UPDATE, story(5))
