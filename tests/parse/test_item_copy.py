"""The copy of items as editors want it: paragraphs for lines, nothing that only says that it is over."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parse.reading import story
from wire.parse.items.itemcopy import read_copy
from wire.story import Location

COPY = "<p>The council met on Monday.</p><p>It will meet again.</p>"
LINE = "The council said on Monday that it would renew the bridge at"


@pytest.mark.parametrize("mark", ["ends", "ENDS", "(END)", "-30-", "NNNN", "(kraj)", "(完)"])
def test_a_mark_that_the_copy_is_over_goes(mark: str) -> None:
    assert read_copy(f"{COPY}\n<p>{mark}</p>\n").html.strip() == COPY


def test_initials_under_the_copy_are_its_sign_off_whatever_empty_paragraphs_follow() -> None:
    found = read_copy(f"{COPY}<p>ab/cd/ef</p>\n  <p/>\n<p class='x'> </p>")
    assert (found.html, found.notes) == (COPY, ("Sign off: ab/cd/ef",))


def test_a_mark_at_the_end_of_the_last_paragraph_goes() -> None:
    assert read_copy("<p>One.</p><p>Two. (ANSA).\n\nNNNN\n</p>").html == "<p>One.</p><p>Two. (ANSA).</p>"


@pytest.mark.parametrize(
    "last", ["The end", "and/or more of it", "Ends of the earth", "/ritzau/", "(ANSA)", "AFP/APA"]
)
def test_what_only_looks_like_such_a_mark_stays(last: str) -> None:
    assert read_copy(f"{COPY}<p>{last}</p>").html == f"{COPY}<p>{last}</p>"


@pytest.mark.parametrize(
    ("last", "notes"),
    [
        ("<p>Enditem</p>", ()),
        ("<p>-0-</p>", ()),
        ("<p>--IANS</p><p>skp/dan</p>", ("Sign off: skp/dan",)),
        ("<p>JPS // ZO</p><p>Lusa/Fim</p>", ("Sign off: JPS // ZO",)),
        ("<p>JPS (ABC/DE) // ZO</p>", ("Sign off: JPS (ABC/DE) // ZO",)),
        ("<p>(Hina) xabc yde</p>", ("Sign off: (Hina) xabc yde",)),
        ("<p>AAP ab/cd</p>", ("Sign off: AAP ab/cd",)),
        ("<p>(KNA - abcde-89-00012)</p>", ("Sign off: (KNA - abcde-89-00012)",)),
        ("<p>((a.b@agency.example; +44 20 4711))</p>", ("((a.b@agency.example; +44 20 4711))",)),
        ("<p>jak/ mick/</p>", ("Sign off: jak/ mick/",)),
        ("<p>jgb/cma</p><p>(foto) (vídeo)</p>", ("Sign off: jgb/cma", "(foto) (vídeo)")),
        ("<p>Y12-KWF/</p><p>05-MAG-26 10:22 NNNN</p>", ("Routing: Y12-KWF/",)),
        ("51 77 03 CRO01 1113 APE4800 LOC03", ("Routing: 51 77 03 CRO01 1113 APE4800 LOC03",)),
        ("<p>epd lnb abc def</p>", ("epd lnb abc def",)),
        ("<p>(SDA-ATS/abc/de)</p>", ("Sign off: (SDA-ATS/abc/de)",)),
        ("<p>ABC/DEF</p>", ("Sign off: ABC/DEF",)),
        ("<p>autor: Jan Przykład</p><p>jap/ mick/</p>", ("autor: Jan Przykład", "Sign off: jap/ mick/")),
        ("<p>desk@agency.example</p><p>(END)</p>", ("desk@agency.example",)),
        (
            "<p>Reporter: A. Example<br/>Editor: B. Example</p>",
            ("Reporter: A. Example", "Editor: B. Example"),
        ),
        (
            "<p>To contact the editors of this: <a href='mailto:a@b.c'>B</a></p>",
            ("To contact the editors of this: B",),
        ),
    ],
)
def test_what_stands_under_the_copy_for_editors_is_none_of_it(last: str, notes: tuple[str, ...]) -> None:
    found = read_copy(f"{COPY}{last}")
    assert (found.html, found.notes) == (COPY, notes)


def test_initials_and_marks_within_the_last_paragraph_go() -> None:
    found = read_copy("<p>One.</p><p>It met, he said. PTI ABC RDT RDT</p>")
    assert (found.html, found.notes) == ("<p>One.</p><p>It met, he said.</p>", ("Sign off: ABC RDT RDT",))
    for mark in (" Enditem", " (Schluss) ab/cd", "(完)", " (kraj)", " AGERPRES/(autor: A. Exemplu)"):
        assert read_copy(f"<p>One.</p><p>It met.{mark}</p>").html == "<p>One.</p><p>It met.</p>"


@pytest.mark.parametrize(
    "note",
    [
        "(Adds quotes (para 4), background)",
        "(EDS: UPDATING)",
        "//(EDS: ADDING DETAILS)",
        "Eds: Adds the vote.",
        "(Corrects the name in the second paragraph.)",
        "ATTENTION - AJOUTE une citation",
        "(Actualiza con la votación)",
    ],
)
def test_what_an_update_brings_is_told_to_editors_alone(note: str) -> None:
    bullets = "<p>* Council meets</p><p>* Bridge closed</p>"
    found = read_copy(f"{bullets}<p>{note}</p><p>By Jane Doe</p><p>OSLO, May 5 (Reuters) - It met.</p>")
    assert found.html == f"{bullets}<p>By Jane Doe</p><p>OSLO, May 5 (Reuters) - It met.</p>"
    assert (found.notes, found.dateline) == ((note.strip("/()"),), "OSLO, May 5 (Reuters)")


@pytest.mark.parametrize(
    "copy",
    [
        "<p>(Updated often, the list is long) said one.</p>",
        "<p>(Reporting by Jane Doe)</p>",
        "<p>Attention - it met</p>",
    ],
)
def test_what_only_opens_like_a_note_is_copy(copy: str) -> None:
    assert read_copy(copy + COPY).html == copy + COPY


def test_an_underscore_is_a_dash_where_the_dateline_ends_with_one() -> None:
    assert read_copy("<p>OSLO (AP) _ It met _ twice.</p>").html == "<p>OSLO (AP) — It met — twice.</p>"
    assert read_copy("<p>1 _ Runner (2) a_b</p>").html == "<p>1 _ Runner (2) a_b</p>"


def test_a_copy_that_is_nothing_but_a_mark_stays() -> None:
    assert read_copy("<p>ends</p>").html == "<p>ends</p>"


def test_lines_that_fill_the_measure_are_one_paragraph() -> None:
    assert read_copy(f"<p>   {LINE} <br/>{LINE}<br />once.</p>").html == f"<p>{LINE} {LINE} once.</p>"


@pytest.mark.parametrize(
    "meant",
    [
        "<p>12 Harbour Road<br/>Oslo</p>",  # short lines
        f"<p>{LINE} once.<br/>{LINE} twice.<br/>Over.</p>",  # sentences
        f"<p>{LINE} {LINE}<br/>once.</p>",  # wider than any measure
    ],
)
def test_breaks_that_are_meant_stay(meant: str) -> None:
    assert read_copy(meant).html == meant


def test_a_whole_text_in_one_paragraph_is_parted_where_its_lines_are_indented() -> None:
    text = (
        "<p>\n            (ANSA) - Rome, May 5 - The council\nmet &amp; spoke.\n   It will\nmeet again.\n</p>"
    )
    assert read_copy(text).html == (
        "<p>(ANSA) - Rome, May 5 - The council met &amp; spoke.</p><p>It will meet again.</p>"
    )
    indented_all = "<p>\n    One line\n    and another\n</p>"
    assert read_copy(indented_all).html == indented_all


@pytest.mark.parametrize(
    ("html", "dateline"),
    [
        ("<p>DAMASCUS (Reuters) - The council met.</p>", "DAMASCUS (Reuters)"),
        ("<p>By Jane Doe</p>\n<p>Oslo, 5 May (Reuters) - It met.</p>", "Oslo, 5 May (Reuters)"),
        (
            '<div id="x"><p class="lead">OSLO, May  5, 2026  (GLOBE NEWSWIRE) -- <b>A</b></p>',
            "OSLO, May 5, 2026 (GLOBE NEWSWIRE)",
        ),
        ("<p>Oslo (NTB): Rådet møttes.</p>", "Oslo (NTB)"),
        ("<p>Mumbai, May 4 (PTI) The council met.</p>", "Mumbai, May 4 (PTI)"),
        ("<p>MOSCOW, May 4. /TASS/. The council met.</p>", "MOSCOW, May 4. /TASS/"),
        ("<p>BRUSSEL 04/05 (BELGA) = De raad.</p>", "BRUSSEL 04/05 (BELGA)"),
        ("<p>Rådet (NTB) møttes: Ja.</p>", None),
        ("<p>DAMASCUS - The council met.</p>", None),  # no agency says so
        ("<p>The council (which met) - met.</p>", None),
        ("<h2>Oslo (Reuters) - A headline</h2><p>It met.</p>", None),
    ],
)
def test_the_dateline_is_read_where_the_copy_opens_with_it(html: str, dateline: str | None) -> None:
    found = read_copy(html)
    assert found.dateline == dateline
    assert found.html == html


def test_a_notice_of_copyright_under_the_copy_is_the_storys_own() -> None:
    body = "<p>Oslo (NTB) - It met.</p><p>Reporter: A. Example<br/>Copyright © Example 2026</p>"
    found = story(json.dumps({"uri": "urn:x:1", "headline": "Council meets", "body_xhtml": body}))
    assert (found.copyright_notice, found.ed_notes) == ("Copyright © Example 2026", ("Reporter: A. Example",))


def test_an_item_has_its_dateline_and_its_initials_from_the_copy() -> None:
    body = "<p>OSLO (AFP) - The council met.</p><p>ab/cd</p>"
    found = story(json.dumps({"uri": "urn:x:1", "headline": "Council meets", "body_xhtml": body}))
    assert (found.dateline, found.located) == (
        "OSLO (AFP)",
        Location(name="Oslo", country="NO", guessed=True),
    )
    assert found.ed_notes == ("Sign off: ab/cd",)
    assert found.body_html == "<p>OSLO (AFP) - The council met.</p>"


def test_initials_that_stand_as_a_byline_are_a_note_and_agencies_a_credit() -> None:
    item = {"uri": "urn:x:1", "headline": "Council meets", "body_xhtml": COPY}
    found = story(json.dumps(item | {"byline": "cae/tcr"}))
    assert (found.byline, found.ed_notes) == (None, ("Sign off: cae/tcr",))
    credited = story(json.dumps(item | {"byline": "dpa/afp"}))
    assert (credited.byline, credited.ed_notes) == ("dpa/afp", ())


def test_lines_that_are_indented_to_lie_well_in_a_file_are_no_paragraphs() -> None:
    item = {"uri": "urn:x:1", "headline": "Council meets"}
    body = "\n      The council of the\n      harbour met.\n\n      It will meet again.\n    "
    assert story(json.dumps(item | {"body_xhtml": body})).body_html == (
        "<p>The council of the harbour met.</p><p>It will meet again.</p>"
    )
    paragraphs = "   The council met.\n   It will meet again."
    assert story(json.dumps(item | {"body_text": paragraphs})).body_html == (
        "<p>The council met.</p><p>It will meet again.</p>"
    )


def test_an_article_in_apple_news_format_has_the_texts_of_its_components() -> None:
    body = {"role": "body", "format": "html", "text": "<p>It <b>met</b>.</p>"}
    article = {
        "identifier": "a1",
        "title": "Council meets",
        "components": [
            {"role": "container", "components": [{"role": "title", "text": "Council meets"}, body]},
            {"role": "divider"},
            {"role": "heading2", "text": "Why & how"},
            {"role": "body", "text": "Nobody < said."},
            {"role": "caption", "text": "A picture"},
        ],
    }
    assert story(json.dumps(article)).body_html == (
        "<p>It <strong>met</strong>.</p><h2>Why &amp; how</h2><p>Nobody &lt; said.</p>"
    )


@given(st.text(alphabet="ab &<>/p.\n", max_size=60))
def test_any_fragment_is_read(text: str) -> None:
    assert read_copy(f"<p>{text}</p><p>abc/de</p>").html.startswith("<p>")
