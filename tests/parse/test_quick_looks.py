"""Cheap looks that spare a pattern most of its work: none of them may hide what the pattern finds."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from wire.parse import for_editors
from wire.parse.copied import linemarks

ADDRESSED = re.compile(for_editors._ADDRESSED.pattern.removeprefix(for_editors._SIGNS), re.IGNORECASE)
FORBIDDING = re.compile(for_editors._UNPUBLISHED, re.IGNORECASE)
#: Letters that nobody writes and that ``re.IGNORECASE`` takes for others are left out.
WRITTEN = st.characters(max_codepoint=0x52F, exclude_characters="İıſ")


@settings(max_examples=400, deadline=None)
@given(text=st.from_regex(linemarks._CAPTION_MARK, fullmatch=True))
def test_whatever_marks_a_caption_holds_one_of_the_stems(text: str) -> None:
    assert any(stem in text for stem in linemarks._CAPTION_STEMS)


@settings(max_examples=200, deadline=None)
@given(text=st.from_regex(linemarks._CREDITS, fullmatch=True))
def test_whatever_introduces_who_made_a_picture_is_followed_by_a_sign(text: str) -> None:
    assert any(sign in text for sign in linemarks._CREDITED)


@settings(max_examples=200, deadline=None)
@given(text=st.from_regex(linemarks._ABOUT_SOMEBODY, fullmatch=True))
def test_the_heading_of_a_box_about_somebody_begins_with_one_of_the_letters(text: str) -> None:
    assert text[0] in linemarks._ABOUT


@settings(max_examples=400, deadline=None)
@given(text=st.from_regex(ADDRESSED, fullmatch=True, alphabet=WRITTEN))
def test_whatever_is_addressed_to_editors_opens_notes_at_once(text: str) -> None:
    assert for_editors.opens_at_once(text)
    assert for_editors.opens_notes(text)


@settings(max_examples=400, deadline=None)
@given(text=st.from_regex(FORBIDDING, fullmatch=True, alphabet=WRITTEN))
def test_whatever_forbids_to_publish_opens_notes_with_a_colon_behind(text: str) -> None:
    assert any(stem in text.lower() for stem in for_editors._FORBIDDING)
    assert for_editors.opens_notes(f"{text}: names")


def test_half_a_character_hides_no_note() -> None:
    assert for_editors.any_opens_notes(["\ud800 # bridge", "Not for publication: \udfff"])
    assert not for_editors.any_opens_notes(["\ud800 # bridge"])
