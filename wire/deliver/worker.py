"""The sending process: ``python -m wire.deliver.worker FD``, started by `wire.deliver.sender` alone.

Works lanes over a queue whose rows are the daemon's. It loads neither the store nor the settings, and it
never outlives the daemon.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import count
from queue import SimpleQueue
from typing import Any

from wire import observe
from wire.common.clock import utc_now
from wire.common.memory import limit_arenas, settle
from wire.deliver import talk
from wire.deliver.engine import EmbeddedEngine
from wire.deliver.frames import BadFrame, Frames
from wire.deliver.turn import Turn
from wire.errors import StoreError
from wire.ports.delivery import Hand, Terms
from wire.story import Outcome

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_MANY = 8  #: of fewer turns, no call waits for another's
_GATHER_S = 0.005  #: nor ever any longer


class RemoteQueue:
    """The daemon's delivery rows; `wire.ports.delivery.Queue`. The daemon itself names the holder of leases.

    What several turns ask for goes in one message and is carried out in one transaction: having two processes
    and five threads take notice of a call costs more than what is done there. So where many turns
    are running, calls wait until half of them have called, though not for long.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._numbers = count(1)
        self._open: dict[int, SimpleQueue[talk.Answer]] = {}
        self._called = threading.Condition()
        self._calls: list[talk.Call] = []  # that are to be made
        self._lanes: set[str] = set()  # whose turns are running
        threading.Thread(target=self._make_calls, name="wire-calls", daemon=True).start()

    def take(self, lane: str, terms: Terms, *, worker: str) -> Hand:  # noqa: ARG002
        """See `wire.ports.delivery.Queue.take`."""
        return self._step(lane, "take", lane, talk.plain_terms(terms))

    def settle(
        self,
        lane: str,
        outcomes: Sequence[Outcome],
        *,
        worker: str,  # noqa: ARG002
        then: Terms | None = None,
    ) -> Hand:
        """See `wire.ports.delivery.Queue.settle`."""
        plain = [talk.plain_outcome(outcome) for outcome in outcomes]
        return self._step(lane, "settle", lane, plain, then and talk.plain_terms(then))

    def ripe(self, *, limit: int) -> list[str]:
        """See `wire.ports.delivery.Queue.ripe`."""
        lanes: list[str] = self._ask("ripe", limit)
        return lanes

    def next_due(self) -> datetime | None:
        """See `wire.ports.delivery.Queue.next_due`."""
        due: datetime | None = self._ask("next_due")
        return due

    def answered(self, answer: talk.Answer) -> None:
        """An answer came."""
        self._open.pop(answer.call).put(answer)

    def _step(self, lane: str, *wish: Any) -> Hand:
        """A call of a lane's turn, which is over when it gets nothing to send."""
        hand = Hand()
        self._lanes.add(lane)
        try:
            hand = talk.hand_from(self._ask(*wish))
        finally:
            if not hand.deliveries:
                self._lanes.discard(lane)
        return hand

    def _ask(self, *wish: Any) -> Any:
        number = next(self._numbers)
        slot = self._open[number] = SimpleQueue()
        with self._called:
            self._calls.append(talk.Call(number, list(wish)))
            if len(self._calls) == 1 or self._enough():
                self._called.notify()
        answer = slot.get()
        if answer.trouble is not None:
            raise StoreError(answer.trouble)
        return answer.value

    def _enough(self) -> bool:
        """Whether no other call is waited for."""
        turns = len(self._lanes)
        return len(self._calls) >= (turns // 2 if turns >= _MANY else 1)

    def _make_calls(self) -> None:
        """Make calls, for as long as the daemon hears them: without it, nothing is left to do here."""
        with suppress(OSError):
            while True:
                with self._called:
                    self._called.wait_for(lambda: self._calls)
                    self._called.wait_for(self._enough, _GATHER_S)
                    calls, self._calls = self._calls[: talk.CALLS], self._calls[talk.CALLS :]
                self._frames.send(talk.called(calls))


def run(frames: Frames) -> None:
    """Be told what to do, and work lanes until told to stop."""
    message = frames.receive()
    if message is None:
        return
    setup: talk.Setup = talk.heard(message)
    observe.configure(level=setup.level, stream=sys.stderr, format=setup.format)
    queue = RemoteQueue(frames)
    stop = threading.Event()
    turn = Turn(queue, setup.routes, worker="", clock=utc_now, stopping=stop)
    engine = EmbeddedEngine(queue, turn, clock=utc_now, drain_s=setup.drain_s, hasten=turn.hasten)
    listener = threading.Thread(target=_listen, args=(frames, queue, engine, stop), daemon=True)
    listener.start()
    turn.load_transports()
    settle()
    engine.run(stop)
    if not engine.health().working:
        turn.close()


def _listen(frames: Frames, queue: RemoteQueue, engine: EmbeddedEngine, stop: threading.Event) -> None:
    """Hear the daemon out. Once it is gone, so are we: another may be sending already."""
    try:
        while (message := frames.receive()) is not None:
            match talk.heard(message):
                case talk.Answers(each):
                    for answer in each:
                        queue.answered(answer)
                case talk.Wake(lanes, urgent):
                    engine.wake(lanes, urgent=urgent)
                case talk.Stop():
                    stop.set()
                    engine.wake(())
    except BadFrame:
        log.exception("the daemon was not understood")
    finally:
        os._exit(1)


def _die_with_the_daemon() -> None:
    """Have the kernel end us when the thread that started us ends; where it cannot, the socket tells."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    """Begin: told nothing but which descriptor to listen at."""
    _die_with_the_daemon()
    limit_arenas()
    for number in talk.IGNORED_SIGNALS:
        # What reaches the whole process group is for the daemon, which stops us when it has drained.
        signal.signal(number, signal.SIG_IGN)
    # Had the daemon died before the first line, the first `receive` would find the socket closed.
    run(Frames(socket.socket(fileno=int(sys.argv[1])), limit=talk.TOLD_BYTES))


if __name__ == "__main__":
    main()
