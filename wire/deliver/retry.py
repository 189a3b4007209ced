"""When to try a failed delivery again. Pure: no clock, no chance, no sleep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wire.errors import DeliveryError

#: Bounds of a wait that an endpoint asks for by Retry-After.
RETRY_AFTER_MIN_S, RETRY_AFTER_MAX_S = 1.0, 86_400.0

#: Answers that speak of the endpoint as a whole, not of the document that met them.
BUSY = frozenset({429, 502, 503, 504})

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long an endpoint is tried. The default waits are those that Standard Webhooks advises."""

    delays_s: tuple[float, ...] = (
        *(5.0, 300.0, 1800.0),
        *(hours * _HOUR_S for hours in (2, 5, 10, 14, 20, 24)),
    )  #: seconds after the first, second, … failure
    jitter: float = 0.2  #: share of a wait that chance may take off; 1 is full jitter
    refusals: int = 3  #: attempts after which a refused delivery is given up
    breather_s: float = 30.0  #: longest pause of an endpoint that did not ask for one


def next_attempt(
    failures: int, error: DeliveryError, policy: RetryPolicy, now: datetime, chance: float
) -> datetime | None:
    """When to try again, or None to give up.

    failures  attempts that failed so far, this one included; counted from 1
    now       aware UTC; so is the result
    chance    a random number in 0 … 1, which spreads endpoints that failed together

    A Retry-After of the endpoint wins over the policy's wait, clamped to 1 s … 24 h; the number of
    attempts stays the policy's. An endpoint that wants no more calls is not called again.
    Raises ValueError if failures < 1.
    """
    if failures < 1:
        raise ValueError("failures counts from 1")
    if error.disable or failures > len(policy.delays_s):
        return None
    if error.permanent and failures >= policy.refusals:
        return None
    return now + timedelta(seconds=_wait_s(failures, error, policy, chance))


def pause(
    error: DeliveryError, policy: RetryPolicy, now: datetime, next_due: datetime | None
) -> datetime | None:
    """Until when the whole endpoint rests after a failure; None when only this delivery waits.

    What an endpoint asks for counts for all its deliveries. One that cannot be reached or is busy
    rests until its next attempt is due, ``breather_s`` at most: the next head of the lane is the probe.
    """
    if error.retry_after_s is not None:
        return now + timedelta(seconds=_clamped(error.retry_after_s))
    if not speaks_for_endpoint(error):
        return None
    longest = now + timedelta(seconds=policy.breather_s)
    return min(longest, next_due) if next_due is not None else longest


def speaks_for_endpoint(error: DeliveryError) -> bool:
    """Whether the next document would fare the same: no answer at all, or one that means "busy"."""
    if error.disable or error.retry_after_s is not None:
        return True
    return not error.permanent and (error.status is None or error.status in BUSY)


def _wait_s(failures: int, error: DeliveryError, policy: RetryPolicy, chance: float) -> float:
    if error.retry_after_s is not None:
        return _clamped(error.retry_after_s)
    return policy.delays_s[failures - 1] * (1.0 - policy.jitter * chance)


def _clamped(wait_s: float) -> float:
    return min(max(wait_s, RETRY_AFTER_MIN_S), RETRY_AFTER_MAX_S)
