"""Looks through the inbox and takes what is whole.

A sweep first looks at what the kernel reported as moved in, then goes on with its walk through the
folders where the last sweep stopped. So a new story does not wait behind 100,000 old files, none of
those starves, and a sweep costs a bounded amount of time and memory. When a file counts as whole:
``settle.py``.
"""

from __future__ import annotations

import errno
import itertools
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from wire.errors import EmptyFile, IntakeError, NotAStory, TooLarge
from wire.inbox.bell import Bell
from wire.inbox.found import Found, RefusedFile, Sweep, Taken
from wire.inbox.ledger import Ledger
from wire.inbox.naming import CLAIM_PREFIX, left_alone, may_be_new, shown
from wire.inbox.opening import kind_of, open_file, open_folder, read_whole, writer_of
from wire.inbox.renames import Parts, Renames
from wire.inbox.settle import Patience, Print, State, Writer, judge
from wire.ports import Clock
from wire.story import RawFile, Source

log = logging.getLogger(__name__)

_LOOKS = 4096  #: files looked at in one sweep
_BATCH_BYTES = 64 << 20  #: bytes taken in one sweep, a single larger file aside
_LONGEST_SOURCE = 255  #: characters of a folder's name that its source is known by
_DEPTH = 16  #: folders below folders

#: What reading an entry may meet because somebody else was quicker.
_VANISHED = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


@dataclass(slots=True)
class _Batch:
    """What a sweep has gathered so far."""

    limit: int
    taken: list[Taken] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    size: int = 0
    looks: int = 0

    @property
    def full(self) -> bool:
        return len(self.taken) >= self.limit or self.size >= _BATCH_BYTES or self.looks >= _LOOKS


class Inbox:
    """The folder that stories are dropped into.

    Built by the composition root. `sweep` belongs to one thread; `discard`, `give_back` and
    `set_aside` may be called from others. A taken file is in hand until it is discarded or given
    back, and is not taken twice meanwhile.

    sources    the first folder's name below the inbox → its source; ``""`` is the inbox itself. An unknown
               folder is a plain source of that name; folders below belong to the topmost one.
    max_bytes  larger files are refused without being read
    renames    evidence of files moved in; closed with the inbox. Without it every file must settle
    """

    def __init__(
        self,
        path: Path,
        sources: Mapping[str, Source],
        *,
        settle_s: float = 1.0,
        max_wait_s: float = 60.0,
        max_bytes: int = 50_000_000,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
        renames: Renames | None = None,
    ) -> None:
        self._path = path
        self._sources = {"": Source(id="inbox"), **sources}
        self._patience = Patience(settle_s=settle_s, max_wait_s=max_wait_s)
        self._max_bytes = max_bytes
        self._clock = clock
        self._monotonic = monotonic
        self._renames = renames
        self._ledger = Ledger()
        self._walk: Iterator[tuple[Parts, int, os.DirEntry[str]]] = iter(())
        self._walking = False
        self._claims: set[str] = set()
        self._claim_numbers = itertools.count()

    # --- looking -----------------------------------------------------------------------------------

    def sweep(self, limit: int = 256) -> Sweep:
        """Take up to ``limit`` whole files; say what was refused and when to look again.

        Raises nothing: what is wrong with one file is told once, in ``refused``; what is wrong with
        the inbox itself, in ``trouble``.
        """
        batch = _Batch(limit)
        trouble = None
        try:
            self._look_at_fresh(batch)
            self._walk_on(batch)
        except OSError as exc:
            self._walking = False
            trouble = (
                f"the inbox {self._path} cannot be read: {exc.strerror}; check that it exists and its rights"
            )
        return Sweep(
            taken=tuple(batch.taken),
            refused=tuple(batch.refused),
            waiting=self._ledger.waiting,
            next_look_s=0.0 if self._walking else self._next_look_s(),
            trouble=trouble,
        )

    def wait(self, bell: Bell, timeout_s: float) -> None:
        """Until the bell rings, a file comes in, or a time is over; called by the thread that sweeps.

        Where the kernel tells of files it does so at once; elsewhere the bell's ringers must do.
        """
        if self._renames is None:
            bell.wait(timeout_s)
        else:
            bell.wait(timeout_s, also=self._renames.fileno(), enough=self._renames.heard)

    @property
    def hears(self) -> bool:
        """Whether `wait` is woken by files that come in."""
        return self._renames is not None

    def close(self) -> None:
        """Let go of open folders."""
        self._walk = iter(())
        if self._renames is not None:
            self._renames.close()

    def _look_at_fresh(self, batch: _Batch) -> None:
        if self._renames is None:
            return
        # Half of a batch at most, so that the walk goes on under any rush of new files.
        files = self._renames.fresh(max(1, batch.limit // 2))
        for folder, neighbours in itertools.groupby(files, key=lambda file: file[:-1]):
            with suppress(OSError), open_folder(self._path, folder) as folder_fd:
                for *_, name in neighbours:
                    if may_be_new(name):
                        self._look(folder, folder_fd, name, batch)

    def _walk_on(self, batch: _Batch) -> None:
        if not self._walking:
            self._ledger.begin_pass()
            self._walk = self._entries()
            self._walking = True
        for folder, folder_fd, entry in self._walk:
            self._look(folder, folder_fd, entry.name, batch)
            if batch.full:
                return
        self._walking = False
        self._ledger.end_pass()

    def _entries(self) -> Iterator[tuple[Parts, int, os.DirEntry[str]]]:
        """Every entry that may be a story, folder by folder; raises OSError for the inbox alone."""
        with open_folder(self._path) as fd:
            yield from self._entries_of((), fd)

    def _entries_of(self, folder: Parts, fd: int) -> Iterator[tuple[Parts, int, os.DirEntry[str]]]:
        if self._renames is not None:
            self._renames.follow(folder, fd)
        with os.scandir(fd) as entries:
            for entry in entries:
                if left_alone(entry.name):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield folder, fd, entry
                elif len(folder) < _DEPTH:
                    yield from self._entries_below((*folder, entry.name))

    def _entries_below(self, folder: Parts) -> Iterator[tuple[Parts, int, os.DirEntry[str]]]:
        # A folder that cannot be read stands for itself: its siblings go on.
        with suppress(OSError), open_folder(self._path, folder) as fd:
            yield from self._entries_of(folder, fd)

    # --- one file ----------------------------------------------------------------------------------

    def _look(self, folder: Parts, folder_fd: int, name: str, batch: _Batch) -> None:
        batch.looks += 1
        if name in self._claims:
            return
        try:
            status = os.stat(name, dir_fd=folder_fd, follow_symlinks=False)
        except OSError:
            return  # vanished; whatever else is wrong with it shows at the next look
        found = Found(folder=folder, name=name, print=Print.of(status))
        now_s = self._monotonic()
        if not self._ledger.worth_a_look(found, now_s):
            return
        try:
            self._weigh(found, folder_fd, status, now_s, batch)
        except OSError as exc:
            if exc.errno not in _VANISHED:
                error = IntakeError(
                    f"it cannot be read ({exc.strerror}); check its rights, it is tried again"
                )
                self._refuse(found, error, now_s, batch, passing=True)

    def _weigh(
        self, found: Found, folder_fd: int, status: os.stat_result, now_s: float, batch: _Batch
    ) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._refuse(found, NotAStory(f"it is {kind_of(status.st_mode)}, no file"), now_s, batch)
        elif self._state(found, status, now_s, None) is State.WAIT:
            self._ledger.wait(found, now_s)
        else:
            self._open(found, folder_fd, now_s, batch)

    def _open(self, found: Found, folder_fd: int, now_s: float, batch: _Batch) -> None:
        with open_file(found.name, folder_fd) as fd:
            status = os.fstat(fd)
            if Print.of(status) != found.print or not stat.S_ISREG(status.st_mode):
                self._ledger.wait(found, now_s)
                return
            state = self._state(found, status, now_s, writer_of(fd))
            if state is State.WAIT:
                self._ledger.wait(found, now_s)
            elif state is State.EMPTY:
                self._refuse(found, EmptyFile("the file is empty"), now_s, batch)
            elif status.st_size > self._max_bytes:
                self._refuse(found, self._too_large(status.st_size), now_s, batch)
            else:
                self._take(found, fd, status.st_ctime, now_s, batch)

    def _state(self, found: Found, status: os.stat_result, now_s: float, writer: Writer | None) -> State:
        """How the file stands; without knowledge of writers, how it stands at best."""
        # What we saw waiting we time ourselves: only at first sight must the wall clock do.
        untouched_s = 0.0
        if self._ledger.is_new(found):
            untouched_s = self._clock().timestamp() - status.st_ctime_ns / 1e9
        return judge(
            size=status.st_size,
            still_s=self._ledger.still_s(found, now_s),
            untouched_s=untouched_s,
            writer=writer or Writer.NONE,
            moved_in=self._moved_in(found, status, surely=writer is not None),
            patience=self._patience,
        )

    def _moved_in(self, found: Found, status: os.stat_result, *, surely: bool) -> bool:
        # A second link means that somebody can write to it under a name we hear nothing of.
        if self._renames is None or status.st_nlink != 1:
            return False
        return (self._renames.came_whole if surely else self._renames.seems_whole)(found.parts)

    def _take(self, found: Found, fd: int, dropped_s: float, now_s: float, batch: _Batch) -> None:
        data = read_whole(fd, found.print, max_bytes=self._max_bytes)
        if data is None:
            self._ledger.wait(found, now_s)
            return
        source, name = self._source(found)
        raw = RawFile.of(data, name=name, source=source, arrived_at=self._clock())
        self._ledger.take(found)
        batch.taken.append(Taken(raw=raw, found=found, dropped_s=dropped_s))
        batch.size += len(data)

    def _refuse(
        self, found: Found, error: IntakeError, now_s: float, batch: _Batch, *, passing: bool = False
    ) -> None:
        if passing:
            if not self._ledger.trouble(found, now_s):
                return  # told before
        else:
            self._ledger.refuse(found, now_s)
        source, name = self._source(found)
        batch.refused.append(RefusedFile(found=found, name=name, source=source, error=error, passing=passing))
        if passing:
            log.warning("%s", error, extra={"source": source.id, "file": name})

    def _too_large(self, size: int) -> TooLarge:
        return TooLarge(f"the file has {size:,} bytes, the limit is {self._max_bytes:,}; it was not read")

    def _source(self, found: Found) -> tuple[Source, str]:
        """The source of a file, and the file's name within it, for people."""
        if not found.folder:
            return self._sources[""], shown(found.name)
        top, *below = found.folder
        source = self._sources.get(top) or Source(id=shown(top)[:_LONGEST_SOURCE])
        return source, shown("/".join((*below, found.name)))

    def _next_look_s(self) -> float | None:
        return self._ledger.next_look_s(self._monotonic(), self._patience)

    # --- afterwards --------------------------------------------------------------------------------

    def discard(self, taken: Taken) -> bool:
        """Remove a file whose content has been committed; False when it is still there.

        A file that has grown or was replaced meanwhile stays and comes in as a new arrival. One that
        cannot be removed stays in hand, is never taken again unchanged, and may be discarded again.
        """
        found = taken.found
        try:
            with open_folder(self._path, found.folder) as folder_fd:
                removed = self._remove(found, folder_fd)
        except FileNotFoundError:
            removed = True
        except OSError:
            return False
        self._ledger.give_back(found)
        return removed

    def give_back(self, taken: Taken) -> None:
        """Let a file that could not be committed be taken again."""
        self._ledger.give_back(taken.found)

    def set_aside(self, found: Found, folder: Path, name: str) -> Path | None:
        """Move a refused file out of the inbox into ``folder`` under a name of ours; None when it stays.

        The move is a rename: atomic, never a copy, and a link is moved, not followed; so both folders
        must be on one file system. ``name`` must be built from our own ids. What cannot be moved is not
        refused again as long as it does not change.
        """
        target = folder / name
        try:
            with open_folder(self._path, found.folder) as folder_fd:
                if Print.of(os.lstat(found.name, dir_fd=folder_fd)) != found.print:
                    return None
                os.rename(found.name, target, src_dir_fd=folder_fd)
        except OSError as exc:
            log.warning(
                "a refused file stays in the inbox: %s", exc.strerror, extra={"file": shown(found.name)}
            )
            return None
        return target

    def _remove(self, found: Found, folder_fd: int) -> bool:
        # Between a check and an unlink a new file could be renamed over the name and be lost. So the
        # name is first taken away atomically, and what it held is looked at afterwards.
        if Print.of(os.lstat(found.name, dir_fd=folder_fd)) != found.print:
            return False
        claim = f"{CLAIM_PREFIX}{os.getpid():x}-{next(self._claim_numbers):x}-{found.print.ino:x}"
        self._claims.add(claim)
        try:
            os.rename(found.name, claim, src_dir_fd=folder_fd, dst_dir_fd=folder_fd)
            if Print.of(os.lstat(claim, dir_fd=folder_fd)) == found.print:
                os.unlink(claim, dir_fd=folder_fd)
                return True
            self._put_back(claim, found.name, folder_fd)
        finally:
            self._claims.discard(claim)
        return False

    @staticmethod
    def _put_back(claim: str, name: str, folder_fd: int) -> None:
        # link(2) never replaces: when the name is taken again, the claim comes in under its own name.
        with suppress(FileExistsError):
            os.link(claim, name, src_dir_fd=folder_fd, dst_dir_fd=folder_fd, follow_symlinks=False)
            os.unlink(claim, dir_fd=folder_fd)
