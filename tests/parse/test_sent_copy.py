"""Copy as people send it: forwarded, quoted, labelled, held back, signed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.parse.reading import story
from wire.errors import NotAStory
from wire.story import OPEN_ENDED

COPY = (
    "The council said on Monday that it would repair the bridge before the winter begins.\n\n"
    "An inspection had found cracks in two of its piers.\n"
)
HTML = "".join(f"<p>{line}</p>" for line in COPY.split("\n") if line)


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 00:01 TUESDAY 2 JUNE 2026", datetime(2026, 6, 1, 23, 1, tzinfo=UTC)),
        ("STRICT EMBARGO: 2 June 2026, 06:00 GMT", datetime(2026, 6, 2, 6, 0, tzinfo=UTC)),
        ("Sperrfrist: nach der Rede", OPEN_ENDED),
        ("Under strict embargo", OPEN_ENDED),
    ],
)
def test_a_line_above_the_copy_holds_it_back(line: str, until: datetime) -> None:
    found = story(f"PRESS RELEASE\n{line}\n\nCouncil to repair bridge\n\n{COPY}")
    assert found.embargoed is not None
    assert abs((found.embargoed - until).total_seconds()) <= 3600  # the default zone's summer time
    assert (found.headline, found.body_html, found.ed_notes) == ("Council to repair bridge", HTML, (line,))


SIGNATURE = "A. Example\nHarbour Writer\nPh: +47 22 00 00 00\nSkype: a.example"


def _mailed(text: str, kind: str = "plain") -> str:
    return f"From: a@b.example\nSubject: Council\nContent-Type: text/{kind}; charset=utf-8\n\n{text}"


@pytest.mark.parametrize(
    "signature",
    [
        SIGNATURE,
        "Kind regards,\n\nA. Example\nEditor of the harbour and of much else that lies within sight of it",
        "Sent from my telephone",
        "A. Example\na@b.example\n\n________\n\nThis e-mail is confidential and intended for the desk alone.",
    ],
)
def test_a_signature_under_a_mail_is_for_editors(signature: str) -> None:
    found = story(_mailed(f"{COPY}\n{signature}"), "a.eml")
    assert found.body_html == HTML
    assert found.ed_notes[1].split() == signature.split()


def test_a_signature_and_a_disclaimer_in_html_are_none_of_the_copy() -> None:
    signed = "".join(f"<div>{line}</div>" for line in SIGNATURE.split("\n"))
    told = "<hr><font>This email may contain information that is confidential.</font>"
    found = story(_mailed(f"<html><body>{HTML}{signed}{told}</body></html>", "html"), "a.eml")
    assert found.body_html == HTML
    assert found.ed_notes[1] == SIGNATURE


@pytest.mark.parametrize(
    "last", ["In 2008-2017 it had none", "It opens at 10.30 and ends at 12.45", "Oslo 2, Bergen 1"]
)
def test_a_short_last_line_without_anybody_to_call_is_copy(last: str) -> None:
    assert story(_mailed(f"{COPY}\n{last}"), "a.eml").body_html == f"{HTML}<p>{last}</p>"


def test_a_note_of_a_word_or_two_is_kept_and_an_underscore_after_the_dateline_is_a_dash() -> None:
    labelled = "SLUG: bridge\nHeadline: Council to repair bridge\n\nOSLO (AP) _ "
    found = story(_mailed(f"{labelled}{COPY}\nNote to editors: ring 4711"), "a.eml")
    assert (found.slugline, found.ed_notes[1:]) == ("bridge", ("ring 4711",))
    assert found.body_html.startswith("<p>OSLO (AP) — The council")


def test_what_stands_above_and_below_a_labelled_headline_is_no_copy() -> None:
    labelled = (
        "SDA\n\nHeadline: Council to repair bridge\n\nAbstract: Cracks found.\n\nBridge oslo\n\nBy Jane Doe"
    )
    found = story(_mailed(f"{labelled}\n\n{COPY}"), "a.eml")
    assert (found.headline, found.description) == ("Council to repair bridge", "Cracks found.")
    assert (found.slugline, found.byline, found.body_html) == ("Bridge oslo", "By Jane Doe", HTML)
    assert found.ed_notes[1:] == ("SDA",)


@pytest.mark.parametrize("headline", ["US tightens oil embargo on its neighbour", "Embargo on timber lifted"])
@pytest.mark.parametrize("name", ["story.txt", "story.md"])
def test_an_embargo_on_trade_holds_nothing_back(headline: str, name: str) -> None:
    found = story(f"{headline}\n\n{COPY}", name)
    assert (found.headline, found.embargoed) == (headline, None)


@pytest.mark.parametrize(
    "label",
    ["Press release", "FOR IMMEDIATE RELEASE", "Pressemitteilung", "COMMUNIQUÉ DE PRESSE", "NOTA DE PRENSA"],
)
def test_what_a_sender_calls_the_text_is_no_headline(label: str) -> None:
    found = story(f"{label}\nLondon, 2 March 2026\n\nCouncil to repair bridge\n\n{COPY}")
    assert (found.headline, found.body_html) == ("Council to repair bridge", HTML)
    assert found.content_created is not None
    assert found.content_created.date().isoformat() == "2026-03-02"
    assert f"label left out: {label}" in found.origin.warnings


def test_copy_that_an_answer_quotes_is_the_story_and_the_answer_a_note() -> None:
    quoted = "\n".join(f"> {line}".rstrip() for line in f"Council to repair bridge\n\n{COPY}".split("\n"))
    found = story(f"Hi desk,\n\nplease use this one.\n\n{quoted}\n")
    assert (found.headline, found.body_html) == ("Council to repair bridge", HTML)
    assert found.ed_notes == ("Hi desk, please use this one.",)


def test_a_quotation_within_the_copy_stays_one() -> None:
    found = story(f"Council to repair bridge\n\n{COPY}\n> We have waited for years.\n\n{COPY}")
    assert "<blockquote><p>We have waited for years.</p></blockquote>" in found.body_html


def test_a_forwarded_mail_is_read_without_its_head_and_its_signature() -> None:
    found = story(
        "FYI\n\n---------- Forwarded message ---------\nFrom: Example Press <press@port.example>\n"
        "Date: Mon, 2 Mar 2026 at 09:14\nSubject: Council to repair bridge\nTo: Desk <desk@news.example>\n\n"
        f"{COPY}\nKind regards\nJane Example\nPress office\n+44 20 7946 0000\n"
    )
    assert (found.headline, found.body_html) == ("Council to repair bridge", HTML)
    assert found.ed_notes == ("FYI", "Kind regards\nJane Example\nPress office\n+44 20 7946 0000")


@pytest.mark.parametrize("mark", ["(more)", "-more-", "MORE", "(segue)"])
def test_marks_between_takes_are_left_out(mark: str) -> None:
    assert story(f"Council to repair bridge\n\n{COPY}\n{mark}\n\n{COPY}").body_html == HTML * 2


@pytest.mark.parametrize("line", ["15:55", "Q: Have you seen it?", "Northwood 1,390 1,459 5.0%"])
def test_clocks_questions_and_rows_of_numbers_are_no_subheads(line: str) -> None:
    assert f"<p>{line}</p>" in story(f"Council to repair bridge\n\n{COPY}\n{line}\n\n{COPY}").body_html


@pytest.mark.parametrize("line", ["The winter of 2026", "May 15, 2024", "1. See the bell"])
def test_a_year_or_a_number_makes_no_row(line: str) -> None:
    assert f"<h2>{line}</h2>" in story(f"Council to repair bridge\n\n{COPY}\n{line}\n\n{COPY}").body_html


def test_a_day_of_birth_is_not_when_a_story_was_written() -> None:
    life = "Born on 3 May 1931 in Mill Lane, she went to sea at 16.\n\nAnn Example, died 1 March 2026."
    found = story(f"Ann Example, harbour master\n\n{COPY}\n{life}\n")
    assert found.content_created is not None
    assert found.content_created.date().isoformat() == "2026-03-01"


@pytest.mark.parametrize(
    ("opening", "dateline"),
    [
        ("EXAMPLETON, MARCH 2 - THE COUNCIL MET ON MONDAY.", "EXAMPLETON, MARCH 2"),
        ("ROMA, 2 MAR - Il consiglio si è riunito lunedì.", "ROMA, 2 MAR"),
        ("МОСКВА, 2 марта. /ТАСС/. Порт будет закрыт на три дня.", "МОСКВА, 2 марта. /ТАСС/"),
        ("القاهرة (وكالة) - أعلنت هيئة الميناء يوم الاثنين.", "القاهرة (وكالة)"),
    ],
)
def test_datelines_are_read_in_capitals_and_in_other_scripts(opening: str, dateline: str) -> None:
    assert story(f"Headline: x\n\n{opening}\n").dateline == dateline


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize(
    "note",
    [
        "Note to editors: the mayor is to be had for interviews under 555 0100, from noon on and not before.",
        "Hinweis an die Redaktion: Rückfragen unter 555 0100",
        "(Not for publication) 555 0100",
    ],
)
def test_a_note_under_copy_however_short_is_for_editors_alone(note: str, gap: str) -> None:
    short = ["Council to repair bridge", "It said so on Monday.", "Work is to last until the end of October."]
    found = story(gap.join([*short, note]))
    assert "555" not in found.body_html
    assert "October" in found.body_html
    assert "555 0100" in " ".join(found.ed_notes)


@pytest.mark.parametrize(
    "note",
    [
        "Note to editors: call 555 0100 first.",
        "Note to editors: whoever wants to speak to the mayor before noon on Monday\ncalls 555 0100 first.",
        "NOTES TO EDITORS\nCall 555 0100 first.",
        "NOTES TO EDITORS\n\nCall 555 0100 first.",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_note_on_top_takes_no_copy_with_it(note: str, gap: str) -> None:
    found = story(f"{note}{gap}Council to repair bridge\n\n{COPY}")
    assert found.headline == "Council to repair bridge"
    assert "piers" in found.body_html
    assert "555" not in found.body_html
    assert "555 0100" in " ".join(found.ed_notes)


def test_what_says_on_top_that_it_is_not_for_publication_is_refused() -> None:
    with pytest.raises(NotAStory, match="not for publication: Nicht zur"):
        story(f"Nicht zur Veröffentlichung!\n\nCouncil to repair bridge\n\n{COPY}")
