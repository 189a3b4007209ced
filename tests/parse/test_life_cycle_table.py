"""Format by signal: what happens to a story is read wherever a format can say it.

Each document says one thing. What a format has no way to say stands in ``CANNOT``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from tests.parse.reading import raw_file
from wire import plugins
from wire.normalise.normaliser import StoryNormaliser
from wire.story import OPEN_ENDED, PubStatus, Source, Story

UNTIL, GONE = datetime(2026, 6, 2, 6, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
COPY = "The bridge is open again, the harbour authority said on Monday."
TRUSTED = Source(id="desk", trusted=True)

SIGNALS: Mapping[str, Callable[[Story], bool]] = {
    "version": lambda story: story.version == 2,
    "update": lambda story: "update" in story.signals,
    "correction": lambda story: "correction" in story.signals,
    "kill": lambda story: story.pub_status is PubStatus.CANCELED,
    "withheld": lambda story: story.pub_status is PubStatus.WITHHELD,
    "embargo": lambda story: story.embargoed == UNTIL,
    "open embargo": lambda story: story.embargoed == OPEN_ENDED,
    "expiry": lambda story: story.expires == GONE,
    "previous": lambda story: any(link.residref == "urn:old" for link in story.links),
}

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
DOCUMENTS: Mapping[str, str] = {
    "newsml-g2": f'<newsItem {NAR} guid="7"|<contentMeta><headline>B</headline></contentMeta></newsItem>',
    "newsml-1": (
        "<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>7</NewsItemId>|"
        "<NewsComponent><NewsLines><HeadLine>Bridge</HeadLine></NewsLines></NewsComponent></NewsItem></NewsML>"
    ),
    "nitf": (
        "<nitf><head><docdata|</docdata></head>"
        "<body><body.head><hedline><hl1>B</hl1></hedline></body.head></body></nitf>"
    ),
    "ninjs": '{"uri": "urn:7", "headline": "Bridge", |}',
    "ap-media": '{"altids": {"itemid": "7"}, "headline": "Bridge", |}',
    "digitalwires": '{"format": "digitalwires", "urn": "urn:7", "headline": "Bridge", |}',
    "json": '{"pub_status": "usable", "guid": "urn:7", "headline": "Bridge", |}',
    "xml": f"<Item><id>7</id><headline>Bridge</headline><content>{COPY}</content>|</Item>",
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
        ' xmlns:app="http://www.w3.org/2007/app" xmlns:dcterms="http://purl.org/dc/terms/">|</feed>'
    ),
    "iptc7901": f"\x01bdt0001 3 pl 9 x\n\x02|Bridge =\n\n{COPY}\n\x03011205 GMT Jun 26",
    "anpa1312": f"\x16\x16\x01W0001\nr i BC-Bridge |^Bridge<\n\t{COPY}\n\x03AP-WF-06-01-26 1205GMT<",
    "mail": f"From: a@example.org\nMessage-ID: <7@x>\nDate: Mon, 1 Jun 2026 12:00:00 +0000\n|\n\n{COPY}",
    "markdown": f"---\ntitle: Bridge\n|\n---\n\n{COPY}",
    "text": f"Headline: Bridge\n|\n\n{COPY}",
}
_WILL_CHANGE = (
    '<StatusWillChange><FutureStatus FormalName="{}"/><DateAndTime>{}</DateAndTime></StatusWillChange>'
)
_STATED = {
    "version": "version: 2",
    "update": "signal: update",
    "correction": "signal: correction",
    "kill": "status: canceled",
    "withheld": "status: withheld",
    "embargo": "embargo: 2026-06-02T06:00:00Z",
    "open embargo": "embargo:",
    "expiry": "expires: 2027-01-01T00:00:00Z",
}
SAYS: Mapping[str, Mapping[str, str]] = {
    "newsml-g2": {
        "version": ' version="2">',
        "update": '><itemMeta><signal qcode="sig:update"/></itemMeta>',
        "correction": '><itemMeta><signal qcode="sig:correction"/></itemMeta>',
        "kill": '><itemMeta><pubStatus qcode="stat:canceled"/></itemMeta>',
        "withheld": '><itemMeta><pubStatus qcode="stat:withheld"/></itemMeta>',
        "embargo": "><itemMeta><embargoed>2026-06-02T06:00:00Z</embargoed></itemMeta>",
        "open embargo": "><itemMeta><embargoed/></itemMeta>",
        "expiry": "><itemMeta><expires>2027-01-01T00:00:00Z</expires></itemMeta>",
        "previous": '><itemMeta><link rel="irel:previousVersion" residref="urn:old"/></itemMeta>',
    },
    "newsml-1": {
        name: f"{revision or '<RevisionId>1</RevisionId>'}</NewsIdentifier></Identification>"
        f"<NewsManagement>{said}</NewsManagement>"
        for name, (revision, said) in {
            "version": ("<RevisionId>2</RevisionId>", ""),
            "update": ('<RevisionId Update="U">2</RevisionId>', ""),
            "correction": ("", '<Instruction FormalName="Correction"/>'),
            "kill": ('<RevisionId Update="D">2</RevisionId>', ""),
            "withheld": ("", '<Status FormalName="Withheld"/>'),
            "embargo": ("", _WILL_CHANGE.format("Usable", "20260602T060000Z")),
            "open embargo": ("", '<Status FormalName="Embargoed"/>'),
            "expiry": ("", _WILL_CHANGE.format("Canceled", "20270101T000000Z")),
            "previous": ("", '<DerivedFrom NewsItem="urn:old"/>'),
        }.items()
    },
    "nitf": {
        "version": "><du-key version='2'/>",
        "correction": "><correction info='x'/>",
        "kill": " management-status='canceled'>",
        "withheld": " management-status='withheld'>",
        "embargo": "><date.release norm='20260602T060000Z'/>",
        "open embargo": " management-status='embargoed'>",
        "expiry": "><date.expire norm='20270101T000000Z'/>",
        "previous": " management-doc-idref='urn:old' management-idref-status='usable'>",
    },
    "ninjs": {
        "version": '"version": "2"',
        "update": '"signal": "sig:update"',
        "correction": '"signals": ["sig:correction"]',
        "kill": '"pubstatus": "canceled"',
        "withheld": '"pubStatus": "withheld"',
        "embargo": '"embargoedUntil": "2026-06-02T06:00:00Z"',
        "open embargo": '"embargoed": ""',
        "expiry": '"expires": "2027-01-01T00:00:00Z"',
        "previous": '"evolvedfrom": "urn:old"',
    },
    "ap-media": {
        "version": '"version": 1',
        "update": '"slugline": "XX--Bridge, 2nd Ld-Writethru"',
        "correction": '"editorialtypes": ["Correction"]',
        "kill": '"editorialtypes": ["Kill"]',
        "withheld": '"pubstatus": "withheld"',
        "embargo": '"embargoed": "2026-06-02T06:00:00Z"',
        "open embargo": '"embargoed": ""',
        "expiry": '"expires": "2027-01-01T00:00:00Z"',
    },
    "digitalwires": {
        "version": '"version": 2',
        "update": '"signal": "sig:update"',
        "correction": '"signal": ["sig:correction"]',
        "kill": '"pubstatus": "canceled"',
        "withheld": '"pubstatus": "withheld"',
        "embargo": '"embargoed": "2026-06-02T06:00:00Z"',
        "open embargo": '"embargoed": ""',
        "expiry": '"expires": "2027-01-01T00:00:00Z"',
    },
    "json": {
        "version": '"version": 2',
        "update": '"signals": ["update"]',
        "correction": '"signals": ["correction"]',
        "embargo": '"embargoed": "2026-06-02T06:00:00Z"',
        "open embargo": '"embargoed": "soon"',
        "expiry": '"expires": "2027-01-01T00:00:00Z"',
        "previous": '"links": [{"rel": "irel:previousVersion", "residref": "urn:old"}]',
    },
    "xml": {
        "version": "<version>2</version>",
        "update": "<NyVersion>true</NyVersion>",
        "correction": "<Korrektion>true</Korrektion>",
        "kill": "<Annuleret>true</Annuleret>",
        "withheld": "<HoldFlag>true</HoldFlag>",
        "embargo": "<embargo>2026-06-02T06:00:00Z</embargo>",
        "open embargo": "<embargo>until the speech</embargo>",
        "expiry": "<expires>2027-01-01T00:00:00Z</expires>",
        "previous": "<replacedID>urn:old</replacedID>",
    },
    "atom": {
        "kill": '<at:deleted-entry ref="urn:7" when="2026-06-01T00:00:00Z"/>',
        "withheld": "<entry><title>B</title><app:control><app:draft>yes</app:draft></app:control></entry>",
        "expiry": "<entry><title>B</title><dcterms:valid>2027-01-01T00:00:00Z</dcterms:valid></entry>",
    },
    "iptc7901": {
        "update": "2ND LEAD\n",
        "correction": "(Correction)\n",
        "kill": "KILL\n",
        "embargo": "(EMBARGO: not for publication before 2 June 2026, 06:00 GMT)\n",
        "open embargo": "(EMBARGO until the speech)\n",
    },
    "anpa1312": {
        "update": "1stLd-Writethru 06-01 0009\n\x02",
        "correction": "Correction 06-01 0009\n\x02",
        "kill": "Kill 06-01 0009\n\x02",
        "embargo": "06-01 0009\n\x02^EMBARGO: not for publication before 2 June 2026, 06:00 GMT<\n",
        "open embargo": "06-01 0009\n\x02^EMBARGO until the speech<\n",
    },
    "mail": {
        "update": "Subject: UPDATE: Bridge",
        "correction": "Subject: CORRECTION: Bridge",
        "embargo": "Subject: Bridge\n\nEmbargo: 2 June 2026, 06:00 GMT",
        "open embargo": "Subject: Bridge\n\nEmbargo: until the speech",
        "previous": "Subject: Bridge\nSupersedes: urn:old",
    },
    "markdown": _STATED,
    "text": _STATED,
}
#: What a format has no way to say; anything else it must.
CANNOT: Mapping[str, set[str]] = {
    "nitf": {"update"},
    "ap-media": {"previous"},
    "digitalwires": {"previous"},
    "json": {"kill", "withheld"},  # in the key that begins the document: see test_formats
    "atom": {"version", "update", "correction", "embargo", "open embargo", "previous"},
    "iptc7901": {"version", "withheld", "expiry", "previous"},
    "anpa1312": {"version", "withheld", "expiry", "previous"},
    "mail": {"version", "kill", "withheld", "expiry"},
    "markdown": {"previous"},
    "text": {"previous"},
}


def read_as(format: str, said: str) -> Story:
    """The story of a document of the format that says one thing."""
    raw = raw_file(DOCUMENTS[format].replace("|", said), f"story.{format}", TRUSTED)
    [draft] = plugins.load("wire.parsers", format)().parse(raw)
    return StoryNormaliser()(draft, raw)


@pytest.mark.parametrize(
    ("format", "signal"), [(format, signal) for format, says in SAYS.items() for signal in says]
)
def test_a_signal_is_read(format: str, signal: str) -> None:
    assert SIGNALS[signal](read_as(format, SAYS[format][signal]))


@pytest.mark.parametrize("format", DOCUMENTS)
def test_every_signal_is_read_or_cannot_be_said(format: str) -> None:
    cannot = CANNOT.get(format, set())
    assert set(SAYS[format]) | cannot == set(SIGNALS)
    assert not set(SAYS[format]) & cannot
