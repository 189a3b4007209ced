"""Bad files end in quarantine, each with a reason, and delay nobody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness import copydesk
from tests.harness.daemon import Daemon
from tests.harness.waiting import eventually

pytestmark = pytest.mark.slow

_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE newsItem [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"><title>&d;</title></newsItem>"""
_FOREIGN = b"""<?xml version="1.0"?>
<!DOCTYPE newsItem [<!ENTITY leak SYSTEM "file:///etc/hostname">]>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="y"><title>&leak;</title></newsItem>"""

BAD: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\n",
    "picture.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 20,
    "archive.zip": b"PK\x03\x04" + os.urandom(3000),
    "truncated.xml": copydesk.newsml(1).data[:2500],
    "bomb.xml": _BOMB,
    "foreign.xml": _FOREIGN,
    "brackets.xml": b"<" * 10_000_000,
}


@pytest.fixture
def daemon(daemon_of: Callable[..., Daemon]) -> Daemon:
    made = daemon_of(inbox={"settle_s": 0.2, "max_wait_s": 1.0, "max_bytes": 12_000_000})
    made.start()
    return made


def _held(daemon: Daemon) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in daemon.quarantined()}


def test_every_bad_file_is_set_aside_with_a_reason_and_good_copy_passes_by(daemon: Daemon) -> None:
    good = [copydesk.newsml(number) for number in range(10, 20)]
    for (name, data), item in zip(BAD.items(), good, strict=False):
        daemon.drop(name, data)
        daemon.drop_item(item)
    for item in good[len(BAD) :]:
        daemon.drop_item(item)
    eventually(lambda: {item.headline for item in good} <= set(daemon.titles()), what="good copy in the feed")
    eventually(lambda: not daemon.inbox_files(), limit_s=20, what="inbox empty")
    held = _held(daemon)
    assert set(held) == set(BAD)
    assert all(len(row["reason"]) > 10 for row in held.values()), held
    assert daemon.running
    assert daemon.audit().returncode == 0


def test_a_file_over_the_limit_is_refused_unread(daemon: Daemon) -> None:
    with (daemon.staging / "huge.txt").open("wb") as file:
        file.truncate(1 << 40)
    (daemon.staging / "huge.txt").rename(daemon.inbox / "huge.txt")
    eventually(lambda: "huge.txt" in _held(daemon), what="set aside")


def test_what_is_no_regular_file_is_never_opened(daemon: Daemon, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("Headline: Not for the wire\n\nThis lies outside the inbox.\n")
    (daemon.inbox / "link.txt").symlink_to(outside)
    os.mkfifo(daemon.inbox / "pipe.txt")
    item = copydesk.newsml(30)
    daemon.drop_item(item)
    eventually(lambda: item.headline in daemon.titles(), what="good copy in the feed")
    assert "Not for the wire" not in daemon.titles()
    assert daemon.get("/health").status == 200


def test_a_name_made_to_break_out_names_no_file_of_ours(daemon: Daemon) -> None:
    item = copydesk.plain(40)
    daemon.drop("%2e%2e%2f..%2fetc\n<script>-$(id).txt", item.data)
    eventually(lambda: item.headline in daemon.titles(), what="in the feed")
    files = [path.name for path in daemon.outbox.rglob("*") if path.is_file()]
    assert all(name.isascii() and name.replace("-", "").replace(".", "").isalnum() for name in files), files


def test_a_quarantined_file_can_be_shown(daemon: Daemon) -> None:
    daemon.drop("empty.txt", b"")
    eventually(lambda: "empty.txt" in _held(daemon), what="set aside")
    shown = daemon.wire("quarantine", "list", status=0).stdout
    assert "empty.txt" in shown


def test_who_drops_it_again_reads_in_the_log_that_it_is_known(daemon: Daemon) -> None:
    daemon.drop("first.jpg", BAD["picture.jpg"])
    eventually(lambda: _held(daemon), what="set aside")
    [row] = _held(daemon).values()
    daemon.drop("again.txt", BAD["picture.jpg"])
    told = f"nothing new: the same bytes as file {row['intake_id']}, which `wire quarantine` lists"
    eventually(lambda: told in daemon.tail(), what="the line in the log")
    assert list(_held(daemon)) == ["first.jpg"]
