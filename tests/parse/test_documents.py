"""Mail, Markdown, DOCX, RTF and JPEG: what becomes of their parts, and what hostile ones come to."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime

import pytest

from tests.parse.builders import docx, jpeg, paragraph
from tests.parse.reading import raw_file, stories, story
from wire.errors import IntakeError, Malformed, NotAStory, UnsafeInput
from wire.parse.docx import DocxParser
from wire.parse.mail import MailParser
from wire.story import OPEN_ENDED, PubStatus

HEAD = "Message-ID: <1@example.org>\nFrom: Desk <desk@example.org>\nTo: x@example.com\nSubject: The harbour\n"
TEXT = "The harbour opens on Friday after two years of work, the office said."


def multipart(*parts: str, kind: str = "mixed") -> str:
    """A mail of several parts, each with its own header lines."""
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return f"{HEAD}MIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n{inner}--b--\n"


def attached(data: bytes, media_type: str, name: str, more: str = "") -> str:
    """An attachment in base64."""
    return (
        f"Content-Type: {media_type}\nContent-Disposition: attachment; filename={name}\n{more}"
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}"
    )


@pytest.mark.parametrize(
    "opening",
    [
        "By Monday, the river had risen by two metres, the council said.",
        "Von Montag an gilt in Berlin ein neuer Fahrplan.",
        "Por Navidad habrá más trenes, dijo el ministro.",
        "By Friday Jane Example had left the city, friends said.",
    ],
)
@pytest.mark.parametrize("form", ["markdown", "docx", "plain"])
def test_copy_that_begins_like_a_byline_stays_copy(opening: str, form: str) -> None:
    files = {
        "markdown": f"# Flood\n\n{opening}\n\n{TEXT}\n",
        "docx": docx(paragraph("Flood", style="Heading1") + paragraph(opening) + paragraph(TEXT)),
        "plain": f"{HEAD}\n{opening}\n\n{TEXT}\n",
    }
    read = story(files[form], "a.md" if form == "markdown" else "a")
    assert read.byline is None
    assert opening in read.body_html


@pytest.mark.parametrize("byline", ["By Jane Example, Sydney", "Von Hans Beispiel, dpa", "BY JANE EXAMPLE"])
def test_a_byline_above_the_copy_of_a_document_is_one(byline: str) -> None:
    read = story(f"# Flood\n\n{byline}\n\n{TEXT}\n", "a.md")
    assert (read.byline, byline in read.body_html) == (byline, False)


class TestNotes:
    """Notes to editors leave the body in every format."""

    @pytest.mark.parametrize(
        "heading", ["Note to editors:", "Notes to Editors", "Hinweis an die Redaktion:", "EDITOR'S NOTE"]
    )
    @pytest.mark.parametrize("form", ["plain", "html", "markdown", "docx", "rtf"])
    def test_what_follows_their_heading_is_never_published(self, heading: str, form: str) -> None:
        files = {
            "plain": f"{HEAD}\n{TEXT}\n\n{heading}\n\nCall 4711.\n",
            "html": f"{HEAD}Content-Type: text/html\n\n<div><p>{TEXT}</p></div><p>{heading}</p><p>Call 4711.",
            "markdown": f"---\ntitle: Harbour\n---\n\n{TEXT}\n\n{heading}\n\nCall 4711.\n",
            "docx": docx(paragraph(TEXT) + paragraph(heading) + paragraph("Call 4711.")),
            "rtf": rf"{{\rtf1 {TEXT}\par {heading}\par Call 4711.\par}}",
        }
        read = story(files[form], "a.md" if form == "markdown" else "a")
        assert "4711" not in f"{read.body_html} {read.headline} {read.description}"
        assert "4711" in " ".join(read.ed_notes)
        assert "harbour opens" in f"{read.body_html} {read.headline}"

    def test_a_note_above_the_copy_is_taken_by_itself(self) -> None:
        read = story(f"{HEAD}\nNote to editors: hold the picture.\n\n{TEXT}\n")
        assert "hold the picture" in " ".join(read.ed_notes)
        assert read.body_html == f"<p>{TEXT}</p>"


class TestMail:
    """RFC 5322 and MIME."""

    def test_the_sender_is_for_editors_only(self) -> None:
        read = story(f"{HEAD}\n{TEXT}")
        assert read.ed_notes == ("From: Desk <desk@example.org>",)
        assert "example.org" not in f"{read.body_html}{read.byline}{read.provider}"

    def test_a_document_in_a_mail_is_read_as_what_it_is(self) -> None:
        header = "\x01eca062 4 i 211 ccccb   dpa 061\n\nHarbour/\n"
        copy = "\x02Harbour opens =\n\n   Port (dpa) - It opened.\n\n\x03131137 GMT Nov 13\n"
        read = story(f"{HEAD}\n{header}{copy}")
        assert (read.origin.format, read.headline) == ("iptc7901", "Harbour opens")
        assert "example.org" not in " ".join(read.ed_notes)

    def test_attached_stories_follow_the_mails_own(self) -> None:
        found = stories(
            multipart(
                f"\n{TEXT}",
                attached(docx(paragraph("A title", style="Title") + paragraph("Copy.")), "x/y", "a.docx"),
            )
        )
        assert [read.headline for read in found] == ["The harbour", "A title"]
        assert len({read.guid for read in found}) == 2

    def test_a_few_words_about_an_attached_story_are_a_note_of_it(self) -> None:
        word = attached(docx(paragraph("A title", style="Title") + paragraph("Copy.")), "x/y", "a.docx")
        picture = attached(jpeg(iim=[(120, "The bridge.")]), "image/jpeg", "p.jpg")
        read = story(multipart("\nPlease find our story attached.", word, picture))
        assert (read.headline, read.body_html) == ("A title", "<p>Copy.</p>")
        assert "Please find our story attached." in read.ed_notes
        assert [found.caption for found in read.pictures] == ["The bridge."]
        assert read.guid == story(multipart(f"\n{TEXT}")).guid

    def test_an_attached_picture_is_a_picture_of_the_story(self) -> None:
        picture = jpeg(iim=[(120, "The harbour at dawn")])
        read = story(multipart(f"\n{TEXT}", attached(picture, "image/jpeg", "p.jpg")))
        assert [(p.caption, p.width, p.href) for p in read.pictures] == [("The harbour at dawn", 640, None)]

    def test_a_picture_that_says_nothing_is_a_warning(self) -> None:
        read = story(multipart(f"\n{TEXT}", attached(jpeg(), "image/jpeg", "p.jpg")))
        assert read.pictures == ()
        assert any("p.jpg" in warning for warning in read.origin.warnings)

    def test_an_attachment_that_is_no_story_is_a_warning(self) -> None:
        read = story(multipart(f"\n{TEXT}", attached(b"%PDF-1.4", "application/pdf", "t.pdf")))
        assert any("t.pdf" in warning for warning in read.origin.warnings)

    def test_a_forwarded_message_is_the_story(self) -> None:
        read = story(
            multipart(
                f"Content-Type: message/rfc822\n\nSubject: Inner\nMessage-ID: <2@example.org>\n\n{TEXT}"
            )
        )
        assert (read.headline, read.guid) == ("Inner", "<2@example.org>")

    @pytest.mark.parametrize(
        "earlier",
        [
            "On Mon, 4 May 2026 at 09:00, Desk\n<desk@x.example> wrote:\n> Ring 4711\n> today.\n",
            "-----Original Message-----\nFrom: desk@x.example\nSubject: Story\n\nRing 4711 today.\n",
        ],
    )
    def test_the_mail_that_it_answers_is_for_editors(self, earlier: str) -> None:
        copy = f"{TEXT}\n\n" * (1 + 300 // len(TEXT))
        read = story(f"{HEAD}\n{copy}{earlier}")
        assert "4711" not in read.body_html
        assert "4711" in " ".join(read.ed_notes)
        assert read.body_html.count("<p>") == copy.count(TEXT)

    def test_what_seals_a_mail_is_no_story(self) -> None:
        seal = attached(b"-----BEGIN PGP SIGNATURE-----", "application/pgp-signature", "signature.asc")
        assert story(multipart(f"\n{TEXT}", seal, kind="signed")).body_html == f"<p>{TEXT}</p>"

    def test_a_correction_in_the_subject_is_signalled(self) -> None:
        assert story(f"{HEAD}\n{TEXT}".replace("The harbour\n", "Correction: harbour\n")).signals == (
            "correction",
        )

    def test_reports_on_deliveries_are_no_stories(self) -> None:
        with pytest.raises(NotAStory, match="report on a delivery"):
            stories(multipart("\nIt failed.", kind="report"))

    def test_mail_within_mail_is_bounded(self) -> None:
        mail = f"{HEAD}\n{TEXT}".encode()
        for _ in range(8):
            mail = multipart(f"\n{TEXT}", attached(mail, "application/octet-stream", "m.eml")).encode()
        assert len(stories(mail)) <= 6

    def test_attachments_are_counted(self) -> None:
        read = stories(
            multipart(f"\n{TEXT}", *(attached(TEXT.encode(), "x/y", f"{n}.txt") for n in range(150)))
        )
        assert len(read) <= 101

    def test_archives_to_unpack_are_counted(self) -> None:
        parts = (attached(docx(paragraph(f"{TEXT} {n}")), "x/y", f"{n}.docx") for n in range(15))
        assert sum(one.origin.format == "docx" for one in stories(multipart(f"\n{TEXT}", *parts))) == 10

    @pytest.mark.slow
    def test_bottomless_multiparts_are_refused(self) -> None:
        parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
        with pytest.raises(IntakeError):
            MailParser().parse(raw_file(HEAD + parts + "\ntext"))

    @pytest.mark.parametrize("name", ["charset", "format", "name"])
    def test_a_parameter_in_pieces_half_numbered_is_passed_over(self, name: str) -> None:
        read = story(f"{HEAD}Content-Type: text/plain; {name}*=x; {name}*0=y\n\n{TEXT}")
        assert TEXT in read.body_html

    def test_a_boundary_in_pieces_half_numbered_refuses_the_mail(self) -> None:
        with pytest.raises(Malformed, match="headers of this mail"):
            story(f"{HEAD}Content-Type: multipart/mixed; boundary*=x; boundary*0=y\n\n--y\n\n{TEXT}\n")

    def test_scripts_in_html_mail_never_arrive(self) -> None:
        read = story(f"{HEAD}Content-Type: text/html\n\n<p onclick=x>{TEXT}<script>alert(1)</script></p>")
        assert read.body_html == f"<p>{TEXT}</p>"


class TestDocx:
    """Archives under limits."""

    def test_a_member_that_unpacks_without_bounds_is_refused(self) -> None:
        with pytest.raises(UnsafeInput):
            stories(docx(paragraph("a" * 40_000_000)), "a.docx")

    def test_a_member_of_more_elements_than_any_story_is_refused_unread(self) -> None:
        incompressible = random.Random(1).randbytes(40_000).hex()
        with pytest.raises(UnsafeInput, match="elements"):
            stories(docx(paragraph(incompressible) + "<w:p/>" * 400_000), "a.docx")

    def test_a_form_above_the_copy_is_read_as_header_lines(self) -> None:
        rows = (("Headline", "Bridge open"), ("Slug:", "bridge"), ("Phone", "4711"))
        cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
        table = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
        read = story(docx(table + paragraph(TEXT)), "a.docx")
        assert (read.headline, read.slugline, read.ed_notes) == ("Bridge open", "bridge", ("Phone: 4711",))
        assert read.body_html == f"<p>{TEXT}</p>"
        assert "<table>" in story(docx(paragraph("Scores") + paragraph(TEXT) + table), "a.docx").body_html

    def test_an_archive_without_a_document_is_no_story(self) -> None:
        with pytest.raises(NotAStory, match="ZIP"):
            stories(b"PK\x03\x04" + b"x" * 100, "a.zip")

    def test_a_broken_archive_is_malformed(self) -> None:
        with pytest.raises(Malformed):
            stories(docx(paragraph("A text."))[:300], "a.docx")

    def test_an_external_entity_is_refused(self) -> None:
        evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        with pytest.raises(IntakeError):
            DocxParser().parse(raw_file(docx("", more={"word/document.xml": evil}), "a.docx"))

    def test_what_its_program_filled_in_is_no_property(self) -> None:
        core = (
            "<dc:title>Word Document</dc:title><dc:creator>python-docx</dc:creator>"
            "<dc:description>generated by python-docx</dc:description>"
        )
        found = story(docx(paragraph("The harbour opens on Monday."), core=core), "a.docx")
        assert (found.description, found.creators, "Word" in (found.headline or "")) == (None, (), False)

    def test_deleted_and_hidden_text_stays_out(self) -> None:
        hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>HIDDEN</w:t></w:r></w:p>"
        gone = "<w:p><w:del><w:r><w:delText>GONE</w:delText></w:r></w:del></w:p>"
        assert story(docx(paragraph("A text.") + hidden + gone), "a.docx").body_html == "<p>A text.</p>"


class TestRtf:
    """Control words under limits."""

    @pytest.mark.parametrize(
        "flood", [r"{", r"\b\i", r"{\b x}", r"a\par ", r"\'e4", r"\trowd\intbl a\cell\row ", r"\u8364?"]
    )
    def test_a_flood_is_refused_or_read(self, flood: str) -> None:
        try:
            assert stories("{\\rtf1 " + flood * (10_000_000 // len(flood)), "a.rtf")
        except IntakeError as refused:
            assert str(refused)

    def test_text_beyond_the_document_is_none_of_it(self) -> None:
        assert story(r"{\rtf1 A text.\par} trailing", "a.rtf").body_html == "<p>A text.</p>"

    def test_a_mark_that_the_copy_is_over_is_none_of_it(self) -> None:
        read = story("{\\rtf1 Bridge open\\par\\par The bridge is open again.\\par\\par ENDS\\par}")
        assert read.body_html == "<p>The bridge is open again.</p>"


class TestMarkdown:
    """CommonMark under front matter."""

    @pytest.mark.parametrize(
        "front",
        [
            '---\ntitle: "A"\ntags:\n- b\n- c\nauthors: [D E, F G]\ndraft: false\n---\n',
            '+++\ntitle = "A"\ntags = ["b","c"]\nauthors = [\n "D E",\n "F G",\n]\ndraft = false\n[x]\n+++\n',
            '{\n"title": "A",\n"tags": ["b", "c"],\n"authors": ["D E", "F G"],\n"draft": false\n}\n',
        ],
    )
    def test_front_matter_is_read_in_three_spellings(self, front: str) -> None:
        read = story(f"{front}\n{TEXT}\n", "a.md")
        assert (read.headline, read.keywords, read.byline) == ("A", ("b", "c"), "D E, F G")
        assert read.pub_status is PubStatus.USABLE
        held = story(f"{front}\n{TEXT}\n".replace("false", "true"), "a.md")
        assert held.pub_status is PubStatus.WITHHELD

    def test_a_draft_is_withheld(self) -> None:
        assert story("---\ntitle: x\ndraft: true\n---\nText.\n", "a.md").pub_status is PubStatus.WITHHELD

    @pytest.mark.parametrize("flood", ["[", "*a ", "> ", "![", "`", "- ", "<a ", "[a](", "|a"])
    def test_a_flood_is_read_or_refused(self, flood: str) -> None:
        try:
            assert stories(flood * 20_000, "a.md")
        except IntakeError as refused:
            assert str(refused)


class TestPhoto:
    """JPEG with metadata."""

    def test_without_a_caption_a_picture_is_no_story(self) -> None:
        with pytest.raises(NotAStory, match="JPEG picture"):
            stories(jpeg(iim=[(90, "Port")]), "a.jpg")

    def test_xmp_comes_before_iim(self) -> None:
        both = jpeg(iim=[(105, "Old"), (120, "Caption")], xmp="<photoshop:Headline>New</photoshop:Headline>")
        assert story(both, "a.jpg").headline == "New"

    def test_a_release_date_holds_the_picture(self) -> None:
        read = story(jpeg(iim=[(120, "A caption"), (30, "20260701"), (35, "120000+0000")]), "a.jpg")
        assert read.embargoed is not None and read.embargoed.isoformat() == "2026-07-01T12:00:00+00:00"

    def test_instructions_are_for_editors_only(self) -> None:
        read = story(jpeg(iim=[(120, "A caption"), (40, "Not for archives 4711")]), "a.jpg")
        assert read.ed_notes == ("Not for archives 4711",)
        assert "4711" not in f"{read.body_html}{read.description}{read.pictures}"

    def test_a_packet_of_xmp_beside_its_picture_is_a_picture_story(self) -> None:
        found = story(
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
            ' photoshop:Headline="Bridge opens"/></rdf:RDF></x:xmpmeta>',
            "a.xmp",
        )
        assert (found.origin.format, found.headline) == ("photo", "Bridge opens")

    @pytest.mark.parametrize("order", ["<", ">"])
    def test_exif_says_who_took_it_and_when(self, order: str) -> None:
        tags = {
            0x013B: "A. Writer",
            0x8298: "Example Agency",
            0x9003: "2026:05:01 12:00:00",
            0x9011: "+02:00",
        }
        found = story(jpeg(iim=[(120, "A caption")], exif=tags, exif_order=order), "a.jpg")
        assert (found.creators, found.copyright_notice) == (("A. Writer",), "Example Agency")
        assert found.content_created is not None
        assert found.content_created.isoformat() == "2026-05-01T12:00:00+02:00"

    def test_iim_and_xmp_come_before_exif(self) -> None:
        tags = {0x013B: "Camera", 0x0132: "2020:01:01 00:00:00"}
        iim = [(120, "A caption"), (80, "A. Writer"), (55, "20260501"), (60, "120000+0000")]
        found = story(jpeg(iim=iim, exif=tags), "a.jpg")
        assert found.creators == ("A. Writer",)
        assert found.content_created is not None
        assert found.content_created.isoformat() == "2026-05-01T12:00:00+00:00"

    def test_broken_files_are_read_or_refused(self) -> None:
        whole = jpeg(
            exif={0x013B: "A. Writer", 0x9003: "2026:05:01 12:00:00"},
            iim=[(120, "A caption")],
            xmp="<photoshop:Headline>New</photoshop:Headline>",
        )
        dice = random.Random(7)
        for _ in range(300):
            data = bytearray(whole[: dice.randrange(4, len(whole))])
            data[dice.randrange(3, len(data))] = dice.randrange(256)
            try:
                assert stories(bytes(data), "a.jpg")
            except IntakeError as refused:
                assert str(refused)


@pytest.mark.parametrize(
    ("subject", "held"),
    [
        ("EMBARGOED UNTIL 6 May 2026 06:00: Bridge opens", datetime(2026, 5, 6, 5, tzinfo=UTC)),
        ("Sperrfrist: Brücke wird eröffnet", OPEN_ENDED),
        ("[EMBARGO 06:00] Bridge opens", OPEN_ENDED),
        ("Embargo on timber lifted", None),
        ("EU agrees embargo on timber: what it means", None),
    ],
)
def test_a_subject_may_hold_a_mail_back(subject: str, held: datetime | None) -> None:
    found = story(
        "From: wire@agency.example\nTo: desk@paper.example\nMessage-ID: <a@agency.example>\n"
        f"Subject: {subject}\nDate: Tue, 05 May 2026 10:00:00 +0200\n"
        "Content-Type: text/plain; charset=utf-8\n\nThe bridge opened on Tuesday.\n",
    )
    assert found.embargoed == held
