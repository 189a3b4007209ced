"""Lanes worked in a process of their own, so that sending takes no processor time from intake and store.

The one daemon has at most one sending process (`wire.deliver.worker`). It has no access to the store: it
calls over a socket pair, and two threads here carry the calls out. It dies with the daemon at once, since an
orphan could send an old version after the next daemon's sending process sent a newer one.
"""

from __future__ import annotations

import logging
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple

from wire.deliver import talk
from wire.deliver.frames import BadFrame, Frames
from wire.deliver.turn import Route
from wire.errors import StoreError, WireError
from wire.observe import Format
from wire.ports import Clock
from wire.ports.delivery import EngineHealth, Hand, Settling, SharedQueue, Taking

log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-P", "-m", "wire.deliver.worker")
_PATIENCE_S = 5  #: a sending process that reads nothing for so long is hung
_DIES_S = 5  #: a process that was killed is waited for so long
_COURTESY_S = 0.005  #: woken lanes wait so long unless it is urgent: feeds show first what was committed
_STOP_LOOK_S = 5.0  #: how soon a stop is noticed of which no wake tells
_EARLY_S = 0.3  #: an early one is started so much later than all the rest, which comes first
_DUE_LOOK_S = 30.0  #: longest time between two looks for due rows; wall clocks may jump
_PAUSES_S = (1.0, 30.0)  #: before a sending process that died is replaced: at first, and at most
_LIVED_S = 60.0  #: one that lived so long did not die of being started


class _Begun(NamedTuple):
    """Calls that are being carried out together."""

    numbers: list[int]
    finish: Callable[[], list[Any]]  #: waits for their end; the value of each, or what has gone wrong


@dataclass(frozen=True, slots=True)
class _Child:
    """A running sending process."""

    process: subprocess.Popen[bytes]
    frames: Frames
    worker: str  #: the name under which it holds leases
    gone: threading.Event  #: set once it has hung up, or is not listened to any more
    begun: SimpleQueue[_Begun | None]  #: its calls that are being carried out; None at the end


class SenderProcess:
    """Says which lane gets a turn, in one child process; `wire.ports.delivery.Engine`.

    The child is started when the first lane is woken or the first row falls due, or early, and replaced when
    it dies. Then its leases are given up at once, so nothing waits for them to run out.

    routes   asked at every start of the child, for secrets that changed meanwhile; may raise WireError
    worker   names the holder of our leases; unique among all daemons on one store
    early    the child is started before anything is to be sent, which then waits for no start
    drain_s  how long `run` waits for running turns after a stop
    """

    def __init__(
        self,
        queue: SharedQueue,
        routes: Callable[[], Mapping[str, Route]],
        *,
        worker: str,
        clock: Clock,
        early: bool = False,
        drain_s: float = 6.0,
        pauses_s: tuple[float, float] = _PAUSES_S,
        command: Sequence[str] = _COMMAND,
        log_format: Format = "auto",
    ) -> None:
        self._queue = queue
        self._routes = routes
        self._worker = worker
        self._clock = clock
        self._early = early
        self._drain_s = drain_s
        self._pauses_s = pauses_s
        self._command = command
        self._log_format = log_format
        self._changed = threading.Condition()
        self._woken: dict[str, bool] = {}  # lanes that the child was not told of yet; whether urgently
        self._working: set[str] = set()

    def wake(self, lanes: Sequence[str], *, urgent: bool = False) -> None:
        """See `wire.ports.delivery.Engine.wake`. Only notes it: a slow child must hold nobody up."""
        with self._changed:
            for lane in lanes:
                self._woken[lane] = urgent or self._woken.get(lane, False)
            self._changed.notify_all()

    def health(self) -> EngineHealth:
        """See `wire.ports.delivery.Engine.health`."""
        with self._changed:
            return EngineHealth(working=tuple(sorted(self._working)), waiting=len(self._woken))

    def run(self, stop: threading.Event) -> None:
        """See `wire.ports.delivery.Engine.run`. Returns at most ``drain_s`` and a moment after ``stop``.

        The child dies with the thread that runs this.
        """
        # Inherited by the child, so that no signal to the whole group can end it before it can ignore them.
        signal.pthread_sigmask(signal.SIG_BLOCK, talk.IGNORED_SIGNALS)
        lives, pause_s = 0, self._pauses_s[0]
        while self._await_work(stop, early=self._early and not lives):
            lives += 1
            began_s = time.monotonic()
            self._live(f"{self._worker}/{lives}", stop)
            if stop.is_set():
                return
            if time.monotonic() - began_s > _LIVED_S:
                pause_s = self._pauses_s[0]
            log.error("the sending process is gone; a new one starts in %g s", pause_s)
            stop.wait(pause_s)
            pause_s = min(pause_s * 2, self._pauses_s[1])

    def _await_work(self, stop: threading.Event, *, early: bool) -> bool:
        """Wait until a lane is woken or a row falls due, or a moment if it is early; False at a stop."""
        while not stop.is_set():
            rest_s = min(self._rest_s(), _EARLY_S if early else _DUE_LOOK_S)
            if rest_s <= 0 or self._woken_within(rest_s, stop) or early:
                return not stop.is_set()
        return False

    def _woken_within(self, seconds: float, stop: threading.Event) -> bool:
        until_s = time.monotonic() + seconds
        with self._changed:
            while not stop.is_set() and (left_s := until_s - time.monotonic()) > 0:
                if self._woken:
                    return True
                self._changed.wait(min(left_s, _STOP_LOOK_S))
        return False

    def _rest_s(self) -> float:
        try:
            due = self._queue.next_due()
        except StoreError as exc:
            log.warning("the delivery queue cannot be read: %s", exc)
            return 1.0
        return _DUE_LOOK_S if due is None else min((due - self._clock()).total_seconds(), _DUE_LOOK_S)

    # --- one child, from its start to its end --------------------------------------------------------

    def _live(self, worker: str, stop: threading.Event) -> None:
        """Start a child, serve it until it ends or is to end, and give up what it held."""
        try:
            setup = talk.Setup(
                routes=self._routes(),
                level=logging.getLevelName(logging.getLogger().getEffectiveLevel()),
                format=self._log_format,
                drain_s=max(0.0, self._drain_s - 1.0),
            )
            child = _start(self._command, worker)
        except (WireError, OSError) as exc:
            log.error("the sending process cannot be started: %s", exc)
            return
        servers = [
            threading.Thread(target=serve, args=(child,), name="wire-sender", daemon=True)
            for serve in (self._hear, self._answer)
        ]
        for server in servers:
            server.start()
        try:
            self._lead(child, setup, stop)
        finally:
            child.process.kill()
            ended = _ends(child.process)
            child.frames.hang_up()
            for server in servers:
                server.join()
            child.frames.close()
            self._give_up(worker, ended=ended)

    def _lead(self, child: _Child, setup: talk.Setup, stop: threading.Event) -> None:
        try:
            child.frames.send(talk.told(setup))
            while not stop.is_set() and not child.gone.is_set():
                self._forward(child, stop)
            if not child.gone.is_set():
                child.frames.send(talk.told(talk.Stop()))
                child.process.wait(self._drain_s)
        except OSError as exc:
            log.error("the sending process does not listen: %s", exc, extra={"pid": child.process.pid})
        except subprocess.TimeoutExpired:
            log.warning(
                "deliveries that did not end in time are broken off", extra={"pid": child.process.pid}
            )

    def _forward(self, child: _Child, stop: threading.Event) -> None:
        """Tell the child which lanes were woken; waits for some, but not long."""

        def over() -> bool:
            return child.gone.is_set() or stop.is_set()

        with self._changed:
            if self._changed.wait_for(lambda: self._woken or over(), _STOP_LOOK_S):
                self._changed.wait_for(lambda: any(self._woken.values()) or over(), _COURTESY_S)
            woken, self._woken = self._woken, {}
        for urgent in (True, False):
            if lanes := tuple(lane for lane, hurry in woken.items() if hurry is urgent):
                child.frames.send(talk.told(talk.Wake(lanes, urgent)))

    def _give_up(self, worker: str, *, ended: bool) -> None:
        with self._changed:
            self._working.clear()
        if not ended:  # what it was sending when it was killed may still arrive
            return
        try:
            self._queue.abandon(worker)
        except StoreError as exc:
            log.warning("the leases of the sending process last until they run out: %s", exc)

    # --- the two serving threads ---------------------------------------------------------------------
    # One begins what the child calls for, the other answers when it is done: what comes while a commit is
    # under way shares the next one.

    def _hear(self, child: _Child) -> None:
        """Begin the child's calls, as they come, until it hangs up."""
        try:
            while (message := child.frames.receive()) is not None:
                child.begun.put(self._begin(talk.calls_from(message), child.worker))
        except (talk.NotUnderstood, BadFrame) as exc:
            log.error("the sending process talks nonsense, which is our fault: %s", exc)
        finally:
            child.begun.put(None)
            self._let_go(child)

    def _answer(self, child: _Child) -> None:
        """Tell the child how its calls went."""
        try:
            while (begun := child.begun.get()) is not None:
                answers = list(map(_answer, begun.numbers, begun.finish()))
                child.frames.send(talk.told(talk.Answers(answers)))
        except OSError as exc:
            log.debug("the sending process took no answer: %s", exc)
        finally:
            self._let_go(child)

    def _let_go(self, child: _Child) -> None:
        child.process.kill()
        with self._changed:
            child.gone.set()
            self._changed.notify_all()

    def _begin(self, calls: Sequence[talk.Call], worker: str) -> _Begun:
        """Begin to carry out calls. Raises NotUnderstood."""
        wishes = [talk.wish_from(call.wish) for call in calls]
        steps = [wish for wish in wishes if isinstance(wish, Taking | Settling)]
        if len({step.lane for step in steps}) < len(steps):
            raise talk.NotUnderstood("two calls of one turn at a time")
        numbers = [call.number for call in calls]
        try:
            hands = self._queue.begin(steps, worker=worker) if steps else list[Hand | Exception]
        except Exception as exc:  # noqa: BLE001 - the stage's edge: whoever waits for the end gets it
            return _Begun(numbers, partial(_fail, exc, len(numbers)))
        return _Begun(numbers, partial(self._finish, wishes, hands))

    def _finish(self, wishes: Sequence[talk.Wish], hands: Callable[[], list[Hand | Exception]]) -> list[Any]:
        """What became of calls, in plain values, or what has gone wrong."""
        try:
            given = iter(hands())
        except Exception as exc:  # noqa: BLE001 - the stage's edge: whoever waits for the end gets it
            return _fail(exc, len(wishes))
        return [self._fared(wish, given) for wish in wishes]

    def _fared(self, wish: talk.Wish, given: Iterator[Hand | Exception]) -> Any:
        try:
            match wish:
                case Taking(lane) | Settling(lane):
                    hand = next(given)
                    return self._handed(lane, hand) if isinstance(hand, Hand) else hand
                case talk.RipeWish(limit):
                    return self._queue.ripe(limit=limit)
                case talk.DueWish():
                    return self._queue.next_due()
        except Exception as exc:  # noqa: BLE001 - the stage's edge: a failing call ends neither thread nor child
            return exc

    def _handed(self, lane: str, hand: Hand) -> Any:
        """A hand in plain values; whether the lane is being worked follows from it."""
        with self._changed:
            (self._working.add if hand.deliveries else self._working.discard)(lane)
        return talk.plain_hand(hand)


def _answer(number: int, result: Any) -> talk.Answer:
    if not isinstance(result, Exception):
        return talk.Answer(number, result)
    if isinstance(result, StoreError):
        return talk.Answer(number, None, str(result))
    log.error("a call of the sending process failed", exc_info=result)
    return talk.Answer(number, None, f"a fault of ours: {result!r}")


def _fail(exc: Exception, number: int) -> list[Any]:
    return [exc] * number


def _ends(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process that was killed ends soon: one whose disk or file server does not answer cannot."""
    try:
        process.wait(_DIES_S)
    except subprocess.TimeoutExpired:
        log.error(
            "the sending process was killed and does not end; its leases last until they run out",
            extra={"pid": process.pid},
        )
        return False
    return True


def _start(command: Sequence[str], worker: str) -> _Child:
    """Start the process with its end of a socket pair. Raises OSError."""
    ours, theirs = socket.socketpair()
    # A send that blocks for long means that the other side is hung. Receiving waits without an end.
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _PATIENCE_S, 0))
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        except OSError:
            ours.close()
            raise
    log.info("the sending process runs", extra={"pid": process.pid})
    return _Child(process, Frames(ours, limit=talk.CALL_BYTES), worker, threading.Event(), SimpleQueue())
