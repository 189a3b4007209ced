"""A loop of the daemon that goes on whatever happens: a fault of ours ends no thread for good."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

#: Seconds before a loop that failed is begun again: at first, and at most.
_PAUSES_S = (1.0, 30.0)
#: Seconds after which a loop that failed again did not fail of being begun.
_LASTED_S = 60.0


def lasting(
    name: str,
    loop: Callable[[threading.Event], None],
    stop: threading.Event,
    trouble: Callable[[str, str | None], None],
    *,
    pauses_s: tuple[float, float] = _PAUSES_S,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Run a loop until ``stop``, and begin it again after a pause whenever it fails.

    loop     returns once ``stop`` is set
    trouble  told what is wrong with the part of this name while it pauses, and None when it has begun again
    """
    pause_s = pauses_s[0]
    while not stop.is_set():
        began_s = monotonic()
        try:
            loop(stop)
        except Exception as exc:  # the thread's edge: without it, nothing would do this work any more
            if monotonic() - began_s > _LASTED_S:
                pause_s = pauses_s[0]
            log.exception("%s failed by our own fault; it goes on in %g s", name, pause_s)
            trouble(name, f"failed by our own fault: {exc!r}")
            stop.wait(pause_s)
            trouble(name, None)
            pause_s = min(pause_s * 2, pauses_s[1])
