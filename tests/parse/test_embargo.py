"""When an embargo told in words ends: never before the hour that the note means."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.parse.builders import jpeg
from tests.parse.reading import story
from wire.parse.embargo import embargo_until, holds_back, is_embargo, titles_held
from wire.parse.for_editors import heads_notes
from wire.parse.profiles import load
from wire.story import OPEN_ENDED

SENT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("note", "until"),
    [
        ("EMBARGOED UNTIL 6:30 p.m. EDT May 3, 2026", datetime(2026, 5, 3, 22, 30, tzinfo=UTC)),
        ("Embargoed until 6pm GMT on 3 May", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Embargo: 12:01 a.m. GMT, 3 May 2026", datetime(2026, 5, 3, 0, 1, tzinfo=UTC)),
        ("HOLD FOR RELEASE 12 P.M. GMT, MAY 3, 2026", datetime(2026, 5, 3, 12, 0, tzinfo=UTC)),
        ("Not for release before 9 a.m. ET, May 3, 2026", datetime(2026, 5, 3, 13, 0, tzinfo=UTC)),
        ("Not for release before 9 a.m. ET, Jan. 7, 2027", datetime(2027, 1, 7, 14, 0, tzinfo=UTC)),
        ("Embargoed until 2200 GMT (6 p.m. EDT) May 3, 2026", datetime(2026, 5, 3, 22, 0, tzinfo=UTC)),
        ("Embargoed until 6 p.m. EDT (2200 GMT) May 3, 2026", datetime(2026, 5, 3, 22, 0, tzinfo=UTC)),
        ("Sperrfrist: 3. Mai 2026, 18.00 Uhr MESZ", datetime(2026, 5, 3, 16, 0, tzinfo=UTC)),
        ("Sperrfrist: 3. Mai, 18 Uhr UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Sperrfrist: 03.05., 18 Uhr UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("EMBARGOED TO 0001 GMT MONDAY MAY 4", datetime(2026, 5, 4, 0, 1, tzinfo=UTC)),
        ("Embargoed until 00.01 GMT on Monday 4 May", datetime(2026, 5, 4, 0, 1, tzinfo=UTC)),
        ("Embargo: 2026-05-03T18:00:00Z", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Sous embargo jusqu'au 3 mai 2026 à 18h00 UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Embargado hasta las 18.00 UTC del 3 de mayo de 2026", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Sperrfrist: 4. Mai, 24.00 Uhr UTC", datetime(2026, 5, 5, 0, 0, tzinfo=UTC)),
        ("Embargoed until noon GMT, May 3, 2026", datetime(2026, 5, 3, 12, 0, tzinfo=UTC)),
        ("Embargoed until midnight GMT, May 3", datetime(2026, 5, 4, 0, 0, tzinfo=UTC)),
        ("Embargoed until 10 p.m. Eastern May 3", datetime(2026, 5, 4, 2, 0, tzinfo=UTC)),
        ("Embargoed until 10pm Sunday London time", datetime(2026, 5, 3, 21, 0, tzinfo=UTC)),
        ("Embargo: Sunday 10pm Central European Summer Time", datetime(2026, 5, 3, 20, 0, tzinfo=UTC)),
        ("Embargoed until Sunday 10pm GMT", datetime(2026, 5, 3, 22, 0, tzinfo=UTC)),
        ("Embargoed until midnight GMT Sunday", datetime(2026, 5, 4, 0, 0, tzinfo=UTC)),
        ("Embargoed until 0700 GMT Friday", datetime(2026, 5, 8, 7, 0, tzinfo=UTC)),  # sent at 8
        ("Embargoed until 0900 GMT Friday", datetime(2026, 5, 1, 9, 0, tzinfo=UTC)),
        ("Embargoed until 0900 GMT next Friday", datetime(2026, 5, 8, 9, 0, tzinfo=UTC)),
        ("Embargoed until 10pm GMT Saturday, for Sunday", datetime(2026, 5, 3, 22, 0, tzinfo=UTC)),
        ("Sperrfrist: Sonntag, 12.00 Uhr UTC", datetime(2026, 5, 3, 12, 0, tzinfo=UTC)),
        ("Frei ab Montag 12 Uhr UTC", datetime(2026, 5, 4, 12, 0, tzinfo=UTC)),
        ("Onder embargo tot dinsdag 6.00 uur UTC", datetime(2026, 5, 5, 6, 0, tzinfo=UTC)),
        ("EMBARGO do niedzieli, godz. 18.00 UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("EMBARGO do neděle 18.00 UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("ЭМБАРГО до 18.00 воскресенья UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("EMBARGO sunnuntaihin klo 18.00 UTC asti", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("EMBARGÓ vasárnap 18.00 UTC-ig", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("AMBARGO: Pazar 18.00 UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("解禁：5月3日18時", OPEN_ENDED),
        ("禁发至5月3日18:00", OPEN_ENDED),
        ("Not for publication before 6 p.m. GMT tomorrow", datetime(2026, 5, 2, 18, 0, tzinfo=UTC)),
        ("Embargoed until 1800 GMT", datetime(2026, 5, 1, 18, 0, tzinfo=UTC)),
        ("EMBARGO UNTIL 06:00 UTC", datetime(2026, 5, 2, 6, 0, tzinfo=UTC)),
        ("Not to be published before 6 p.m. GMT tomorrow", datetime(2026, 5, 2, 18, 0, tzinfo=UTC)),
        ("Do not publish before 1800 GMT on May 3", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("For release at 18:00 GMT on 3 May", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Embargo lifts at 18:00 GMT on 3 May", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Klausul: 3. maj 2026 kl. 18.00 UTC", datetime(2026, 5, 3, 18, 0, tzinfo=UTC)),
        ("Embargoed until 1800 GMT or when the minister has spoken", OPEN_ENDED),
        ("Embargoed until 18:00 Nairobi Time Sunday", OPEN_ENDED),
        ("Embargoed until Sunday", OPEN_ENDED),
        ("For Release Sunday, May 10, and Thereafter", OPEN_ENDED),
        ("For use May 10 at 6 a.m. GMT", datetime(2026, 5, 10, 6, 0, tzinfo=UTC)),
        ("Embargoed until the speech begins", OPEN_ENDED),
    ],
)
def test_a_note_holds_its_story_up_to_the_hour_it_names(note: str, until: datetime) -> None:
    assert is_embargo(note) and holds_back(note)
    assert embargo_until(note, SENT, load("default")) == until


@pytest.mark.parametrize(
    "line",
    [
        "US tightens oil embargo on Ruritania",
        "The EU said it would lift its arms embargo in 2027.",
        "Embargo: none",
        "La Russie est sous embargo depuis 2022",
        "Judge orders release of documents",
        "For immediate release",
        "For use about 10 days later",
        "Frei ab 12 Jahren",
    ],
)
def test_copy_that_tells_of_embargoes_is_not_held(line: str) -> None:
    assert not holds_back(line)


def test_an_hour_that_no_calendar_holds_has_no_end() -> None:
    end_of_time = datetime(9999, 12, 31, 8, 0, tzinfo=UTC)
    for note in (
        "Embargoed until tomorrow 6pm",
        "Embargoed until 24.00 Uhr, 31.12.",
        "Embargoed until Monday 6pm",
    ):
        assert embargo_until(note, end_of_time, load("default")) == OPEN_ENDED


ITEMS = {
    "newsml-g2": (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="7"><itemMeta>'
        "<versionCreated>2026-05-01T08:00:00Z</versionCreated><edNote>{note}</edNote></itemMeta><contentMeta>"
        "<headline>{title}Bridge</headline></contentMeta><contentSet><inlineXML>"
        '<html xmlns="http://www.w3.org/1999/xhtml"><body>{above}<p>It is open again.</p></body></html>'
        "</inlineXML></contentSet></newsItem>"
    ),
    "nitf": (
        '<nitf><head><docdata><date.issue norm="20260501T080000Z"/><ed-msg info="{note}"/></docdata></head>'
        "<body><body.head><hedline><hl1>{title}Bridge</hl1></hedline></body.head>"
        "<body.content>{above}<p>It is open again.</p></body.content></body></nitf>"
    ),
    "ninjs": (
        '{{"uri": "urn:7", "versioncreated": "2026-05-01T08:00:00Z", "ednote": "{note}",'
        '"headline": "{title}Bridge", "body_html": "{above}<p>It is open again.</p>"}}'
    ),
}


@pytest.mark.parametrize("format", ITEMS)
@pytest.mark.parametrize(
    "place",
    [
        {"note": "EMBARGOED TO 0001 GMT MONDAY MAY 4. Report of 3 May 2026 attached."},
        {"title": "EMBARGOED to 0001 GMT Monday: "},
        {"above": "<p>EMBARGOED TO 0001 GMT MONDAY MAY 4</p>"},
        {"above": "<p><strong>EMBARGOED TO 0001 GMT MONDAY MAY 4</strong></p>"},
        {"above": "<h2>EMBARGOED TO 0001 GMT MONDAY MAY 4</h2>"},
        {"title": "Not for release before 0001 GMT Monday: "},
    ],
)
def test_an_item_is_held_by_what_it_tells_in_words(format: str, place: dict[str, str]) -> None:
    found = story(ITEMS[format].format(**{"note": "", "title": "", "above": ""} | place))
    assert found.embargoed == datetime(2026, 5, 4, 0, 1, tzinfo=UTC)
    assert found.body_html == "<p>It is open again.</p>"


@pytest.mark.parametrize(
    "field",
    [
        '"description_text": "{}"',
        '"description_text": "{}. It is open again."',
        '"slugline": "{}"',
        '"usageterms": "{}"',
        '"associations": {{"a": {{"type": "picture", "description_text": "{}. The bridge."}}}}',
    ],
)
def test_an_item_is_held_by_what_another_field_tells_first(field: str) -> None:
    item = ITEMS["ninjs"].format(note="", title="", above="")
    found = story(f"{item[:-1]}, {field.format('EMBARGOED TO 0001 GMT MONDAY MAY 4')}}}")
    assert found.embargoed == datetime(2026, 5, 4, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("format", ITEMS)
def test_an_item_is_held_by_what_stands_under_its_copy(format: str) -> None:
    document = ITEMS[format].format(note="", title="", above="")
    found = story(document.replace("again.</p>", "again.</p><p>EMBARGOED TO 0001 GMT MONDAY MAY 4</p>"))
    assert found.embargoed == datetime(2026, 5, 4, 0, 1, tzinfo=UTC)
    assert found.body_html == "<p>It is open again.</p>"


def test_a_picture_is_held_by_what_its_caption_tells_first() -> None:
    found = story(jpeg(iim=[(120, "Embargoed until 18:00 GMT, 3 May 2026. The bridge."), (105, "Bridge")]))
    assert found.embargoed == datetime(2026, 5, 3, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "summary", ["Ruritania is under embargo until 2030.", "Embargo ends after a year.", "Life under embargo"]
)
def test_a_summary_that_tells_of_an_embargo_does_not_hold(summary: str) -> None:
    item = ITEMS["ninjs"].format(note="", title="", above="")
    assert story(f'{item[:-1]}, "description_text": "{summary}"}}').embargoed is None


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("Monday 0001 GMT", datetime(2026, 5, 4, 0, 1, tzinfo=UTC)),
        ("May 4, 2026 6:30 PM GMT", datetime(2026, 5, 4, 18, 30, tzinfo=UTC)),
        ("until further notice", OPEN_ENDED),
        ("none", None),
    ],
)
def test_a_stated_embargo_may_be_told_in_words(words: str, until: datetime | None) -> None:
    item = {"uri": "urn:7", "headline": "Bridge", "versioncreated": "2026-05-01T08:00:00Z"}
    assert story(json.dumps(item | {"embargoed": words})).embargoed == until


@pytest.mark.parametrize(
    "note",
    ["Embargo lifted", "It was embargoed until 6 a.m. GMT.", "Adds reaction to the arms embargo until 2030"],
)
def test_an_item_that_tells_of_an_embargo_is_not_held(note: str) -> None:
    assert (
        story(ITEMS["nitf"].format(note=note, title="Embargo on arms agreed: ", above="")).embargoed is None
    )


@pytest.mark.parametrize(
    "headline",
    [
        "Embargo for oil extended by leaders",
        "Embargo to be lifted next week, says minister",
        "Embargo: Ministers tighten sanctions on steel",
        "Embargo until the end of the year for steel",
        "Embargo 2.0: how to cut gas",
        "Embargo bis Jahresende verlängert",
        "Sperrfrist beim Arbeitslosengeld: 12 Wochen",
        "Hold for release of whales: rescuers wait",
    ],
)
def test_a_headline_that_tells_of_an_embargo_holds_nothing(headline: str) -> None:
    assert not titles_held(headline)
    assert not holds_back(headline)


@pytest.mark.parametrize(
    ("headline", "is_note"),
    [
        ("Note to editors: story follows", True),
        ("DESK: use the second version", True),
        ("[Not for publication] Names", True),
        ("Not for publication - Names", True),
        ("For editors only", True),
        ("Notice to editors banned under new law", False),
        ("Desk: The new office furniture", False),
        ("Internal notes: leaked memo shocks cabinet", False),
        ("Do not publish: court bans names", False),
    ],
)
def test_a_headline_is_a_note_to_editors_only_when_it_can_be_nothing_else(
    headline: str, is_note: bool
) -> None:
    assert heads_notes(headline) is is_note
