"""Media Topics: tree, labels, and the way from subject codes."""

import pytest

from wire.iptc import media_topics as topics
from wire.iptc.qcodes import table

UNREST = "medtop:16000000"  # conflict, war and peace


def every_topic() -> list[str]:
    return [f"medtop:{code}" for code in table("media-topic-labels.en")["labels"]]


def test_the_topics_above_one_are_named_up_to_the_top() -> None:
    assert topics.ancestors("medtop:20000337") == ("medtop:20000209", "medtop:04000000")
    assert topics.ancestors(UNREST) == ()


def test_every_path_upwards_ends() -> None:
    assert all(len(topics.ancestors(topic)) <= 6 for topic in every_topic())


def test_an_unknown_topic_has_no_ancestors_and_no_label() -> None:
    assert topics.ancestors("medtop:99999999") == ()
    assert topics.label("medtop:99999999") is None
    assert not topics.is_known("medtop:99999999")


def test_a_code_of_another_scheme_is_no_topic() -> None:
    assert not topics.is_known("subj:16000000")
    assert not topics.is_known("16000000")


@pytest.mark.parametrize("language", ["en", "en-GB", "xx", "xx-YY"])
def test_a_label_falls_back_to_english(language: str) -> None:
    assert topics.label(UNREST, language) == "conflict, war and peace"


def test_retired_topics_are_known_and_marked() -> None:
    retired = [topic for topic in every_topic() if topics.is_retired(topic)]
    assert len(retired) > 200
    assert not topics.is_retired(UNREST)


def test_a_subject_code_with_an_exact_match_is_taken_as_it_is() -> None:
    assert topics.topics_of("01001000") == topics.TopicMatch(("medtop:20000744",), inferred=False)


def test_an_unmapped_subject_code_is_taken_for_its_parent_and_marked_inferred() -> None:
    parent = topics.topics_of("01001000")
    assert topics.topics_of("01001999") == topics.TopicMatch(parent.qcodes, inferred=True)


def test_an_unknown_subject_code_leads_nowhere() -> None:
    assert topics.topics_of("99999999").qcodes == ()


def test_every_mapped_topic_is_live() -> None:
    for code in table("subject-codes")["topics"]:
        for topic in topics.topics_of(code).qcodes:
            assert topics.is_known(topic)
            assert not topics.is_retired(topic)


def test_the_edition_is_named() -> None:
    assert topics.edition() == table("media-topic-labels.en")["edition"]
