"""Every sample of ``../shared/samples``: read or refused with a reason, and written validly in every format.

``pytest -s tests/conformance`` prints the tables: documents read and stories in them by format, warnings,
what was set aside as no story; checks of a peer right and refused, each refusal with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.parse import test_conformance_items as items
from tests.parse import test_conformance_lines as line_formats
from tests.parse.peers import expected, table
from tests.parse.reading import read, shared, stories
from tests.publish.official import DESCRIBED, assert_valid
from tests.roundtrip.travel import missing, normal, received, revision_of, sent
from wire.story import Story

FOLDERS = ("agency", "iptc", "mail", "rtf", "seed")
#: The rest are lists of users and places of a desk, fixtures of matches, catalogues, concepts, plans,
#: events, reports on deliveries, and items without any text.
DOCUMENTS_AT_LEAST = 256
CHECKS_AT_LEAST = 179  #: the others are house rules of the peer, or its mistakes


DIGITALWIRES = "dpa-digitalwires-json/dpa-digitalwires-to-newsmlg2"
#: What a reader rightly takes for something else on the way back: file, field, and formats.
TAKEN_OTHERWISE = (
    (
        "agency/aap__tag:reuters.com,2018:newsml_MTZXEE13ZXCZES:2",
        "pictures",
        "newsml-g2",
    ),  # says the headline
    ("mail/mp_mail_test_6.eml", "body_html", "newsml-g2 nitf"),  # a notice of rights below the copy
    ("agency/aap__asianet_1.tst", "body_html", "text"),  # whom to ask, and what the firm says of itself
    ("agency/cp__202006097942547-en.newsml", "body_html", "text"),
    ("agency/cp__fr.xml", "body_html", "text"),
    (f"{DIGITALWIRES}__rubix_multimedia_testartikel.json", "ed_notes", "iptc7901"),  # the line above notes
    (f"{DIGITALWIRES}__with_dateline.json", "ed_notes", "iptc7901"),
    ("agency/core__archive.json", "creators", "html"),  # ``AUTHOR`` is nobody
    ("agency/ntb__solita_se_1.xml", "dateline", "html"),  # a date and a clock are no place
)


@cache
def samples() -> tuple[tuple[str, tuple[Story, ...], str], ...]:
    """Each sample's path, its stories, and the reason where there are none."""
    return tuple((f"{path.parent.name}/{path.name}", *_read(path)) for path in _paths())


def _paths() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(path for path in shared("samples", folder).rglob("*") if path.is_file())


def _read(path: Path) -> tuple[tuple[Story, ...], str]:
    found, refused = read(path.read_bytes(), path.name)
    return tuple(found), "; ".join(str(reason) for reason in refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that a peer's tests assert of a document, and whether our reading has it."""

    format: str
    right: bool
    refused: str  #: what we do not read as the peer does, and why; empty when it is right
    why: str  #: the reason alone


def checks() -> Iterator[Check]:
    """Every check of every document."""
    for file, parsers in expected().items():
        ours = parsers[0]["format"] in items.FORMATS
        found = stories(shared("samples", "agency", file).read_bytes(), file)
        for parser in parsers:
            for check in parser["checks"]:
                reason = items.REFUSED.get((file, check["field"])) or line_formats.REFUSED.get(
                    (file, check["field"], str(check["value"]))
                )
                right = items.right(file, check) if ours else line_formats.holds(found[0], check)
                refused = "" if right else f"{file} {check['field'] or check['value']}: {reason or ''}"
                format = parser["format"].partition(" (")[0]
                yield Check(format=format, right=right, refused=refused, why=reason or "")


@pytest.mark.slow
def test_every_sample_is_read_or_refused_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    documents, told, warned, refused = Counter[str](), Counter[str](), Counter[str](), list[str]()
    for name, found, reason in samples():
        if reason:
            refused.append(f"{name}: {reason}")
        if not found:
            assert reason, name
            continue
        format = found[0].origin.format
        documents[format] += 1
        told[format] += len(found)
        warned[format] += sum(len(story.origin.warnings) for story in found)
    with capsys.disabled():
        print("\n\nformat          documents  stories  warnings")
        for format in sorted(documents):
            print(f"{format:<16}{documents[format]:>9}{told[format]:>9}{warned[format]:>10}")
        print(f"{'all':<16}{documents.total():>9}{told.total():>9}{warned.total():>10}")
        print(f"\nset aside, whole or in part: {len(refused)}")
        print("\n".join(f"  {line[:150]}" for line in refused))
    assert documents.total() >= DOCUMENTS_AT_LEAST


def test_every_check_of_a_peer_is_right_or_refused_for_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    asked, right = Counter[str](), Counter[str]()
    for check in checks():
        asked[check.format] += 1
        right[check.format] += check.right
    refused = [check.refused for check in checks() if not check.right]
    with capsys.disabled():
        print("\n\nchecks of a peer    right  refused")
        for format in sorted(asked):
            print(f"{format:<18}{right[format]:>7}{asked[format] - right[format]:>9}")
        print(f"{'all':<18}{right.total():>7}{len(refused):>9}")
        print(table(expected(), right.total(), [check.why for check in checks() if not check.right]), "\n")
        print("\n".join(f"  {line}" for line in refused))
    assert all(check.why for check in checks() if not check.right), "each refusal has its reason"
    assert right.total() >= CHECKS_AT_LEAST


@pytest.mark.slow
@pytest.mark.parametrize("format", DESCRIBED)
def test_every_sample_is_written_validly(format: str) -> None:
    for _, found, _ in samples():
        for story in found:
            assert_valid(sent(story, format))


@pytest.mark.slow(5)
@pytest.mark.parametrize("format", ["newsml-g2", "nitf", "iptc7901", "text", "html"])
def test_every_sample_comes_back_or_the_report_says_what_is_lost(format: str) -> None:
    lost = set()
    for name, found, _ in samples():
        for story in found:
            before = normal(story)
            document = sent(before, format)
            lost |= {(name, field) for field in missing(before, document, received(document))}
    assert lost - {(name, field) for name, field, formats in TAKEN_OTHERWISE if format in formats} == set()


@pytest.mark.slow
@pytest.mark.parametrize("format", ["iptc7901", "anpa1312", "html", "text", "json", "rss", "atom"])
def test_every_sample_is_written_in_formats_without_a_schema(format: str) -> None:
    for _, found, _ in samples():
        for story in found:
            assert sent(story, format).body
            assert revision_of(story).guid
