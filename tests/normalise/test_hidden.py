"""Words that the readers of a body were not to see are in no story."""

from __future__ import annotations

import json

import pytest

from tests.parse.builders import docx, paragraph
from tests.parse.reading import story
from wire.normalise.hidden import without_hidden

COPY = "The bridge is open again, the harbour authority said on Monday, after a year of work on its piers."
HIDDEN = {
    "attribute": "<p hidden>4711</p>",
    "style": "<div style='color: red; display : none !important'><p>4711</p></div>",
    "invisible": "<p style='visibility:hidden'>4711</p>",
    "in Word alone": "<p style='mso-hide:all'>4711</p>",
    "of the page alone": "<p aria-hidden='true'>4711</p>",
    "within a line": "<p>It <span style='display:none'>4711</span> is open.</p>",
    "behind a stray quotation mark": "<p title=it's style='display:none'>4711</p>",
    "behind a bracket": '<p title="a>b" hidden>4711</p>',
    "before another attribute": "<p hidden class=x>4711</p>",
    "on two lines": "<p>It <s\nclass='x'>4711</s> is open.</p>",
    "deleted": "<p>It <del>4711</del> is open.</p>",
    "struck out": "<p>It <s>4711</s><strike>4711</strike> is open.</p>",
    "field": "<textarea>4711</textarea>",
    "dialog": "<dialog>4711</dialog>",
}
RSS = (
    "<rss version='2.0'><channel><title>T</title><item><guid>1</guid><title>Bridge</title>"
    "<description><![CDATA[{}]]></description></item></channel></rss>"
)


@pytest.mark.parametrize("kind", HIDDEN)
def test_hidden_words_of_a_body_are_left_out_and_those_around_them_stay(kind: str) -> None:
    html = f"<p>{COPY}</p>{HIDDEN[kind]}<p>Ferries stop.</p>"
    documents = {
        "a.json": json.dumps({"uri": "urn:x", "headline": "Bridge", "body_html": html}),
        "a.xml": RSS.format(html),
        "a.eml": f"From: a@b.example\nSubject: Bridge\nContent-Type: text/html\n\n<body>{html}</body>",
        "a.md": f"# Bridge\n\n{COPY}\n\n{HIDDEN[kind]}\n\nFerries stop.\n",
    }
    for name, document in documents.items():
        found = story(document, name)
        assert "4711" not in repr(found)
        assert COPY in found.body_html
        assert "<p>Ferries stop.</p>" in found.body_html
        assert ("is open.</p>" in found.body_html) == ("is open" in HIDDEN[kind])


def test_what_was_left_out_is_said() -> None:
    found = story(json.dumps({"uri": "urn:x", "headline": "Bridge", "body_html": f"{COPY} <s>4711</s>"}))
    assert "hidden or struck out words of the body left out" in found.origin.warnings


@pytest.mark.parametrize(
    "html",
    [
        "<p>A hidden display</p>",
        "<p style='display:block'>A</p>",
        "<p aria-hidden='false'>A</p>",
        "a < b",
        "",
    ],
)
def test_a_body_that_hides_nothing_stays_as_it_is(html: str) -> None:
    assert without_hidden(html) == html


@pytest.mark.parametrize("switch", ["vanish", "strike", "dstrike"])
def test_hidden_runs_of_a_document_of_word_are_left_out(switch: str) -> None:
    run = f"<w:p><w:r><w:rPr><w:{switch}/></w:rPr><w:t>4711</w:t></w:r></w:p>{paragraph('Ferries stop.')}"
    found = story(docx(paragraph("Bridge opens") + paragraph(COPY) + run), "a.docx")
    assert "4711" not in repr(found)
    assert "Ferries stop." in found.body_html


@pytest.mark.parametrize("switch", ["v", "deleted", "strike", "striked1"])
def test_hidden_runs_of_an_rtf_document_are_left_out(switch: str) -> None:
    found = story(rf"{{\rtf1\ansi Bridge opens\par {COPY}\par {{\{switch} 4711}}Ferries stop.\par}}", "a.rtf")
    assert "4711" not in repr(found)
    assert "Ferries stop." in found.body_html
