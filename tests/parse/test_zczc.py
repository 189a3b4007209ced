"""Bulletins between ZCZC and NNNN: fields behind marks, wherever a desk puts them, and never in the body."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.parse.reading import read, shared, stories, story
from wire.errors import UnsafeInput
from wire.story import Concept

#: As a radio desk sends it.
RADIO = """ZCZC AAP\r
%A\r
#Harbour: Wall_BC2\r
$Harbour wall to be rebuilt \r
\r
:(HOBART)\r
&DESK\\example\r
*03000000\r
@Tas\r
The harbour wall is to be rebuilt.\r
\r
   Work begins in May.\r
\r
AAP RTV\r
NNNN\r
"""
#: As a sports desk does.
SPORT = (
    "   ZCZC AAP\r$T\r:Regatta Preview\r=Round 2\r^Sailing: Round 2 preview\r*X\r&A\r+15000000\r"
    "HOBART, May 3 AAP - Who sails where:\r\nNorth v South at the pier 8.10pm\r\nTip: South\r\n   AAP"
)


def test_a_radio_desks_fields_are_read() -> None:
    made = story(RADIO)
    assert (made.headline, made.slugline) == ("Harbour wall to be rebuilt", "Harbour: Wall_BC2")
    assert (made.dateline, made.provider, made.language) == ("HOBART", "AAP", "en")
    assert made.body_html == "<p>The harbour wall is to be rebuilt.</p><p>Work begins in May.</p>"
    assert Concept(qcode="subj:03000000") in made.subjects
    assert "medtop:03000000" in {subject.qcode for subject in made.subjects}
    assert "Tas" in {place.name for place in made.places}
    assert made.info_sources == ("AAP RTV",)


def test_a_sports_desks_fields_are_read_though_the_marks_mean_other_things() -> None:
    made = story(SPORT)
    assert (made.headline, made.slugline) == ("Sailing: Round 2 preview", "Regatta Preview/Round 2")
    assert made.dateline == "HOBART, May 3 AAP"
    assert Concept(qcode="aapcat:t", name="domestic sport") in made.subjects
    assert Concept(qcode="subj:15000000") in made.subjects
    assert "<p>North v South at the pier 8.10pm</p><p>Tip: South</p>" in made.body_html, "a line each"
    assert "AAP</p>" not in made.body_html.replace("May 3 AAP", "")


@pytest.mark.parametrize("text", [RADIO, SPORT], ids=["radio", "sport"])
def test_whoever_filed_it_and_where_it_goes_is_for_editors_alone(text: str) -> None:
    made = story(text)
    assert any(note.startswith(("filed by: DESK", "service level: A")) for note in made.ed_notes)
    for mark in ("DESK\\", "%", "&amp;", "NNNN", "ZCZC"):
        assert mark not in made.body_html


def test_a_slug_makes_the_colon_a_headline() -> None:
    made = story("ZCZC\n#Pier Trot\n:Dividends 1-4 Friday\nPIER TROT\x0f\nRace 1: 6 10.\x19\nNNNN\n")
    assert (made.slugline, made.headline) == ("Pier Trot", "Dividends 1-4 Friday")
    assert made.body_html == "<p>PIER TROT</p><p>Race 1: 6 10.</p>"


def test_two_names_in_one_line_are_slug_and_headline() -> None:
    made = story(
        "ZCZC FMG000\nYY RFG NET(3RR)\n:POTTED :Pier - Brief Form\n:SPORT - Pier\nRace One - Cup\nNNNN\n"
    )
    assert (made.slugline, made.headline) == ("POTTED", "Pier - Brief Form")
    assert made.ed_notes == ("YY RFG NET(3RR)", "SPORT - Pier")


def test_a_table_stays_as_it_was_set() -> None:
    made = story("ZCZC AAP\n$J\n:Draw\n*T\nNumbers:   [2]   [4]\n\nDivision 1     $2.00\n\nNNNN\n")
    assert made.body_html == "<pre>Numbers:   [2]   [4]\n\nDivision 1     $2.00</pre>"


def test_without_a_field_the_first_line_is_the_headline() -> None:
    made = story("ZCZC FMG000\nYY TDR\nPier WEIGHTS<!\n(Weights for Friday   )=!\nHarbour Cup 58.0\nNNNN\n")
    assert made.headline == "Pier WEIGHTS"
    assert made.body_html == "<p>(Weights for Friday )</p><p>Harbour Cup 58.0</p>"
    assert "the first line is taken for the headline" in made.origin.warnings


def test_fields_of_two_letters_are_read() -> None:
    made = story(
        "zczc\r\nAN#4711\r\nKN#Example Bites\r\nPD#06 June 2016 14:00:00\r\nSO#ASX\r\nSF#*\r\nBY#\r\n"
        "TI#Yard is late\r\nAB#The yard is late.\r\nTX#\r\nThe yard is late, it says.\r\n"
    )
    assert (made.headline, made.description, made.provider) == (
        *("Yard is late", "The yard is late."),
        "Example Bites",
    )
    assert made.version_created is not None
    assert made.version_created.astimezone(UTC) == datetime(2016, 6, 6, 13, tzinfo=UTC)
    assert (made.info_sources, made.ed_notes) == (("ASX",), ("AN: 4711",))
    assert made.body_html == "<p>The yard is late, it says.</p>"


def test_each_message_of_a_file_is_a_story_of_its_own() -> None:
    first, second = stories(RADIO + "\n" + RADIO.replace("Harbour wall", "Sea wall"))
    assert (first.headline, second.headline) == ("Harbour wall to be rebuilt", "Sea wall to be rebuilt")
    assert first.guid != second.guid


def test_a_bulletin_of_nothing_is_refused_with_its_reason() -> None:
    made, refused = read("ZCZC AAP\n\nNNNN\n")
    assert made == []
    assert "holds no message with a text" in str(refused[0])


def test_an_embargo_without_a_year_ends_in_that_of_the_arrival() -> None:
    made = story("ZCZC\n:Pier opens\n#Pier\n\nEMBARGOED TO 0001 GMT THURSDAY JULY 2\n\nIt opens.\nNNNN")
    assert made.embargoed == datetime(2026, 7, 2, 0, 1, tzinfo=UTC)


def test_copy_about_an_embargo_is_not_held() -> None:
    made = story("ZCZC\n:US tightens embargo\n#Oil\n\nThe oil embargo was tightened on Monday.\nNNNN")
    assert made.embargoed is None


def test_an_embargo_and_what_is_not_for_publication_are_heeded() -> None:
    made = story(RADIO.replace("The harbour wall is", "EMBARGOED UNTIL FURTHER NOTICE. The harbour wall is"))
    assert made.embargoed is not None
    hidden = RADIO.replace("AAP RTV", "NOT FOR PUBLICATION\r\n\r\nCall 4711\r")
    assert "4711" not in story(hidden).body_html


def test_a_bulletin_of_any_other_sender_is_read_without_its_frame() -> None:
    made = story(
        "ZCZC JA75\nGALE WARNING\nWind of force nine is expected in the west of the area by night.\nNNNN\n"
    )
    assert (made.headline, made.provider) == ("GALE WARNING", None)
    assert made.body_html == "<p>Wind of force nine is expected in the west of the area by night.</p>"


def test_a_file_of_more_bulletins_than_any_transmission_is_refused() -> None:
    bulletin = "ZCZC AAP\n$Headline\nThe copy.\nNNNN\n"
    assert len(stories(bulletin * 3)) == 3
    with pytest.raises(UnsafeInput, match="more than 2000 messages"):
        stories(bulletin * 2001)


def test_no_mark_of_the_samples_is_left_in_a_body() -> None:
    folder = shared("samples", "agency")
    seen = 0
    for file in sorted(folder.glob("aap__*.tst")):
        if b"zczc" not in file.read_bytes()[:20].lower():
            continue
        made = story(file.read_bytes(), file.name)
        assert made.headline and not made.headline.startswith(("ZCZC", "#", ":", "$", "%"))
        assert not made.body_html.startswith(("<p>#", "<p>$", "<p>%", "<p>:", "<p>YY ", "<p>ZCZC"))
        assert "NNNN" not in made.body_html
        seen += 1
    assert seen >= 9
