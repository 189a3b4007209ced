"""What happens to a story is read in every format that can say it, and notes to editors never leak.

Each format says the same of the same story; the tests ask for what was said.
"""

from __future__ import annotations

import pytest

from tests.parse.reading import story
from wire.story import OPEN_ENDED, PubStatus, Story

SECRET = "the desk's number is 0100"

NEWSML_1 = (
    "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>example.org</ProviderId><DateId>20260529</DateId>"
    "<NewsItemId>7</NewsItemId><RevisionId PreviousRevision='1' Update='N'>2</RevisionId>"
    "<PublicIdentifier>urn:newsml:example.org:20260529:7:2</PublicIdentifier></NewsIdentifier></Identification>"
    "<NewsManagement>{said}</NewsManagement><NewsComponent><NewsLines><HeadLine>Bridge</HeadLine></NewsLines>"
    "<ContentItem><DataContent><nitf><body><body.content>{body}</body.content></body></nitf></DataContent></ContentItem>"
    "</NewsComponent></NewsItem></NewsML>"
)
NITF = (
    "<nitf><head><docdata {state}><doc-id id-string='7'/>{said}</docdata></head><body><body.head><hedline>"
    "<hl1>Bridge</hl1></hedline>{note}</body.head><body.content>{body}</body.content></body></nitf>"
)
NINJS = '{{"uri": "urn:7", "headline": "Bridge", "body_html": "{body}", "version": "2"{said}}}'
AP = (
    '{{"api_version": "2.1", "api_mode": "live", "method": "x", "org_name": "x", "data": {{"item": '
    '{{"altids": {{"itemid": "7"}}, "headline": "Bridge", "body_html": "{body}"{said}}}}}}}'
)
DPA = (
    '{{"format": "digitalwires@0.9.1", "urn": "urn:7", "headline": "Bridge", "article_html": "{body}"{said}}}'
)
BODY = "<p>Open.</p>"
COPY = "The bridge is open again, the harbour authority said on Monday."


def newsml_1(said: str = "", body: str = BODY) -> Story:
    return story(NEWSML_1.format(said=said, body=body))


def nitf(said: str = "", state: str = "", note: str = "", body: str = BODY) -> Story:
    return story(NITF.format(said=said, state=state, note=note, body=body))


def in_json(template: str, said: str = "", body: str = BODY) -> Story:
    return story(template.format(said=f", {said}" if said else "", body=body.replace('"', '\\"')))


CANCELED = {
    "newsml-1": lambda: newsml_1('<Status FormalName="Canceled"/>'),
    "newsml-1 instruction": lambda: newsml_1('<Status FormalName="Usable"/><Instruction FormalName="Kill"/>'),
    "nitf": lambda: nitf(state="management-status='canceled'"),
    "ninjs": lambda: in_json(NINJS, '"pubstatus": "canceled"'),
    "ninjs 3": lambda: in_json(NINJS, '"pubStatus": "cancelled"'),
    "ap-media": lambda: in_json(AP, '"pubstatus": "canceled"'),
    "ap-media kill": lambda: in_json(AP, '"pubstatus": "usable", "editorialtypes": ["Kill"]'),
    "digitalwires": lambda: in_json(DPA, '"pubstatus": "canceled"'),
}
WITHHELD = {
    "newsml-1": lambda: newsml_1('<Status FormalName="WITHHELD "/>'),
    "newsml-1 unknown": lambda: newsml_1('<Status FormalName="Perhaps"/>'),
    "nitf": lambda: nitf(state="management-status='withheld'"),
    "ninjs": lambda: in_json(NINJS, '"pubstatus": "withheld"'),
    "ninjs unknown": lambda: in_json(NINJS, '"pubstatus": "maybe"'),
    "ap-media": lambda: in_json(AP, '"pubstatus": "withheld"'),
    "digitalwires": lambda: in_json(DPA, '"pubstatus": "withheld"'),
}
HELD_OPEN = {
    "newsml-1": lambda: newsml_1('<Status FormalName="Embargoed"/>'),
    "nitf": lambda: nitf(state="management-status='embargoed'"),
    "nitf unreadable": lambda: nitf("<date.release norm='soon'/>"),
    "ninjs": lambda: in_json(NINJS, '"embargoed": ""'),
    "ninjs 3": lambda: in_json(NINJS, '"embargoedUntil": ""'),
    "ninjs state": lambda: in_json(NINJS, '"pubstatus": "embargoed"'),
    "ap-media": lambda: in_json(AP, '"pubstatus": "embargoed"'),
    "digitalwires": lambda: in_json(DPA, '"embargoed": ""'),
}
HELD_UNTIL = {
    "newsml-1": lambda: newsml_1(
        '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/>'
        "<DateAndTime>20260602T060000Z</DateAndTime></StatusWillChange>"
    ),
    "nitf": lambda: nitf("<date.release norm='20260602T060000Z'/>"),
    "ninjs": lambda: in_json(NINJS, '"embargoed": "2026-06-02T06:00:00Z"'),
    "ninjs 3": lambda: in_json(NINJS, '"embargoedUntil": "2026-06-02T06:00:00Z"'),
    "ap-media": lambda: in_json(AP, '"embargoed": "2026-06-02T06:00:00Z"'),
    "digitalwires": lambda: in_json(DPA, '"embargoed": "2026-06-02T08:00:00+02:00"'),
}
EXPIRING = {
    "newsml-1": lambda: newsml_1(
        '<StatusWillChange><FutureStatus FormalName="Canceled"/><DateAndTime>20270101T000000Z</DateAndTime>'
        "</StatusWillChange>"
    ),
    "nitf": lambda: nitf("<date.expire norm='20270101T000000Z'/>"),
    "ninjs": lambda: in_json(NINJS, '"expires": "2027-01-01T00:00:00Z"'),
}
CORRECTED = {
    "newsml-1": lambda: newsml_1('<Instruction FormalName="Correction"/>'),
    "nitf": lambda: nitf("<correction info='Three, not thirty'/>"),
    "ap-media": lambda: in_json(AP, '"editorialtypes": ["Correction"]'),
    "digitalwires": lambda: in_json(DPA, '"signal": "sig:correction"'),
}
NOTED = {
    "newsml-1": lambda: newsml_1(f'<Instruction FormalName="Note"><Comment>{SECRET}</Comment></Instruction>'),
    "newsml-1 copy": lambda: newsml_1(body=f'{BODY}<note noteclass="editorsnote"><p>{SECRET}</p></note>'),
    "nitf ed-msg": lambda: nitf(f'<ed-msg info="{SECRET}"/>'),
    "nitf note": lambda: nitf(note=f'<note type="npa"><body.content><p>{SECRET}</p></body.content></note>'),
    "nitf copy": lambda: nitf(
        body=f'{BODY}<note type="npa"><body.content><p>{SECRET}</p></body.content></note>'
    ),
    "nitf notice": lambda: nitf(body=f"{BODY}<p>Not for publication</p><p>{SECRET}</p>"),
    "ninjs": lambda: in_json(NINJS, f'"ednote": "{SECRET}"'),
    "ninjs copy": lambda: in_json(NINJS, body=f'{BODY}<section class="notepad"><p>{SECRET}</p></section>'),
    "ninjs loose": lambda: in_json(NINJS, body=f"{BODY}<p>Notizblock</p>{SECRET}<p>{SECRET}</p>"),
    "ap-media": lambda: in_json(AP, f'"ednote": "{SECRET}"'),
    "digitalwires": lambda: in_json(DPA, f'"ednotes": [{{"ednote": "{SECRET}", "is_publishable": true}}]'),
    "digitalwires notepad": lambda: in_json(
        DPA, f'"notepad": {{"nonpublic_html": "<section><p>{SECRET}</p></section>", "public_html": null}}'
    ),
    "digitalwires copy": lambda: in_json(
        DPA, body=f"{BODY}<h3>Notizblock</h3><ul><li>{SECRET}</li></ul><div><p>{SECRET}</p></div>"
    ),
}


NOT_HELD = {
    "ninjs null": lambda: in_json(NINJS, '"embargoed": null'),
    "ninjs false": lambda: in_json(NINJS, '"embargoed": false'),
    "ninjs none": lambda: in_json(NINJS, '"embargoed": "none"'),
    "ap-media": lambda: in_json(AP, '"embargoed": "None"'),
    "digitalwires": lambda: in_json(DPA, '"embargoed": null'),
    "text none": lambda: story(f"Headline: Bridge\nEmbargo: none\n\n{COPY}"),
    "text no": lambda: story(f"Headline: Bridge\nEmbargo: no\n\n{COPY}"),
    "text nil": lambda: story(f"Headline: Bridge\nEmbargo: NIL.\n\n{COPY}"),
    "text dash": lambda: story(f"Headline: Bridge\nEmbargo: -\n\n{COPY}"),
    "iptc7901": lambda: story(f"\x01bdt0001 3 pl 9 x\n\x02(Sperrfrist: keine)\nBrücke =\n\n{COPY}\n\x03"),
    "markdown": lambda: story(f"# Bridge\n\nEmbargo: none\n\n{COPY}", "a.md"),
}


@pytest.mark.parametrize("case", NOT_HELD)
def test_no_embargo_is_none(case: str) -> None:
    assert NOT_HELD[case]().embargoed is None


@pytest.mark.parametrize("case", CANCELED)
def test_a_kill_is_read(case: str) -> None:
    assert CANCELED[case]().pub_status is PubStatus.CANCELED


@pytest.mark.parametrize("case", WITHHELD)
def test_withheld_and_unknown_states_are_withheld(case: str) -> None:
    assert WITHHELD[case]().pub_status is PubStatus.WITHHELD


@pytest.mark.parametrize("case", HELD_OPEN)
def test_an_embargo_without_a_readable_date_has_no_end(case: str) -> None:
    assert HELD_OPEN[case]().embargoed == OPEN_ENDED


@pytest.mark.parametrize("case", HELD_UNTIL)
def test_an_embargo_ends_when_the_document_says(case: str) -> None:
    found = HELD_UNTIL[case]()
    assert found.embargoed is not None
    assert found.embargoed.isoformat()[:13] in {"2026-06-02T06", "2026-06-02T08"}
    assert found.pub_status is PubStatus.USABLE


@pytest.mark.parametrize("case", EXPIRING)
def test_an_expiry_is_read(case: str) -> None:
    expires = EXPIRING[case]().expires
    assert expires is not None
    assert expires.year == 2027


@pytest.mark.parametrize("case", CORRECTED)
def test_a_correction_is_signalled(case: str) -> None:
    assert CORRECTED[case]().signals == ("correction",)


@pytest.mark.parametrize("case", NOTED)
def test_what_is_told_to_editors_never_stands_in_the_body(case: str) -> None:
    found = NOTED[case]()
    public = (found.body_html, found.headline, found.description, found.byline, *found.keywords)
    assert not any(SECRET in (text or "") for text in public)
    assert any(SECRET in note for note in found.ed_notes)
    assert "Open." in found.body_html


def test_the_guid_leaves_out_the_revision_so_that_versions_meet() -> None:
    found = newsml_1()
    assert (found.guid, found.version) == ("urn:newsml:example.org:20260529:7", 2)
    assert [(link.rel, link.residref, link.version) for link in found.links] == [
        ("irel:previousVersion", "urn:newsml:example.org:20260529:7", 1)
    ]


def test_a_count_of_versions_at_the_end_of_a_nitf_id_is_left_out() -> None:
    text = (
        "<nitf><head><docdata><doc-id id-string='NX_04'/><du-key key='a' version='{}'/></docdata></head>"
        "<body><body.head><hedline><hl1>B</hl1></hedline></body.head></body></nitf>"
    )
    assert story(text.format(5)).guid == "NX"
    assert story(text.format(9)).guid == "NX_04"


def test_a_key_of_the_customer_is_never_part_of_an_ap_guid() -> None:
    item = '{"uri": "https://api.example.org/7?qt=KEY", "headline": "B", "type": "text"}'
    data = f'{{"api_version": "1", "api_mode": "x", "method": "x", "data": {{"item": {item}}}}}'
    assert story(data).guid == "https://api.example.org/7"


def test_a_key_of_the_customer_is_no_part_of_a_guid_in_ninjs_either() -> None:
    item = '{{"uri": "http://api.example.org/content/7?qt={}&et=2a", "headline": "B", "versioncreated": "x"}}'
    assert (
        story(item.format("ONE")).guid == story(item.format("TWO")).guid == "http://api.example.org/content/7"
    )
    assert story('{"uri": "http://example.org/?id=7", "headline": "B"}').guid == "http://example.org/?id=7"


def test_versions_of_ap_count_from_nought_and_ours_from_one() -> None:
    assert [in_json(AP, f'"version": {n}').version for n in (0, 1, 2)] == [1, 2, 3]


def test_a_version_in_the_slugline_of_ap_is_a_signal() -> None:
    assert in_json(AP, '"slugline": "AP-XX--Bridge, 3rd Ld-Writethru"').signals == ("update",)


def test_no_tag_of_the_notice_hides_copy_before_it() -> None:
    found = in_json(NINJS, body="<p>One.</p><p>The publication of a book.</p><p>Three.</p>")
    assert found.word_count == 7
    assert found.ed_notes == ()
