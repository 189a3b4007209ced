"""What the inbox remembers of files between two sweeps."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from wire.inbox.found import Found
from wire.inbox.renames import Parts
from wire.inbox.settle import Patience, Print

_FIRST_BACKOFF_S = 1.0
_LONGEST_BACKOFF_S = 300.0


@dataclass(slots=True)
class _Note:
    """One file that was looked at and not taken."""

    print: Print
    since_s: float  #: monotonic; unchanged since
    seen_in: int  #: number of the pass that saw it last
    told: bool = False
    not_before_s: float = 0.0  #: monotonic; no look before
    backoff_s: float = _FIRST_BACKOFF_S


class Ledger:
    """Files seen and not taken, and files in hand.

    Notes belong to the sweeping thread; the files in hand are guarded, since commits end in others.
    A note lasts as long as complete passes keep seeing its file, so memory is bounded by the files
    that cannot be taken. All times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._notes: dict[Parts, _Note] = {}
        self._in_hand: dict[Parts, Print] = {}
        self._lock = threading.Lock()
        self._pass = 0

    @property
    def waiting(self) -> int:
        """How many files are not whole yet."""
        return sum(not note.told for note in self._notes.values())

    def begin_pass(self) -> None:
        """A walk through all folders begins."""
        self._pass += 1

    def end_pass(self) -> None:
        """The walk is complete: what it did not see is gone."""
        gone = [parts for parts, note in self._notes.items() if note.seen_in < self._pass]
        for parts in gone:
            del self._notes[parts]

    def worth_a_look(self, found: Found, now_s: float) -> bool:
        """Whether anything new can come of looking at the file now."""
        with self._lock:
            if self._in_hand.get(found.parts) == found.print:
                return False
        note = self._notes.get(found.parts)
        if note is None:
            return True
        note.seen_in = self._pass
        return note.print != found.print or now_s >= note.not_before_s

    def is_new(self, found: Found) -> bool:
        """Whether nothing under this name was seen waiting before."""
        return found.parts not in self._notes

    def still_s(self, found: Found, now_s: float) -> float:
        """For how many seconds the file was seen unchanged."""
        note = self._notes.get(found.parts)
        return now_s - note.since_s if note is not None and note.print == found.print else 0.0

    def wait(self, found: Found, now_s: float) -> None:
        """The file is not whole yet."""
        self._note(found, now_s)

    def refuse(self, found: Found, now_s: float) -> None:
        """The file is refused for good, as long as it does not change."""
        note = self._note(found, now_s)
        note.told, note.not_before_s = True, math.inf

    def trouble(self, found: Found, now_s: float) -> bool:
        """The file could not be read: back off. Whether this is the first time, to be told."""
        note = self._note(found, now_s)
        first = not note.told
        note.told = True
        note.not_before_s = now_s + note.backoff_s
        note.backoff_s = min(note.backoff_s * 2, _LONGEST_BACKOFF_S)
        return first

    def take(self, found: Found) -> None:
        """The file is in hand from now on."""
        self._notes.pop(found.parts, None)
        with self._lock:
            self._in_hand[found.parts] = found.print

    def give_back(self, found: Found) -> None:
        """The file is in hand no longer."""
        with self._lock:
            if self._in_hand.get(found.parts) == found.print:
                del self._in_hand[found.parts]

    def next_look_s(self, now_s: float, patience: Patience) -> float | None:
        """Seconds until a waiting file may have settled; None when none waits."""
        ends = []
        for note in self._notes.values():
            if not note.told:
                still_s = now_s - note.since_s
                # Past settle_s only an empty file or an open writer waits: look now and then.
                ends.append(patience.settle_s - min(still_s, patience.settle_s) or patience.settle_s)
            elif note.not_before_s < math.inf:
                ends.append(max(0.0, note.not_before_s - now_s))
        return min(ends, default=None)

    def _note(self, found: Found, now_s: float) -> _Note:
        note = self._notes.get(found.parts)
        if note is None or note.print != found.print:
            note = _Note(found.print, now_s, self._pass)
            self._notes[found.parts] = note
        return note
