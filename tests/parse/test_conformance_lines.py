"""What a peer reads from samples of the line formats and of mail; what we refuse of it, and why."""

from __future__ import annotations

import re
from typing import Any

from tests.parse.peers import expected, table
from tests.parse.reading import shared, stories
from wire.common.words import html_to_text
from wire.errors import NotAStory
from wire.parse.sent.rtftext import RtfText
from wire.story import Story
from wire.xmltools import clean_html

NAMES = (
    *(
        "core__IPTC7901.txt",
        "core__anpa-2.tst",
        "core__anpa-3.tst",
        "core__ap_anpa-2.tst",
        "core__ap_anpa-3.tst",
    ),
    *(
        "core__ap_anpa-6.tst",
        "core__dpa_copyright.txt",
        "core__dpa_four_line.txt",
        "core__dpa_two_by_line.txt",
    ),
    *("core__json-email.txt", "core__odd_charset_email.txt", "core__simple_email.txt"),
)
HOUSE, MISTAKE = "house rule", "mistake"
AGAINST, DATABASE = "another check says the contrary", "an entry of the peer's own database"
MARKUP = f"{HOUSE}: the mail's own markup is kept; our bodies are sanitised"
#: (document, field, value) to the reason.
REFUSED: dict[tuple[str, str, str], str] = {
    (
        "core__IPTC7901.txt",
        "word_count",
        "211",
    ): f"{HOUSE}: the header's count of everything, notebook included; 164 words are for publication",
    (
        "core__IPTC7901.txt",
        "body_html",
        "^<p></p><p>Negotiations",
    ): f"{AGAINST}: 'Berlin (dpa) -' is cut off, which the next reading keeps",
    (
        "core__IPTC7901.txt",
        "headline",
        "Germany Social Democrats: Coalition talks with Merkel could fail =",
    ): f"{AGAINST}: with the mark of the headline's end",
    (
        "core__anpa-2.tst",
        "anpa_category[0].qcode",
        "i",
    ): f"{HOUSE}: of a desk elsewhere; the header says 'r a', American home news",
    (
        "core__ap_anpa-3.tst",
        "anpa_category[0].qcode",
        "i",
    ): f"{HOUSE}: of a desk elsewhere; the header says 'r d', food",
    (
        "core__json-email.txt",
        "[0].priority",
        "5",
    ): f'{HOUSE}: \'"Priority":["5"]\' beside \'"News Value":["4"]\', the urgency asked for',
    (
        "core__json-email.txt",
        "[0].anpa_category",
        "[{'qcode': 's'}]",
    ): f'{DATABASE}: \'"Category":["DOMESTIC SPORT"]\', our subject',
    ("core__json-email.txt", "[0].original_creator", "1"): DATABASE,
    ("core__json-email.txt", "[0].task.desk", "1"): f'{DATABASE}: \'"Desk":["Brisbane"]\', our note',
    (
        "core__json-email.txt",
        "[0].byline",
        "A Mock Up",
    ): f'{DATABASE}: the user of \'"Username":["mock@mail.com.au"]\'',
    ("core__odd_charset_email.txt", "[0].body_html", '<span lang="EN-AU">'): MARKUP,
    (
        "core__odd_charset_email.txt",
        "[0].headline",
        "=?windows-1252?Q?TravTalk���s_Special_for_TAAI_convention?=",
    ): f"{MISTAKE}: an encoded word left undecoded",
    ("core__simple_email.txt", "[0].original_creator", "ObjectId('6b02a1e5b47faa95ca2e565b')"): DATABASE,
}


def _seen(story: Story, field: str) -> Any:
    """Everything of the story that the peer's field may say."""
    match field:
        case "type":
            return ["text"]
        case "ingest_provider_sequence":
            return re.findall(r"\d+", (story.guid or "").partition(":")[2])
        case "anpa_category" | "anpa_category[0].qcode":
            return [(s.qcode or "").rpartition(":")[2] for s in story.subjects if not s.guessed]
        case "priority" | "urgency":
            return [story.urgency]
        case "dateline.source":
            return list(story.info_sources)
        case "dateline.located.city":
            return [story.located.name] if story.located else []
        case "ednote" | "anpa_take_key" | "original_source":
            notes = [note.removeprefix("From: ") for note in story.ed_notes]
            return [*notes, *(f"({note})" for note in notes), " ".join(notes[:2])]
        case "sign_off":
            return [note.removeprefix("Sign off: ") for note in story.ed_notes]
        case "format":
            return ["preserved"] if "<table>" in story.body_html else []
        case "abstract":
            return [story.description]
    return [getattr(story, field, None)]


def holds(story: Story, check: dict[str, Any]) -> bool:
    """Whether our reading gives what the peer's test asserts, layout and markup that we sanitise aside."""
    field = check["field"].removeprefix("[0].").partition("|")[0]
    found, value = _seen(story, field), check["value"]
    if check["op"] == "regex":
        pattern = value if "<" in value else re.sub(r"\s+", r"\\s*", value)
        return any(re.search(pattern, html_to_text(one) if "<" not in value else one) for one in found)
    if field == "body_html":
        return html_to_text(clean_html(value)).strip() == html_to_text(story.body_html)
    return ([one["qcode"] for one in value] == found) if isinstance(value, list) else value in found


def test_every_check_of_the_peer_holds_or_is_refused_with_a_reason() -> None:
    failed: list[tuple[str, str, str]] = []
    total = 0
    for name in NAMES:
        (story,) = stories(shared("samples", "agency", name).read_bytes(), name)
        for check in (check for case in expected()[name] for check in case["checks"]):
            total += 1
            if not holds(story, check):
                failed.append((name, check["field"], str(check["value"])))
    why = [REFUSED.get(one, "unjustified: see below") for one in failed]
    print(table(NAMES, total - len(failed), why))
    assert set(failed) == set(REFUSED)


def test_every_mail_is_read_or_refused_with_a_reason() -> None:
    refused: dict[str, str] = {}
    for path in sorted(shared("samples", "mail").iterdir()):
        try:
            assert stories(path.read_bytes(), path.name)
        except NotAStory as reason:
            refused[path.name] = str(reason)
    assert len(refused) <= 8
    assert all(
        "report on a delivery" in reason or "no story in this mail" in reason for reason in refused.values()
    )


def test_every_rtf_document_reads_as_its_text_says() -> None:
    for path in sorted(shared("samples", "rtf").glob("*.rtf")):
        if not path.with_suffix(".txt").exists():
            continue
        blocks = RtfText(path.read_bytes(), None).blocks()
        wanted = re.sub(r'\("[^"]*"\)|[\s|]', "", path.with_suffix(".txt").read_text(encoding="utf-8"))
        assert re.sub(r"[\s|]", "", "".join(block.text for block in blocks)) == wanted, path.name
