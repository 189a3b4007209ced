"""Notes to editors, and what is not for publication, stand nowhere where readers are: in no format."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.parse.builders import docx, jpeg, paragraph
from tests.parse.reading import story
from tests.publish.golden import FOLDER, revision_of
from tests.roundtrip.travel import normal, received, sent
from wire.plugins import names
from wire.story import PubStatus, Story

SECRET = "the desk is reached under 4711"
COPY = "The bridge is open again, the harbour authority said on Monday."
PUBLIC = ("html", "rss", "atom", "jsonfeed")  #: formats that readers see
NEWSML_G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="7"><itemMeta>{meta}</itemMeta>'
    "<contentMeta><headline>Bridge</headline></contentMeta><contentSet><inlineXML>"
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>'
    f"{COPY}</p>{{copy}}</body></html></inlineXML></contentSet></newsItem>"
)
IN: dict[str, tuple[str | bytes, str]] = {
    "newsml-g2": (NEWSML_G2.format(meta=f"<edNote>{SECRET}</edNote>", copy=""), "a.xml"),
    "newsml-g2 copy": (NEWSML_G2.format(meta="", copy=f"<p class='notepad'>{SECRET}</p>"), "a.xml"),
    "xml": (
        (
            f"<Item><id>7</id><headline>Bridge</headline><content>&lt;p&gt;{COPY}&lt;/p&gt;</content>"
            f"<TilRedaktionen>{SECRET}</TilRedaktionen></Item>"
        ),
        "a.xml",
    ),
    "xml copy": (
        (
            f"<Item><id>7</id><headline>Bridge</headline><content>&lt;p&gt;{COPY}&lt;/p&gt;"
            f"&lt;p&gt;Not for publication&lt;/p&gt;&lt;p&gt;{SECRET}&lt;/p&gt;</content></Item>"
        ),
        "a.xml",
    ),
    "iptc7901": (
        (
            f"\x01bdt0001 3 pl 9 x\n\x02Bridge =\n\n{COPY}\n\n"
            f"The following information is not for publication\n\n{SECRET}\n\x03011205 GMT Jun 26"
        ),
        "a",
    ),
    "anpa1312": (
        f"\x16\x16\x01W0001\nr i BC-Bridge 06-01 0009\n\x02^Bridge<\n^Eds: {SECRET}<\n\t{COPY}\n\x03",
        "a",
    ),
    "mail": (
        f"From: a@example.org\nMessage-ID: <7@x>\nSubject: Bridge\n\n{COPY}\n\nNote to editors: {SECRET}\n",
        "a.eml",
    ),
    "markdown": (f"# Bridge\n\n{COPY}\n\n## Notes to editors\n\n{SECRET}\n", "a.md"),
    "text": (f"Headline: Bridge\nNote: {SECRET}\n\n{COPY}\n", "a.txt"),
    "docx": (docx(paragraph("Bridge") + paragraph(COPY) + paragraph(f"Note to editors: {SECRET}")), "a.docx"),
    "photo": (jpeg(iim=[(120, COPY), (105, "Bridge"), (40, SECRET)]), "a.jpg"),
}


LONG = "It has six lanes and had been closed for a year, since two of its piers had cracked in the winter."
PARAGRAPHS: dict[str, tuple[str, str]] = {  #: documents around paragraphs, and their names
    "newsml-g2": (
        NEWSML_G2.format(meta="", copy="COPY").replace(f"<p>{COPY}</p>COPY", "{html}"),
        "a.xml",
    ),
    "ninjs": ('{{"uri": "urn:x", "headline": "Bridge", "body_text": "{lines}"}}', "a.json"),
    "iptc7901": ("\x01bdt0001 3 pl 9 x\n\x02Bridge =\n\n{text}\n\x03011205 GMT Jun 26", "a"),
    "anpa1312": ("\x16\x16\x01W0001\nr i BC-Bridge 06-01 0009\n\x02^Bridge<\n{indented}\x03", "a"),
    "mail": (
        "From: a@b.example\nSubject: Bridge\nContent-Type: text/plain; charset=utf-8\n\n{text}\n",
        "a.eml",
    ),
    "text": ("Bridge opens\n\n{text}\n", "a.txt"),
    "html": ("<html><head><title>Bridge</title></head><body><h1>Bridge</h1>{html}</body></html>", "a.html"),
}


@pytest.mark.parametrize("format", PARAGRAPHS)
@pytest.mark.parametrize(
    "note",
    [
        "Note to editors: {}",
        "Notes to editors|{}",
        "(Not for publication) {}",
        "The following information is not for publication|{}",
        "Hinweis an die Redaktionen: {}",
        "Noot voor redactie (niet voor publicatie): {}",
        "Nota a los editores: {}",
        "Note aux rédactions : {}",
        "Til redaksjonen: {}",
        "EDS: {}",
        "*** NOT FOR PUBLICATION *** {}",
        "CONFIDENTIAL - NOT FOR PUBLICATION. {}",
        "Contact details not for publication: {}",
        "Please do not publish: {}",
        "For internal use only: {}",
        "NFP: {}",
    ],
)
def test_what_the_copy_itself_says_to_editors_is_for_them_alone(format: str, note: str) -> None:
    found = told(format, COPY, LONG, *note.format(SECRET).split("|"))
    assert "4711" not in public_texts(found)
    assert "4711" in " ".join(found.ed_notes)
    assert "six lanes" in found.body_html


@pytest.mark.parametrize("format", PARAGRAPHS)
@pytest.mark.parametrize("note", ["Editors: {}", "Note to editors: {}", "ACHTUNG REDAKTION: {}"])
def test_a_note_amid_the_copy_takes_nothing_of_it_along(format: str, note: str) -> None:
    found = told(
        format, COPY, LONG, note.format(SECRET), "Trains follow on Tuesday, it said.", LONG[:-1] + " again."
    )
    assert "4711" not in public_texts(found)
    assert "Trains follow" in found.body_html
    assert "winter again" in found.body_html
    assert ["Trains" in note for note in found.ed_notes if "4711" in note] == [False]


def test_what_goes_on_with_a_note_stays_with_it() -> None:
    found = told("newsml-g2", COPY, LONG, f"Editors: {SECRET}", "Contact: Jane Example, 0171 471100.", LONG)
    assert "471100" not in found.body_html
    assert found.body_html.count("six lanes") == 2


def told(format: str, *said: str) -> Story:
    """The story of a document with these paragraphs."""
    document, name = PARAGRAPHS[format]
    ways = {
        "html": "".join(f"<p>{line}</p>" for line in said),
        "lines": "\\n\\n".join(said),
        "text": "\n\n".join(said),
        "indented": "".join(f"\t{line}\n" for line in said),
    }
    return story(document.format(**ways), name)


@pytest.mark.parametrize("format", ["iptc7901", "text", "mail"])
def test_a_list_for_editors_above_the_copy_is_theirs_whole(format: str) -> None:
    document, name = PARAGRAPHS[format]
    said = ["NOTES FOR EDITORS", "- Pictures are here.", f"- {SECRET}", COPY, LONG]
    found = story(document.format(text="\n\n".join(said)), name)
    assert "4711" not in public_texts(found)
    assert "4711" in " ".join(found.ed_notes)


PLACES = {
    "block": "<div>{}</div>",
    "quotation": "<blockquote>{}</blockquote>",
    "cell": "<table><tr><td>A</td><td>{}</td></tr></table>",
    "list": "<ul><li>{}</li></ul>",
    "heading": "<h2>{}</h2>",
    "emphasis": "<p><strong>{}</strong></p>",
    "line": "<p>Ferries stop.<br/>{}</p>",
    "caption": "<figure><img src='http://a.example/a.jpg'/><figcaption>{}</figcaption></figure>",
    "end of a caption": "<figure><img src='http://a.example/a.jpg'/><figcaption>It. {}</figcaption></figure>",
    "alternative": "<img src='http://a.example/a.jpg' alt='{}'/>",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_note_is_found_wherever_it_stands_in_the_copy(place: str) -> None:
    html = f"<p>{COPY}</p><p>{LONG}</p>{PLACES[place].format(f'Note to editors: {SECRET}')}"
    for document, name in (
        (json.dumps({"uri": "urn:x", "headline": "Bridge", "body_html": html}), "a.json"),
        (NEWSML_G2.format(meta="", copy=html), "a.xml"),
        (f"From: a@b.example\nSubject: Bridge\nContent-Type: text/html\n\n<body>{html}</body>", "a.eml"),
    ):
        found = story(document, name)
        assert "4711" not in public_texts(found)
        assert "4711" in " ".join(found.ed_notes)
        assert "six lanes" in found.body_html


@pytest.mark.parametrize(
    "field",
    [
        {"description_text": "Note to editors: {}"},
        {"description_text": "Ferries stop. NOT FOR PUBLICATION: {}"},
        {"slugline": "EDS: {}"},
        {"byline": "Not for publication: {}"},
        {"keyword": ["bridges", "Note to editors: {}"]},
        {"bodies": [{"role": "x:nfp", "value": "<p>{}</p>"}, {"role": "main", "value": f"<p>{COPY}</p>"}]},
        {
            "descriptions": [
                {"role": "summary", "value": "Open."},
                {"role": "not-for-publication", "value": "{}"},
            ]
        },
        {"headlines": [{"role": "editorsNote", "value": "{}"}]},
    ],
    ids=str,
)
def test_a_note_in_another_field_stays_with_the_editors(field: dict[str, object]) -> None:
    item = {"uri": "urn:x", "headline": "Bridge", "body_html": f"<p>{COPY}</p>", **field}
    if "bodies" in field:
        del item["body_html"]
    found = story(json.dumps(item).replace("{}", SECRET), "a.json")
    assert "4711" not in public_texts(found)
    assert "4711" in " ".join(found.ed_notes)
    assert "harbour authority" in found.body_html


@pytest.mark.parametrize(
    "part",
    [
        f'<inlineXML role="x:nfp"><html xmlns="http://www.w3.org/1999/xhtml"><p>{SECRET}</p></html></inlineXML>',
        f'<inlineData role="http://cv.example.org/role/not-for-publication">{SECRET}</inlineData>',
    ],
)
def test_a_part_whose_role_is_not_for_publication_is_no_body(part: str) -> None:
    document = NEWSML_G2.format(meta="", copy="").replace("<contentSet>", f"<contentSet>{part}")
    found = story(document, "a.xml")
    assert "4711" not in public_texts(found)
    assert found.ed_notes == (SECRET,)
    assert COPY in found.body_html


def test_a_section_of_the_copy_whose_role_is_not_for_publication_is_a_note() -> None:
    copy = f'<section role="dpa:nfp"><p>{SECRET}</p></section><p>{LONG}</p>'
    found = story(NEWSML_G2.format(meta="", copy=copy), "a.xml")
    assert "4711" not in public_texts(found)
    assert found.ed_notes == (SECRET,)
    assert LONG in found.body_html


@pytest.mark.parametrize(
    "headline", ["NOT FOR PUBLICATION: {}", "Note to editors: {}", "(Not for publication) {}"]
)
def test_a_story_that_is_headed_as_not_for_publication_is_withheld(headline: str) -> None:
    item = {"uri": "urn:x", "headline": headline.format(SECRET), "body_html": f"<p>{COPY}</p>"}
    found = story(json.dumps(item), "a.json")
    assert found.pub_status is PubStatus.WITHHELD
    assert "4711" not in public_texts(found)


def test_a_column_of_editors_is_headed_as_such() -> None:
    item = {"uri": "urn:x", "headline": "Editors' notes: a year of bridges", "body_html": f"<p>{COPY}</p>"}
    found = story(json.dumps(item), "a.json")
    assert (found.headline, found.pub_status) == (item["headline"], PubStatus.USABLE)


def public_texts(found: Story) -> str:
    """Everything of a story that readers may see."""
    captions = [picture.caption for picture in found.pictures]
    texts = (
        found.headline,
        found.subheadline,
        found.description,
        found.byline,
        found.dateline,
        found.slugline,
    )
    return " ".join(map(str, (found.body_html, *texts, *captions, *found.keywords)))


@pytest.mark.parametrize("format", IN)
def test_a_note_that_comes_in_stays_with_the_editors(format: str) -> None:
    data, name = IN[format]
    found = story(data, name)
    assert "4711" not in public_texts(found)
    assert "4711" in " ".join(found.ed_notes)
    assert "harbour authority" in public_texts(found)


@pytest.mark.parametrize("format", names("wire.renderers"))
def test_a_note_that_goes_out_stays_with_the_editors(format: str) -> None:
    revision = revision_of(FOLDER / "every-field.json")
    document = sent(normal(replace(revision.story, ed_notes=(SECRET,))), format)
    if format in PUBLIC:
        assert b"4711" not in document.body
        return
    found = received(document)
    assert "4711" not in public_texts(found)
    assert "4711" in " ".join(found.ed_notes)
