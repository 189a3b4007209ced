"""What the daemon and its sending process say to each other.

The daemon's messages are pickled: the sending process trusts it. What the sending process says is JSON and
taken apart value by value: it talks to strangers all day, and must not be able to run anything here.

From the daemon: a `Setup`, then `Wake`, `Stop` and `Answers`, one to each call. From the sending process:
lists of calls, each a list that begins with a number of its own choice::

    [[7, "take", "cms/0", terms], [8, "settle", "web/0", [outcome, …], terms or null]]
    [[9, "ripe", 256]]            [[10, "next_due"]]
"""

from __future__ import annotations

import json
import pickle
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from wire.deliver.turn import Route
from wire.observe import Format
from wire.ports.delivery import Hand, LaneStep, Settling, Taking, Terms
from wire.story import Action, Delivery, DeliveryState, Document, Outcome, Target

#: Signals to the whole process group that are the daemon's to answer.
IGNORED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

#: Longest message that the daemon takes from the sending process: the outcomes of its turns, with room.
CALL_BYTES = 16 << 20
#: Most calls in one message.
CALLS = 64
#: Longest message that the sending process takes: what one take may hold, or one document however large.
TOLD_BYTES = 1 << 30
#: Characters that are kept of how an attempt ended.
_DETAIL = 2000

_TAKEN = 256  #: most deliveries, or lanes, asked for at once
_LEASE_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a sending process must know; holds secrets."""

    routes: Mapping[str, Route]
    level: str  #: of what is logged
    format: Format  #: of log lines
    drain_s: float  #: how long running turns are waited for after a stop


class Wake(NamedTuple):
    """Look at these lanes."""

    lanes: tuple[str, ...]
    urgent: bool


class Stop(NamedTuple):
    """Begin nothing new, finish what is under way, end."""


class Answer(NamedTuple):
    """How a call went: with a value, or with a trouble in words."""

    call: int
    value: Any
    trouble: str | None = None


class Answers(NamedTuple):
    """How several calls went."""

    each: list[Answer]


class Call(NamedTuple):
    """What the sending process asks for."""

    number: int
    wish: list[Any]


class NotUnderstood(ValueError):
    """The sending process says what it never says."""


def told(message: Setup | Wake | Stop | Answers) -> bytes:
    """A message of the daemon's, to be sent."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def heard(message: bytes) -> Any:
    """A message of the daemon's, as received. Only for bytes that the daemon sent."""
    return pickle.loads(message)  # noqa: S301 - the daemon started us and could do anything it likes anyway


def called(calls: Sequence[Call]) -> bytes:
    """Calls, to be sent."""
    return json.dumps([(number, *wish) for number, wish in calls]).encode("ascii")


def calls_from(message: bytes) -> list[Call]:
    """Calls, as received. Raises NotUnderstood."""
    try:
        calls = json.loads(message)
    except (ValueError, RecursionError) as exc:
        raise NotUnderstood("a message that is no JSON") from exc
    if not isinstance(calls, list) or len(calls) > CALLS:
        raise NotUnderstood("a message that is no calls")
    return list(map(_call, calls))


def _call(values: Any) -> Call:
    match values:
        case [int(number), *wish]:
            return Call(number, wish)
    raise NotUnderstood(f"a call that is none: {str(values)[:80]}")


class RipeWish(NamedTuple):
    """See `wire.ports.delivery.Queue.ripe`."""

    limit: int


class DueWish(NamedTuple):
    """See `wire.ports.delivery.Queue.next_due`."""


Wish = LaneStep | RipeWish | DueWish


def wish_from(wish: list[Any]) -> Wish:
    """What a call asks for, every value checked. Raises NotUnderstood."""
    match wish:
        case ["take", str(lane), terms]:
            return Taking(lane, _terms(terms))
        case ["settle", str(lane), list(outcomes), then]:
            made = [_outcome(values) for values in outcomes]
            return Settling(lane, made, None if then is None else _terms(then))
        case ["ripe", int(limit)] if _is_size(limit):
            return RipeWish(limit)
        case ["next_due"]:
            return DueWish()
    raise NotUnderstood(f"a call that nobody knows: {str(wish)[:80]}")


def _is_size(limit: int) -> bool:
    return 0 < limit <= _TAKEN


def plain_terms(terms: Terms) -> list[Any]:
    """Terms as JSON has them."""
    return [terms.limit, float(terms.lease_s), float(terms.pace_s), terms.patience]


def _terms(values: Any) -> Terms:
    match values:
        case [int(limit), float(lease_s), float(pace_s), int(patience)] if (
            _is_size(limit)
            and 0 < lease_s <= _LEASE_S
            and 0 <= pace_s <= _LEASE_S
            and 0 <= patience < 1 << 31
        ):
            return Terms(limit=limit, lease_s=lease_s, pace_s=pace_s, patience=patience)
    raise NotUnderstood(f"terms that are none: {str(values)[:80]}")


def plain_outcome(outcome: Outcome) -> list[Any]:
    """An outcome as JSON has it."""
    return [
        outcome.delivery_id,
        outcome.state.value,
        outcome.started_at.isoformat(),
        outcome.ended_at.isoformat(),
        outcome.status,
        outcome.detail[:_DETAIL],
        outcome.bytes,
        outcome.next_due and outcome.next_due.isoformat(),
        outcome.pause_endpoint_until and outcome.pause_endpoint_until.isoformat(),
        outcome.blames_endpoint,
        outcome.disable_endpoint,
    ]


def _outcome(values: Any) -> Outcome:
    match values:
        case [
            int(id),
            ("done" | "due" | "dead") as state,
            str(started),
            str(ended),
            int() | None as status,
            str(detail),
            int(size),
            str() | None as due,
            str() | None as pause,
            bool(blames),
            bool(disable),
        ] if abs(id) < 1 << 63 and abs(status or 0) < 1 << 31 and 0 <= size < 1 << 63:
            return Outcome(
                delivery_id=id,
                state=DeliveryState(state),
                started_at=_moment(started),
                ended_at=_moment(ended),
                status=status,
                detail=detail.encode("utf-8", "replace").decode("utf-8"),
                bytes=size,
                next_due=None if due is None else _moment(due),
                blames_endpoint=blames,
                pause_endpoint_until=None if pause is None else _moment(pause),
                disable_endpoint=disable,
            )
    raise NotUnderstood(f"an outcome that is none: {str(values)[:80]}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise NotUnderstood(f"{text[:40]!r} is no time") from exc
    if moment.tzinfo is None:
        raise NotUnderstood(f"{text[:40]!r} has no zone")
    return moment


def plain_hand(hand: Hand) -> tuple[Any, ...]:
    """A hand as tuples, which pickle many times faster than our values do."""
    deliveries = [
        (
            *(one.id, one.endpoint, one.lane, one.story_id, one.version, one.seq, one.action.value),
            *(one.key, one.attempt, one.failures, one.created_at),
            *(one.document.format, one.document.media_type, one.document.body, one.document.suffix),
            one.target and (one.target.url, one.target.topic, one.target.hub, one.target.secret),
        )
        for one in hand.deliveries
    ]
    return deliveries, hand.failures, hand.more


def hand_from(plain: tuple[Any, ...]) -> Hand:
    """The hand again."""
    deliveries, failures, more = plain
    return Hand(deliveries=tuple(map(_delivery, deliveries)), failures=failures, more=more)


def _delivery(plain: tuple[Any, ...]) -> Delivery:
    id, endpoint, lane, story_id, version, seq, action, key, attempt, failures, created_at, *document = plain
    format, media_type, body, suffix, target = document
    return Delivery(
        id=id,
        endpoint=endpoint,
        lane=lane,
        story_id=story_id,
        version=version,
        seq=seq,
        action=Action(action),
        key=key,
        attempt=attempt,
        failures=failures,
        created_at=created_at,
        document=Document(format=format, media_type=media_type, body=body, suffix=suffix),
        target=target and Target(url=target[0], topic=target[1], hub=target[2], secret=target[3]),
    )
