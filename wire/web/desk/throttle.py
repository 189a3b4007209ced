"""How often somebody may try to come in. In memory: a restart forgives, which helps nobody who guesses."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_KEYS = 10_000
_LONGEST_KEY = 128  #: characters; whoever tries chooses them, and they are remembered
_FORGOTTEN_S = 3600.0  #: after which failures no longer count


@dataclass(frozen=True, slots=True)
class _Failures:
    number: int
    last_s: float


class Throttle:
    """After some failures each further one doubles the time until the next try. Thread-safe."""

    def __init__(
        self, monotonic: Callable[[], float], *, free: int = 5, first_s: float = 2.0, most_s: float = 900.0
    ) -> None:
        """``free``: failures that cost nothing.

        first_s  seconds to wait after the first failure that counts
        most_s   seconds to wait at most
        """
        self._monotonic = monotonic
        self._free = free
        self._first_s = first_s
        self._most_s = most_s
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._guard = threading.Lock()

    def wait_s(self, key: str) -> float:
        """Seconds until the next try is heard; 0 when it is heard now."""
        key = key[:_LONGEST_KEY]
        with self._guard:
            failures = self._known(key)
            if failures is None or failures.number < self._free:
                return 0.0
            doubled = min(failures.number - self._free, 30)
            wait_s = min(self._first_s * float(2**doubled), self._most_s)
            return max(0.0, failures.last_s + wait_s - self._monotonic())

    def failed(self, key: str) -> None:
        """A try has failed."""
        key = key[:_LONGEST_KEY]
        with self._guard:
            failures = self._known(key)
            number = failures.number + 1 if failures else 1
            self._failures[key] = _Failures(number, self._monotonic())
            self._failures.move_to_end(key)
            while len(self._failures) > _MOST_KEYS:
                self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """A try has succeeded: what was before is forgiven."""
        with self._guard:
            self._failures.pop(key[:_LONGEST_KEY], None)

    def _known(self, key: str) -> _Failures | None:
        failures = self._failures.get(key)
        if failures is not None and self._monotonic() - failures.last_s > _FORGOTTEN_S:
            del self._failures[key]
            return None
        return failures
