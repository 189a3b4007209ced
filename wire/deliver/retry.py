"""When to try a failed delivery again, and when to leave its endpoint alone. Pure: no clock, no chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wire.errors import DeliveryError

#: Bounds of a wait that an endpoint asks for by Retry-After.
RETRY_AFTER_MIN_S, RETRY_AFTER_MAX_S = 1.0, 86_400.0

#: Answers that speak of the endpoint as a whole, not of the document that met them.
BUSY = frozenset({429, 502, 503, 504})
#: Refusals that do too: of our name, of the address, of the method.
_SHUT = frozenset({401, 403, 404, 405, 407})


def exponential(first_s: float, factor: float, longest_s: float, attempts: int) -> tuple[float, ...]:
    """The waits between so many attempts: each ``factor`` times the one before, up to ``longest_s``."""
    waits = [min(first_s, longest_s)]
    while len(waits) < attempts:
        waits.append(min(waits[-1] * factor, longest_s))
    return tuple(waits[: max(attempts - 1, 0)])


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long an endpoint is tried, and how long it is left alone in between."""

    delays_s: tuple[float, ...] = exponential(5.0, 2.0, 14_400.0, 30)  #: after the first, second, … failure
    jitter: float = 1.0  #: share of a wait that chance may take off; 1 is full jitter
    refusals: int = 3  #: attempts after which a refused delivery is given up
    breather_s: float = 30.0  #: longest pause of an endpoint after one failure that did not ask for one
    patience: int = 5  #: failures in a row after which the breaker opens
    rest_s: float = 30.0  #: how long it is open at first; twice as long after each probe that fails
    longest_rest_s: float = 900.0  #: and at most


def next_attempt(
    failures: int,
    error: DeliveryError,
    policy: RetryPolicy,
    now: datetime,
    chance: float,
    *,
    recall: bool = False,
) -> datetime | None:
    """When to try again, or None to give up.

    failures  attempts that failed so far, this one included; counted from 1
    now       aware UTC; so is the result
    chance    a random number in 0 … 1, which spreads endpoints that failed together
    recall    the document takes a story back: it is tried twice as often, whatever the endpoint says of it

    A Retry-After of the endpoint wins over the policy's wait, clamped to 1 s … 24 h; the number of
    attempts stays the policy's. An endpoint that wants no more calls is not called again.
    Raises ValueError if failures < 1.
    """
    if failures < 1:
        raise ValueError("failures counts from 1")
    if error.disable or failures > len(policy.delays_s) * (2 if recall else 1):
        return None
    if error.permanent and not recall and failures >= policy.refusals:
        return None
    return now + timedelta(seconds=_wait_s(failures, error, policy, chance))


def pause(
    error: DeliveryError,
    policy: RetryPolicy,
    now: datetime,
    next_due: datetime | None,
    *,
    failures: int = 1,
    chance: float = 0.0,
) -> datetime | None:
    """Until when the whole endpoint rests after a failure; None when only this delivery waits.

    failures  attempts at the endpoint that failed in a row by its own fault, this one included

    What an endpoint asks for counts for all its deliveries. One that cannot be reached or is busy
    rests until its next attempt is due, ``breather_s`` at most. After ``patience`` failures in a row the
    breaker opens, each time twice as long; what comes after a rest is one probe.
    """
    rests = [_breather(error, policy, now, next_due)]
    if policy.patience and blames_endpoint(error) and failures >= policy.patience:
        doubled = min(failures - policy.patience, 32)
        rest_s = min(policy.rest_s * 2.0**doubled, policy.longest_rest_s)
        rests.append(now + timedelta(seconds=rest_s * (1.0 - 0.5 * policy.jitter * chance)))
    return max((rest for rest in rests if rest is not None), default=None)


def _breather(
    error: DeliveryError, policy: RetryPolicy, now: datetime, next_due: datetime | None
) -> datetime | None:
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


def blames_endpoint(error: DeliveryError) -> bool:
    """Whether the failure counts against the endpoint: all but refusals of one document."""
    return error.disable or not error.permanent or error.status in _SHUT


def _wait_s(failures: int, error: DeliveryError, policy: RetryPolicy, chance: float) -> float:
    if error.retry_after_s is not None:
        return _clamped(error.retry_after_s)
    longest = len(policy.delays_s) - 1
    return policy.delays_s[min(failures - 1, longest)] * (1.0 - policy.jitter * chance)


def _clamped(wait_s: float) -> float:
    return min(max(wait_s, RETRY_AFTER_MIN_S), RETRY_AFTER_MAX_S)
