"""Dropping, waiting, setting aside and mending, as the desk's pages have them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk_page.conftest import ARRIVED, Guest, Newsdesk
from wire.errors import CommandError
from wire.inbox.dropping import Hatch, tidy
from wire.inbox.naming import left_alone


def upload(guest: Guest, files: dict[str, bytes], **fields: str) -> int:
    """A form with files as a browser sends it; returns the status."""
    boundary = "----limit"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {"csrf": guest.csrf, **fields}.items()
    ]
    for name, data in files.items():
        head = f'Content-Disposition: form-data; name="files"; filename="{name}"'
        parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + data + b"\r\n")
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Origin": guest.url}
    body = b"".join((*parts, f"--{boundary}--\r\n".encode()))
    return guest.ask("POST", "/desk/inbox", body, headers).status


def test_dropped_files_go_the_way_of_every_file(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    files = {"one.txt": b"First headline\n\nText of one.\n", "two.txt": b"Second headline\n\nText of two.\n"}
    assert upload(ann, files, source="agency") == 303
    inbox = newsdesk.app.settings.inbox.path / "agency"
    assert sorted(path.name for path in inbox.iterdir()) == ["one.txt", "two.txt"], (
        "and nothing hidden is left"
    )
    assert "one.txt" in ann.get("/desk/inbox").text, "they wait"
    newsdesk.take_in()
    assert {(row.headline, row.source) for row in newsdesk.stories()} == {
        ("First headline", "agency"),
        ("Second headline", "agency"),
    }
    assert "Nothing waits" in ann.get("/desk/inbox").text


def test_pasted_text_is_a_story_and_the_same_name_its_next_version(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    for text in ("A headline\r\n\r\nSome text.", "A headline\r\n\r\nSome more text."):
        assert ann.send("/desk/inbox", source="agency", name="wall", text=text).status == 303
        newsdesk.take_in()
    [row] = newsdesk.stories()
    assert (row.headline, row.version) == ("A headline", 2)


def test_numbers_that_are_none_are_passed_over(newsdesk: Newsdesk) -> None:
    rik = newsdesk.guest("rik")
    for number in ("²", "٣", "-1", "9" * 5000):
        assert rik.get(f"/desk/inbox?dropped={quote(number)}").status == 200, number[:20]
        assert rik.get(f"/desk/quarantine/{quote(number)}").status == 404, number[:20]


def told(newsdesk: Newsdesk, headline: str) -> list[tuple[str, str]]:
    """Who did what, in the history of the story of this headline."""
    [row] = [row for row in newsdesk.stories() if row.headline == headline]
    detail = newsdesk.browse.story(row.id)
    assert detail is not None
    return [(entry.who, entry.what) for entry in detail.history]


@pytest.mark.parametrize("source", ["", "agency"])
def test_who_dropped_or_pasted_a_story_stands_in_its_history(newsdesk: Newsdesk, source: str) -> None:
    upload(newsdesk.guest("ann"), {"one.txt": b"First headline\n\nText of one.\n"}, source=source)
    newsdesk.guest("eve").send("/desk/inbox", source=source, text="Second headline\n\nText of two.\n")
    newsdesk.drop("three.txt", "Third headline\n\nText of three.\n", source=source)
    assert told(newsdesk, "First headline") == [("ann", "dropped on the desk page")]
    assert told(newsdesk, "Second headline") == [("eve", "pasted on the desk page")]
    assert told(newsdesk, "Third headline") == [], "whoever writes into a folder is not known"


def test_a_paste_that_tells_nothing_new_stands_in_the_history_all_the_same(newsdesk: Newsdesk) -> None:
    for text in ("One headline\n\nText of it.\n", "One headline\n\nText of it.\n\n"):
        newsdesk.guest("ann").send("/desk/inbox", source="agency", name="one", text=text)
        newsdesk.take_in()
    assert told(newsdesk, "One headline") == [("ann", "pasted on the desk page")] * 2


def test_who_dropped_what_was_set_aside_is_not_forgotten(newsdesk: Newsdesk) -> None:
    upload(newsdesk.guest("eve"), {"a.json": b'{"pub_status": "usable", "headline": "A'}, source="agency")
    newsdesk.take_in()
    ann = newsdesk.guest("ann")
    assert "dropped on the desk page by <strong>eve</strong>" in ann.get("/desk/quarantine/1").text
    text = '{"pub_status": "usable", "headline": "Almost", "body_html": "<p>Yes.</p>"}'
    ann.send("/desk/quarantine/1/mend", text=text)
    assert told(newsdesk, "Almost") == [
        ("eve", "dropped on the desk page"),
        ("ann", "released from quarantine"),
    ]


def test_a_drop_for_nobody_or_of_nothing_is_refused(newsdesk: Newsdesk) -> None:
    ann = newsdesk.guest("ann")
    assert ann.send("/desk/inbox", source="../..", text="Headline\n\nText.").status == 409
    assert ann.send("/desk/inbox", source="agency", text=" ").status == 400
    assert not any(path.is_file() for path in newsdesk.app.settings.inbox.path.rglob("*"))


def test_what_a_source_may_not_do_is_shown_and_let_through_by_people_alone(newsdesk: Newsdesk) -> None:
    said = '{"guid": "urn:x:1", "version": %d, "pub_status": "%s", "headline": "A bridge", "body_html": ""}'
    newsdesk.drop("bridge.json", said % (1, "usable"), source="agency")
    newsdesk.drop("kill.json", said % (2, "canceled"), source="stringers")
    assert [row.standing for row in newsdesk.stories()] == ["live"]
    ann, work = newsdesk.guest("ann"), newsdesk.app.quarantine_work
    assert "may revise its own" in ann.get("/desk/quarantine/2").text
    assert work.release("ann")["stay"].keys() == {"2"}, "whoever releases everything has looked at nothing"
    ann.send("/desk/quarantine/2/release")
    assert [row.standing for row in newsdesk.stories()] == ["killed"]
    assert told(newsdesk, "A bridge") == [("ann", "released from quarantine")]


def test_a_file_that_cannot_be_read_is_shown_with_its_reason_and_mended(newsdesk: Newsdesk) -> None:
    newsdesk.drop("broken.json", '{"pub_status": "usable", "headline": "Almost', source="agency")
    ann = newsdesk.guest("ann")
    page = ann.get("/desk/inbox").text
    assert "broken.json" in page
    assert '<a href="/desk/quarantine/1">' in page
    held = ann.get("/desk/quarantine/1").text
    assert "&#34;Almost" in held
    assert ann.send("/desk/quarantine/1/release").headers["Location"] == "/desk/quarantine/1?stays=1"
    still = ann.send("/desk/quarantine/1/mend", text='{"pub_status": "usable", "headline": ')
    assert still.status == 409 and "still cannot be read" in still.text
    text = '{"pub_status": "usable", "headline": "Almost there", "body_html": "<p>Yes.</p>"}'
    assert ann.send("/desk/quarantine/1/mend", text=text).headers["Location"] == "/desk/inbox?released=1"
    [row] = newsdesk.stories()
    detail = newsdesk.browse.story(row.id)
    assert detail is not None and row.headline == "Almost there"
    assert [(entry.who, entry.what) for entry in detail.history] == [("ann", "released from quarantine")]
    assert ann.get("/desk/quarantine/1").status == 404
    assert "Nothing is set aside" in ann.get("/desk/inbox").text


@given(st.text(max_size=300))
def test_a_name_is_made_harmless_and_whatever_is_harmless_stays(name: str) -> None:
    made = tidy(name)
    assert made and "/" not in made and "\\" not in made and "\0" not in made
    assert not left_alone(made) and len(made.encode()) < 255
    assert tidy(made) == made


@pytest.mark.parametrize("name", ["wall-v2.txt", "Müller (neu).docx", "港.xml", "a b=c@d,e+f.json"])
def test_a_usual_name_stays_as_it_is(name: str) -> None:
    assert tidy(name) == name
    assert tidy(f"C:\\Users\\x\\{name}") == tidy(f"../../{name}") == name


def hatch_of(folder: Path, now: datetime = ARRIVED) -> Hatch:
    return Hatch(folder, {"": "."}, remember=lambda *_told: None, settle_s=1, clock=lambda: now)


def test_a_file_that_waits_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wire.inbox.dropping._WAIT_S", 0.1)
    hatch = hatch_of(tmp_path)
    assert hatch.put("", "a.txt", b"one", who="ann", how="dropped") == "a.txt"
    with pytest.raises(CommandError, match=r"a file named a\.txt is still waiting"):
        hatch.put("", "a.txt", b"two", who="ann", how="dropped")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]


def test_of_two_files_of_one_name_at_one_instant_neither_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wire.inbox.dropping._WAIT_S", 0.1)
    both, there = Barrier(2), os.path.lexists

    def looked_at_together(path: Path) -> bool:
        found = there(path)
        with suppress(BrokenBarrierError):
            both.wait(0.3)
        return found

    monkeypatch.setattr("wire.inbox.dropping.os.path.lexists", looked_at_together)
    hatch = hatch_of(tmp_path)

    def put(data: bytes) -> str:
        try:
            return hatch.put("", "a.txt", data, who="ann", how="dropped")
        except CommandError:
            return "refused"

    with ThreadPoolExecutor(2) as desk_users:
        assert sorted(desk_users.map(put, (b"one", b"two"))) == ["a.txt", "refused"]


def test_what_waits_is_told_from_what_is_being_written(tmp_path: Path) -> None:
    (tmp_path / "whole.txt").write_bytes(b"1")
    (tmp_path / "coming.part").write_bytes(b"1")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x").write_bytes(b"1")
    hatch = hatch_of(tmp_path, ARRIVED.replace(year=2100))
    assert {(file.name, file.unfinished, file.growing) for file in hatch.waiting()} == {
        ("whole.txt", False, False),
        ("coming.part", True, False),
    }
