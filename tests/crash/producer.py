"""A newsroom under load: new stories, updates, kills and repeats, dropped while daemons live and die."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from tests.harness import copydesk
from tests.harness.copydesk import Item
from tests.harness.daemon import Daemon
from tests.harness.ledger import Ledger


class Producer:
    """Drops files in a thread of its own, at a steady pace while `flowing`.

    Every version of a story is kept in the ledger.
    """

    def __init__(self, daemon: Daemon, ledger: Ledger, *, seed: int, per_s: float) -> None:
        self._daemon = daemon
        self._ledger = ledger
        self._seed = seed
        self._random = Random(f"producer {seed}")
        self._pause_s = 1 / per_s
        self._flows = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="producer", daemon=True)
        self._versions: dict[int, int] = {}  #: of stories not killed, by number
        self._next = 0
        self._repeats = 0
        self.dropped = 0
        self.error: BaseException | None = None

    def start(self) -> None:
        """Be ready to drop."""
        self._thread.start()

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Drop files meanwhile: as many a second as a daemon that lives is to have under way when it dies."""
        self._flows.set()
        try:
            yield
        finally:
            self._flows.clear()

    def stop(self) -> None:
        """Stop dropping. Raises what went wrong in the thread."""
        self._stop.set()
        self._flows.set()
        self._thread.join()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            while self._flows.wait() and not self._stop.wait(self._pause_s):
                self._drop_one()
        except BaseException as exc:  # shown by stop()
            self.error = exc

    def _drop_one(self) -> None:
        self.dropped += 1
        chance = self._random.random()
        if chance < 0.05 and self._versions:
            self._repeat()
            return
        item = self._item(chance)
        self._ledger.record(item)
        self._daemon.drop_item(item, style="copy" if self._random.random() < 0.1 else "rename")

    def _item(self, chance: float) -> Item:
        if chance >= 0.4 or not self._versions:
            self._next += 1
            self._versions[self._next] = 1
            return copydesk.newsml(self._next, seed=self._seed)
        number = self._random.choice(list(self._versions))
        self._versions[number] += 1
        version = self._versions[number]
        if chance < 0.12:
            del self._versions[number]
            return copydesk.newsml(number, version, kind="kill", seed=self._seed)
        return copydesk.newsml(number, version, kind="update", seed=self._seed)

    def _repeat(self) -> None:
        """The very bytes of a story's first version again, under another name."""
        self._repeats += 1
        first = copydesk.newsml(self._random.choice(list(self._versions)), seed=self._seed)
        self._daemon.drop(f"repeat-{self._repeats}-{first.name}", first.data)
