"""What a peer reads from samples of the line formats and of mail; what we refuse of it, and why."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.parse.reading import shared, stories
from wire.errors import NotAStory
from wire.parse.rtftext import RtfText
from wire.story import Story

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
_DATABASE = "an id in the peer's own database"
_MARKUP = "the peer keeps the mail's own markup; our bodies are sanitised"
#: (document, field, value) to the reason.
REFUSED: dict[tuple[str, str, str], str] = {
    ("core__IPTC7901.txt", "word_count", "211"): "the header's count, notebook included; we count the body",
    (
        "core__IPTC7901.txt",
        "body_html",
        "^<p></p><p>Negotiations",
    ): "house rule: cuts the dateline off the text",
    (
        "core__IPTC7901.txt",
        "body_html",
        "^\n   Berlin",
    ): "another reader of the same peer: the text without markup",
    (
        "core__IPTC7901.txt",
        "headline",
        "Germany Social Democrats: Coalition talks with Merkel could fail =",
    ): "the same: the mark of the headline's end is not part of it",
    (
        "core__anpa-2.tst",
        "anpa_category[0].qcode",
        "i",
    ): "house rule of a desk elsewhere: the header says a, American home news",
    (
        "core__ap_anpa-3.tst",
        "anpa_category[0].qcode",
        "i",
    ): "house rule: the header says d, food",
    ("core__json-email.txt", "[0].priority", "5"): "a form's second scale beside its urgency, which we keep",
    ("core__json-email.txt", "[0].sign_off", "TA"): "initials of the peer's user",
    ("core__json-email.txt", "[0].anpa_category", "[{'qcode': 's'}]"): "the peer's own list of categories",
    ("core__json-email.txt", "[0].original_creator", "1"): _DATABASE,
    ("core__json-email.txt", "[0].task.desk", "1"): _DATABASE,
    ("core__json-email.txt", "[0].byline", "A Mock Up"): "the name of a user in the peer's own database",
    ("core__odd_charset_email.txt", "[0].body_html", '<span lang="EN-AU">'): _MARKUP,
    (
        "core__odd_charset_email.txt",
        "[0].headline",
        "=?windows-1252?Q?TravTalk���s_Special_for_TAAI_convention?=",
    ): "mistake: an encoded word left undecoded",
    (
        "core__simple_email.txt",
        "[0].body_html|strip",
        '<div dir="ltr">body text<br clear="all"/><div>&#13;\n</div></div>',
    ): _MARKUP,
    ("core__simple_email.txt", "[0].original_creator", "ObjectId('6b02a1e5b47faa95ca2e565b')"): _DATABASE,
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
        case "format":
            return ["preserved"] if "<table>" in story.body_html else []
        case "abstract":
            return [story.description]
    return [getattr(story, field, None)]


def holds(story: Story, check: dict[str, Any]) -> bool:
    """Whether our reading gives what the peer's test asserts."""
    field = check["field"].removeprefix("[0].").partition("|")[0]
    found, value = _seen(story, field), check["value"]
    if check["op"] == "regex":
        return any(re.search(value, str(one)) for one in found)
    return ([one["qcode"] for one in value] == found) if isinstance(value, list) else value in found


def test_every_check_of_the_peer_holds_or_is_refused_with_a_reason() -> None:
    expected = json.loads(shared("samples", "agency-expected.json").read_text(encoding="utf-8"))
    failed: set[tuple[str, str, str]] = set()
    total = 0
    for name in NAMES:
        (story,) = stories(shared("samples", "agency", name).read_bytes(), name)
        for check in (check for case in expected[name] for check in case["checks"]):
            total += 1
            if not holds(story, check):
                failed.add((name, check["field"], str(check["value"])))
    print(f"\n{len(NAMES)} documents, {total} checks, {len(failed)} refused")
    assert failed == set(REFUSED)


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
