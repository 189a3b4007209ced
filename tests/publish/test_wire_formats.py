"""What every wire format owes: valid documents, every event of a story's life, losses told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from tests.publish.golden import CASES, FOLDER, FOLDERS, in_folder, revision_of
from tests.publish.official import DESCRIBED, assert_valid
from tests.strategies import FEW, HOUSE, revisions
from wire import plugins
from wire.errors import RenderError
from wire.publish.validate import validate
from wire.story import OPEN_ENDED, Document, Picture, Revision

LINES = ("iptc7901", "anpa1312")
ALL = (*DESCRIBED, *LINES)
NITF = {"n": "http://iptc.org/std/NITF/2006-10-18/"}
NAR = {"g": "http://iptc.org/std/nar/2006-10-01/"}


def written(revision: Revision, format: str) -> Document:
    return plugins.load("wire.renderers", format)().render(revision, HOUSE)  # type: ignore[no-any-return]


def golden(name: str, **fields: Any) -> Revision:
    revision = revision_of(FOLDER / f"{name}.json")
    return replace(revision, story=replace(revision.story, **fields))


def nitf(revision: Revision) -> etree._Element:
    return etree.fromstring(written(revision, "nitf").body)


def ninjs(revision: Revision, format: str = "ninjs") -> dict[str, Any]:
    return json.loads(written(revision, format).body)  # type: ignore[no-any-return]


def lines_of(revision: Revision, format: str) -> str:
    return written(revision, format).body.decode("latin-1")


@pytest.mark.slow
@FEW
@given(revisions())
def test_every_revision_is_valid_against_the_official_schemas(revision: Revision) -> None:
    for format in DESCRIBED:
        assert_valid(written(revision, format))


@pytest.mark.slow
@FEW
@given(revisions())
def test_old_receivers_get_latin_1_and_whole_lines(revision: Revision) -> None:
    for format in LINES:
        text = lines_of(revision, format)
        assert [text.count(mark) for mark in "\x01\x02\x03\x04"] == [1] * 4, format
        assert not {"\n", "\r"} & set(text.replace("\r\n", "")), format


@pytest.mark.slow
@FEW
@given(revisions())
def test_the_same_revision_gives_the_same_bytes(revision: Revision) -> None:
    for format in ALL:
        assert written(revision, format) == written(revision, format)


@pytest.mark.parametrize("format", ALL)
@pytest.mark.parametrize("body", ["<p>open", "</div><div>", "<p>a\ud800</p>"])
def test_a_body_that_is_no_fragment_is_refused(format: str, body: str) -> None:
    if format.startswith("ninjs") and "\ud800" not in body:
        pytest.skip("ninjs holds the body as a mere text")
    with pytest.raises(RenderError, match="cannot be written as"):
        written(golden("first-version", body_html=body), format)


@pytest.mark.parametrize("format", FOLDERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_golden_documents_are_written_byte_for_byte(format: str, case: Path) -> None:
    path, document = in_folder(case, format)
    assert document.body == path.read_bytes()


def test_a_kill_is_canceled_in_every_format() -> None:
    kill = golden("kill-by-hand")
    [docdata] = nitf(kill).findall("n:head/n:docdata", NITF)
    assert docdata.get("management-status") == "canceled"
    assert ninjs(kill)["pubStatus"] == ninjs(kill, "ninjs-2.2")["pubstatus"] == "canceled"
    assert "(Kill: do not use this story" in lines_of(kill, "iptc7901")
    assert "\nb i " in lines_of(kill, "anpa1312").replace("\r", "")
    assert " Kill " in lines_of(kill, "anpa1312")


def test_a_kill_takes_the_pictures_along() -> None:
    revision = golden("kill-by-hand", pictures=(Picture(href="https://p.example/a.jpg"),))
    root = etree.fromstring(written(revision, "newsml-g2-message").body)
    statuses = root.findall(".//g:itemMeta/g:pubStatus", NAR)
    assert [status.get("qcode") for status in statuses] == ["stat:canceled"] * 3


def test_a_withheld_story_says_so_everywhere() -> None:
    revision = golden("withheld")
    assert nitf(revision).find("n:head/n:docdata", NITF).get("management-status") == "withheld"  # type: ignore[union-attr]
    assert ninjs(revision, "ninjs-1.6")["pubstatus"] == "withheld"
    for format in LINES:
        assert "withheld: do not publish" in lines_of(revision, format).lower()
        assert "pub_status" in written(revision, format).losses


def test_a_correction_is_marked_and_says_what_was_wrong() -> None:
    revision = golden("correction")
    [correction] = nitf(revision).findall("n:head/n:docdata/n:correction", NITF)
    assert correction.get("info") == revision.story.ed_notes[0]
    assert "(Correction)\r\n" in lines_of(revision, "iptc7901")
    assert " Correction " in lines_of(revision, "anpa1312")
    assert ninjs(revision)["edNote"] == revision.story.ed_notes[0]
    assert "signals" in written(revision, "ninjs").losses


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (datetime(2026, 3, 3, 5, 0, tzinfo=UTC), "not for publication before 3 March 2026, 05:00 GMT"),
        (datetime(2026, 3, 3, 5, 0, 1, tzinfo=UTC), "not for publication before 3 March 2026, 05:01 GMT"),
        (OPEN_ENDED, "not for publication until released"),
    ],
)
def test_an_embargo_is_told_in_words_where_there_is_no_field_and_never_ends_early(
    until: datetime, words: str
) -> None:
    for format in LINES:
        assert f"EMBARGO: {words}" in lines_of(golden("first-version", embargoed=until), format)


def test_an_embargo_without_end_is_never_left_out() -> None:
    revision = golden("embargo-without-end")
    docdata = nitf(revision).find("n:head/n:docdata", NITF)
    assert docdata is not None
    assert docdata.get("management-status") == "embargoed"
    assert docdata.find("n:date.release", NITF) is None
    assert ninjs(revision)["embargoedUntil"] == "9999-12-31T23:59:59Z"


@pytest.mark.parametrize("format", LINES)
def test_notes_to_editors_stand_apart_from_the_copy(format: str) -> None:
    text = lines_of(golden("every-field"), format)
    copy = text.partition("The river rose")[2]
    if format == "iptc7901":
        copy = copy.partition("The following information is not for publication")[0]
    assert "second picture follows" not in copy


@pytest.mark.parametrize("format", LINES)
def test_what_the_charset_lacks_is_spelled_or_shown_and_reported(format: str) -> None:
    revision = golden("first-version", headline="Łódź – 10 € für “中” и ’x’?")
    text = lines_of(revision, format)
    assert "Lódz - 10 EUR für " in text
    assert "[U+4E2D]" in text
    assert text.count("?") == 1
    assert "headline.characters" in written(revision, format).losses


@pytest.mark.parametrize("format", LINES)
def test_terms_of_use_reach_the_editors_where_there_is_no_field_for_them(format: str) -> None:
    revision = golden("first-version", usage_terms="Not for use in Testland.")
    assert "Usage: Not for use in Testland." in lines_of(revision, format)
    assert "usage_terms" in written(revision, format).losses


@pytest.mark.parametrize("format", LINES)
def test_a_story_without_copy_is_told_by_its_summary_or_its_captions(format: str) -> None:
    pictures = (Picture(caption="The bridge at dawn", href="https://p.example/a.jpg"),)
    bare = golden("first-version", body_html="", description=None, pictures=pictures)
    assert "The bridge at dawn" in lines_of(bare, format)
    summed_up = golden("first-version", body_html="", description="The bridge is open.", pictures=pictures)
    assert "The bridge is open." in lines_of(summed_up, format)
    assert "The bridge at dawn" not in lines_of(summed_up, format)


@pytest.mark.parametrize("format", LINES)
def test_no_line_of_copy_is_longer_than_every_receiver_can_take(format: str) -> None:
    words = "Headline of many words that goes on for a good while and then for a little longer than that"
    text = lines_of(
        golden("first-version", headline=words, body_html=f"<p>{'中文' * 60} {words}</p>"), format
    )
    assert max(map(len, text.split("\r\n")[5:])) <= 69
    assert text.replace("\r\n", "").count("[U+4E2D][U+6587]") == 60


def test_anpa_spells_dashes_and_quotation_marks_its_own_way() -> None:
    revision = golden(
        "first-version", headline="“Rises” — slowly", body_html="<p>a < b</p>".replace("<", "&lt;", 0)
    )
    document = written(
        replace(revision, story=replace(revision.story, body_html="<p>a &lt; b</p>")), "anpa1312"
    )
    assert b"^``Rises'' _ slowly<" in document.body
    assert b"a (lt) b" in document.body
    assert "body_html.characters" in document.losses
    assert "headline.characters" not in document.losses


def test_a_message_holds_the_story_its_pictures_and_their_package() -> None:
    document = written(golden("pictures"), "newsml-g2-message")
    root = etree.fromstring(document.body)
    items = root.findall("g:itemSet/*", NAR)
    guid = "tag:news.example,2026:flood"
    assert [item.get("guid") for item in items] == [guid, f"{guid}#picture-1", f"{guid}#package"]
    assert [found.get("residref") for found in items[-1].iterfind(".//g:itemRef", NAR)] == [
        guid,
        f"{guid}#picture-1",
    ]
    assert [finding for finding in validate(document.body) if finding.severity == "error"] == []


def test_a_message_without_pictures_is_the_story_alone() -> None:
    root = etree.fromstring(written(golden("first-version"), "newsml-g2-message").body)
    assert len(root.findall("g:itemSet/*", NAR)) == 1


@pytest.mark.parametrize("format", [*ALL, "text", "html"])
def test_what_a_format_has_no_place_for_is_reported_by_name(format: str) -> None:
    losses = written(golden("every-field"), format).losses
    assert losses == tuple(sorted(set(losses)))
    lacking = {
        "nitf": {"creditline"},
        "ninjs": {"dateline", "signals"},
        "iptc7901": {"description", "provider", "guid"},
        "anpa1312": {"description", "version"},
        "html": {"urgency", "ed_notes"},
        "text": {"links", "people"},
    }
    assert lacking.get(format, set()) <= set(losses)


def test_nitf_knows_no_urgency_9() -> None:
    revision = golden("first-version", urgency=9)
    urgency = nitf(revision).find("n:head/n:docdata/n:urgency", NITF)
    assert urgency is not None
    assert urgency.get("ed-urg") == "8"
    assert written(revision, "nitf").losses == ("urgency",)
