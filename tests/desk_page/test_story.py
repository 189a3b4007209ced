"""A story's page, and what people do with a story from there."""

from __future__ import annotations

import json
import re
from time import process_time

import pytest

from tests.desk_page.conftest import Guest, Newsdesk
from wire.common.amending import amended
from wire.errors import CommandError
from wire.store.audit import audit
from wire.web.desk.difference import differences, pieces
from wire.web.desk.highlight import laid_out

pytestmark = pytest.mark.slow(5)

STORY = {
    "guid": "urn:x:1",
    "version": 1,
    "pub_status": "usable",
    "headline": "Bridge closed",
    "slugline": "BRIDGE",
    "language": "en",
    "body_html": "<p>The bridge is closed.</p><p>Nobody was hurt.</p>",
}


def dropped(newsdesk: Newsdesk, **changed: object) -> str:
    """The id of a story that has just come."""
    number = len(newsdesk.stories())
    newsdesk.drop(f"{number}.json", json.dumps({**STORY, **changed}), source="agency")
    found: str = newsdesk.stories()[0].id
    return found


def standing(newsdesk: Newsdesk) -> str:
    found: str = newsdesk.stories()[0].standing
    return found


def acted(guest: Guest, id: str, action: str, **fields: str) -> None:
    reply = guest.send(f"/desk/stories/{id}/{action}", **fields)
    assert (reply.status, reply.headers["Location"]) == (303, f"/desk/stories/{id}?done={action}"), reply.text


def test_a_page_shows_the_copy_beside_what_it_came_from(newsdesk: Newsdesk) -> None:
    id = dropped(newsdesk)
    page = newsdesk.guest("rik").get(f"/desk/stories/{id}").text
    assert "<p>The bridge is closed.</p><p>Nobody was hurt.</p>" in page
    assert "&lt;p&gt;The bridge is closed.&lt;/p&gt;" in page, "the original, as text"
    assert "agency/0.json" in page and "first version" in page
    assert "Kill…" not in page, "a reader only looks"
    assert newsdesk.guest("rik").get("/desk/stories/urn:x:1").status == 200, "by its guid too"
    assert newsdesk.guest("rik").get("/desk/stories/nothing").status == 404
    nowhere = newsdesk.guest("rik").get("/desk/nowhere")
    assert (nowhere.status, "There is no page at this address." in nowhere.text) == (404, True)


def test_a_version_that_is_no_number_is_refused_as_out_of_date(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    for version in ("²", "9" * 5000, ""):
        reply = ann.send(f"/desk/stories/{id}/edit", headline="Other", version=version)
        assert (reply.status, standing(newsdesk)) == (409, "live"), version[:20]


def test_every_action_is_done_and_stands_in_the_history_with_its_user(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    acted(ann, id, "withhold", note="Being checked")
    assert standing(newsdesk) == "withheld"
    acted(ann, id, "release")
    assert standing(newsdesk) == "live"
    acted(ann, id, "embargo", until="2026-03-05T18:00")
    assert standing(newsdesk) == "embargoed"
    acted(ann, id, "release", note="Agreed")
    assert standing(newsdesk) == "live"
    acted(ann, id, "kill", note="All wrong")
    assert standing(newsdesk) == "killed"
    acted(ann, id, "release")
    assert standing(newsdesk) == "live"
    detail = newsdesk.browse.story(id)
    assert detail is not None
    assert [(row.who, row.what, row.note) for row in detail.history] == [
        ("ann", "withheld by hand", "Being checked"),
        ("ann", "released by hand", None),
        ("ann", "under embargo by hand, until 2026-03-05T18:00:00+00:00", None),
        ("ann", "released by hand", "Agreed"),
        ("ann", "killed by hand", "All wrong"),
        ("ann", "released by hand", None),
    ]
    assert "All wrong" in ann.get(f"/desk/stories/{id}").text
    assert audit(newsdesk.app.database) == []


def test_what_was_withheld_by_hand_stays_so_whatever_its_source_sends(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    acted(ann, id, "withhold")
    dropped(newsdesk, version=2, headline="Bridge closed again")
    assert standing(newsdesk) == "withheld"
    acted(ann, id, "release")
    assert (standing(newsdesk), newsdesk.stories()[0].headline) == ("live", "Bridge closed again")


def test_what_cannot_be_done_is_said(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    assert ann.send(f"/desk/stories/{id}/kill", note="").status == 400
    refused = ann.send(f"/desk/stories/{id}/release")
    assert refused.status == 409 and "nothing keeps it back" in refused.text
    assert ann.send(f"/desk/stories/{id}/embargo", until="soon").status == 409
    assert ann.send(f"/desk/stories/{id}/explode").status == 404
    assert standing(newsdesk) == "live"


def test_a_reader_changes_nothing(newsdesk: Newsdesk) -> None:
    id, rik = dropped(newsdesk), newsdesk.guest("rik")
    for action in ("kill", "withhold", "embargo", "release", "edit"):
        assert rik.send(f"/desk/stories/{id}/{action}", note="x").status == 403
    assert rik.get(f"/desk/stories/{id}/edit").status == 403
    assert rik.send("/desk/inbox", text="Headline\n\nText.").status == 403
    assert standing(newsdesk) == "live" and not newsdesk.browse.story(id).history  # type: ignore[union-attr]


def test_changed_fields_are_issued_as_a_correction(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    form = ann.get(f"/desk/stories/{id}/edit").text
    assert re.search(r'name="headline" value="Bridge closed"', form)
    changed = {"headline": "Bridge shut", "subjects": "medtop:04000000", "keywords": "bridge\r\nroad"}
    reply = ann.send(f"/desk/stories/{id}/edit", version="1", note="Style", **changed)
    assert reply.status == 303
    detail = newsdesk.browse.story(id)
    assert detail is not None
    story = json.loads(detail.json)
    assert (story["headline"], story["keywords"]) == ("Bridge shut", ["bridge", "road"])
    assert story["subjects"] == [{"name": "economy, business and finance", "qcode": "medtop:04000000"}]
    assert (detail.story.version, detail.story.action) == (2, "correction")
    assert story["body_html"] == STORY["body_html"], "what was not changed stays"
    assert [(row.who, row.note) for row in detail.history] == [("ann", "Style")]


def test_a_change_to_a_version_that_is_no_longer_in_force_is_refused(newsdesk: Newsdesk) -> None:
    id, ann = dropped(newsdesk), newsdesk.guest("ann")
    dropped(newsdesk, version=2, headline="Bridge open")
    reply = ann.send(f"/desk/stories/{id}/edit", version="1", headline="Bridge shut")
    assert reply.status == 409 and "version 2 has come meanwhile" in reply.text
    assert newsdesk.stories()[0].headline == "Bridge open"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"guid": "x"}, "guid cannot be changed by hand"),
        ({"headline": ""}, "headline: a story has a headline"),
        ({"urgency": "10"}, "urgency: is a number from 1"),
        ({"urgency": "high"}, "urgency: is a number from 1"),
        ({"urgency": [1]}, "urgency: is a number from 1"),
        ({"language": "English!"}, "language: 'English!' is no language tag"),
        ({"subjects": ["medtop:1"]}, "subjects: 'medtop:1' is no media topic"),
        ({"keywords": "one"}, "keywords: is a list"),
        ({"headline": 5}, "headline: is a text"),
    ],
)
def test_a_field_that_cannot_be_so_is_refused_with_the_reason(changes: dict[str, object], why: str) -> None:
    with pytest.raises(CommandError, match=re.escape(why)):
        amended(changes)


def test_versions_are_compared_word_by_word(newsdesk: Newsdesk) -> None:
    id = dropped(newsdesk)
    dropped(newsdesk, version=2, headline="Bridge open", body_html="<p>The bridge is open.</p>")
    ann = newsdesk.guest("ann")
    found = re.search(r'href="([^"]+/difference[^"]+)"', ann.get(f"/desk/stories/{id}").text)
    assert found is not None
    page = ann.get(found[1].replace("&amp;", "&")).text
    assert "Bridge <del>closed</del><ins>open</ins>" in page
    assert "The bridge is <del>closed</del><ins>open</ins>." in page
    assert "<del>Nobody was hurt.</del>" in page
    assert ann.get(f"/desk/stories/{id}/difference?old=999&new=1").status == 404


def test_pieces_make_up_both_texts() -> None:
    old, new = "A bridge, and  a road.", "A bridge and the road!"
    made = list(pieces(old, new))
    assert "".join(piece.text for piece in made if piece.kind != "new") == old
    assert "".join(piece.text for piece in made if piece.kind != "gone") == new


def test_a_text_that_repeats_itself_without_end_is_compared_in_no_time() -> None:
    old, new = (" ".join(("Both", *(f"x {kind}{n}" for n in range(2000)), "end")) for kind in "yz")
    began_s = process_time()
    made = list(pieces(old, new))
    assert process_time() - began_s < 5, "by the longest run in common, and so on, it takes minutes"
    assert (made[0].text, made[-1].text) == ("Both x ", " end")
    assert "".join(piece.text for piece in made if piece.kind != "new") == old
    assert "".join(piece.text for piece in made if piece.kind != "gone") == new


def test_words_in_common_are_more_than_blanks() -> None:
    assert [piece.kind for piece in pieces("The bridge is closed", "A road was opened")] == ["gone", "new"]


def test_documents_are_shown_with_their_markup(newsdesk: Newsdesk) -> None:
    id = dropped(newsdesk)
    ann = newsdesk.guest("ann")
    for format in ("newsml-g2", "nitf", "ninjs"):
        page = ann.get(f"/desk/stories/{id}/documents/{format}").text
        assert 'class="t-' in page and "Bridge closed" in page
    assert ann.get(f"/desk/stories/{id}/documents/docx").status == 404


def test_xml_is_laid_out_without_a_change_of_its_text() -> None:
    xml = "<?xml version='1.0'?><a><b/><c>text</c><p>One <em>two</em>.</p></a>"
    shown = laid_out(xml)
    assert [line.strip() for line in shown.splitlines()] == [
        "<?xml version='1.0'?>",
        *("<a>", "<b/>", "<c>text</c>", "<p>One <em>two</em>.</p>", "</a>"),
    ]


def test_a_long_paragraph_is_laid_out_as_soon_as_many_short_ones() -> None:
    xml = f"<a><p>{'One <em>two</em>. ' * 20_000}</p></a>"
    assert laid_out(xml).splitlines()[1].strip() == xml[3:-4]


def test_an_original_is_saved_and_never_shown_by_the_browser(newsdesk: Newsdesk) -> None:
    newsdesk.drop('a".html', "<html><body><h1>Head</h1><p>Text of the page.</p><script>1</script>", "agency")
    id = newsdesk.stories()[0].id
    reply = newsdesk.guest("ann").get(f"/desk/stories/{id}/original")
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22.html"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>1</script>" in reply.body


def test_nothing_changed_is_no_difference() -> None:
    from tests.store.conftest import story

    assert differences(story(), story()) == ()
