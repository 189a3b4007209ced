"""Which feeds and endpoints a story belongs to: one test a field, and the laws of their joining."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import stories
from wire.config import Where
from wire.desk.routing import Router
from wire.story import Concept, Origin, Picture, Story

CONFLICT, WAR = "medtop:16000000", "medtop:20000071"


def story(*, source: str = "agency", **said: Any) -> Story:
    return Story(origin=Origin(format="text", source=source, file="a.txt", sha256="0" * 64), **said)


def where(**fields: Any) -> Where:
    return Where.model_validate(fields)


def meets(rule: Where, candidate: Story) -> bool:
    return Router({"it": rule}).feeds(candidate) == ("it",)


def test_a_rule_without_fields_takes_every_story() -> None:
    assert meets(Where(), story())


@pytest.mark.parametrize(
    ("rule", "fits", "does_not"),
    [
        (where(source=["agency"]), story(source="agency"), story(source="agency2")),
        (where(provider=["Example Agency"]), story(provider="example agency"), story(provider="Example")),
        (
            where(subject=[WAR]),
            story(subjects=(Concept(qcode=WAR),)),
            story(subjects=(Concept(qcode=CONFLICT),)),
        ),
        (where(genre=["genre:Current"]), story(genres=(Concept(qcode="genre:Current"),)), story()),
        (
            where(genre=["opinion"]),
            story(genres=(Concept(name="Opinion"),)),
            story(genres=(Concept(name="Op"),)),
        ),
        (where(language=["en"]), story(language="en-GB"), story(language="eng")),
        (where(language=["en-GB"]), story(language="en-gb"), story(language="en")),
        (
            where(place=["Syria"]),
            story(places=(Concept(name="SYRIA"),)),
            story(places=(Concept(name="Iraq"),)),
        ),
        (where(urgency=[1, 2]), story(urgency=2), story(urgency=3)),
        (where(keyword=["Election"]), story(keywords=("vote", "election")), story(keywords=("elections",))),
        (where(slugline=["IRAN-"]), story(slugline="Iran-Talks"), story(slugline="TALKS-IRAN-")),
        (where(text=["cease fire"]), story(body_html="<p>A Cease Fire.</p>"), story(body_html="<p>fire</p>")),
        (
            where(text=["AT&T"]),
            story(body_html="<p>AT&amp;T said</p>"),
            story(body_html='<p title="AT&amp;T"/>'),
        ),
        (where(text=["flood"]), story(headline="Floods"), story()),
        (where(text=["oman"]), story(headline="Omani dhow"), story(headline="A woman, a Roman")),
        (where(text=["oman"]), story(headline="A woman in Oman"), story(headline="Gr\u00fcoman")),
        (where(text=["图书馆"]), story(headline="市立图书馆开放"), story(headline="图书")),
        (where(urgency="1-3"), story(urgency=3), story(urgency=4)),
        (where(urgency=[1, "4-5"]), story(urgency=4), story(urgency=2)),
        (where(picture=True), story(pictures=(Picture(),)), story()),
        (where(picture=False), story(), story(pictures=(Picture(),))),
        (where(min_words=10), story(word_count=10), story(word_count=9)),
        (where(max_words=10), story(word_count=10), story(word_count=11)),
        (
            where(urgency=[1], language=["en"]),
            story(urgency=1, language="en"),
            story(urgency=1, language="de"),
        ),
        (where(all=[{"urgency": [1]}, {"picture": False}]), story(urgency=1), story(urgency=2)),
        (where(any=[{"urgency": [1]}, {"keyword": ["alert"]}]), story(keywords=("Alert",)), story(urgency=2)),
        (where(**{"not": {"source": ["agency"]}}), story(source="desk"), story(source="agency")),
        (
            where(**{"not": {"any": [{"urgency": [1]}, {"picture": True}]}}),
            story(urgency=2),
            story(urgency=1),
        ),
    ],
)
def test_a_field_takes_what_it_names_and_nothing_else(rule: Where, fits: Story, does_not: Story) -> None:
    assert meets(rule, fits)
    assert not meets(rule, does_not)


def test_a_media_topic_takes_everything_below_it() -> None:
    assert meets(where(subject=[CONFLICT]), story(subjects=(Concept(qcode=WAR),)))


def test_a_topic_of_another_scheme_takes_itself() -> None:
    rule = where(subject=["subj:16000000"])
    assert meets(rule, story(subjects=(Concept(qcode="subj:16000000"),)))
    assert not meets(rule, story(subjects=(Concept(qcode=CONFLICT),)))


def test_a_story_without_a_field_never_meets_a_rule_on_it() -> None:
    fields = {"subject": [WAR], "place": ["x"], "genre": ["x"], "language": ["en"], "urgency": [1]}
    names = {"provider": ["x"], "keyword": ["x"], "slugline": ["x"], "text": ["x"]}
    for name, values in (fields | names).items():
        assert not meets(where(**{name: values}), story()), name


def test_matches_come_in_the_order_of_the_configuration() -> None:
    rules = {
        "z": where(urgency=[1]),
        "a": Where(),
        "m": where(keyword=["oil", "gas"]),
        "b": where(urgency=[2]),
    }
    found = Router(rules).feeds(story(urgency=1, keywords=("gas", "oil")))
    assert found == ("z", "a", "m")


def test_no_rules_match_nothing() -> None:
    assert Router({}).feeds(story()) == ()


def test_many_texts_are_found_like_few() -> None:
    others = {str(number): where(text=[f"nobody says {number}", f"word{number}"]) for number in range(100)}
    rules = {"flood": where(text=["flood"]), "at": where(text=["at&t"]), "any": where(text=["…"]), **others}
    found = Router(rules).feeds(story(headline="Floods hit AT&T …", body_html="<p>word7 sword8</p>"))
    assert found == ("flood", "at", "any", "7")


def test_feeds_and_endpoints_are_told_apart_though_they_are_asked_together() -> None:
    router = Router(
        {"a": where(urgency=[1]), "b": Where()}, {"b": where(urgency=[2]), "c": where(urgency=[1])}
    )
    for urgency, feeds, endpoints in ((1, ("a", "b"), ("c",)), (2, ("b",), ("b",)), (3, ("b",), ())):
        candidate = story(urgency=urgency)
        assert (router.feeds(candidate), router.endpoints(candidate)) == (feeds, endpoints)


RULES = st.sampled_from(
    [
        Where(),
        where(language=["en"]),
        where(urgency=[1, 2, 3, 4]),
        where(picture=True),
        where(subject=[CONFLICT], urgency=[3]),
        where(max_words=100, language=["en", "de"]),
        where(text=["a"]),
    ]
)


@pytest.mark.slow
@settings(max_examples=40)
@given(stories(), RULES, RULES)
def test_rules_join_as_logic_says(candidate: Story, one: Where, other: Where) -> None:
    first, second = meets(one, candidate), meets(other, candidate)
    assert meets(Where(all=(one, other)), candidate) == (first and second)
    assert meets(Where(any=(one, other)), candidate) == (first or second)
    assert meets(Where.model_validate({"not": one}), candidate) == (not first)


@pytest.mark.slow
@settings(max_examples=25)
@given(stories(), st.lists(RULES, max_size=12))
def test_a_rule_is_met_or_not_whatever_other_rules_there_are(candidate: Story, rules: list[Where]) -> None:
    found = Router({str(n): rule for n, rule in enumerate(rules)}).feeds(candidate)
    assert found == tuple(str(n) for n, rule in enumerate(rules) if meets(rule, candidate))
