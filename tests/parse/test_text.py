"""Plain text: header lines win, furniture goes, the story stays."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.parse.reading import shared, story
from wire.parse.copied.rawcopy import Found, find_story
from wire.parse.text import unwrapped
from wire.story import OPEN_ENDED, PubStatus

BODY = "\n\nThe council said on Monday that it would repair the bridge before the winter begins.\n"


def test_what_header_lines_state_wins_over_what_is_found() -> None:
    found = story(
        "Headline: Stated\nLanguage: de\nDateline: BERLIN\n\nA line like a headline\nOSLO (Agency) - Copy."
        + BODY
    )
    assert (found.headline, found.language, found.dateline) == ("Stated", "de", "BERLIN")


@pytest.mark.parametrize(
    "place",
    [
        *("PARIS", "PARIS (AFP)", "VONNAS", "PORTO", "AVIGNON (AFP)", "DAMASCUS", "DAKAR, Senegal (AP)"),
        *("BYRON BAY", "BYRON BAY, Australia (AP)", "DA NANG", "DA NANG, Vietnam (Reuters)"),
    ],
)
@pytest.mark.parametrize("head", ["Headline: Talks go on", "Talks go on in the capital"])
def test_no_place_is_taken_for_a_word_that_introduces_an_author(place: str, head: str) -> None:
    """By, von, par, da … begin bylines, also where the name is glued to them; PARIS is no "par IS"."""
    found = story(f"{head}\n\n{place} - The ministers met on Monday and went on until noon." + BODY)
    assert (found.dateline, found.byline, found.creators) == (place, None, ())
    assert found.body_html.startswith(f"<p>{place} - The ministers met")


@pytest.mark.parametrize("place", ["DA NANG, Vietnam", "DA NANG", "AVIGNON, France", "DI LINH"])
def test_a_place_before_a_colon_is_no_author(place: str) -> None:
    opening = f"{place}: The port will be closed for three days, the port said."
    found = story(f"Port closed after storm\n{opening}{BODY}")
    assert (found.byline, found.dateline) == (None, place if "," in place else None)
    assert found.body_html.startswith(f"<p>{opening}</p>")
    assert story(opening + BODY).headline.startswith("The port will be" if "," in place else place)


def test_a_sentence_about_an_image_is_no_credit() -> None:
    copy = "Image of the dead king was found on Monday."
    assert f"<p>{copy}</p>" in story(f"Kings\n{copy}{BODY}").body_html
    (credit,) = story(f"Kings of old\nPhoto: Jane Example of the Example Agency{BODY}").pictures
    assert credit.caption == "Photo: Jane Example of the Example Agency"


def test_paragraphs_that_begin_with_an_indent_are_joined() -> None:
    found = story(
        "Port workers end strike after pay deal\n\n    By Jane Example\n"
        "    LONDON, March 2 (Agency) - Workers at the port ended a strike \n"
        "on Monday after they agreed on a new pay deal with the owners, \ntheir union said.\n"
        "    The deal gives them 5% more over two years, the union said \nin a statement.\n"
    )
    assert (found.byline, found.dateline) == ("By Jane Example", "LONDON, March 2 (Agency)")
    assert found.body_html.count("<p>") == 2
    assert "with the owners, their union said.</p>" in found.body_html


@pytest.mark.parametrize(
    "printed", ["ByJane Example", "By Jane Example", "BY JANE EXAMPLE", "DI JANE EXAMPLE"]
)
def test_a_byline_above_the_dateline_is_one(printed: str) -> None:
    found = story(f"Headline: x\n\n{printed}\n\nPARIS - The ministers met on Monday." + BODY)
    assert (found.byline, found.dateline) == (printed, "PARIS")
    assert len(found.creators) == 1


def test_an_embargo_that_cannot_be_read_holds_without_an_end() -> None:
    unread, empty = (story(f"Headline: x\nEmbargo:{value}" + BODY) for value in (" until the speech", ""))
    assert unread.embargoed == empty.embargoed == OPEN_ENDED
    told = "header embargoed not understood, so that it has no end: until the speech"
    assert told in unread.origin.warnings
    assert not any("embargo" in warning for warning in empty.origin.warnings)


def test_a_header_that_is_not_understood_is_said() -> None:
    assert "header urgency not understood: very" in story("Headline: x\nUrgency: very" + BODY).origin.warnings


def test_an_id_and_a_version_are_the_storys_own() -> None:
    found = story("Headline: x\nId: tag:example.org,2026:1\nVersion: 4" + BODY)
    assert (found.guid, found.version) == ("tag:example.org,2026:1", 4)


@pytest.mark.parametrize(
    ("last", "note"),
    [
        ("Correction: an earlier version gave the wrong day.", True),
        ("CORRECTION An earlier version gave the wrong day.", True),
        ("Clarification (Monday): the bridge is in the north.", True),
        ("Correction officers went on strike on Monday.", False),
        ("Clarification of the figures is not expected before Monday.", False),
    ],
)
def test_a_correction_at_the_end_is_a_note_but_not_every_sentence_with_the_word(
    last: str, note: bool
) -> None:
    found = story(f"Headline: x{BODY}\nIt would take a year, the mayor said.\n\n{last}\n")
    assert (last in found.body_html, found.ed_notes) == (not note, (last,) if note else ())


def test_notes_never_reach_the_body() -> None:
    found = story("Headline: x\nNote: call the desk" + BODY)
    assert found.ed_notes == ("call the desk",)
    assert "call the desk" not in found.body_html


def test_a_kill_needs_no_text() -> None:
    assert story("Id: tag:example.org,2026:1\nStatus: kill\n").pub_status is PubStatus.CANCELED


def test_a_single_doubtful_header_is_copy() -> None:
    assert (
        "Note: this is how the letter began." in story("Note: this is how the letter began." + BODY).body_html
    )


def test_markup_in_plain_text_is_text() -> None:
    assert (
        "&lt;script&gt;"
        in story("Headline: x\n\nUse <script> with care, the handbook says to its readers.").body_html
    )


def test_a_one_line_flash_is_a_story() -> None:
    assert story("FLASH: Parliament passes the budget").headline == "FLASH: Parliament passes the budget"


def test_a_furniture_line_inside_the_story_does_not_end_it() -> None:
    paragraph = "The council said on Monday that it would repair the bridge before the winter begins in {}."
    lines = [paragraph.format(n) for n in "abcd"]
    lines.insert(2, "Read more: Where to swim this summer")
    found = _found("\n\n".join(["Council repairs the bridge before winter", *lines]))
    assert [block.text for block in found.body] == [line for line in lines if "Read more" not in line]


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("KYIV, Ukraine (AP) — The council met.", "KYIV, Ukraine (AP)"),
        ("BERLIN (dpa) - Der Rat tagte.", "BERLIN (dpa)"),
        ("LONDON, March 2 (Reuters) - The council met.", "LONDON, March 2 (Reuters)"),
        ("EXAMPLETOWN, England — The council met.", "EXAMPLETOWN, England"),
        ("Madrid, 5 may (EFE).- El consejo se reunió.", "Madrid, 5 may (EFE)"),
        ("PARIS, June 3, 2019 (AFP) - The council met.", "PARIS, June 3, 2019 (AFP)"),
        ("Lisboa, 05 mai 2026 (Lusa) - O conselho reuniu.", "Lisboa, 05 mai 2026 (Lusa)"),
        ("MOSCOW, May 5. /TASS/. The council met.", "MOSCOW, May 5. /TASS/"),
        ("København /ritzau/: Rådet mødtes.", "København /ritzau/"),
        ("(ANSA) - ROMA, 5 MAG - Il consiglio.", "(ANSA) - ROMA, 5 MAG"),
        ("ANTWERPEN 01/05 (BELGA) = De raad vergaderde.", "ANTWERPEN 01/05 (BELGA)"),
        ("Budapest, 2026. május 1., péntek (MTI) - A tanács.", "Budapest, 2026. május 1., péntek (MTI)"),
        ("Oslo (NTB): Rådet møttes.", "Oslo (NTB)"),
        ("The road/rail bridge (opened in 1960) closed.", None),
        ("The Museum – closed since May – opens.", None),
    ],
)
def test_a_dateline_is_read_where_an_agency_or_capitals_show_it(line: str, dateline: str | None) -> None:
    assert (
        _found(
            f"The council met in the evening\n\n{line} It was a long evening for everybody there."
        ).dateline
        == dateline
    )


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Published 14 May 2026", 14),
        ("May 14, 2026", 14),
        ("14. Mai 2026", 14),
        ("14 de mayo de 2026", 14),
        ("2026年5月14日", 14),
        ("14/05/2026", 14),
        ("2026-05-14 09:30", 14),
    ],
)
def test_an_absolute_date_near_the_story_is_its_content_date(printed: str, day: int) -> None:
    found = story(f"The council repairs the bridge\n{printed}\nShare\nMenu" + BODY * 3)
    assert found.content_created is not None
    assert found.content_created.astimezone(ZoneInfo("Europe/London")).date() == date(2026, 5, day)


@pytest.mark.slow
@pytest.mark.parametrize(("variant", "least"), [("full", 0.90), ("light", 0.91)])
def test_the_story_is_found_in_the_corpus(variant: str, least: float) -> None:
    """Body F1 of word 4-grams, micro-averaged per page, on the gold pages."""
    folder = shared("corpus")
    truth = _truth(folder / "rawtext" / "truth.jsonl")
    ids = (folder / f"gold_{variant}.ids").read_text().split()
    scores = [_f1(truth[i], _body(folder / "rawtext" / f"{i}.txt")) for i in ids]
    assert sum(scores) / len(scores) >= least - 0.03  # the scorer's mean of means is some .02 kinder


def _found(text: str) -> Found:
    return find_story(unwrapped(text.split("\n")))


def _truth(path: Path) -> dict[str, str]:
    items = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {item["id"]: item["body"] for item in items}


def _body(path: Path) -> str:
    return "\n".join(block.text for block in _found(path.read_text(encoding="utf-8")).body)


def _f1(truth: str, found: str) -> float:
    expected, got = _shingles(truth), _shingles(found)
    return 2 * len(expected & got) / (len(expected) + len(got)) if expected or got else 1.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))}


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a", "a: b", "-", "The minister said that it rained."])
def test_a_flood_of_lines_is_cut_and_says_so(line: str) -> None:
    found = story(f"{line}\n" * 200_000 if line != "-" else "x" + "-\n" * 200_000)
    assert "text cut after 10000 lines or 800000 characters" in found.origin.warnings
    assert len(found.body_html) < 1_000_000
