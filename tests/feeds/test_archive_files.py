"""Rules of the archives in the outbox: what the daemon serves of a feed's past lies there too."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.feeds.stories import HOUSE, START, make_revision, make_story
from wire.publish.feeds import archives as paging
from wire.publish.feeds.archives import Archives, ReadArchives
from wire.publish.feeds.heads import FeedSpec
from wire.publish.outbox.archive_files import ArchiveFiles
from wire.story import Action, Revision, Standing

ONE_DAY = timedelta(days=1)
YESTERDAY, TODAY, TOMORROW = "2026-03-03", "2026-03-04", "2026-03-05"
SPECS = [FeedSpec(id="world", title="World"), FeedSpec(id="sport", title="Sport")]


class Past:
    """Stories by feed and day, as a store would give them."""

    def __init__(self) -> None:
        self.kept: dict[str, Revision] = {}
        self.read: list[int] = []  #: versions that were asked for, in turn

    def put(self, revision: Revision) -> Revision:
        self.kept[revision.story_id] = revision
        return revision

    def day(self, feed: str, start: datetime, end: datetime) -> list[int]:
        found = [one for one in self._of(feed) if start <= one.published < end]
        return [one.seq for one in sorted(found, key=lambda one: one.published)]

    def revisions(self, seqs: Sequence[int]) -> list[Revision]:
        self.read += seqs
        return [one for one in self.kept.values() if one.seq in seqs]

    def around(self, feed: str, start: datetime, end: datetime) -> tuple[datetime | None, datetime | None]:
        moments = [one.published for one in self._of(feed) if one.standing is Standing.LIVE]
        before, after = [at for at in moments if at < start], [at for at in moments if at >= end]
        return max(before, default=None), min(after, default=None)

    def _of(self, feed: str) -> Iterator[Revision]:
        return (one for one in self.kept.values() if feed in one.feeds)


@pytest.fixture
def past() -> Past:
    return Past()


@pytest.fixture
def archives(past: Past) -> Archives:
    return Archives(SPECS, HOUSE, past)


@pytest.fixture
def files(tmp_path: Path, archives: Archives) -> ArchiveFiles:
    return opened(tmp_path, archives)


def opened(folder: Path, archives: Archives) -> ArchiveFiles:
    (folder / "feeds").mkdir(exist_ok=True)
    made = ArchiveFiles(folder, archives)
    made.open()
    return made


def story(number: int = 1, *, days: int = 0, feeds: tuple[str, ...] = ("world",), **more: object) -> Revision:
    at = START + days * ONE_DAY + timedelta(seconds=number)
    made = make_revision(number, feeds=feeds, published=at, accepted_at=at, updated=at)
    return replace(made, **more)  # type: ignore[arg-type]


def killed(revision: Revision, seq: int = 99) -> Revision:
    return replace(
        revision,
        seq=seq,
        version=9,
        action=Action.KILL,
        standing=Standing.KILLED,
        updated=revision.updated + ONE_DAY,
    )


def page(folder: Path, feed: str = "world", day: str = TODAY) -> bytes | None:
    file = folder / "feeds" / feed / "archive" / f"{day}.atom"
    return file.read_bytes() if file.exists() else None


def lying(folder: Path) -> list[str]:
    found = (folder / "feeds").rglob("*.atom*")
    return sorted(str(file.relative_to(folder / "feeds")) for file in found if not file.name.endswith(".gz"))


def test_a_day_lies_there_as_the_daemon_serves_it_with_its_compressed_form_beside(
    files: ArchiveFiles, archives: Archives, past: Past, tmp_path: Path
) -> None:
    files.note(past.put(story(1)), (), 0.0)
    files.write_due(float("inf"))
    served = archives.page("world", TODAY)
    assert served is not None and page(tmp_path) == served.body
    packed = tmp_path / "feeds/world/archive" / f"{TODAY}.atom.gz"
    assert gzip.decompress(packed.read_bytes()) == served.body
    assert packed.stat().st_mtime == served.modified.timestamp()
    assert lying(tmp_path) == [f"world/archive/{TODAY}.atom"]


def test_stories_that_stand_in_many_feeds_are_read_and_rendered_for_the_first_of_their_pages_alone(
    files: ArchiveFiles, past: Past, tmp_path: Path
) -> None:
    for number in (1, 2):
        files.note(past.put(story(number, feeds=("world", "sport"))), (), 0.0)
    files.note(past.put(story(3, feeds=("sport",))), (), 0.0)
    files.write_due(float("inf"))
    assert sorted(past.read) == [1, 2, 3]
    assert (page(tmp_path, "world") or b"").count(b"<entry") == 2
    assert (page(tmp_path, "sport") or b"").count(b"<entry") == 3


def test_feeds_that_change_a_story_share_no_entry_with_those_that_do_not(past: Past) -> None:
    short = replace(SPECS[1], edition="short", change=lambda story: replace(story, body_html="<p>Short.</p>"))
    archives = Archives([SPECS[0], short], HOUSE, past)
    past.put(story(1, feeds=("world", "sport")))
    whole, cut = archives.page("world", TODAY), archives.page("sport", TODAY)
    assert whole is not None and b"Short." not in whole.body
    assert cut is not None and b"Short." in cut.body


def test_a_day_that_goes_on_is_written_once_a_minute(files: ArchiveFiles, past: Past, tmp_path: Path) -> None:
    for second in range(10):
        files.note(past.put(story(second)), (), float(second))
    assert files.write_due(59.9) == pytest.approx(60.0)
    assert page(tmp_path) is None
    assert files.write_due(60.0) is None
    assert (page(tmp_path) or b"").count(b"<entry") == 10


def test_a_correction_of_a_day_that_is_over_does_not_wait(
    files: ArchiveFiles, past: Past, tmp_path: Path
) -> None:
    first = story(1)
    corrected = replace(
        first, seq=7, version=2, action=Action.CORRECTION, updated=first.updated + 3 * ONE_DAY
    )
    files.note(past.put(replace(corrected, story=make_story(headline="Put right"))), (), 5.0)
    files.write_due(5.0)
    assert b"Put right" in (page(tmp_path) or b"")


@pytest.mark.parametrize("standing", [Standing.KILLED, Standing.WITHHELD, Standing.EMBARGOED])
def test_what_is_taken_back_is_gone_before_anything_is_written(
    files: ArchiveFiles, past: Past, tmp_path: Path, standing: Standing
) -> None:
    for number in (1, 2):
        files.note(past.put(story(number, feeds=("world", "sport"))), (), 0.0)
    files.write_due(float("inf"))
    gone = past.put(replace(killed(story(1, feeds=("world", "sport"))), standing=standing, feeds=()))
    files.note(gone, ("world", "sport"), 100.0)
    assert lying(tmp_path) == []
    assert not list(tmp_path.rglob("*.gz"))
    files.write_due(100.0)
    files.write_due(101.0)  # each waits as long as the one before it took
    for feed in ("world", "sport"):
        written = page(tmp_path, feed) or b""
        assert b"s0002" in written and b"/stories/s0001" not in written


def test_what_is_taken_back_while_its_page_is_read_is_not_written_again(
    files: ArchiveFiles, past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.note(past.put(story(1)), (), 0.0)
    read = past.revisions

    def killed_meanwhile(seqs: Sequence[int]) -> list[Revision]:
        found = read(seqs)
        monkeypatch.setattr(past, "revisions", read)
        files.note(past.put(replace(killed(story(1)), feeds=())), ("world",), 100.0)
        return found

    monkeypatch.setattr(past, "revisions", killed_meanwhile)
    files.write_due(100.0)
    assert page(tmp_path) is None


def test_an_expired_story_leaves_with_the_next_write(files: ArchiveFiles, past: Past, tmp_path: Path) -> None:
    files.note(past.put(story(1)), (), 0.0)
    files.note(past.put(story(2)), (), 0.0)
    files.write_due(float("inf"))
    over = replace(killed(story(1)), action=Action.EXPIRE, standing=Standing.EXPIRED, feeds=())
    files.note(past.put(over), ("world",), 100.0)
    assert b"/stories/s0001" in (page(tmp_path) or b"")
    files.write_due(100.0)
    assert b"/stories/s0001" not in (page(tmp_path) or b"")


def test_the_last_story_of_a_day_takes_its_page_along(
    files: ArchiveFiles, past: Past, tmp_path: Path
) -> None:
    files.note(past.put(story(1)), (), 0.0)
    files.write_due(float("inf"))
    files.note(past.put(replace(killed(story(1)), feeds=())), ("world",), 1.0)
    files.write_due(float("inf"))
    assert lying(tmp_path) == []


def links(body: bytes | None) -> dict[str, str]:
    found = re.findall(rb'<link href="[^"]*/archive/([^"]*)\.atom" rel="([a-z-]+)"', body or b"")
    return {relation.decode(): day.decode() for day, relation in found}


def test_pages_lead_to_those_beside_them_when_these_come_and_go(
    files: ArchiveFiles, past: Past, tmp_path: Path
) -> None:
    first, second = story(1), story(2, days=1)
    files.note(past.put(first), (), 0.0)
    files.write_due(float("inf"))
    assert "next-archive" not in links(page(tmp_path))
    files.note(past.put(second), (), 1.0)
    files.write_due(float("inf"))
    assert links(page(tmp_path))["next-archive"] == TOMORROW
    assert links(page(tmp_path, day=TOMORROW))["prev-archive"] == TODAY
    files.note(past.put(replace(killed(second), feeds=())), ("world",), 2.0)
    files.write_due(float("inf"))
    assert "next-archive" not in links(page(tmp_path))


def test_private_and_former_feeds_have_no_pages(files: ArchiveFiles, past: Past, tmp_path: Path) -> None:
    files.note(past.put(story(1, feeds=("customer", "world"))), (), 0.0)
    files.write_due(float("inf"))
    assert lying(tmp_path) == [f"world/archive/{TODAY}.atom"]
    opened(tmp_path, Archives(SPECS[1:], HOUSE, past))
    assert list((tmp_path / "feeds").iterdir()) == []


def test_other_settings_have_every_page_written_anew(past: Past, tmp_path: Path, archives: Archives) -> None:
    files = opened(tmp_path, archives)
    for days in (0, 1):
        files.note(past.put(story(1 + days, days=days)), (), 0.0)
    files.write_due(float("inf"))
    again = opened(tmp_path, archives)
    assert again.write_due(0.0) is None  # the same settings, the same pages
    moved = Archives([replace(SPECS[0], title="The world")], HOUSE, past)
    opened(tmp_path, moved).write_due(float("inf"))
    for day in (TODAY, TOMORROW):
        assert b"<title>The world</title>" in (page(tmp_path, day=day) or b"")
    assert opened(tmp_path, moved).write_due(0.0) is None


def test_what_a_stop_left_unwritten_is_known_to_the_store(
    past: Past, tmp_path: Path, archives: Archives
) -> None:
    files = opened(tmp_path, archives)
    assert files.first_missing() is None
    files.note(past.put(story(3)), (), 0.0)
    files.note(past.put(story(4)), (), 0.0)
    assert files.first_missing() == 3
    after = opened(tmp_path, archives)  # a crash: what was noted is lost
    after.note_again([(3, ("world",), TODAY), (4, ("world",), TODAY)], 0.0)
    assert after.first_missing() == 3
    after.write_due(float("inf"))
    assert after.first_missing() is None
    assert (page(tmp_path) or b"").count(b"<entry") == 2


def test_a_page_that_cannot_be_written_stays_due_and_harms_no_other(
    files: ArchiveFiles, past: Past, tmp_path: Path
) -> None:
    blocked = tmp_path / "feeds" / "world"
    blocked.write_text("in the way")
    files.note(past.put(story(1, feeds=("world", "sport"))), (), 0.0)
    with pytest.raises(Exception, match="world"):
        files.write_due(float("inf"))
    assert page(tmp_path, "sport") is not None
    blocked.unlink()
    files.write_due(float("inf"))
    assert page(tmp_path) is not None


@pytest.mark.parametrize(
    ("change", "others"),
    [
        ({"title": "Globe"}, True),
        ({"language": "fr"}, True),
        ({"authors": ("Ann",)}, True),
        ({"rights": "Ours"}, True),
        ({"image": "https://news.example/logo.png"}, True),
        ({"edition": "feed~1a2b3c4d"}, True),
        ({"kill_notice": True}, True),
        ({"limit": 7}, False),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_configured_of_a_feed_and_shows_on_its_pages_makes_others_of_them(
    past: Past, change: dict[str, Any], others: bool
) -> None:
    before, after = (
        Archives([spec], HOUSE, past).signature("world") for spec in (SPECS[0], replace(SPECS[0], **change))
    )
    assert (before != after) is others


def test_a_busy_day_has_full_pages_that_stay_as_they_are(
    files: ArchiveFiles, past: Past, tmp_path: Path, archives: Archives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 3)
    for number in range(1, 9):
        files.note(past.put(story(number)), (), 0.0)
    files.note(past.put(story(20, days=1)), (), 0.0)
    files.note(past.put(story(30, days=-1)), (), 0.0)
    files.write_due(float("inf"))
    names = [YESTERDAY, f"{TODAY}-1", f"{TODAY}-2", TODAY, TOMORROW]
    assert lying(tmp_path) == sorted(f"world/archive/{name}.atom" for name in names)
    pages = {name: page(tmp_path, day=name) or b"" for name in names}
    assert [pages[name].count(b"<entry") for name in names] == [1, 3, 3, 2, 1]
    for name, before, after in zip(names, [None, *names], [*names[1:], None], strict=False):
        assert links(pages[name]).get("prev-archive") == before
        assert links(pages[name]).get("next-archive") == after
        served = archives.page("world", name)
        assert served is not None and served.body == pages[name]
    times = {name: (tmp_path / f"feeds/world/archive/{name}.atom").stat().st_ino for name in names}
    files.note(past.put(story(9)), (), 1.0)
    files.write_due(float("inf"))
    now = {name: (tmp_path / f"feeds/world/archive/{name}.atom").stat().st_ino for name in names}
    assert [now[name] == times[name] for name in names[1:]] == [True, True, False, True]


def test_a_kill_on_a_busy_day_reaches_the_full_page_that_holds_it(
    files: ArchiveFiles, past: Past, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 3)
    for number in range(1, 8):
        files.note(past.put(story(number)), (), 0.0)
    files.write_due(float("inf"))
    files.note(past.put(replace(killed(story(2)), feeds=())), ("world",), 1.0)
    assert lying(tmp_path) == []
    files.write_due(float("inf"))
    assert lying(tmp_path) == [f"world/archive/{TODAY}-1.atom", f"world/archive/{TODAY}.atom"]
    assert not any(b"/stories/s0002" in file.read_bytes() for file in tmp_path.rglob("*.atom"))


def test_a_page_is_made_once_for_all_its_readers_until_it_changes(past: Past, archives: Archives) -> None:
    read = ReadArchives(archives)
    past.put(story(1))
    first = read.page("world", TODAY)
    assert first is not None and first.body == getattr(archives.page("world", TODAY), "body", None)
    assert read.page("world", TODAY) is first
    past.put(story(2, days=1))
    led = read.page("world", TODAY)
    assert led is not None and links(led.body)["next-archive"] == TOMORROW
    past.put(killed(story(1)))
    gone = read.page("world", TODAY)
    assert gone is None or b"<entry" not in gone.body


@pytest.mark.parametrize("name", [f"{TODAY}-1", f"{TODAY}-0", f"{TODAY}-01", f"{TODAY}-", f"{TODAY}-9999999"])
def test_a_page_that_is_not_there_is_none(past: Past, archives: Archives, name: str) -> None:
    past.put(story(1))
    assert archives.page("world", name) is None


def test_a_day_says_that_it_is_of_an_archive_once_another_one_leads_to_it(
    past: Past, archives: Archives
) -> None:
    def says_so() -> bool:
        page = archives.page("world", TODAY)
        assert page is not None
        return b"<fh:archive" in page.body

    past.put(make_revision(1, feeds=("world",)))
    assert not says_so()  # validators ask an archive for its other documents (RFC 5005, 4)
    past.put(make_revision(2, feeds=("world",), published=START + ONE_DAY, updated=START + ONE_DAY))
    assert says_so()
