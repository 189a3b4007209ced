"""Kinds of copy that few send alike: fields of content systems, pasted mails, bylines of many papers."""

from __future__ import annotations

import pytest

from tests.parse.reading import story
from tests.parse.test_sent_copy import COPY, HTML
from wire.errors import NotAStory
from wire.story import OPEN_ENDED, PubStatus

HEADLINE = "Council to repair bridge"


@pytest.mark.parametrize("colon", ["", ":"])
def test_labels_on_lines_of_their_own_name_what_stands_below_them(colon: str) -> None:
    found = story(
        f"Title{colon}\n{HEADLINE}\nSlug{colon}\nbridge\nSection{colon}\nMetro\nByline{colon}\nJane Example\n"
        f"Body{colon}\n{COPY}"
    )
    assert (found.headline, found.slugline, found.body_html) == (HEADLINE, "bridge", HTML)
    assert (found.creators, found.ed_notes) == (("Jane Example",), ("Section: Metro",))


def test_a_header_that_nobody_knows_is_for_editors_and_ends_no_block() -> None:
    found = story(f"Titel: {HEADLINE}\nRessort: Lokales\nDatum: 3. März 2026\n\nText:\n{COPY}")
    assert (found.headline, found.body_html, found.ed_notes) == (HEADLINE, HTML, ("Ressort: Lokales",))
    assert found.content_created is not None
    assert found.content_created.date().isoformat() == "2026-03-03"


def test_what_a_speaker_says_below_headers_is_copy() -> None:
    assert "<p>Lund: I did not.</p>" in story(f"Headline: {HEADLINE}\nLund: I did not.\n\n{COPY}").body_html


def test_the_head_of_a_pasted_mail_is_no_copy() -> None:
    head = f"From: press@port.example\nSent: 3 March 2026 10:12\nSubject: {HEADLINE}\n\n"
    assert (found := story(head + COPY)).headline == HEADLINE
    assert found.body_html == HTML
    again = story(f"{head}{HEADLINE}\n\n{COPY}")
    assert (again.headline, again.body_html) == (HEADLINE, HTML)


@pytest.mark.parametrize(
    ("above", "note"),
    [
        ("Jane Example <jane@port.example>", "Jane Example <jane@port.example>"),
        ("Hi all,\n\nPlease find below a short piece.", "Hi all, Please find below a short piece."),
        ("Liebe Redaktion,\n\nanbei unser Text.", "Liebe Redaktion, anbei unser Text."),
    ],
)
def test_what_a_sender_writes_to_the_desk_is_a_note(above: str, note: str) -> None:
    found = story(f"{above}\n\n{HEADLINE}\n\n{COPY}")
    assert (found.headline, found.body_html, found.ed_notes) == (HEADLINE, HTML, (note,))


@pytest.mark.parametrize(
    "above",
    [
        "Hi all,\n\nplease find below our story. Embargoed until further notice.\n\n",
        f"Headline: {HEADLINE}\nSection: Metro\nRelease: Embargoed until further notice\n\n",
        f"Title\n{HEADLINE}\nRelease\nEmbargoed until further notice\nBody\n",
        f"From: press@port.example\nSent: 3 March\nSubject: EMBARGO until the speech: {HEADLINE}\n\n",
        "Hold: under strict embargo.\n\n--- Forwarded message ---\nFrom: x@y.example\n\n",
    ],
)
def test_an_embargo_is_obeyed_wherever_above_the_copy_it_stands(above: str) -> None:
    assert story(f"{above}{HEADLINE}\n\n{COPY}").embargoed == OPEN_ENDED


def test_a_letter_to_the_editor_keeps_its_greeting() -> None:
    assert story(f"Dear Sir,\n\n{COPY}").body_html.startswith("<p>Dear Sir,</p>")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jane Example", ("Jane Example",)),
        ("Interview: Jana Muster", ("Jana Muster",)),
        ("Propos recueillis par Élodie Exemple", ("Élodie Exemple",)),
        ("Van onze verslaggeefster Marieke van Voorbeeld", ("Marieke van Voorbeeld",)),
        ("Text: Ebba Exempel Foto: Nils Exempel", ("Ebba Exempel",)),
        ("Selin Örnekaydın", ("Selin Örnekaydın",)),
        ("Ondřej Příklad", ("Ondřej Příklad",)),
        ("כתבה: נעמה דוגמה", ("נעמה דוגמה",)),
        ("بقلم: ليلى مثال", ("ليلى مثال",)),
    ],
)
def test_bylines_of_many_papers_stand_below_the_headline(line: str, names: tuple[str, ...]) -> None:
    found = story(f"{HEADLINE}\n\n{line}\n\n{COPY}")
    assert (found.creators, found.byline, found.body_html) == (names, line, HTML)


def test_a_place_below_the_headline_is_no_byline() -> None:
    assert story(f"{HEADLINE}\n\nHong Kong\n\n{COPY}").creators == ()


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        (f"本报讯（记者 陈例子）{'港口最繁忙的渡轮航线将从五月起削减五分之一的班次，' * 3}", "陈例子"),
        (
            f"(서울=연합뉴스) 김보기 기자 = {'항구에서 가장 붐비는 노선이 한 편을 줄인다. ' * 3}!",
            "김보기",
        ),
    ],
)
def test_who_signs_within_a_paragraph_is_its_author_and_the_paragraph_stays(opening: str, name: str) -> None:
    found = story(f"港口渡轮航线将削减班次\n\n{opening}\n\n{opening[20:]}")
    assert found.creators == (name,)
    assert found.body_html == f"<p>{opening}</p><p>{opening[20:]}</p>"


@pytest.mark.parametrize(
    "caption",
    [
        "▲ 傍晚的渡輪駛離北碼頭。（圖／記者王例子攝）",
        "图为傍晚的渡轮驶离北码头。李例子 摄",
        "המעבורת של הערב יוצאת מהרציף הצפוני. צילום: יובל דוגמה",
        "शाम की नौका उत्तरी घाट से निकलती हुई। फोटो: पीटीआई",
    ],
)
def test_captions_are_known_in_other_scripts(caption: str) -> None:
    found = story(f"{HEADLINE}\n\n{caption}\n\n{COPY}")
    assert ([picture.caption for picture in found.pictures], found.body_html) == ([caption], HTML)


@pytest.mark.parametrize(
    ("furniture", "headline", "printed"),
    [
        ("דף הבית\nכניסה\nהרשמה", "קו המעבורות יאבד אחת מכל חמש הפלגות החל ממאי", "4 במרץ 2026"),
        ("होम\nलॉगिन", "मई से नौका सेवा की हर पाँचवीं फेरी बंद होगी", "4 मार्च 2026"),
        ("Αρχική\nΣύνδεση", "Το πλοίο της γραμμής χάνει ένα στα πέντε δρομολόγια", "4 Μαρτίου 2026"),
    ],
)
def test_furniture_is_known_in_other_scripts(furniture: str, headline: str, printed: str) -> None:
    copy = f"{headline}, {headline}, {headline}, {headline}."
    found = story(f"{furniture}\n{headline}\n{printed}\n{copy}\n{copy[::-1][1:]}.\n")
    assert (found.headline, found.body_html.count("<p>")) == (headline, 2)
    assert found.content_created is not None
    assert found.content_created.date().isoformat() == "2026-03-04"


def test_a_headline_may_hold_a_word_of_menus() -> None:
    """Bare copy is kept whole: its last lines are no page's furniture."""
    prices = ["Last Chg Pct", "STOXX 600 512.33 -2.05 -0.40", "FTSE 100 8,104.10 -31.20 -0.38"]
    found = story(f"Stocks news Europe: shares slip as miners weigh\n\n{COPY}\n" + "\n\n".join(prices))
    assert found.body_html == HTML + "".join(f"<p>{row}</p>" for row in prices)


LONG_COPY = (
    "Passengers on the harbour's busiest ferry line will lose one in five sailings from May, it said.",
    "It could no longer find enough qualified crew, and the price of marine fuel had risen by 40 percent.",
    "A petition against the cuts had gathered more than nine thousand signatures by noon.",
)


def test_what_stands_between_headline_and_byline_sums_the_story_up() -> None:
    found = story(
        "Menu\nSubscribe\nFerry line to lose one in five sailings from May\n"
        "Operator blames crew shortages for deepest cuts in a decade\nBy Jane Example\nShare\n"
        + "\n".join(LONG_COPY)
    )
    assert found.description == "Operator blames crew shortages for deepest cuts in a decade"


@pytest.mark.parametrize(
    "pointer", ["Lees ook: Eilandschool dreigt te sluiten", "Čtěte také: Škole hrozí zánik"]
)
def test_a_pointer_does_not_end_the_story_above_its_last_paragraph(pointer: str) -> None:
    found = story(
        "\n".join(("Menu", "Share", "Ferry line to lose sailings", *LONG_COPY[:2], pointer, LONG_COPY[2]))
    )
    assert found.body_html == "".join(f"<p>{line}</p>" for line in LONG_COPY)


@pytest.mark.parametrize("kicker", ["Letters to the editor", "RESTAURANT REVIEW", "Nachruf", "Intervista"])
def test_what_says_what_kind_of_piece_it_is_is_no_headline(kicker: str) -> None:
    found = story(f"{kicker}\n\n{HEADLINE}\n\n{COPY}")
    assert (found.headline, found.body_html) == (HEADLINE, HTML)


@pytest.mark.parametrize("line", ["Question: What comes next?", "Silva 34 (pen), Moreau 71"])
def test_who_speaks_again_and_who_scored_is_no_subhead(line: str) -> None:
    asked = f"Question: Why a tower?\n\n{COPY}\n{line}\n\n{LONG_COPY[2]}"
    assert f"<p>{line}</p>" in story(f"{HEADLINE}\n\n{asked}").body_html


def test_a_question_above_bare_copy_is_its_headline() -> None:
    found = story(f"Explainer: Why is the bridge closed?\n\n{COPY}")
    assert (found.headline, found.body_html) == ("Explainer: Why is the bridge closed?", HTML)


def test_for_whom_somebody_writes_and_rules_are_no_copy() -> None:
    dated = COPY.replace("The council", "WESTPORT (AP) — The council")
    found = story(f"{HEADLINE}\n\nBy JANE EXAMPLE\n\nAssociated Press\n\n{dated}\n___\n\n{LONG_COPY[2]}")
    assert (found.dateline, found.byline) == ("WESTPORT (AP)", "By JANE EXAMPLE")
    assert found.body_html.count("<p>") == 3


@pytest.mark.parametrize(("author", "names"), [("Jane Example", ("Jane Example",)), ("Admin", ())])
def test_a_blog_names_its_author_behind_the_date(author: str, names: tuple[str, ...]) -> None:
    copy = "\n".join(LONG_COPY)
    above = f"Home\nSubscribe\nFerry line to lose sailings\nMarch 1, 2026 by {author}\nLeave a comment\n"
    found = story(above + copy)
    assert (found.headline, found.creators) == ("Ferry line to lose sailings", names)


def test_a_source_text_is_no_credit_and_laughter_no_subhead() -> None:
    lines = ("[LAUGHTER]", LONG_COPY[0], "Source text: ID:nRSD1234Xa")
    found = story("\n\n".join((HEADLINE, COPY, *lines)))
    assert found.body_html == HTML + "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "note", ["EDITORS: This replaces BC-Bridge, which is withdrawn.", "Eds: Adds quotes."]
)
@pytest.mark.parametrize("form", ["{note}\n\n{headline}", "({note})\n{headline}", "{headline}\n\n{note}"])
def test_a_note_about_headline_and_copy_leaves_both(note: str, form: str) -> None:
    found = story(f"{form.format(note=note, headline=HEADLINE)}\n\n{COPY}")
    assert (found.headline, found.body_html) == (HEADLINE, HTML)
    assert note.partition(": ")[2] in "".join(found.ed_notes)


def test_what_a_header_calls_a_draft_is_withheld() -> None:
    assert story(f"Headline: {HEADLINE}\nStatus: Draft\n\n{COPY}").pub_status is PubStatus.WITHHELD


def test_a_bulletin_is_titled_above_who_issued_it() -> None:
    title = "Severe Weather Warning for the coast"
    found = story(
        f"IDX1\nSECURITE\n{title}\nIssued by the Weather Service\nAt 1859UTC 15 July 2026\n\n{COPY}"
    )
    assert (found.headline, found.body_html) == (title, HTML)
    assert found.ed_notes == ("IDX1 SECURITE", "Issued by the Weather Service At 1859UTC 15 July 2026")


def test_a_table_of_values_is_no_story() -> None:
    with pytest.raises(NotAStory, match="comma-separated"):
        story('"Subject","Start","End","All day"\n' + '"Population, Australia","3/9/2026",,"true"\n' * 3)
