"""The reasons given for a rule are those by which stories are routed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.desk.test_routing import CONFLICT, WAR, story, where
from tests.strategies import stories
from wire.config import Where
from wire.desk.explain import explain
from wire.desk.routing import Router
from wire.story import Concept, Picture

FIELDS: dict[str, Any] = {
    "source": ["agency"],
    "subject": [CONFLICT],
    "language": ["en"],
    "urgency": "1-4",
    "keyword": ["flood"],
    "text": ["a"],
    "picture": True,
    "min_words": 3,
    "max_words": 30,
}


@st.composite
def rules(draw: st.DrawFn, depth: int = 2) -> Where:
    fields = {name: FIELDS[name] for name in draw(st.sets(st.sampled_from(sorted(FIELDS)), max_size=2))}
    if depth:
        for join in draw(st.sets(st.sampled_from(["all", "any"]), max_size=1)):
            fields[join] = draw(st.lists(rules(depth - 1), min_size=1, max_size=2))
        if draw(st.booleans()):
            fields["not"] = draw(rules(depth - 1))
    return Where.model_validate(fields)


@pytest.mark.slow
@settings(max_examples=10)
@given(stories(), st.lists(rules(), max_size=4))
def test_what_is_explained_is_what_is_routed(candidate: Any, given_rules: list[Where]) -> None:
    named = {str(number): rule for number, rule in enumerate(given_rules)}
    taken = tuple(id for id, rule in named.items() if explain(rule, candidate).met)
    assert Router(named).feeds(candidate) == taken
    assert Router({}, named).endpoints(candidate) == taken


def test_a_rule_that_is_met_names_every_condition() -> None:
    rule = where(subject=[CONFLICT], urgency="1-2", any=[{"keyword": "x"}, {"picture": True}])
    found = explain(rule, story(subjects=(Concept(qcode=WAR),), urgency=2, pictures=(Picture(),)))
    assert found.met
    assert [(reason.field, reason.why) for reason in found.reasons] == [
        ("subject", CONFLICT),
        ("urgency", "2"),
        ("any[2]", "picture: True"),
    ]


@pytest.mark.parametrize(
    ("rule", "field", "why"),
    [
        (
            where(subject=[WAR], urgency=[1]),
            "subject",
            f"wants {WAR}; the story has {CONFLICT} conflict, war and peace",
        ),
        (where(keyword=["flood"]), "keyword", "wants flood; the story says none"),
        (where(picture=True), "picture", "wants True; the story has no picture"),
        (where(min_words=300), "min_words", "12 words, the limit is 300"),
        (where(text=["flood", "storm"]), "text", "says none of flood, storm"),
        (
            where(all=[{"urgency": [3]}, {"source": "desk"}]),
            "all[2].source",
            "wants desk; the story has agency",
        ),
        (
            where(any=[{"urgency": [1]}, {"source": "desk"}]),
            "any",
            "urgency: wants 1; the story has 3; source: wants desk; the story has agency",
        ),
        (where(**{"not": {"source": "agency"}}), "not", "source: agency"),
        (where(**{"not": {}}), "not", "it takes every story"),
    ],
)
def test_a_rule_that_is_not_met_names_the_first_condition_that_fails(
    rule: Where, field: str, why: str
) -> None:
    subjects = (Concept(qcode=CONFLICT, name="conflict, war and peace"),)
    found = explain(rule, story(subjects=subjects, urgency=3, word_count=12))
    assert not found.met
    assert [(reason.field, reason.why) for reason in found.reasons] == [(field, why)]
