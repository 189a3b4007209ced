"""What senders of one format do in several ways, and mean the same by."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.parse.reading import LONDON, stories, story
from tests.parse.test_line_formats import anpa1312, iptc7901
from wire.parse.for_editors import opens_notes
from wire.story import OPEN_ENDED, Concept, PubStatus

NITF = (
    '<nitf><head><docdata><doc-id id-string="x7"/></docdata></head><body><body.head>'
    "<hedline>{lines}</hedline></body.head><body.content>{body}</body.content></body></nitf>"
)
COPY = "\tOSLO, Norway (XX) _ The bridge opened on Monday after\na storm.\n\tShips left."


def test_headlines_of_nitf_are_printed_as_they_are_set() -> None:
    found = story(
        NITF.format(lines="<hl1>Bridge<br/>opens</hl1><hl2/><hl2>Ships pass</hl2>", body="<p>C.</p>")
    )
    assert (found.headline, found.subheadline) == ("Bridge opens", "Ships pass")


def test_paragraphs_of_a_caption_are_parted() -> None:
    media = (
        '<media media-type="image"><media-reference source="http://x.example/1.jpg"/>'
        "<media-caption><p>The bridge.</p><p>By Ola</p></media-caption></media>"
    )
    found = story(NITF.format(lines="<hl1>Bridge</hl1>", body=f"<p>Copy.</p>{media}"))
    assert [picture.caption for picture in found.pictures] == ["The bridge. By Ola"]


def test_of_texts_in_several_languages_the_items_own_is_told() -> None:
    found = story(
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x" xml:lang="fr"><contentMeta>'
        '<slugline>pont</slugline><headline xml:lang="nl">Brug open</headline>'
        '<headline xml:lang="fr">Le pont rouvre</headline><headline xml:lang="fr">Autre</headline>'
        "</contentMeta></newsItem>"
    )
    assert (found.headline, found.slugline, found.language) == ("Le pont rouvre", "pont", "fr")


@pytest.mark.parametrize("scheme", ["http://cv.iptc.org/newscodes/mediatopic/", "medtop"])
def test_a_code_that_names_its_scheme_twice_is_that_code(scheme: str) -> None:
    subject = {"code": "medtop:04000000", "name": "economy", "scheme": scheme}
    (found,) = stories(json.dumps({"uri": "urn:x", "headline": "Bridge", "subject": [subject]}))
    assert found.subjects == (Concept(name="economy", qcode="medtop:04000000"),)


def test_a_package_in_ninjs_brings_the_texts_that_it_holds_whole() -> None:
    held = {
        "a": {"uri": "urn:a", "type": "text", "headline": "One", "body_html": "<p>One.</p>"},
        "b": {"uri": "urn:b", "type": "text", "headline": "Elsewhere"},
    }
    told = {"uri": "urn:x", "type": "composite", "headline": "Both", "associations": held}
    found = stories(json.dumps(told))
    assert [(one.guid, one.headline, one.body_html) for one in found] == [
        ("urn:x", "Both", ""),
        ("urn:a", "One", "<p>One.</p>"),
    ]
    assert [link.residref for link in found[0].links] == ["urn:a", "urn:b"]


def test_unmarked_lines_between_the_slug_of_anpa_and_its_copy_are_headline_and_byline() -> None:
    found = story(anpa1312(f"BC-XX--Bridge 9\n\nBridge opens after storm\nBy Jane Example\n{COPY}"))
    assert (found.headline, found.byline) == ("Bridge opens after storm", "By Jane Example")
    assert found.body_html.startswith("<p>OSLO, Norway (XX) — The bridge opened on Monday after a storm.</p>")


def test_copy_of_anpa_that_no_blanks_indent_is_no_headline() -> None:
    flush = "OSLO, Norway (XX) _ The bridge opened on Monday after\na storm."
    found = story(
        f"\x16\x16\x01W1234\nr i\x13\x11 BC-XX--Bridge 05-01 0009\n\x02BC-XX--Bridge 9\n{flush}\n\x03"
    )
    assert found.body_html == "<p>OSLO, Norway (XX) — The bridge opened on Monday after a storm.</p>"


@pytest.mark.parametrize(
    ("copy", "dateline", "last"),
    [
        ("Wien (APA) - Die Brücke ist offen. (Schluss) abc/de", "Wien (APA)", "Die Brücke ist offen.</p>"),
        ("Wien (APA) - Die Brücke ist offen. (Schluss)", "Wien (APA)", "Die Brücke ist offen.</p>"),
        ("Bremen (epd). Die Brücke ist gesegnet.", "Bremen (epd)", "Die Brücke ist gesegnet.</p>"),
    ],
)
def test_how_agencies_open_and_sign_their_copy(copy: str, dateline: str, last: str) -> None:
    found = story(iptc7901("Brücke offen", copy))
    assert found.dateline == dateline
    assert found.body_html.endswith(last)


def test_a_byline_between_headline_and_dateline_of_iptc7901_is_one() -> None:
    found = story(iptc7901("Brücke offen", "Von Eva Beispiel (KNA)\n\nBonn (KNA) Die Brücke ist offen."))
    assert (found.byline, found.body_html) == (
        "Von Eva Beispiel (KNA)",
        "<p>Bonn (KNA) Die Brücke ist offen.</p>",
    )
    copy = "Von Montag an gilt ein neuer Fahrplan.\n\nDie Brücke ist offen."
    assert story(iptc7901("Brücke offen", copy)).byline is None


def test_the_headline_of_anpa_says_that_it_corrects() -> None:
    found = story(anpa1312(f"^BC-XX--Bridge<\n^CORRECTED: Bridge opens<\n{COPY}"))
    assert found.signals == ("correction",)


def test_whose_a_release_is_and_how_its_distributor_counts_it_is_none_of_its_headline() -> None:
    place = "AUSTIN, Texas, Feb. 1, 2026 /PRNewswire-AsiaNet/"
    copy = "The company said on Monday that its new bridge over the harbour had been opened to all cars."
    found = story(
        f"Source: Bridge Inc.\nMEDIA RELEASE PR67276\nBridge Inc. opens bridge\n\n{place} --\n\n{copy}\n"
    )
    assert (found.headline, found.dateline, found.body_html) == (
        "Bridge Inc. opens bridge",
        place,
        f"<p>{copy}</p>",
    )
    assert (found.info_sources, found.ed_notes) == (("Bridge Inc.",), ("MEDIA RELEASE PR67276",))


def test_copy_that_is_sent_ahead_is_held() -> None:
    ahead = "^BC-XX--Bridge, Adv10<\n^$adv10<\n^For Release Sunday, May 10, and Thereafter<\n^Bridge opens<\n"
    found = story(anpa1312(f"{ahead}{COPY}\n^End Adv for Sunday, May 10<"))
    assert (found.headline, found.embargoed) == ("Bridge opens", OPEN_ENDED)
    assert found.body_html.endswith("<p>Ships left.</p>")
    assert "For Release Sunday, May 10, and Thereafter" in found.ed_notes


def test_breaks_in_texts_of_an_item_are_blanks() -> None:
    found = story(
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"><contentMeta>'
        "<by>Jane Example<br/>John Sample</by><headline>Bridge <i>opens</i><br/>again</headline>"
        "</contentMeta></newsItem>"
    )
    assert (found.headline, found.byline) == ("Bridge opens again", "Jane Example John Sample")


def test_typed_copy_in_one_preformatted_block_is_paragraphs_and_a_list_of_scores_is_none() -> None:
    line = "The bridge was opened on Monday after a storm, the council"
    copy = f"{line}\nsaid.\n\n{line}\nsaid again.\n"
    assert nitf_body(f"<pre>{copy}</pre>") == f"<p>{line} said.</p><p>{line} said again.</p>"
    scores = "<pre>City 2 United 1\nRovers 0 Athletic 0</pre>"
    assert nitf_body(scores) == scores


def nitf_body(content: str) -> str:
    return story(NITF.format(lines="<hl1>Bridge</hl1>", body=content)).body_html


@pytest.mark.parametrize(
    "opening",
    [
        *("Editörlere not:", "Σημείωση προς συντάκτες:", "Notă pentru redacții:", "Napomena za urednike:"),
        *("Напомена за уреднике:", "Бележка до редакторите:", "Примітка для редакції:", "הערה לעורכים:"),
        *("編集者への注記：", "致编辑：", "편집자에게:", "ملاحظة للمحررين:", "Opomba urednikom:"),
    ],
)
def test_notes_to_editors_are_known_in_many_languages(opening: str) -> None:
    assert opens_notes(f"{opening} 4711")
    assert (
        nitf_body(f"<p>Copy.</p><p>More of it.</p><p>{opening} 4711</p>") == "<p>Copy.</p><p>More of it.</p>"
    )


@pytest.mark.parametrize(
    ("mark", "status", "signals"),
    [("KILL", PubStatus.CANCELED, ()), ("CORRECTION", PubStatus.USABLE, ("correction",))],
)
def test_a_mark_above_copied_text_is_heeded_of_a_trusted_source(
    mark: str, status: PubStatus, signals: tuple[str, ...]
) -> None:
    text = f"{mark}\n\nBridge opens after storm\n\n{COPY.replace(chr(9), '')}\n"
    found = story(text, "a.txt", source=replace(LONDON, trusted=True))
    assert (found.headline, found.pub_status, found.signals) == ("Bridge opens after storm", status, signals)


def test_a_person_who_wrote_a_ninjs_item_is_its_creator() -> None:
    people = [{"name": "Jane Example", "rel": "author"}, {"name": "Mary Mayor", "rel": "about"}]
    (found,) = stories(json.dumps({"uri": "urn:x", "headlines": [{"value": "Bridge"}], "people": people}))
    assert found.creators == ("Jane Example",)
    assert [person.name for person in found.people] == ["Mary Mayor"]
