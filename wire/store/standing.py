"""How an endpoint stands: what its last attempts made of it, and whether it may be called. Pure.

A row of the endpoint table says one thing at a time of why nothing is sent: removed from the configuration,
disabled by its own answer, paused by people, resting until an instant, or probed after a rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_

from wire.store.schema import endpoint, to_us
from wire.story import DeliveryState, Outcome

#: As many of the last attempts are remembered: bits below the highest one that is set, the latest lowest.
REMEMBERED = 60
#: Of an endpoint that was never called.
NO_ATTEMPTS = 1

#: What is written into a new row besides its id.
FRESH = {
    "configured": 1,
    "paused_until_us": 0,
    "paced_until_us": 0,
    "failures": 0,
    "recent": NO_ATTEMPTS,
    "delivered": 0,
}
#: What people reset when they have an endpoint called again, whatever it did before.
RESET = {"disabled": None, "paused_until_us": 0, "probe_lane": None, "failures": 0, "failing_us": None}


def remembered(recent: int, successes: Sequence[bool]) -> int:
    """The last attempts with these after them."""
    for success in successes:
        recent = recent << 1 | success
    if recent.bit_length() > REMEMBERED + 1:
        recent = 1 << REMEMBERED | recent & ((1 << REMEMBERED) - 1)
    return recent


def success_rate(recent: int) -> float | None:
    """The share of the last attempts that succeeded, 0 to 1; None when there were none."""
    number = recent.bit_length() - 1
    return (recent.bit_count() - 1) / number if number > 0 else None


def failures_after(failures: int, outcomes: Sequence[Outcome]) -> int:
    """How many attempts failed in a row, by the endpoint's fault, once these are over."""
    for outcome in outcomes:
        if outcome.state is DeliveryState.DONE:
            failures = 0
        elif outcome.blames_endpoint:
            failures += 1
    return failures


def after(row: Any, lane_id: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The changing columns of an endpoint's row once these attempts, made by one of its lanes, are over.

    An endpoint that was probed is open to all its lanes again, unless the probe had it rest once more.
    """
    done = [outcome for outcome in outcomes if outcome.state is DeliveryState.DONE]
    failed = [outcome for outcome in outcomes if outcome.state is not DeliveryState.DONE]
    pauses = [to_us(o.pause_endpoint_until) for o in outcomes if o.pause_endpoint_until is not None]
    probed = row.probe_lane == lane_id
    return {
        "disabled": next((o.detail for o in failed if o.disable_endpoint), row.disabled),
        "paused_until_us": max((*pauses, 0 if probed else row.paused_until_us)),
        "probe_lane": None if probed else row.probe_lane,
        "failures": failures_after(row.failures, outcomes),
        "recent": remembered(row.recent, [o.state is DeliveryState.DONE for o in outcomes]),
        "delivered": row.delivered + len(done),
        "succeeded_us": to_us(done[-1].ended_at) if done else row.succeeded_us,
        "failed_us": to_us(failed[-1].ended_at) if failed else row.failed_us,
        "failing_us": _failing_since(row.failing_us, outcomes),
        "failure": failed[-1].detail if failed else row.failure,
    }


def _failing_since(failing_us: int | None, outcomes: Sequence[Outcome]) -> int | None:
    """When the first attempt failed after the last one that succeeded; None when that was the last."""
    for outcome in outcomes:
        if outcome.state is DeliveryState.DONE:
            failing_us = None
        elif failing_us is None:
            failing_us = to_us(outcome.ended_at)
    return failing_us


def open_at(now_us: Any) -> ColumnElement[bool]:
    """Whether an endpoint may be called, as a condition on its row."""
    return and_(
        endpoint.c.configured == 1,
        endpoint.c.disabled.is_(None),
        endpoint.c.held.is_(None),
        endpoint.c.paused_until_us <= now_us,
        endpoint.c.paced_until_us <= now_us,
    )


def is_open(row: Any, now_us: int) -> bool:
    """The same of a row at hand."""
    called = bool(row.configured) and row.disabled is None and row.held is None
    return called and row.paused_until_us <= now_us and row.paced_until_us <= now_us


def why_held(row: Any) -> str | None:
    """Why an endpoint is not called until people change something; None when it is."""
    if not row.configured:
        return "the endpoint is no longer configured"
    if row.disabled is not None:
        return f"the endpoint is disabled: {row.disabled}"
    return None if row.held is None else f"the endpoint is paused {row.held}"


def state_of(row: Any, now_us: int) -> str:
    """In one word: ``removed``, ``disabled``, ``paused``, ``probing``, ``resting`` or ``working``."""
    if not row.configured:
        return "removed"
    if row.disabled is not None:
        return "disabled"
    if row.held is not None:
        return "paused"
    if row.paused_until_us > now_us:
        return "resting" if row.probe_lane is None else "probing"
    return "working"
