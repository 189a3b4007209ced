"""Stories as JSON Lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.publish.golden import CASES, revision_of
from tests.strategies import FEW, HOUSE, revisions
from wire import storyjson
from wire.errors import RenderError
from wire.publish.json_lines import JsonRenderer
from wire.story import Revision


@pytest.mark.slow
@FEW
@given(revisions())
def test_a_story_is_one_line_that_reads_back_with_its_identity(revision: Revision) -> None:
    body = JsonRenderer().render(revision, HOUSE).body
    assert body.endswith(b"\n")
    assert body.count(b"\n") == 1
    story = storyjson.loads(body)
    assert (story.guid, story.version) == (revision.guid, revision.version)
    assert storyjson.content_sha256(replace(story, pub_status=revision.story.pub_status)) == (
        storyjson.content_sha256(revision.story)
    )


def test_a_killed_story_says_canceled() -> None:
    [case] = [case for case in CASES if case.stem == "kill-by-hand"]
    assert b'"pub_status":"canceled"' in JsonRenderer().render(revision_of(case), HOUSE).body


def test_text_that_is_no_unicode_is_refused() -> None:
    revision = revision_of(CASES[0])
    broken = replace(revision, story=replace(revision.story, headline="a\ud800"))
    with pytest.raises(RenderError, match="cannot be written as JSON"):
        JsonRenderer().render(broken, HOUSE)
