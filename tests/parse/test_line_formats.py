"""IPTC 7901 and ANPA 1312: what is read, what never reaches a body, and what of the samples is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.parse.reading import raw_file, shared, stories, story
from wire.config.settings import SourceSettings
from wire.parse import profiles
from wire.parse.anpalines import read_body
from wire.story import OPEN_ENDED, Concept, Link, PubStatus, Source


def iptc7901(
    lead: str, copy: str = "Port (dpa) - It opened.", *, header: str = "bdt0042 3 pl 9  dpa 1"
) -> str:
    """A message with a header that the German profile knows."""
    return (
        f"\x01{header}\r\n\r\nHafen/\r\n\x02{lead} =\r\n\r\n{copy}\r\n\r\n\x03011205 Mai 26\r\n\x7f\r\n\x04"
    )


def anpa1312(
    text: str, *, second: str = "r i\x13\x11 BC-XX--Bridge 05-01 0009", end: str = "05-01-26 0745GMT"
) -> str:
    """A message without an agency's marks."""
    return f"\x16\x16\x01W1234\x1fx\n{second}\n\x02{text}\n\t   \x03{end}<\n\x0c\n\x04"


class TestIPTC7901:
    """Messages between SOH and EOT."""

    @pytest.mark.parametrize(
        "notice",
        [
            "# Notizblock",
            "# Notebook",
            "# dpa NOTEBOOK",
            "The following information is not for publication",
            "The following information is not intended for publication",
            "Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt",
            "Die folgenden Informationen sind nicht zur Veroeffentlichung bestimmt.",
            "NOT FOR PUBLICATION",
            "La siguiente información no está destinada a su publicación",
        ],
    )
    def test_nothing_after_a_notice_reaches_the_body(self, notice: str) -> None:
        read = story(
            iptc7901(
                "Hafen offen", f"Port (dpa) - It opened.\r\n\r\n{notice}\r\n\r\n## Kontakt\r\n- Tel: 4711"
            )
        )
        assert "4711" not in f"{read.body_html} {read.headline} {read.description} {read.links}"
        assert "4711" in " ".join(read.ed_notes)

    def test_links_offered_for_publication_are_links_and_later_ones_are_not(self) -> None:
        notes = (
            "# Notebook\r\n## Internet links\r\n- [Report](https://example.org/r)\r\n* * * *\r\n"
            "The following information is not for publication\r\n## Links\r\n- [Inside](https://example.org/secret)"
        )
        read = story(iptc7901("Harbour", f"Port (dpa) - It opened.\r\n\r\n{notes}"))
        assert read.links == (Link(rel="irel:seeAlso", href="https://example.org/r", title="Report"),)

    @pytest.mark.parametrize("between", ["\r\n", "\r\n\r\n"])
    def test_every_line_of_the_lead_may_end_with_the_mark(self, between: str) -> None:
        read = story(iptc7901(f"Hafen offen ={between}Utl.: Sechs Spuren", header="APA0123 5 CI 0120"))
        assert (read.headline, read.subheadline) == ("Hafen offen", "Sechs Spuren")
        assert read.body_html == "<p>Port (dpa) - It opened.</p>"
        noted = story(iptc7901(f"Harbour opens ={between}(Adds the minister)"))
        assert (noted.headline, noted.ed_notes) == ("Harbour opens", ("Adds the minister",))

    def test_a_headline_may_begin_with_a_bracket(self) -> None:
        read = story(iptc7901("(LEAD) Harbour opens\r\n(26-24) after years"))
        assert (read.headline, read.ed_notes) == ("(LEAD) Harbour opens (26-24) after years", ())

    def test_internal_letters_under_the_copy_are_a_note(self) -> None:
        read = story(iptc7901("Hafen offen", "Port (dpa) - It opened.\r\n\r\ndpa kre/su yysw a3 mda"))
        assert (read.body_html, read.ed_notes) == (
            "<p>Port (dpa) - It opened.</p>",
            ("dpa kre/su yysw a3 mda",),
        )

    def test_marks_and_notes_under_the_copy_are_none_of_it(self) -> None:
        read = story(iptc7901("1st LD: Harbour opens", "It opened. Enditem\r\n\r\nNem közlésre: 4711"))
        assert (read.body_html, read.signals) == ("<p>It opened.</p>", ("update",))
        assert "4711" in " ".join(read.ed_notes)

    def test_a_headline_may_run_over_lines_between_notes_and_byline(self) -> None:
        read = story(iptc7901("1ST LEAD\r\nHarbour opens\r\nafter years\r\nBy Example Writer, dpa"))
        assert (read.headline, read.byline) == ("Harbour opens after years", "By Example Writer, dpa")
        assert read.ed_notes == ("1ST LEAD",)
        assert read.signals == ("update",)

    def test_internal_signatures_are_dropped(self) -> None:
        assert (
            "yysw"
            not in story(
                iptc7901("Hafen", "Port (dpa) - Es ist offen.\r\n\r\ndpa kre/su yysw a3 mda")
            ).body_html
        )

    def test_the_end_signal_of_telegraphy_is_no_copy(self) -> None:
        read = story(iptc7901("Hafen", "Port (dpa) - Es ist offen.\r\n\r\nNNNN"))
        assert read.body_html == "<p>Port (dpa) - Es ist offen.</p>"
        read = story(iptc7901("Hafen", "Port (dpa) - Es ist offen.\r\n\r\ndpa ab yy cd\r\nNNNN\r\n"))
        assert read.body_html == "<p>Port (dpa) - Es ist offen.</p>"

    def test_a_page_that_goes_on_says_so_to_nobody(self) -> None:
        read = story(iptc7901("Hafen", "Port (dpa) - Es ist offen.\r\n\r\n(mehr)\r\n\r\ndpa ab yy cd"))
        assert read.body_html == "<p>Port (dpa) - Es ist offen.</p>"

    def test_an_equals_sign_in_the_copy_ends_no_headline(self) -> None:
        read = story(iptc7901("Formel", "Port (dpa) - Es gilt a =\r\nb, sagte er."))
        assert (read.headline, read.body_html) == ("Formel", "<p>Port (dpa) - Es gilt a = b, sagte er.</p>")

    def test_a_hyphen_in_running_text_begins_no_list(self) -> None:
        read = story(iptc7901("Hafen", "Port (dpa) - Es ist offen\r\n- und das ist gut."))
        assert "<li>" not in read.body_html

    def test_times_are_in_the_zone_named_else_in_the_agencys_own(self) -> None:
        german = story(iptc7901("Hafen"))
        assert german.version_created == datetime(2026, 5, 1, 12, 5, tzinfo=timezone(timedelta(hours=2)))
        named = story(iptc7901("Hafen").replace("011205 Mai 26", "011205 GMT Okt 25"))
        assert named.version_created == datetime(2025, 10, 1, 12, 5, tzinfo=UTC)

    def test_an_unknown_zone_is_a_warning(self) -> None:
        read = story(iptc7901("Hafen").replace("011205", "011205 XQZ"))
        assert "time zone not understood: XQZ" in read.origin.warnings

    def test_an_embargo_in_a_note_holds_the_story(self) -> None:
        read = story(iptc7901("(Sperrfrist: 3. Mai 2026, 12.00 Uhr)\r\nHafen"))
        assert read.embargoed == datetime(2026, 5, 3, 12, tzinfo=timezone(timedelta(hours=2)))

    def test_an_embargo_that_cannot_be_read_has_no_end(self) -> None:
        assert story(iptc7901("(Sperrfrist bis zum Beginn der Rede)\r\nHafen")).embargoed == OPEN_ENDED

    @pytest.mark.parametrize(
        "note",
        [
            "Note to editors: call 4711",
            "(Note to editors: call 4711)",
            "EDS: call 4711",
            "Achtung Redaktionen: Rückfragen 4711",
            "Nicht zur Veröffentlichung: 4711",
            "(Sperrfrist: 4711)",
        ],
    )
    def test_a_note_above_headline_or_copy_is_for_editors_alone(self, note: str) -> None:
        copy = "Port (dpa) - It opened.\r\n\r\nShips came."
        for read in (
            story(iptc7901(f"{note}\r\nHafen offen", copy)),
            story(iptc7901("Hafen offen", f"{note}\r\n\r\n{copy}")),
        ):
            assert (read.headline, read.dateline) == ("Hafen offen", "Port (dpa)")
            assert read.body_html == "<p>Port (dpa) - It opened.</p><p>Ships came.</p>"
            assert "4711" in " ".join(read.ed_notes)

    def test_an_embargo_needs_no_brackets(self) -> None:
        read = story(iptc7901("Achtung: Sperrfrist 3. Mai 2026, 12.00 Uhr\r\nHafen offen"))
        assert read.embargoed == datetime(2026, 5, 3, 12, tzinfo=timezone(timedelta(hours=2)))
        assert read.headline == "Hafen offen"

    def test_copy_about_an_embargo_is_not_held(self) -> None:
        read = story(iptc7901("US tightens embargo", "Port (dpa) - The oil embargo was tightened on Monday."))
        assert (read.embargoed, read.headline) == (None, "US tightens embargo")

    def test_a_first_paragraph_is_no_headline(self) -> None:
        text = "Port (dpa) - The harbour opened again.\r\n\r\nShips were waiting."
        read = story(iptc7901("").replace(" =\r\n\r\nPort (dpa) - It opened.", text))
        assert (read.dateline, "headline made" in " ".join(read.origin.warnings)) == ("Port (dpa)", True)

    def test_a_message_without_stx_has_its_keywords_above_the_text(self) -> None:
        read = story(iptc7901("Hafen offen").replace("\x02", "").replace("\r\n\r\nHafen/", "\r\nHafen/"))
        assert (read.slugline, read.headline) == ("Hafen", "Hafen offen")

    def test_a_kill_by_text_acts_for_trusted_sources_only(self) -> None:
        text = iptc7901("KILL\r\nHarbour opens")
        assert story(text).pub_status is PubStatus.USABLE
        assert any("kill" in warning for warning in story(text).origin.warnings)
        trusted = Source(id="desk", trusted=True)
        assert story(text, source=trusted).pub_status is PubStatus.CANCELED

    def test_every_message_of_a_file_is_a_story_with_an_identity_of_its_own(self) -> None:
        found = stories(
            iptc7901("Eins").replace("\x04", "") + iptc7901("Zwei", header="bdt0000 3 pl 9  dpa 1")
        )
        assert [read.headline for read in found] == ["Eins", "Zwei"]
        assert len({read.guid for read in found}) == 2 and None not in {read.guid for read in found}

    def test_a_message_without_a_text_is_told_of(self) -> None:
        bare = "\x01bdt0043 3 pl 9  dpa 1\r\n\r\nHafen/\r\n\x02 \r\n\x03011206 Mai 26\r\n\x04"
        [read] = stories((iptc7901("Hafen offen") + bare).encode(), "x.txt")
        assert "messages of this file without a text, left out: 1" in read.origin.warnings

    def test_categories_are_kept_and_mapped_by_profile(self) -> None:
        assert story(iptc7901("Hafen")).subjects == (
            Concept(qcode="dpacat:pl", name="Politik"),
            Concept(qcode="medtop:11000000", guessed=True),
        )

    def test_national_letters_of_seven_bit_copy_are_read_by_profile(self) -> None:
        source = Source(id="desk", profile="german-7bit")
        assert story(iptc7901("Br}cke bei K|ln"), source=source).headline == "Brücke bei Köln"

    def test_a_profile_that_there_is_not_is_a_warning(self) -> None:
        read = story(iptc7901("Hafen"), source=Source(id="desk", profile="nosuch"))
        assert any("nosuch" in warning for warning in read.origin.warnings)


class TestANPA1312:
    """Messages between SYN SYN SOH and EOT."""

    def test_the_lines_above_the_copy_find_their_fields(self) -> None:
        read = story(
            anpa1312(
                "^BC-XX--Bridge,9<\n^Bridge opens<\n^Eds: UPDATES.<\n^By A WRITER=\n\t   PORT (AP) _ Open."
            )
        )
        assert (read.headline, read.byline, read.slugline) == ("Bridge opens", "By A WRITER", "XX--Bridge")
        assert read.ed_notes == ("Eds: UPDATES.", "Selector: x")
        assert read.dateline == "PORT (AP)"

    def test_a_message_in_capitals_has_its_byline(self) -> None:
        read = story(anpa1312("^BRIDGE OPENS<\n^BY A. WRITER=\n^ASSOCIATED PRESS=\n\t   PORT (AP) _ OPEN."))
        assert (read.headline, read.byline, read.creditline) == (
            "BRIDGE OPENS",
            "BY A. WRITER",
            "ASSOCIATED PRESS",
        )

    @pytest.mark.parametrize(
        "text",
        [
            "^Bridge opens<\n^HOLD FOR RELEASE 6 p.m. EDT May 3, 2026<\n\t   PORT (AP) _ Open.",
            "^Bridge opens<\n\t   EMBARGOED UNTIL 6 p.m. EDT May 3, 2026\n\t   PORT (AP) _ Open.",
        ],
    )
    def test_a_story_is_held_by_a_note_or_the_first_line(self, text: str) -> None:
        assert story(anpa1312(text)).embargoed == datetime(2026, 5, 3, 22, tzinfo=UTC)

    def test_a_cell_holds_no_runs_of_blanks(self) -> None:
        read = story(anpa1312("^Table<\n\t   Open.\n\x08New\x10 York;1;2\n\x08Tampa\x10 Bay;3;4"))
        assert "<td>New York</td>" in read.body_html

    def test_a_version_in_the_slug_line_is_parted_from_its_words(self) -> None:
        read = story(anpa1312("^BC-XX--Bridge, 1st Ld-Writethru,1140<\n^Bridge opens<\n\t   Open."))
        assert "1st Ld-Writethru" in read.ed_notes

    def test_marks_of_the_typesetter_are_gone(self) -> None:
        read = story(
            anpa1312("^Bridge opens<\n\t   PORT (AP) _ ``It's open,'' they said. Up 3{ percent.<\n\t   ___=")
        )
        assert read.body_html == "<p>PORT (AP) — “It's open,” they said. Up 3½ percent.</p>"

    @pytest.mark.parametrize(
        ("letter", "urgency"), [("f", 1), ("b", 2), ("u", 3), ("r", 4), ("d", 6), ("a", 7)]
    )
    def test_priority_letters_are_urgencies(self, letter: str, urgency: int) -> None:
        assert story(anpa1312("^A<\n\t   B.", second=f"{letter} i bt BC-X 05-01")).urgency == urgency

    def test_a_kill_bears_the_identity_of_what_it_kills(self) -> None:
        read = story(anpa1312("^KILL<\n\t   Kill it.", second="b v bt BC-XX--Bridge Kill W1000 05-01"))
        assert (read.guid, read.pub_status) == ("anpa1312:W1000:2026-05-01", PubStatus.CANCELED)

    def test_a_later_lead_names_the_version_before_it(self) -> None:
        read = story(anpa1312("^A<\n\t   B.", second="r i bt BC-XX--Bridge 2ndLd-Writethru W1000 05-01"))
        assert read.signals == ("update",)
        assert read.links == (Link(rel="irel:previousVersion", residref="anpa1312:W1000:2026-05-01"),)

    def test_the_day_that_can_be_no_month_is_the_day(self) -> None:
        read = story(anpa1312("^A<\n\t   B.", second="r i bt BC-X 31-10", end=""))
        assert read.version_created is not None
        assert (read.version_created.month, read.version_created.day, read.version_created.year) == (
            10,
            31,
            2025,
        )

    def test_a_profile_says_which_stands_first(self) -> None:
        source = Source(id="desk", profile="canadian-press")
        read = story(anpa1312("^A<\n\t   B.", second="r i bt BC-X 03-05", end=""), source=source)
        assert read.version_created is not None and read.version_created.month == 5


def test_every_profile_can_be_read_and_chosen_in_the_configuration() -> None:
    for name in profiles.names():
        assert profiles.load(name).name == name
        assert SourceSettings(id="desk", profile=name).profile == name


def test_every_sample_of_the_line_formats_is_read_without_leaking_its_notebook() -> None:
    folder = shared("samples", "agency")
    paths = [*shared("samples", "iptc", "iptc7901").iterdir()]
    names = ("core__IPTC*.txt", "core__dpa_*.txt", "belga__ats.txt", "belga__kyodo.txt")
    paths += [path for name in names for path in folder.glob(name)]
    paths += [p for p in folder.iterdir() if "anpa" in p.name and p.suffix == ".tst"]
    for path in paths:
        for read in stories(path.read_bytes(), path.name):
            assert read.origin.format in {"iptc7901", "anpa1312"}, path.name
            assert read.headline and read.body_html and read.version_created, path.name
            for secret in (
                "Redaktion:",
                "Autor/in",
                "@dpa.com",
                "Reporting by",
                "Editing by",
                "Tel: +49 30 2852",
            ):
                assert secret not in read.body_html or "Vorschau" in (read.slugline or ""), path.name


def test_the_frame_without_a_header_is_still_read() -> None:
    read = story("\x01what is this\r\n\x02A headline =\r\n\r\nThe text.\r\n\x03\x04")
    assert (read.headline, read.origin.format) == ("A headline", "iptc7901")
    assert any("header line" in warning for warning in read.origin.warnings)


def test_control_characters_never_reach_a_story() -> None:
    raw = raw_file(iptc7901("Hafen\x07", "Port (dpa) - Es \x10ist\x7f offen."))
    read = story(raw.data)
    assert not any(ord(letter) < 32 for letter in f"{read.headline}{read.body_html}")


@pytest.mark.parametrize(
    ("paragraph", "html"),
    [
        ("One line\nand another.", "<p>One line and another.</p>"),
        ("One  wide\nline _ that is all.\n\n", "<p>One wide line — that is all.</p>"),
        ("Of A&B\nand more < than most.", "<p>Of A&amp;B and more &lt; than most.</p>"),
        ("One line\nended<\nand another.", "<p>One line ended</p><p>and another.</p>"),
        ("One line\n\nand another.", "<p>One line</p><p>and another.</p>"),
        ("One line\n   and another.", "<p>One line</p><p>and another.</p>"),
        ("One line\n^A subhead<\nand another.", "<p>One line</p><h2>A subhead</h2><p>and another.</p>"),
        ("   ^A subhead=", "<h2>A subhead</h2>"),
        ("One line\nas always.\n(MORE)", "<p>One line as always.</p>"),
        ("END\nOne line.", "<p>One line.</p>"),
        ("___\n", ""),
    ],
)
def test_a_paragraph_of_anpa_goes_on_up_to_the_next_mark(paragraph: str, html: str) -> None:
    body = read_body(f"^BC-Slug,10<\n\tFirst.\n\t{paragraph}\n\tLast.", "Slug", tabular=False)
    assert body.html == f"<p>First.</p>{html}<p>Last.</p>"
