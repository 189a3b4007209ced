"""A body without markup: what formats for old receivers and plain text print of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.publish.golden import FOLDER, revision_of
from tests.roundtrip.travel import normal, received, sent
from wire.publish.blocks import blocks_of, dated, stacked
from wire.story import Story

RESULTS = "<pre>Harbour City   2  Riverside   0\n\nTesthaven     10  Uptown      1</pre>"


def story(body_html: str) -> Story:
    return normal(replace(revision_of(FOLDER / "first-version.json").story, body_html=body_html))


def text_of(body_html: str, format: str) -> str:
    charset = "utf-8" if format == "text" else "latin-1"
    return sent(story(body_html), format).body.decode(charset).replace("\r\n", "\n")


def printed(body_html: str) -> str:
    return stacked((block, block.mark + "\n".join(block.texts)) for block in blocks_of(body_html))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><h2>Two</h2><p>three</p>", "One\n\nTwo\n\nthree"),
        ("<p>one <em>two</em><br/>three</p>", "one two\nthree"),
        ("<ul><li>one</li><li>two</li></ul><p>three</p>", "- one\n- two\n\nthree"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n\n2. two"),
        ("<ul><li><p>one</p><ul><li>inner</li></ul></li><li>two</li></ul>", "- one\n- inner\n- two"),
        ("<ul><li><p>one</p><p>more of it</p></li></ul>", "- one\n\nmore of it"),
        ("<blockquote><p>said</p></blockquote>", "said"),
        ("loose <strong>text</strong><p>one</p>", "loose text\n\none"),
        (RESULTS, "Harbour City   2  Riverside   0\n\nTesthaven     10  Uptown      1"),
    ],
)
def test_lists_keep_their_marks_and_set_text_its_lines(html: str, text: str) -> None:
    assert printed(html) == text


def test_a_row_has_a_text_for_each_cell_whatever_is_in_it() -> None:
    [row] = blocks_of("<table><tbody><tr><td><p>a</p><p>b</p></td><td/><td>c</td></tr></tbody></table>")
    assert (row.kind, row.texts) == ("tr", ("a b", "", "c"))


@pytest.mark.parametrize(
    ("dateline", "html", "first"),
    [
        ("LONDON", "<p>It rains.</p>", "LONDON - It rains."),
        ("LONDON (Agency) -", "<p>It rains.</p>", "LONDON (Agency) - It rains."),
        ("LONDON", "<p>LONDON - It rains.</p>", "LONDON - It rains."),
        ("LONDON", "<p>* Rain expected</p><p>LONDON - It rains.</p>", "* Rain expected"),
        (None, "<p>It rains.</p>", "It rains."),
    ],
)
def test_the_dateline_opens_the_copy_once(dateline: str | None, html: str, first: str) -> None:
    assert next(iter(dated(blocks_of(html), dateline, " - "))).texts[0] == first


def test_results_set_in_columns_reach_old_receivers_line_by_line() -> None:
    assert "Harbour City   2  Riverside   0\n\nTesthaven     10" in text_of(RESULTS, "iptc7901")
    assert "\bHarbour City;2;Riverside;0\n\bTesthaven;10;Uptown;1\n" in text_of(RESULTS, "anpa1312")
    assert "Harbour City   2  Riverside   0\n\nTesthaven     10" in text_of(RESULTS, "text")


@pytest.mark.parametrize(("format", "mark"), [("iptc7901", "|"), ("anpa1312", ";")])
def test_what_parts_the_cells_of_a_row_stands_in_none_of_them(format: str, mark: str) -> None:
    document = sent(story(f"<table><tbody><tr><td>a{mark}b</td><td>c</td></tr></tbody></table>"), format)
    assert document.body.count(mark.encode()) == {"|": 3, ";": 1}[mark]
    assert "body_html.characters" in document.losses


@pytest.mark.parametrize(
    "paragraph", ["For more information, write to the harbour.", "First one is: harbour (old)"]
)
def test_copy_below_the_header_lines_of_an_item_is_all_copy(paragraph: str) -> None:
    long = "The bridge was closed for a year, since two of its piers had cracked in the winter of 2024."
    item = story(f"<p>{paragraph}</p><p>{long}</p><p>Source: Harbour Board</p>")
    back = received(sent(item, "text"))
    assert back.body_html == item.body_html


def test_rules_between_the_tables_of_an_item_end_no_story() -> None:
    table = "Harbour City   2  Riverside   0\n-------------------------\nTesthaven     10  Uptown      1"
    sentence = "The league plays on Saturday next week, and the cup is drawn on Monday at the harbour."
    back = received(sent(story(f"<p>{sentence}</p><pre>{table}</pre><p>{sentence}</p>"), "text"))
    assert "Testhaven" in back.body_html
    assert back.body_html.count("cup is drawn") == 2


def test_a_note_in_a_header_line_does_not_end_the_copy_below() -> None:
    item = replace(
        story("<p>The bridge is open.</p>"),
        description="It is long. " * 9,
        ed_notes=("Not for publication: 4711",),
    )
    back = received(sent(item, "text"))
    assert back.body_html == item.body_html
    assert back.ed_notes == item.ed_notes
