"""The path of one story, taken from the same beginning again and again, to be broken at every step.

A desk that has published and delivered version 1 of a story finds version 2 in its inbox. `OnePath.copy`
lays out such a desk anew; `troubles` says what is wrong once a healthy `wire` has run on what is left of it.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from tests.crash import findings
from tests.harness import copydesk
from tests.harness.daemon import free_port, toml
from tests.harness.receiver import Arrival, Receiver
from tests.harness.warm import warm

_ATOM = "{http://www.w3.org/2005/Atom}"
FIRST, SECOND = copydesk.newsml(1), copydesk.newsml(1, 2, kind="update")
_TRIES = 6  #: runs in which a desk must have recovered, waits between tries of a delivery included


class OnePath:
    """Desks at the same beginning, each in a folder and with an endpoint of its own."""

    def __init__(self, folder: Path, receiver: Receiver) -> None:
        self._folder = folder
        self._receiver = receiver
        self._port = free_port()
        self._made = 0
        self._start = self._begin()

    def _begin(self) -> Path:
        start = self._folder / "start"
        (start / "inbox").mkdir(parents=True)
        _configure(start, self._port, self._receiver.url("start"))
        self._drop(start, FIRST)
        assert self.run(start) == 0, (start / "log").read_text()
        assert self._arrivals("start"), "version 1 was not delivered"
        self._drop(start, SECOND)
        return start

    def _drop(self, root: Path, item: copydesk.Item) -> None:
        (root / "inbox" / item.name).write_bytes(item.data)

    def copy(self, made_of: Path | None = None) -> Path:
        """A desk at the beginning, or as another folder has it, in a folder of its own."""
        self._made += 1
        root = self._folder / f"p{self._made}"
        shutil.copytree(made_of or self._start, root, copy_function=shutil.copy2)
        _configure(root, self._port, self._receiver.url(root.name))
        return root

    def run(self, root: Path, *, strace: Sequence[str] = (), weakness: str | None = None) -> int:
        """Take in, publish and deliver what lies there; see `Warm.start`."""
        return self._wire(root, "run", "--once", strace=strace, weakness=weakness)

    def _wire(self, root: Path, *words: str, strace: Sequence[str] = (), weakness: str | None = None) -> int:
        with (root / "log").open("ab") as log:
            process = warm().start(words, cwd=root, stdout=log, stderr=log, strace=strace, weakness=weakness)
        return process.wait()

    def forget(self, root: Path) -> None:
        """Remove a desk that is no longer looked at."""
        shutil.rmtree(root)

    def troubles(self, root: Path, *endpoints: str) -> list[str]:
        """What is wrong after healthy runs on a desk.

        endpoints  names under which it delivered before, its own aside
        """
        names = (root.name, *endpoints)
        for _ in range(_TRIES):
            status = self.run(root)
            if status == 0 and 2 in {arrival.version for name in names for arrival in self._arrivals(name)}:
                break
        else:
            return [f"it does not recover: status {status}\n{(root / 'log').read_text()[-2000:]}"]
        arrivals = [arrival for name in names for arrival in self._arrivals(name)]
        found = [
            *findings.keys_or_bodies_differ(arrivals),
            *findings.overtaken(arrivals),
            *_feed_faults(root),
            *_outbox_faults(root),
            *half_files(root),
        ]
        if self._wire(root, "audit") != 0:
            found.append(f"wire audit:\n{(root / 'log').read_text()[-2000:]}")
        return found

    def _arrivals(self, name: str) -> list[Arrival]:
        return [replace(arrival, endpoint="cms") for arrival in self._receiver.arrivals(name)]


def _configure(root: Path, port: int, url: str) -> None:
    (root / "config").mkdir(exist_ok=True)
    tables: dict[str, Any] = {
        "desk": {"name": "Example News Desk", "id": "news.example"},
        "inbox": {"settle_s": 0.05},  # a copy's ctime is new, whatever its mtime
        "web": {"listen": f"127.0.0.1:{port}"},
        "feeds": [{"id": "all", "title": "Everything"}],
        "endpoints": [{"id": "cms", "type": "http", "url": url, "deadline_s": 5.0}],
        "retry": {"delays_s": [0.01] * 20},
    }
    (root / "config" / "wire.toml").write_text(toml(tables), encoding="utf-8")


def _feed_faults(root: Path) -> Iterator[str]:
    """The feed shows version 2, once, and nothing else."""
    titles = etree.parse(root / "outbox/feeds/all.atom").findall(f"{_ATOM}entry/{_ATOM}title")
    if [title.text for title in titles] != [SECOND.headline]:
        yield f"the feed shows {[title.text for title in titles]}"


def _outbox_faults(root: Path) -> Iterator[str]:
    """Version 2 lies in the outbox once; the inbox is empty; no temporary file is left."""
    names = [path.name for path in (root / "outbox").rglob("*-v2.xml")]
    if len(names) != 1:
        yield f"version 2 in the outbox: {names}"
    for path in root.rglob("*"):
        if path.is_file() and (path.name.startswith(".") or path.suffix in {".tmp", ".part"}):
            yield f"stray temporary: {path.relative_to(root)}"
    yield from (f"still in the inbox: {path.name}" for path in (root / "inbox").iterdir())


def half_files(root: Path) -> Iterator[str]:
    """Files of the outbox that a reader would find broken, whoever died."""
    for path in (root / "outbox").rglob("[!.]*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        try:
            if path.suffix == ".gz":
                gzip.decompress(data)
            elif path.suffix == ".json":
                json.loads(data)
            elif path.suffix in {".xml", ".rss", ".atom", ".opml"}:
                etree.fromstring(data)
        except (OSError, EOFError, ValueError, etree.XMLSyntaxError) as exc:
            yield f"{path.relative_to(root)} is not whole: {exc}"
