"""Raw copy of every kind is read as an editor reads it: the story found, nothing of it lost."""

from __future__ import annotations

import pytest

from tests.parse.reading import stories, story
from wire.common.words import html_to_text

LONG = "The council said on Monday that it would repair the old bridge at the harbour before winter begins."
MORE = "Work on the harbour bridge is to cost two million and to last until the end of October, it added."


def lines_of(text: str) -> list[str]:
    """The lines of the body."""
    return html_to_text(story(text).body_html).split("\n")


@pytest.mark.parametrize(
    "flash", ["FLASH: Parliament passes the budget", "Harbour bridge closed", "議会が予算を可決"]
)
def test_a_one_line_flash_is_a_headline(flash: str) -> None:
    assert story(flash).headline == flash


def test_a_text_without_a_headline_keeps_its_first_paragraph() -> None:
    found = story(f"{LONG}\n\n{MORE}\n\n{LONG} Again.")
    assert LONG in found.body_html
    assert "headline made from the first words of the text" in found.origin.warnings


def test_a_headline_in_capitals_is_the_headline_and_no_dateline() -> None:
    found = story(f"COUNCIL TO REPAIR HARBOUR BRIDGE\n\n{LONG}\n\n{MORE}")
    assert (found.headline, found.dateline) == ("COUNCIL TO REPAIR HARBOUR BRIDGE", None)


@pytest.mark.parametrize(
    ("headline", "paragraphs"),
    [
        (
            "المجلس يقرر إصلاح الجسر القديم",
            [
                "قال المجلس يوم الاثنين إنه سيصلح الجسر القديم في الميناء قبل بداية فصل الشتاء من هذا العام.",
                "وأضاف المجلس أن العمل سيستمر حتى نهاية شهر أكتوبر وسيكلف مليوني يورو.",
            ],
        ),
        (
            "המועצה תתקן את הגשר הישן",
            [
                "המועצה הודיעה ביום שני כי תתקן את הגשר הישן בנמל לפני תחילת החורף הקרוב.",
                "העבודות יימשכו עד סוף אוקטובר ויעלו שני מיליון אירו.",
            ],
        ),
        (
            "市议会决定修复旧桥",
            [
                "市议会周一表示，将在冬季开始之前修复港口的旧桥。工程预计耗资两百万欧元。",
                "施工将持续到十月底。",
            ],
        ),
        (
            "市議会、古い橋の修理を決定",
            [
                "市議会は月曜日、冬が始まる前に港の古い橋を修理すると発表した。",
                "工事は十月末まで続く。",
            ],
        ),
        (
            "สภาเมืองจะซ่อมสะพานเก่า",
            ["สภาเมืองกล่าวเมื่อวันจันทร์ว่าจะซ่อมสะพานเก่าที่ท่าเรือก่อนฤดูหนาวจะเริ่มขึ้น", "งานจะดำเนินไปจนถึงสิ้นเดือนตุลาคม"],
        ),
    ],
)
def test_copy_in_any_script_keeps_headline_and_paragraphs(headline: str, paragraphs: list[str]) -> None:
    found = story("\n\n".join([headline, *paragraphs]))
    assert found.headline == headline
    assert html_to_text(found.body_html).split("\n") == paragraphs


def test_a_poem_keeps_its_lines() -> None:
    poem = [
        "The harbour sleeps beneath the snow",
        "the ferries wait in line",
        "no gull will come, no wind will blow",
        "until the evening shine",
    ]
    assert lines_of("Winter at the harbour\n\n" + "\n".join(poem)) == poem


def test_a_list_becomes_a_list() -> None:
    found = story(
        f"What the council decided\n\n{LONG}\n\n- the bridge is repaired\n- the ferry runs at night\n\n{MORE}"
    )
    assert "<ul><li>the bridge is repaired</li><li>the ferry runs at night</li></ul>" in found.body_html


def test_a_quoted_passage_becomes_a_quotation() -> None:
    found = story(f"What the council said\n\n{LONG}\n\n> The bridge is safe until then.\n\n{MORE}")
    assert "<blockquote><p>The bridge is safe until then.</p></blockquote>" in found.body_html


def test_a_transcript_keeps_its_speakers() -> None:
    spoken = [
        "MODERATOR: When will the bridge be open?",
        "ENGINEER: Before the winter begins.",
        "MODERATOR: And the ferry?",
        "ENGINEER: It runs at night as well.",
    ]
    assert lines_of("Transcript: the talk about the bridge\n\n" + "\n\n".join(spoken)) == spoken


def test_a_live_blog_keeps_its_times() -> None:
    entries = ["14:05", LONG, "13:40", MORE]
    assert lines_of("The day at the harbour, minute by minute\n\n" + "\n\n".join(entries)) == entries


def test_a_table_keeps_its_rows() -> None:
    rows = ["Harbour    2 1 0 7", "Old Town   1 1 1 4", "Riverside  0 0 3 0"]
    assert lines_of("Table after three games\n\n" + "\n".join(rows)) == [
        " ".join(row.split()) for row in rows
    ]


def test_results_keep_every_line() -> None:
    results = ["Harbour - Old Town 3:1", "Riverside - Hill 0:0", "Castle - Station 2:2"]
    assert lines_of("Results of the weekend\n\n" + "\n".join(results)) == results


@pytest.mark.parametrize("mark", ["-30-", "—30—", "ENDS", "###", "# # #", "-ends-"])
def test_what_stands_below_the_end_is_for_editors(mark: str) -> None:
    found = story(
        f"Council to repair bridge\n\n{LONG}\n\n{MORE}\n\n{mark}\n\nPress contact: the desk, desk@example.org"
    )
    assert found.ed_notes == ("Press contact: the desk, desk@example.org",)
    assert "desk@example.org" not in found.body_html
    assert html_to_text(found.body_html).endswith(MORE)


def test_contacts_below_a_release_are_for_editors() -> None:
    found = story(
        f"Council to repair bridge\n\n{LONG}\n\n{MORE}\n\nPress contact\n\nThe desk\nPhone 030 12345"
    )
    assert found.ed_notes == ("Press contact\nThe desk\nPhone 030 12345",)
    assert "030 12345" not in found.body_html


@pytest.mark.parametrize(
    "remark",
    [
        "Editor's note: The spelling of the harbour was changed.",
        "(This version corrects the name of the bridge in paragraph two.)",
        "CORRECTION: The bridge is 40 metres long, not 400.",
    ],
)
def test_a_remark_at_the_end_is_for_editors(remark: str) -> None:
    found = story(f"Council to repair bridge\n\n{LONG}\n\n{MORE}\n\n{remark}")
    assert found.ed_notes == (remark,)
    assert html_to_text(found.body_html).endswith(MORE)


@pytest.mark.parametrize("between", ["-30-", "###", "=========="])
def test_two_stories_in_one_file_are_two(between: str) -> None:
    first, second = f"Bridge to be repaired\n\n{LONG}\n\n{MORE}", f"Ferry to run at night\n\n{MORE}\n\n{LONG}"
    one, two = stories(f"{first}\n\n{between}\n\n{second}")
    assert (one.headline, two.headline) == ("Bridge to be repaired", "Ferry to run at night")
    assert MORE in two.body_html


def test_lines_wrapped_at_69_columns_are_joined() -> None:
    wrapped = (
        "The council said on Monday that it would repair the old bridge at the\n"
        "harbour before winter begins. Work is to last until the end of October\n"
        "and to cost two million.\n"
    )
    (paragraph,) = lines_of(f"Council to repair bridge\n\n{wrapped}")
    assert paragraph == " ".join(wrapped.split())


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_the_line_ends_of_other_systems_are_line_ends(end: str) -> None:
    found = story(end.join(["Council to repair bridge", "", LONG, "", MORE]))
    assert found.headline == "Council to repair bridge"
    assert html_to_text(found.body_html).split("\n") == [LONG, MORE]


def test_quoted_printable_leftovers_are_undone() -> None:
    found = story(
        "Council to repair bridge\n\nThe council said on Monday that it would repair the br=\nidge at the "
        "harbour =E2=80=93 before winter begins=2E\n\nIt said =E2=80=9Cbefore October=E2=80=9D.\n"
    )
    assert html_to_text(found.body_html).split("\n") == [
        "The council said on Monday that it would repair the bridge at the harbour – before winter begins.",
        "It said “before October”.",
    ]
    assert "quoted-printable leftovers undone" in found.origin.warnings


def test_letters_that_a_wrong_charset_would_not_leave_show_that_a_text_is_right() -> None:
    found = story("Porto reabre\n\nO jornal escreveu «AMANHû em Łódź. O porto abre outra vez em maio.\n")
    assert "«AMANHû em Łódź" in found.body_html


def test_smart_quotes_broken_by_a_wrong_charset_are_mended() -> None:
    found = story("Council to repair bridge\n\nIt said â€œbefore Octoberâ€\x9d and that it wasnâ€™t late.\n")
    assert "It said “before October” and that it wasn’t late." in found.body_html


@pytest.mark.parametrize(
    ("opening", "dateline", "begins"),
    [
        ("KYIV, Ukraine (AP) — The council met.", "KYIV, Ukraine (AP)", "KYIV"),
        ("BERLIN (dpa)\n\nDer Rat tagte.", "BERLIN (dpa)", "Der Rat"),
        ("LONDON, March 2 (Reuters) -\n\nThe council met.", "LONDON, March 2 (Reuters)", "The council"),
    ],
)
def test_a_story_may_open_with_its_dateline(opening: str, dateline: str, begins: str) -> None:
    found = story(f"{opening}\n\n{LONG}\n\n{MORE}")
    assert found.dateline == dateline
    assert html_to_text(found.body_html).startswith(begins)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Example", ("Jane Example",)),
        ("By Jane Example and John Sample, Example Agency", ("Jane Example", "John Sample")),
        ("Von Erika Muster", ("Erika Muster",)),
        ("Por Juana Ejemplo", ("Juana Ejemplo",)),
        ("Par Jeanne Exemple, jeanne@example.org", ("Jeanne Exemple",)),
        ("By Jane Example, Political Correspondent", ("Jane Example",)),
        ("Kommentar von Erika Muster", ("Erika Muster",)),
        ("By dpa", ("dpa",)),
    ],
)
def test_a_byline_names_its_authors(line: str, names: tuple[str, ...]) -> None:
    found = story(f"Council to repair bridge\n\n{line}\n\n{LONG}\n\n{MORE}")
    assert (found.byline, found.creators) == (line, names)
    assert line not in found.body_html
    assert any(warning.startswith("authors guessed from the text") for warning in found.origin.warnings)


def test_a_heading_that_gives_an_hour_names_nobody() -> None:
    assert story(f"Council to repair bridge\n\nSITUATION AT 1800UTC\n\n{LONG}\n\n{MORE}").creators == ()


def test_byline_and_dateline_may_share_the_first_line() -> None:
    found = story(
        f"Council to repair bridge\n\nBy Jane Example, LONDON, March 2 (Reuters) - {LONG}\n\n{MORE}"
    )
    assert found.creators == ("Jane Example",)
    assert found.dateline == "LONDON, March 2 (Reuters)"


PAGE = f"""Skip to content
Home
News
Sport
Sign in
Subscribe
Council to repair the old harbour bridge before winter
By Jane Example
Published 14 May 2026 09:30
Share
Facebook
Twitter
Harbour workers at the bridge. Photo: Example Agency/J. Sample
{LONG}
{MORE} The bridge was closed in March after a ferry had hit one of its pillars.
Advertisement
Ferry runs at night
Until the bridge is open again, a ferry takes people across the harbour at night, the council said on Monday.
Read more: Where to swim this summer
“We had no choice,” an engineer of the council said, who has worked on the bridge for twenty years.
Related stories
Swimming is allowed again in the river
Old Town market moves to the station
Comments
Log in to leave a comment
Privacy policy
Terms of use
"""


def test_a_copied_page_is_read_like_an_editor_does() -> None:
    found = story(PAGE)
    assert found.headline == "Council to repair the old harbour bridge before winter"
    assert found.creators == ("Jane Example",)
    assert found.content_created is not None
    assert found.content_created.isoformat() == "2026-05-14T09:30:00+01:00"
    assert [picture.caption for picture in found.pictures] == [
        "Harbour workers at the bridge. Photo: Example Agency/J. Sample"
    ]
    assert "<h2>Ferry runs at night</h2>" in found.body_html
    for furniture in (
        "Subscribe",
        "Facebook",
        "Advertisement",
        "Read more",
        "Related",
        "Swimming",
        "Privacy",
    ):
        assert furniture not in found.body_html


HEADLINE = "Council to repair the old harbour bridge before winter"


def test_a_story_is_found_below_hundreds_of_lines_of_navigation() -> None:
    places = "".join(f"Ward {number}\nOld Street {number}\nRiver {number}\n" for number in range(150))
    found = story(places + PAGE)
    assert found.headline == HEADLINE
    assert "repair the old bridge" in found.body_html
    assert "Ward" not in found.body_html


@pytest.mark.parametrize(
    ("copied", "headline"),
    [
        (f"{HEADLINE} | City news", HEADLINE),
        (f"CityHarbour{HEADLINE}\n{HEADLINE}", HEADLINE),
    ],
)
def test_a_headline_is_freed_of_section_and_site(copied: str, headline: str) -> None:
    assert story(PAGE.replace(HEADLINE, copied)).headline == headline


def test_the_pause_in_a_japanese_headline_stays() -> None:
    headline = "旧港の橋を冬までに修理へ\u3000市議会が発表"
    assert (
        story(f"{headline}\n\n市議会は月曜日、港の旧い橋を冬が始まる前に修理すると発表した。").headline
        == headline
    )


def test_the_line_below_the_headline_is_not_taken_for_it() -> None:
    below = "The old bridge at the harbour will be closed until October, says the council"
    assert story(PAGE.replace(HEADLINE, f"{HEADLINE}\n{below}")).headline == HEADLINE


@pytest.mark.parametrize(
    "caption",
    [
        "Erika Muster (l.) auf der alten Brücke",
        "Harbour workers Jane Example, left, and Ali Sample at the old bridge.",
        "The harbour bridge is seen after a storm on Thursday, May 14, 2026, in Old Town.",
        "Workers at the pillar of the old bridge.AFP",
        "From left: Jane Example, Ali Sample and Erika Muster at the old bridge",
        "Frá vinstri: Jane Example, Ali Sample og Erika Muster",
        "BRIDGE OF SIGHS … Workers leave the harbour after the storm of last night in Old Town.",
        "Workers at the pillar of the old bridge / Jane Example",
        "Workers at the pillar of the old bridge (Jane Example/Sampleimages)",
        "Los obreros en el puente viejo del puerto. EFE/ J. Example",
        "The bridge as it may look one day – Midjourney (“old bridge in winter”)",
    ],
)
def test_what_only_captions_say_makes_a_caption(caption: str) -> None:
    found = story(PAGE.replace("Harbour workers at the bridge. Photo: Example Agency/J. Sample", caption))
    assert [picture.caption for picture in found.pictures] == [caption]
    assert caption not in found.body_html


def test_a_reporter_may_sign_below_the_story() -> None:
    signed = PAGE.replace("By Jane Example\n", "").replace("Related stories", "Jane Example\nRelated stories")
    assert story(signed).creators == ("Jane Example",)


@pytest.mark.parametrize("mark", ["dpa/lby", "AP", "Reuters"])
def test_an_agency_in_a_dateline_makes_no_caption(mark: str) -> None:
    opening = f"OLD TOWN ({mark}) - {LONG}"
    found = story(f"Council to repair the old harbour bridge\n\n{opening}\n\n{MORE}")
    assert found.pictures == ()
    assert LONG in html_to_text(found.body_html)


@pytest.mark.parametrize(
    "other",
    [
        "Storm damage at the bridge is greater than was feared\n14 March 2026 13:31",
        "Storm damage at the bridge is greater than was feared\n14. 3. 2026 13:31",
        "Storm damage at the bridge is greater than was feared\nBy Ali Sample 14 March 2026",
    ],
)
def test_the_title_of_another_story_goes_with_its_date(other: str) -> None:
    found = story(PAGE.replace("Advertisement\n", f"{other}\n"))
    assert "Storm" not in found.body_html
    assert "March 2026" not in found.body_html
    assert "The bridge was closed in March" in found.body_html


def test_what_speaks_of_a_day_is_no_date_of_another_story() -> None:
    told = "The bridge was opened on 14 March 1926."
    assert told in story(PAGE.replace("Advertisement\n", f"{told}\n")).body_html


def test_what_stands_in_place_of_an_embedded_thing_is_left_out() -> None:
    embedded = "Následuje obsah vložený z jiného webu. Zde jej můžete přeskočit."
    assert "Následuje" not in story(PAGE.replace("Advertisement\n", f"{embedded}\n")).body_html


def test_a_list_below_the_last_paragraph_belongs_to_the_story() -> None:
    wards = (
        "Harbour ward: Old Street, River Street, Mill Lane\n"
        "Station ward: Market Street, North Street, Elm Road, Park Road\n"
        "Hill ward: Upper Street, Lower Street, Church Lane\n"
    )
    body = lines_of(PAGE.replace("Related stories\n", f"{wards}Related stories\n"))
    assert [line for line in body if "ward:" in line] == wards.splitlines()


def test_a_box_about_the_author_is_left_out() -> None:
    box = (
        "About Ali Sample\nAli Sample has written on harbours and their bridges for more than twenty years.\n"
    )
    body = story(PAGE.replace("Related stories\n", f"{box}Related stories\n")).body_html
    assert "Ali Sample" not in body
    assert "an engineer of the council said" in body
